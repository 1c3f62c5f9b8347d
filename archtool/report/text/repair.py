"""Formats a repair: which files are good where, what was restored, and what to do next."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from archtool.files.paths import shell_word, shown
from archtool.findings import Finding
from archtool.report.numbers import counted
from archtool.report.text.columns import pad, text_width
from archtool.report.text.page import one_line, wrap
from archtool.results import Result

MAX_SHOWN_FILES = 50  # more lines are not read on a screen; --json has all of them
_IN_THE_TABLE = frozenset(
    ("repair.file-damaged", "repair.no-good-copy", "repair.restored", "repair.to-fetch")
)
_BAD_STATES = frozenset(("damaged", "missing", "unreadable"))
_UNREADABLE = "unreadable"
_STATE_WIDTH = 12  # "unreadable" and two blanks
_MIN_NAME_WIDTH = 24


def findings_beside_table(result: Result) -> list[Finding]:
    """Return the findings that the text of the result does not show already."""
    return [finding for finding in result.findings if finding.code not in _IN_THE_TABLE]


def format_repair(result: Result, command: str, width: int = 80) -> Iterator[str]:
    """Yield the lines of one repair; `command` restores the files if nothing was restored yet."""
    facts = result.facts
    yield from wrap(_title(result), width, hanging=2)
    yield from _places(result, width)
    if facts["vouched_by"]:
        yield from wrap(one_line(facts["vouched_by"]), width, "  vouching  ")
    if facts["files"] and facts["whole_from"] is None:
        yield ""
        yield from _table(facts, width)
        yield ""
    if facts["applied"]:
        yield from _format_done(result, width)
    else:
        yield from _format_plan(result, command, width)


def _title(result: Result) -> str:
    facts, verdict = result.facts, result.verdict["repair"]
    holding = facts.get("holding")
    name = f"{one_line(holding)} at {shown(result.subject)}" if holding else shown(result.subject)
    counts = facts["counts"]
    if facts.get("lost_attestation") is not None:
        files = counted(counts["judged"], "file")
        return f"{name}: an attestation is missing; {files} as the manifests describe"
    if verdict == "refused":
        return f"{name}: nothing can be restored, because nothing vouches for a manifest"
    if verdict == "not-needed":
        return f"{name}: nothing to repair; {counted(counts['judged'], 'file')} as the manifests describe"
    if facts["whole_from"] is not None:
        stands = "stood in its place; replaced as a whole" if facts["applied"] else "stands in its place"
        return f"{name}: another package {stands}"
    bad = f"{counts['bad']:,} of {counted(counts['judged'], 'file')}"
    if facts["applied"] and counts["restored"]:
        return f"{name}: {bad} {_are(counts['bad'])} damaged or missing; restored {counts['restored']:,}"
    return f"{name}: {bad} {_are_now(counts['bad'])} damaged or missing"


def _are(number: int) -> str:
    return "was" if number == 1 else "were"


def _places(result: Result, width: int) -> Iterator[str]:
    for copy in result.facts["copies"]:
        reason = f" (not used: {copy['problem']})" if copy["problem"] else ""
        yield from wrap(one_line(f"{shown(copy['path'])}{reason}"), width, f"  copy {copy['number']:<4} ")


def _table(facts: Mapping[str, Any], width: int) -> Iterator[str]:
    numbers = [str(copy["number"]) for copy in facts["copies"]]
    room = width - 2 - _STATE_WIDTH * (len(numbers) + 1)
    files = facts["files"][:MAX_SHOWN_FILES]
    if room < _MIN_NAME_WIDTH:
        for file in files:
            yield from _in_words(file, width)
    else:
        longest = max(text_width(shown(file["path"])) for file in files)
        name_width = min(room, longest + 2)
        heads = ["package", *(f"copy {number}" for number in numbers)]
        yield "  " + (pad("file", name_width) + "".join(pad(head, _STATE_WIDTH) for head in heads)).rstrip()
        for file in files:
            yield from _row(file, numbers, name_width)
    more = facts["counts"]["bad"] - len(files)
    if more > 0:
        yield f"  and {more:,} more (--json lists them)"


def _row(file: Mapping[str, Any], numbers: Sequence[str], name_width: int) -> Iterator[str]:
    states = [file["state"], *(file["copies"].get(number, "not read") for number in numbers)]
    cells = "".join(pad(state, _STATE_WIDTH) for state in states).rstrip()
    name = shown(file["path"])
    if text_width(name) > name_width - 2:
        yield f"  {name}"
        name = ""
    yield f"  {pad(name, name_width)}{cells}"


def _in_words(file: Mapping[str, Any], width: int) -> Iterator[str]:
    by_state: dict[str, list[str]] = {}
    for number, state in file["copies"].items():
        by_state.setdefault(state, []).append(number)
    copies = "; ".join(f"{state} in copy {', '.join(numbers)}" for state, numbers in by_state.items())
    yield f"  {shown(file['path'])}"
    yield from wrap(f"{file['state']} in the package; {copies}", width, "      ")


def _format_plan(result: Result, command: str, width: int) -> Iterator[str]:
    counts = result.facts["counts"]
    if not counts["bad"]:
        return
    holes = _holes(result)
    lost = counts["bad"] - counts["restorable"] - holes
    whole_from = result.facts["whole_from"]
    if whole_from is not None:
        yield f"  the whole package can be replaced by copy {whole_from}; the one that is there is kept"
    for number, files in _by_source(result.facts["files"]).items() if whole_from is None else ():
        yield f"  {counted(files, 'file')} can be restored from copy {number}"
    yield from _lost(result, lost, width)
    if holes:
        yield from _about_holes(result, holes, width)
    if counts["restorable"]:
        yield "  nothing was changed; to restore, run:"
        yield f"    {command}"


def _holes(result: Result) -> int:
    """Return how many files are still to be fetched, and in no copy."""
    files = result.facts["files"]
    return sum(1 for file in files if file["state"] == "to fetch" and file["source"] is None)


def _about_holes(result: Result, holes: int, width: int) -> Iterator[str]:
    what = f"{counted(holes, 'file')} {_are_now(holes)} not here yet: fetch.txt lists {_them(holes)}"
    yield from wrap(f"{what}; to download, run:", width, "  ")
    yield f"    archtool fetch {shell_word(result.subject)}"


def _them(number: int) -> str:
    return "it" if number == 1 else "them"


def _lost(result: Result, lost: int, width: int) -> Iterator[str]:
    """Yield what can be done about files that no copy can restore; some of them are only not readable."""
    if not lost:
        return
    text = f"{counted(lost, 'file')} cannot be restored from these copies"
    places = _unreadable_places(result)
    if places:
        where = ", ".join(map(shown, places))
        yield from wrap(
            f"{text}, and not every file could be read: correct the permissions of {where}, or check its"
            " disk, then run the same command again", width, "  ",
        )  # fmt: skip
    else:
        yield from wrap(f"{text}; name a further copy with --from, if there is one", width, "  ")


def _unreadable_places(result: Result) -> list[str]:
    """Return the package and the copies in which a file that nothing can restore could not be read."""
    paths = {str(copy["number"]): copy["path"] for copy in result.facts["copies"] if not copy["problem"]}
    places: dict[str, None] = {}
    for file in result.facts["files"]:
        if file["source"] is None:
            states = {result.subject: file["state"]} | {
                paths[number]: state for number, state in file["copies"].items() if number in paths
            }
            places |= dict.fromkeys(place for place, state in states.items() if state == _UNREADABLE)
    return list(places)


def _by_source(files: Sequence[Mapping[str, Any]]) -> dict[int, int]:
    counts: dict[int, int] = {}
    for file in files:
        if file["source"] is not None and file["problem"] is None:
            counts[file["source"]] = counts.get(file["source"], 0) + 1
    return dict(sorted(counts.items()))


def _format_done(result: Result, width: int) -> Iterator[str]:
    facts = result.facts
    yield from _not_restored(result, width)
    yield from _restored(facts)
    if "bag" in result.verdict:
        verdicts = " · ".join(f"{name} {result.verdict[name]}" for name in ("bag", "content", "trust"))
        yield f"  verified  every file again: {verdicts}"
    if facts.get("attested"):
        yield f"  attested  {shown(facts['attestation'])}"
    elif facts["counts"]["restored"] and result.verdict.get("bag") != "valid":
        yield "  attested  no: the package is not valid yet; restore the rest first"
    elif facts["counts"]["restored"]:
        advice = f"archtool attest {shell_word(result.subject)} --event repair --sign KEY"
        yield f"  attested  no; to attest it: {advice}"
    if facts.get("recorded"):
        yield f"  recorded  in {shown(facts['recorded'])}"
    yield from _left_to_do(result, width)


def _not_restored(result: Result, width: int) -> Iterator[str]:
    for file in result.facts["files"][:MAX_SHOWN_FILES]:
        if not file["restored"] and not (file["state"] == "to fetch" and file["source"] is None):
            reason = file["problem"] or "no copy has it undamaged"
            yield from wrap(one_line(f"{shown(file['path'])}: {reason}"), width, "  not restored ", 4)
    if holes := _holes(result):
        yield from _about_holes(result, holes, width)


def _restored(facts: Mapping[str, Any]) -> Iterator[str]:
    whole_from = facts["whole_from"]
    if whole_from is not None and facts["counts"]["restored"]:
        yield f"  restored  the whole package from copy {whole_from}, read back from the disk"
    by_source = _by_source([file for file in facts["files"] if file["restored"]])
    for number, files in by_source.items() if whole_from is None else ():
        yield f"  restored  {counted(files, 'file')} from copy {number}, read back from the disk"
    if facts["replaced"]:
        what = "the other package" if whole_from is not None else "the replaced files"
        yield f"  kept      {what}: {shown(facts['replaced'])}"


def _left_to_do(result: Result, width: int) -> Iterator[str]:
    """Yield what is known to be wrong with the other copies."""
    facts = result.facts
    others = facts.get("others", ())
    for other in others:
        text = f"another copy is not in order: {shown(other['place'])} ({other['state']})"
        yield from wrap(one_line(text), width, "  left      ", 12)
    if others:
        yield f"            to repair: archtool repair {shell_word(facts['holding'])} --copy PLACE"
    known = {other["place"] for other in others}
    for copy in facts["copies"]:
        count = _bad_in(facts["files"], str(copy["number"]))
        if count and copy["path"] not in known:
            text = (
                f"copy {copy['number']} has {counted(count, 'file')} that {_are_now(count)} not good either"
            )
            yield from wrap(text, width, "  left      ", 12)
            if "holding" not in facts:
                source = shell_word(result.subject)
                yield f"            to look: archtool repair {shell_word(copy['path'])} --from {source}"


def _bad_in(files: Sequence[Mapping[str, Any]], number: str) -> int:
    return sum(1 for file in files if file["copies"].get(number) in _BAD_STATES)


def _are_now(number: int) -> str:
    return "is" if number == 1 else "are"
