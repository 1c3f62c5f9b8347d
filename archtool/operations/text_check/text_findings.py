"""Turns what was found in a text into findings: one for each kind, with its count and its first place."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from archtool.files.paths import shell_word, shown
from archtool.findings import Finding
from archtool.text.checking.finding_kinds import KINDS, TEXT_ACCEPTED, TextKind
from archtool.text.checking.model import TextFault, TextPlace, TextReport

_VARIANTS_SHOWN = 4
_CONTEXT_CHARACTERS = 20


def text_findings(
    report: TextReport, file: str, command: str, *, accepted: Collection[str] = ()
) -> Iterator[Finding]:
    """Yield a warning for each kind that was found, and one note about all kinds that are accepted.

    `command` shows all places of a kind when it is run; the hints name it.
    """
    for fault in report.faults:
        if fault.kind not in accepted:
            yield _finding(fault, file, command)
    found = [f for f in report.faults if f.kind in accepted]
    if found:
        named = ", ".join(f"{fault.count:,} {KINDS[fault.kind].counted(fault.count)}" for fault in found)
        yield TEXT_ACCEPTED.at(f"{shown(file)}: {named}: accepted by the description", file)


def check_command(path: str, *, language: str | None = None, encoding: str | None = None) -> str:
    """Return the command that shows all about a text."""
    options = [f" --language {shell_word(language)}" if language is not None else ""]
    options += [f" --encoding {shell_word(encoding)}" if encoding not in (None, "utf-8") else ""]
    return f"archtool text check {shell_word(path)}{''.join(options)}"


def _finding(fault: TextFault, file: str, command: str) -> Finding:
    kind = KINDS[fault.kind]
    message = f"{shown(file)}: {describe(fault, kind)}"
    line = column = None
    if fault.places:
        first = fault.places[0]
        line, column = first.line, first.column
        message += f"; {'first ' if fault.count > 1 else ''}in line {line}: {quote(first)}"
    shows = "all places, and the repair" if kind.rule_set else "all places"
    return kind.finding.at(message, file, line, column, hint=f"{kind.finding.advice}; {shows}:\n{command}")


def describe(fault: TextFault, kind: TextKind) -> str:
    """Return what was found and how often: `318 accents as separate letters (eé 300, aà 18)`."""
    if not fault.places and fault.detail:
        return fault.detail
    named = [f"{text} {count:,}" for text, count in fault.variants[:_VARIANTS_SHOWN] if text]
    if len(fault.variants) > _VARIANTS_SHOWN:
        named.append("…")
    if len(fault.variants) == 1:
        named = [fault.variants[0][0]]
    details = [part for part in (", ".join(named), fault.detail) if part]
    told = f" ({'; '.join(details)})" if details else ""
    return f"{fault.count:,} {kind.counted(fault.count)}{told}"


def quote(place: TextPlace) -> str:
    """Return a place with some text around it: `“l’Opposition L[eé]niniste”`."""
    before, after = place.before, place.after
    if len(before) > _CONTEXT_CHARACTERS:  # begin and end with a whole word, if there is one
        cut = before[-_CONTEXT_CHARACTERS:]
        before = cut.partition(" ")[2] or cut
    if len(after) > _CONTEXT_CHARACTERS:
        cut = after[:_CONTEXT_CHARACTERS]
        after = cut.rpartition(" ")[0] or cut
    return f"“{shown(before.lstrip())}[{shown_mark(place.marked)}]{shown(after.rstrip())}”"


def shown_mark(marked: str) -> str:
    """Return the characters of a place; those that cannot be seen as `U+00AD`."""
    return " ".join(f"U+{ord(char):04X}" for char in marked) if not marked.isprintable() else marked
