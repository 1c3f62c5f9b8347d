"""Builders of repaired texts for the tests: an original, its copy, and the log of the changes."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from archtool.text.repairing.change_log import DECIDED, ChangeLog, RepairedFile, RulePass, log_pass, to_utf8
from archtool.text.repairing.change_log_file import format_change_log, parse_change_log
from archtool.text.repairing.changes import Change, RepairContext, apply_changes
from archtool.text.repairing.rule_sets import RULE_SETS
from packages import retag, write_description

ORIGINAL, COPY, LOG = "extrait.txt", "lettre.txt", "lettre.txt.changes.tsv"
LOG_IN_PACKAGE = f"metadata/repairs/{LOG}"
TEXT = """\
La seéance est ouverte.

3

Le compte rendu est lu aà voix haute.

***

Annexe no 1

Le treésor est confieé au secreétaire.
Il en rend compte.
"""
"""An invented text, damaged as PDF extraction does; the annexe is in lines 9 to 12."""
CHANGES = (
    ("accents/1", (("eé", "é"), ("aà", "à"))),
    ("pages/1", (("\n\n3\n", "\n"),)),
)
"""The rule sets, each with texts that are replaced wherever they stand; the page number goes away."""
REPAIRED = """\
archtool: 1
id: compte-rendu
title: Compte rendu de la séance
transcription:
  - file: lettre.txt
    method: text extracted from a PDF
    transcribers: [Une archiviste]
    repair: { original: extrait.txt, changes: lettre.txt.changes.tsv }
language: fr
source: "Cahiers, no 3 (1979), pp. 12-14."
annexes:
  - { id: annexe-1, title: Le trésor, status: reproduced, within: { file: lettre.txt, from-line: 7 } }
rights: { original: UND, package: CC0-1.0 }
"""
IN_ORIGINAL = REPAIRED.replace("file: lettre.txt, from-line: 7", "file: extrait.txt, from-line: 9")


@dataclass(frozen=True)
class Repair:
    """An original, what was made of it, and the log."""

    original: bytes
    copy: bytes
    log: ChangeLog


def changes_of(text: str, pairs: Sequence[tuple[str, str]]) -> tuple[Change, ...]:
    """Return a change for each place of each text that is replaced."""
    found = []
    for before, after in pairs:
        start = text.find(before)
        while start >= 0:
            found.append(Change(start, before, after, "as the rule says"))
            start = text.find(before, start + len(before))
    return tuple(sorted(found, key=lambda change: change.start))


def make_repair(
    text: str = TEXT, rules: Sequence[tuple[str, Sequence[tuple[str, str]]]] = CHANGES, *,
    encoding: str = "utf-8", **facts: object,
) -> Repair:  # fmt: skip
    """Repair a text; `facts` are those of the log that differ."""
    original, passes = text.encode(encoding), list[RulePass]()
    for name, pairs in rules:
        changes = changes_of(text, pairs)
        passes.append(log_pass(name, text, changes))
        text = apply_changes(text, changes)
    copy = text.encode()
    assert to_utf8(original, encoding)
    log = ChangeLog(
        RepairedFile.of(ORIGINAL, original), RepairedFile.of(COPY, copy), encoding,
        "archtool 0.99", datetime(2026, 11, 20, 18, 30, tzinfo=UTC), "fr", passes=tuple(passes),
    )  # fmt: skip
    return Repair(original, copy, replace(log, **facts))  # type: ignore[arg-type]


def repair_by_rules(original: bytes, language: str) -> Repair:
    """Repair a text in UTF-8 by all rule sets; the first reading of each open place is taken."""
    text, passes = original.decode(), list[RulePass]()
    for name, rule_set in RULE_SETS.items():
        found = rule_set.propose(text, RepairContext(language))
        answers = (Change(o.start, o.before, o.readings[0].after, DECIDED) for o in found.open_places)
        decided = (change for change in answers if change.before != change.after)
        changes = sorted((*found.changes, *decided), key=lambda change: change.start)
        passes.append(log_pass(name, text, changes))
        text = apply_changes(text, changes)
    files = RepairedFile.of(ORIGINAL, original), RepairedFile.of(COPY, text.encode())
    date = datetime(2026, 11, 20, 18, 30, tzinfo=UTC)
    log = ChangeLog(*files, "utf-8", "archtool 0.99", date, language, passes=tuple(passes))
    return Repair(original, text.encode(), log)


def write_repair(folder: Path, repair: Repair | None = None, description: str = REPAIRED) -> Path:
    """Write the three files of a repair and the description; return the path of the description."""
    repair = repair or make_repair()
    (folder / ORIGINAL).write_bytes(repair.original)
    (folder / COPY).write_bytes(repair.copy)
    (folder / LOG).write_bytes(format_change_log(repair.log))
    return write_description(folder, description)


def read_log(package: Path) -> ChangeLog:
    """Read the change log of a package."""
    return parse_change_log((package / LOG_IN_PACKAGE).read_bytes())


def reseal(package: Path) -> None:
    """Write the manifests again, as somebody does who changes a package and hides it."""

    payload = sorted(p for p in (package / "data").rglob("*") if p.is_file())
    lines = [
        f"{hashlib.sha512(p.read_bytes()).hexdigest()}  {p.relative_to(package).as_posix()}\n"
        for p in payload
    ]
    (package / "manifest-sha512.txt").write_text("".join(lines), encoding="utf-8")
    retag(package)
