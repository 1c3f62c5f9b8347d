"""`archtool text repair`: a repaired copy of a transcription, with a record of every change."""

from __future__ import annotations

import re
import shlex
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from archtool import __version__
from archtool.cli.options import clock, common
from archtool.cli.options.encoding import parse_encoding
from archtool.cli.options.paths import ANY_PATH
from archtool.cli.output_file import check_output_file, write_output_file
from archtool.cli.terminal import output
from archtool.errors import UsageError
from archtool.exit_codes import ExitCode
from archtool.files.paths import shell_word, shown
from archtool.operations.text_repair.facts import repair_result, repair_view
from archtool.operations.text_repair.model import TextRepair, TextRepairRequest
from archtool.operations.text_repair.repair_file import repair_file
from archtool.operations.text_repair.undo_file import undo_file
from archtool.operations.text_repair.write_copy import clear_half_copy, log_path_of, write_copy
from archtool.report.numbers import counted
from archtool.report.result_json import result_object
from archtool.report.text.changes.text_repair import COMMAND, format_text_repair
from archtool.text.repairing.change_log_file import format_change_log
from archtool.text.repairing.review_file import HOW_TO_ANSWER, format_review
from archtool.text.repairing.rule_sets import RULE_SETS

_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8})*")
_REPAIRED = ".repaired"  # in the name of the copy, where none is given
_REVIEW = "review.tsv"  # the name that hints suggest
_LONGEST_NAME = max(map(len, RULE_SETS))
_EPILOG = "\b\nRule sets, in the order in which they are applied:\n" + "\n".join(
    f"  {name.ljust(_LONGEST_NAME)}  {rule.summary}" for name, rule in RULE_SETS.items()
)
_NOT_WITH_UNDO = (
    "rules",
    "language",
    "word_lists",
    "review",
    "reviewer",
    "encoding",
    "date",
    "apply",
    "shows_all",
)


@click.command("repair", epilog=_EPILOG)
@click.argument("source", type=ANY_PATH, metavar="FILE")
@click.option("-o", "--output", "target", type=ANY_PATH, metavar="COPY", help="The repaired copy.")
@click.option("--apply", is_flag=True, help="Write COPY and COPY.changes.tsv; otherwise nothing is written.")
@click.option(
    "--rules", multiple=True, metavar="NAME,…",
    help="Rule sets to apply, such as accents/1,spacing/1; default: all that find something.",
)  # fmt: skip
@click.option("--language", metavar="TAG", help="Language of the text, such as fr.")
@click.option(
    "--wordlist", "word_lists", type=ANY_PATH, multiple=True, metavar="FILE",
    help="Word list as evidence: a word in each line, or a .dic of hunspell; repeatable.",
)  # fmt: skip
@click.option(
    "--review", type=ANY_PATH, metavar="FILE",
    help="Table of questions about the open places: written, and read with your answers.",
)  # fmt: skip
@click.option("--reviewer", metavar="NAME", help="Who answered the open places, for the record.")
@click.option("--encoding", metavar="NAME", help="Encoding of FILE; default: UTF-8, or as its mark says.")
@click.option("--date", metavar="DATE", help="Date of the repair; default: SOURCE_DATE_EPOCH, or now.")
@click.option(
    "--undo",
    "log",
    type=ANY_PATH,
    metavar="LOG",
    help="Undo the repair of FILE by its change log; write the original to -o.",
)
@click.option(
    "--all", "shows_all", is_flag=True, help="Show all changes, not only the first of each rule set."
)
@click.option("--force", is_flag=True, help="Replace existing files.")
@common.strict_option
@common.json_option
def command(source: Path, **given: Any) -> int:
    """Show how a damaged text would be repaired; write the repaired copy with --apply.

    \b
    archtool text repair letter.txt --language fr --review review.tsv
    archtool text repair letter.txt -o letter.repaired.txt --apply
    archtool text repair copy.txt --undo copy.txt.changes.tsv -o original.txt

    FILE is never changed. Each rule set repairs one kind of damage, and only where the evidence is enough;
    all other places stay as they are and are listed as open. With --review they become questions in a
    table: write 1, 2, keep, or = and the right words into its first column, and run the same command again.

    COPY.changes.tsv records each change with its reason. --undo restores the original from the copy and
    this record, byte for byte.

    Exit codes: 0 done, open places or not; 1 with --strict, if places are open or answers are not used;
    3 a file cannot be used.
    """  # noqa: D301 - `\b` keeps the lines
    given["rules"] = _rule_names(given["rules"])
    if given["log"] is not None:
        return _undo(source, given)
    _check(source, given)
    target = given["target"] or _default_copy(source)
    if given["apply"]:
        check_output_file(target, "the repaired copy", force=given["force"])
        clear_half_copy(target)
        check_output_file(log_path_of(target), "the change log", force=given["force"])
    repair = repair_file(_request(source, target, given))
    is_applied = given["apply"] and repair.has_changes
    if is_applied:
        write_copy(target, repair.copy, format_change_log(repair.log), force=given["force"])
    has_review = _write_review(repair, given["review"])
    result = repair_result(repair, is_applied=is_applied)
    if given["as_json"]:
        facts = {**result.facts, "review": str(given["review"]) if has_review else None}
        output.json_line(result_object(replace(result, facts=facts)))
        return result.exit_code
    notes = _notes(repair, given, is_applied=is_applied, has_review=has_review)
    view = repair_view(repair, _title(repair, given, is_applied=is_applied), notes)
    output.styled_parts(format_text_repair(view, output.width(), shows_all=given["shows_all"]))
    output.findings([one for one in repair.findings if one.code not in _SHOWN_AS_OPEN])
    return result.exit_code


_SHOWN_AS_OPEN = ("text-repair.place-undecided",)


def _rule_names(options: tuple[str, ...]) -> tuple[str, ...]:
    """Return the rule sets that were named, each once.

    Raises:
        UsageError: the option is given, but names none.
    """
    names = [name.strip() for names in options for name in names.split(",") if name.strip()]
    if options and not names:
        raise UsageError("--rules names no rule set", hint="write it as in: --rules accents/1,spacing/1")
    return tuple(dict.fromkeys(names))


def _check(source: Path, given: dict[str, Any]) -> None:
    """Check that the options can be combined.

    Raises:
        UsageError: two options contradict each other, or a value makes no sense.
    """
    if given["apply"] and given["target"] is None:
        copy = _default_copy(source)
        raise UsageError(
            "--apply requires -o COPY",
            hint=f"name the repaired copy, for instance: -o {shell_word(str(copy))}",
        )
    if given["reviewer"] is not None and given["review"] is None:
        raise UsageError(
            "--reviewer names who answered a review file", hint="add --review FILE, or leave it out"
        )
    if given["language"] is not None and not _LANGUAGE.fullmatch(given["language"]):
        raise UsageError(
            f"not a language tag: {given['language']!r}", hint="write its code, as in: --language fr"
        )
    names = [("-o", given["target"]), ("--review", given["review"])]
    for option, path in names:
        if path is not None and _is_same_file(path, source):
            raise UsageError(
                f"{option} names the text itself, which is never changed", hint="give another name"
            )
    if given["review"] is not None:
        _check_review(given["review"], given["target"])


def _default_copy(source: Path) -> Path:
    return source.with_name(f"{source.stem}{_REPAIRED}{source.suffix}")


def _check_review(review: Path, target: Path | None) -> None:
    """Check that the review file replaces no other file of the repair."""
    if target is not None and _is_same_file(review, target):
        raise UsageError("-o and --review name the same file", hint="give them two names")
    if target is not None and _is_same_file(review, log_path_of(target)):
        raise UsageError(
            "--review names the change log of the copy", hint="give the review file another name"
        )
    check_output_file(review, "the review file", force=True)


def _is_same_file(path: Path, other: Path) -> bool:
    try:
        return path.samefile(other)
    except OSError:
        return path.absolute() == other.absolute()


def _request(source: Path, target: Path, given: dict[str, Any]) -> TextRepairRequest:
    return TextRepairRequest(
        source=source,
        copy=target,
        software=f"archtool {__version__}",
        date=clock.packaging_date(given["date"]),
        rules=given["rules"] or None,
        language=given["language"],
        encoding=parse_encoding(given["encoding"]),
        word_lists=given["word_lists"],
        review=given["review"],
        reviewer=given["reviewer"],
        strict=given["strict"],
    )


def _write_review(repair: TextRepair, path: Path | None) -> bool:
    """Write the review file, if there is anything to ask or to keep; return whether it exists then."""
    if path is None or (not repair.questions and not path.exists()):
        return False
    data = format_review(repair.questions)
    if not path.exists() or path.read_bytes() != data:
        write_output_file(path, data, force=True)
    return True


def _title(repair: TextRepair, given: dict[str, Any], *, is_applied: bool) -> str:
    name = shown(str(repair.request.source))
    if not repair.has_changes and not repair.log.open_places:
        return f"{name}: nothing to repair"
    if is_applied:
        return f"{name}: repaired"
    return f"{name}: a preview; nothing was written" if not given["apply"] else f"{name}: no copy was written"


def _notes(repair: TextRepair, given: dict[str, Any], *, is_applied: bool, has_review: bool) -> list[str]:
    notes = []
    copy = repair.request.copy
    if is_applied:
        notes.append(f"wrote {shown(str(copy))} and {shown(str(log_path_of(copy)))}")
    target = [] if given["target"] is not None else ["-o", str(copy)]
    apply = [] if given["apply"] else ["--apply"]
    force = ["--force"] if is_applied and not given["force"] else []
    if repair.log.open_places and given["language"] is None:
        notes.append("fewer places stay open if the language is given, such as: --language fr")
    write = f"{COMMAND}{_same_command(*target, *apply, *force)}"
    if repair.log.open_places and has_review:
        unanswered = sum(not one.answer for one in repair.questions)  # places that are alike share one
        questions = f"{counted(unanswered, 'question')} in {shown(str(given['review']))}"
        notes += [f"{questions}: {HOW_TO_ANSWER} into its first column; then write the copy:", write]
    elif repair.log.open_places:
        review = _same_command("--review", str(repair.request.source.with_name(_REVIEW)), *force)
        notes += ["write the open places as questions into a table, to answer them:", f"{COMMAND}{review}"]
        notes += [] if is_applied or not repair.has_changes else ["or write the copy without answers:", write]
    elif repair.has_changes and not is_applied:
        notes += ["write the copy:", write]
    return notes


def _same_command(*added: str) -> str:
    """Return the command that was given, with more options."""
    context = click.get_current_context()
    words = ["archtool", "text", "repair", str(context.params["source"])]
    for option in context.command.params:
        name = option.name or ""
        value = context.params.get(name)
        is_given = context.get_parameter_source(name) is click.core.ParameterSource.COMMANDLINE
        if not is_given or name in ("source", "shows_all", "as_json"):
            continue
        if isinstance(value, bool):
            words.append(option.opts[0])
        else:
            values = value if isinstance(value, tuple) else (value,)
            words += [word for one in values for word in (option.opts[0], str(one))]
    return shown(shlex.join([*words, *added]))


def _undo(copy: Path, given: dict[str, Any]) -> int:
    """Write the original of a repaired copy.

    Raises:
        UsageError: another option makes no sense, or the target cannot be written.
        InputError: the log does not fit the copy.
    """
    context = click.get_current_context()
    for option in context.command.params:
        is_given = context.get_parameter_source(option.name or "") is click.core.ParameterSource.COMMANDLINE
        if option.name in _NOT_WITH_UNDO and is_given:
            raise UsageError(
                f"{option.opts[0]} has no meaning with --undo", hint=f"leave {option.opts[0]} out"
            )
    target: Path | None = given["target"]
    if target is None:
        raise UsageError("--undo requires -o ORIGINAL", hint="name the file that gets the original text")
    if any(_is_same_file(target, path) for path in (copy, given["log"])):
        raise UsageError("-o names the copy or its log, which stay as they are", hint="give another name")
    check_output_file(target, "the original text", force=given["force"])
    log, original = undo_file(copy, given["log"])
    write_output_file(target, original, force=given["force"])
    if given["as_json"]:
        facts = {"original": str(target), "sha512": log.original.sha512, "undone": log.change_count}
        output.json_line(
            {"schema": "archtool/text-repair-undo/1", "subject": str(copy), "exit_code": 0, "facts": facts}
        )
        return ExitCode.DONE
    made = f"{shown(str(target))}, which is {shown(log.original.name)} byte for byte"
    output.lines([f"{shown(str(copy))}: {counted(log.change_count, 'change')} undone", f"wrote {made}"])
    return ExitCode.DONE
