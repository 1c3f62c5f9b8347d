"""Packages for the tests of exports: of 1932, twelve letters, one with every key, a hostile one."""

from __future__ import annotations

from pathlib import Path

from batches import batch
from command_line import Run, archtool
from packages import EXAMPLES, pack
from twelve_letters import as_text, rows_of, write_files

FULL = """\
archtool: 1
title: Lettre à la section
title-status: supplied
genre: letter
date: 1932-05~
place: Barnaul
language: fr
abstract: On the split.
creators:
  - name: Anna Ivanova
    type: person
    role: author
    id: "https://viaf.org/viaf/123"
    attribution: { status: disputed, certainty: low, by: { name: Jane Doe }, note: The hand differs. }
  - { name: Nobody, role: author, attribution: { status: rejected, note: Not the hand. } }
  - { name: Boris, type: person, role: editor }
addressees: [{ name: Section of Kharkov, type: organization }]
original:
  { language: ru-Latn, signed: true, medium: typescript, held-by: { name: State Archive }, shelfmark: "F. 17",
    note: torn }
source:
  type: article-journal
  title: A <i>letter</i>
  author: [{ family: Doe, given: Jane }]
  editor: [{ literal: The editors }]
  container-title: Cahiers
  volume: "3"
  issue: "2"
  publisher: Presses
  place: Paris
  date: 1979/1980
  pages: 12-14
  DOI: 10.1000/xyz
  URL: https://example.org/a?b=1&c=2
translation:
  { from: ru, to: fr, credit: Traduction X, translators: [{ name: Claire T, type: person }], date: 1981,
    note: partial }
transcription:
  - { file: one.txt, id: one, language: fr, credit: typed by K, method: by hand,
      transcribers: [{ name: Karl K }], date: 2001, note: checked }
  - { file: two.txt, language: ru, encoding: windows-1251 }
  - { file: three.bin, language: ru }
annexes:
  - id: list
    title: List
    number: A
    date: 193X
    status: reproduced
    language: ru
    within: { file: one.txt, from-line: 3, to-line: 6 }
    enclosures:
      - { title: Inner, status: reproduced, within: { file: one.txt, from-line: 4, to-line: 5 } }
  - { title: Crossing, status: reproduced, within: { file: one.txt, from-line: 6, to-line: 8 } }
  - { title: Lost one, status: lost, date: 1931/.., according-to: list }
files:
  - { file: scans/, role: facsimile }
custody:
  - { event: seizure, label: Seized, date: 1931/1932, place: Kharkov, by: { name: OGPU },
      to: { name: Archive }, evidence: [list], note: all }
  - { event: gift, label: Given, date: 1990-21 }
rights:
  original: { statement: InC, holder: Heirs, note: ask }
  package: CC-BY-4.0
collection: Papers of A
packager: { name: The library, type: organization }
bag-info: { External-Identifier: ["https://doi.org/10.5072/letter-7"] }
note: A general note.
"""
"""A description with every key that an export reads."""
FULL_TEXT = (
    "first line\nsecond  line\nlist begins\nInner one \ninner two\nend of list\nafter & <b>\n last\n"
    "\nown\x0cend\n"
)
HOSTILE = r"""archtool: 1
id: a
title: "]]> <b>&amp; \u202Eevil\u202C \\u{1} 'q' \"d\""
genre: "<?xml version='1.0'?>"
date: "1932"
creators:
  - { name: "A </mods>", role: "author\" x=\"", id: "javascript:alert('<>')", type: person }
  - { name: x, role: "<!--", attribution: { status: attributed, note: "--> \u2028" } }
transcription: [{ file: "l <&>.txt", language: ar, credit: "ab" }]
source: "\"}, \\input{x} <i> TY  - X ER  - \u202e"
translation: { to: ar, credit: "</note>" }
annexes: [{ title: "<div>", number: "\"'><", status: listed }]
rights: { original: "javascript:alert(1)", package: "http://[bad uri%zz", annexes: InC }
custody: [{ event: "a b<c", label: "\u202eX" }]
collection: "<c>"
packager: { name: "&" }
"""
HOSTILE_TEXT = "a </ab> & \x01\x1b[2J\n\u202e evil ]]> \\u{41}\nالعربية \u200d\n"


def pack_full(folder: Path) -> Path:
    """Make the package whose description has every key."""
    sources = folder / "sources"
    (sources / "scans").mkdir(parents=True)
    (sources / "description.yaml").write_text(FULL, encoding="utf-8")
    (sources / "one.txt").write_bytes(FULL_TEXT.encode())
    (sources / "two.txt").write_bytes("Привет\r\n".encode("windows-1251"))
    (sources / "three.bin").write_bytes(b"\0\1\2")
    (sources / "scans" / "1 a.jpg").write_bytes(b"\xff\xd8\xff")
    (sources / "scans" / "notes.txt").write_text("x")
    return _packed(sources / "description.yaml", folder / "full")


def pack_hostile(folder: Path) -> Path:
    """Make the package whose texts are markup, bidi controls, control characters and code."""
    sources = folder / "hostile-sources"
    sources.mkdir()
    (sources / "description.yaml").write_text(HOSTILE, encoding="utf-8")
    (sources / "l <&>.txt").write_bytes(HOSTILE_TEXT.encode())
    return _packed(sources / "description.yaml", folder / "hostile")


def pack_appeal(folder: Path) -> Path:
    """Make the package of the document of 1932."""
    return _packed(EXAMPLES / "rakovsky-1932" / "description.yaml", folder / "rakovsky-1932-appel")


def pack_letters(folder: Path) -> tuple[Path, ...]:
    """Make the packages of the twelve letters."""
    table = write_files(folder / "letters") / "letters.csv"
    table.write_bytes(as_text(rows_of()).encode("utf-8-sig"))
    assert batch(table, folder / "out").code == 0
    return tuple(sorted(path for path in (folder / "out").iterdir() if path.is_dir()))


def _packed(description: Path, target: Path) -> Path:
    made = pack(description, target)
    assert made.code == 0, made.err
    return target


def export(form: str, *packages: Path, options: tuple[str | Path, ...] = ()) -> Run:
    """Export packages to stdout."""
    return archtool("export", *packages, "--to", form, *options)
