"""Formats a description template: what others wrote, the files, and the other keys as comments."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from archtool.description import placeholders
from archtool.operations.describe.draft_files import IMAGES, TEXTS
from archtool.operations.describe.draft_repairs import NO_REPAIRS, DraftRepairs
from archtool.operations.describe.offers import Offers, marked

_MANY_FILES = 20  # in one folder: they get one line together instead of one each
_SIMPLE_NAME = re.compile(r"[A-Za-z][A-Za-z0-9._/-]*")
_NO_TEXT_FOUND = [
    "# This folder has no text file. Save the transcription as plain text in UTF-8 (.txt) and",
    "# name it here: programs of the future may not read the files of today's word processors.",
]
_NO_TEXT_IN_BAG = [
    "# This bag has no text file, and nothing is added to a bag. Copy its data/ folder, save the",
    "# transcription there as plain text in UTF-8 (.txt), and describe that folder instead.",
]
_INTRODUCTION = [
    "# The description of one document and its package. Replace the words in",
    "# capitals and delete what you do not know: archtool never guesses.",
]
_CONFIRM = [
    f"# {placeholders.UNCONFIRMED} marks what others wrote. Delete the word if the value is right for this",
    "# document; otherwise replace the value, or delete the line. No mark may be left when you pack.",
]
_PACKAGER = [
    "# Who takes the bag over and makes this package: the provenance names giver and packager.",
    "# packager: { name: NAME, type: organization }",
    "",
]
_REPAIRED = [
    "# A repaired text, with the text as it arrived and the log of all changes: both texts are kept.",
]
_FREE_KEYS = ("abstract", "collection", "note")


@dataclass(frozen=True, slots=True)
class SeenInTexts:
    """What the texts of a new description show."""

    annexes: Sequence[str] = ()
    """Lines that propose annexes."""
    repairs: DraftRepairs = NO_REPAIRS


def format_draft(
    files: Sequence[str],
    texts: Sequence[str] | None = None,
    offers: Offers | None = None,
    next_step: Sequence[str] = (),
    *,
    in_bag: bool = False,
    seen: SeenInTexts = SeenInTexts(),
) -> str:
    """Return a description template that names the given files and offers what others wrote.

    `texts` are the files that can be transcriptions, by default those with the name of a text file. With
    `in_bag` the files are the payload of a bag.
    """
    texts = [f for f in files if f.lower().endswith(TEXTS)] if texts is None else texts
    annexes, repairs = seen.annexes, seen.repairs
    texts, copies = [file for file in texts if file not in repairs.by_copy], list(repairs.by_copy)
    main = copies or texts[:1] or [placeholders.TEXT_FILE]
    further = texts if copies else texts[1:]
    described = {*texts, *copies}
    others = [f for f in files if f not in described]
    no_text = _NO_TEXT_IN_BAG if in_bag else _NO_TEXT_FOUND
    return "\n".join(
        [
            *_opening_lines(offers or Offers(), next_step),
            *(_PACKAGER if in_bag else []),
            _head(repairs),
            "# The text. Other keys: id, title, credit (verbatim), method, transcribers, encoding.",
            *([] if described else no_text),
            *(_REPAIRED if copies else ()),
            "transcription:",
            *(line for file in main for line in _text_lines(file, repairs)),
            "",
            *(annexes if annexes and not further else _annexe_lines(further, main[0])),
            *(annexes if further else ()),
            *_file_lines(others),
            *_left_out_lines(repairs.reviews),
            _FOOT,
        ]
    )


def _head(repairs: DraftRepairs) -> str:
    """Return the keys up to the text; the language is that which was given to the repair."""
    language = next((one.language for one in repairs.by_copy.values() if one.language is not None), None)
    if language is None:
        return _HEAD
    stated = f"# As it was given to archtool text repair.\nlanguage: {quoted(language)}"
    return _HEAD.replace("# language: fr", stated)


def _text_lines(file: str, repairs: DraftRepairs) -> list[str]:
    lines = [f"  - file: {quoted(file)}"]
    repair = repairs.by_copy.get(file)
    if repair is not None:
        lines += ["    repair:", f"      original: {quoted(repair.original)}"]
        lines.append(f"      changes: {quoted(repair.changes)}")
    return lines


def _left_out_lines(reviews: Sequence[str]) -> list[str]:
    """Return the review files of repairs as files that are not packed."""
    if not reviews:
        return _LEFT_OUT
    names = ", ".join(map(quoted, reviews))
    return [
        "# Answers to the questions of a repair: the change log has what was decided.",
        f"left-out: [{names}]",
        "",
    ]


def _opening_lines(offers: Offers, next_step: Sequence[str]) -> list[str]:
    """Return the lines up to the title, with the values and comments that are offered."""
    values = {key: f"{key}: {quoted(marked(offer.value))}" for key, offer in offers.by_key.items()}
    origins = {key: [f"# {offer.origin}"] for key, offer in offers.by_key.items()}
    return [
        *_INTRODUCTION,
        *(_CONFIRM if values else []),
        *next_step,
        "archtool: 1",
        "",
        *([*(f"# {line}" for line in offers.comments), ""] if offers.comments else []),
        "# A short identifier: letters, digits, . _ : -",
        *origins.get("id", []),
        values.get("id", "# id: bureau-1932-05"),
        "",
        *origins.get("title", []),
        values.get("title", f"title: {placeholders.TITLE}"),
        "",
        *(line for key in _FREE_KEYS if key in values for line in (*origins[key], values[key], "")),
    ]


def quoted(path: str) -> str:
    """Return a name as a YAML scalar: plain if it is simple, otherwise in double quotes."""
    if _SIMPLE_NAME.fullmatch(path):
        return path
    return '"' + "".join(_escaped(char) for char in path) + '"'


def _escaped(char: str) -> str:
    if char in '"\\':
        return "\\" + char
    # eight digits after \U: YAML does not allow JSON's surrogate pairs
    return char if char.isprintable() else f"\\U{ord(char):08x}"


def _annexe_lines(files: Sequence[str], transcription: str) -> list[str]:
    if not files:
        return [line.replace("FILE", quoted(transcription)) for line in _ANNEXES_OPEN]
    lines = ["# The annexes, each with its status; these files were found beside the text.", "annexes:"]
    for i, file in enumerate(files, start=1):
        lines += [
            f"  - id: annexe-{i}",
            f"    title: {placeholders.FOUND_ANNEXE_TITLE}",
            "    status: reproduced",
            f"    file: {quoted(file)}",
        ]
    return [*lines, ""]


def _file_lines(files: Sequence[str]) -> list[str]:
    if not files:
        return []
    lines = ["# Every other file: facsimile, derived, permission, supplement or other.", "files:"]
    for name, group in _grouped(files).items():
        role = "facsimile" if all(file.lower().endswith(IMAGES) for file in group) else "other"
        lines.append(f"  - {{ file: {quoted(name)}, role: {role} }}")
    return [*lines, ""]


def _grouped(files: Sequence[str]) -> dict[str, list[str]]:
    """Group the files of each top-level folder with many files; every other file is a group of its own."""
    counts = Counter(file.partition("/")[0] for file in files if "/" in file)
    groups: dict[str, list[str]] = {}
    for file in files:
        top, slash, _ = file.partition("/")
        name = f"{top}/" if slash and counts[top] >= _MANY_FILES else file
        groups.setdefault(name, []).append(file)
    return groups


_HEAD = """\
# EDTF: 1932-05-14, 1932-05, 1932, 1932~ (about), 193X, ../1932-11-03 (not after)
# date: 1932-05

# The language of the text: fr, ru, ru-Latn … (BCP 47)
# language: fr

# Who made it. `attribution` states how certain that is, and on what evidence.
# creators:
#   - name: NAME
#     role: author
#     attribution:
#       # stated | attributed | disputed | rejected
#       status: attributed
#       # internal | external | conjecture
#       evidence: external
#       # high | medium | low | unknown
#       certainty: high
#       # ids, in this description, of the items that support it
#       basis: [annexe-1]
#       note: WHY

# original: { language: ru, signed: false }

# What THIS text was copied from: a sentence, or the fields of CSL-JSON, or a key in
# a library exported from Zotero:  { cite: KEY, library: ../library.json, pages: 3-16 }
source: "AUTHOR, TITLE, PLACE, PUBLISHER, YEAR, PAGES."

# translation: { from: ru, to: fr, credit: CREDIT LINE VERBATIM }
"""
_ANNEXES_OPEN = [
    "# The annexes. For an annexe in the same file as the text, give its lines.",
    "# annexes:",
    "#   - id: annexe-1",
    f"#     title: {placeholders.ANNEXE_TITLE}",
    "#     # reproduced | listed | not-reproduced | lost | this-document | unknown",
    "#     status: reproduced",
    "#     within: { file: FILE, from-line: 207 }",
    "#     # the number of enclosures that it states; must equal the list",
    "#     enclosures-stated: 2",
    "#     enclosures:",
    f"#       - {{ number: 1, title: {placeholders.ENCLOSURE_TITLE}, status: this-document }}",
    f"#       - {{ number: 2, title: {placeholders.ENCLOSURE_TITLE}, status: listed }}",
    "",
]
_LEFT_OUT = ["# Files in this folder that do not belong to the package.", '# left-out: ["notes/*"]', ""]
_FOOT = """\
# What happened to the document before it came here, oldest first.
# custody:
#   - { event: transfer, label: WHAT HAPPENED, date: ../1932-11-03, by: NAME }

# What may be done with it, by layer: RightsStatements.org codes (InC, UND …), SPDX
# identifiers (CC0-1.0 …) or words.
# rights: { original: UND, translation: InC, package: CC0-1.0 }
"""
