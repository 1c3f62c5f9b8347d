"""`archtool audit schedule`: prints the audit as a schedule of the operating system."""

from __future__ import annotations

import getpass
import os
import re
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from archtool.cli.audit.checks import check_audit
from archtool.cli.options.registers.register_path import REGISTER_VARIABLE
from archtool.cli.terminal import output
from archtool.errors import UsageError
from archtool.files.paths import shown
from archtool.report.schedule.model import Piece, Schedule
from archtool.report.schedule.page import SYSTEMS, format_schedule, schedule_pieces

RESULT_SCHEMA = "archtool/audit-schedule/1"
_TIME = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])")
_METRICS_SUFFIX = ".prom"
_MAY_NAME_A_FILE = ("--sign", "--cluster")
"""Options that take a file or something else: a key of the ssh-agent, an address."""


@click.command("schedule", context_settings={"ignore_unknown_options": True})
@click.option("--print", "prints", is_flag=True, help="Print the schedule; nothing is ever installed.")
@click.option("--at", default="02:00", metavar="HH:MM", help="When the audit begins; default: 02:00.")
@click.option(
    "--for", "systems", type=click.Choice(SYSTEMS), multiple=True,
    help="Print only what this system needs; repeatable. Default: all.",
)  # fmt: skip
@click.option(
    "--watch-days", type=click.IntRange(1, 366), default=2, metavar="DAYS",
    help="After how many days without a finished audit somebody must be told; default: 2.",
)  # fmt: skip
@click.option("--user", metavar="NAME", help="The account that runs the audit; default: yours.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.argument("options", nargs=-1, type=click.UNPROCESSED, metavar="[AUDIT OPTIONS]...")
@click.pass_context
def schedule(context: click.Context, /, at: str, systems: tuple[str, ...], **given: Any) -> None:
    """Print a schedule for a nightly audit: a systemd service and timer, lines for a crontab, a Windows task.

    \b
    archtool audit schedule --subset 1/30
    archtool audit schedule --for cron --time-limit 5h

    All other options are those of `archtool audit`, such as --subset 1/30 or --time-limit 5h; they are
    checked as the audit checks them, and stand in the schedule with absolute paths. The register and the
    trust files that a variable or config.toml names stand there too: a scheduled run has neither your
    variables nor your folder.

    A schedule that no longer runs is silent. So each comes with a line that complains when no audit has ended
    for two days (--watch-days); it looks at the file that `audit --metrics` writes.
    """  # noqa: D301 - `\b` keeps the lines
    hour, minute = _hour_and_minute(at)
    audit = _read_audit(context, list(given["options"]))
    planned = Schedule(
        audit.words, hour, minute, given["user"] or _user_name(), audit.register, audit.metrics,
        given["watch_days"],
    )  # fmt: skip
    _refuse_control_characters(planned)
    if given["as_json"]:
        pieces = schedule_pieces(planned, systems or SYSTEMS)
        texts = [_piece_object(piece) for piece in pieces]
        output.json_line({"schema": RESULT_SCHEMA, "command": [*planned.command], "pieces": texts})
    else:
        output.lines(format_schedule(planned, systems or SYSTEMS))


def _piece_object(piece: Piece) -> dict[str, str]:
    purpose = f"{piece.purpose} {piece.command}" if piece.command else piece.purpose
    return {"system": piece.system, "name": piece.name, "purpose": purpose, "text": piece.text}


def _user_name() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        raise UsageError("the system has no name for this user", hint="give --user NAME") from None


def _hour_and_minute(text: str) -> tuple[int, int]:
    found = _TIME.fullmatch(text)
    if found is None:
        raise UsageError(f"not a time of day: {text[:40]!r}", hint="write --at 02:00")
    return int(found[1]), int(found[2])


@dataclass(frozen=True, slots=True)
class _Audit:
    """The command line of the audit, with absolute paths."""

    words: list[str]
    register: str
    metrics: str


def _read_audit(context: click.Context, options: list[str]) -> _Audit:
    """Check the options of the audit, and return its command line.

    Raises:
        ArchtoolError: an option is wrong, a file that it names cannot be used, or no register is named.
    """
    audit: click.Command = context.obj
    checked = audit.make_context("audit", [*options], parent=context.parent)
    if _value_of(checked, "--plan"):
        raise UsageError("--plan checks nothing, and so would every night", hint="leave --plan out")
    register: Path | None = _value_of(checked, "--register")
    metrics: Path | None = _value_of(checked, "--metrics")
    if register is None:
        raise UsageError("no register is named", hint=f"give --register FILE, or set {REGISTER_VARIABLE}")
    words = [*_program(), "audit", *_absolute_options(checked, options)]
    if metrics is None:
        metrics = register.with_name(register.name + _METRICS_SUFFIX)
        words += ["--metrics", _absolute(metrics)]
    _check(dict(checked.params) | {"metrics_path": metrics})
    return _Audit(words, _absolute(register), _absolute(metrics))


def _check(given: dict[str, Any]) -> None:
    """Check the options as the audit does, and what only a run without a person needs."""
    check_audit(given)
    target: Path | None = given["head_target"]
    if target is not None and not target.is_dir():
        raise UsageError(
            f"--head-file {shown(str(target))} is one file, and every night has a head of its own",
            hint="name a folder that exists",
        )
    for key in given["keys"]:
        if not Path(key).exists():
            output.message(
                f"archtool: warning: {shown(key)} is in the ssh-agent: the scheduled run must reach the agent"
                " (SSH_AUTH_SOCK), or it cannot sign"
            )


def _value_of(checked: click.Context, option: str) -> Any:
    return checked.params[next(p.name or "" for p in checked.command.params if option in p.opts)]


def _absolute_options(checked: click.Context, options: list[str]) -> Iterator[str]:
    """Yield the given options with absolute paths, and those that a variable or the configuration gives."""
    raw, _, order = checked.command.make_parser(checked).parse_args([*options])
    seen: set[str] = set()
    for parameter in [*order, *checked.command.params]:
        name = parameter.name or ""
        if name in seen:
            continue
        seen.add(name)
        if not isinstance(parameter, click.Option):
            yield from raw.get(name) or ()
            continue
        is_path = isinstance(parameter.type, click.Path)
        if name in raw:
            values = raw[name] if parameter.multiple else [raw[name]]
        elif is_path and checked.params.get(name) is not None and not parameter.multiple:
            values = [str(checked.params[name])]
        else:
            continue
        yield from _words_of(parameter, values, is_path=is_path)


def _words_of(parameter: click.Option, values: list[Any], *, is_path: bool) -> Iterator[str]:
    option = max(parameter.opts, key=len)
    for value in map(str, values):
        yield option
        label, equals, folder = value.partition("=")
        if parameter.is_flag:
            continue
        if is_path or (option in _MAY_NAME_A_FILE and Path(value).exists()):
            yield _absolute(value)
        elif equals and (parameter.metavar or "").endswith("=DIR"):
            yield f"{label}={_absolute(folder)}"
        else:
            yield value


def _absolute(path: str | Path) -> str:
    return os.path.abspath(path)  # noqa: PTH100 - links are kept, as the person named them


def _program() -> list[str]:
    """Return the words that start this archtool from any folder."""
    name = Path(sys.argv[0]).stem
    found = shutil.which(sys.argv[0]) if name == "archtool" else None
    return [_absolute(found)] if found is not None else [sys.executable, "-m", "archtool"]


def _refuse_control_characters(planned: Schedule) -> None:
    for word in (*planned.command, planned.user):
        if not word.isprintable():
            raise UsageError(
                f"a schedule cannot hold a control character: {shown(word)}", hint="rename the file or folder"
            )
