"""Somebody's inventory of letters: its own headers, dates, names of languages, and folders with scans."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from packages import tree_bytes
from tables import values_of

LETTERS = (
    ("001", "Lettre à la section de Kharkov", "12/05/1932", "1932-05-12", "français", "fr"),
    ("002", "Письмо товарищам в Барнауле", "03/06/1932", "1932-06-03", "russe", "ru"),
    ("003", "Letter from New York: on the split", "17/06/1932", "1932-06-17", "anglais", "en"),
    ("004", "Lettre « sans date » ; suite", "", None, "français", "fr"),
    ("007", "Circular no 3", "08/1932", "1932-08", "anglais", "en"),
    ("010", "Письмо № 10", "1932", "1932", "russe", "ru"),
)
"""Name, title, date as written, date meant, language as written, language meant."""
HEADER = ("Cote", "Titre", "Date", "Langue", "Texte", "Images", "Source")
MAPPING = """\
archtool: 1
columns:
  Cote: package
  Titre: title
  Date: { to: date, date-order: dmy }
  Langue: { to: language, values: { français: fr, russe: ru, anglais: en } }
  Texte: transcription
  Images: files.1.file
  Source: source
constants:
  folder: "{package}"
  files.N.role: facsimile
"""


def write_files(folder: Path) -> None:
    """Write a folder with a text and two scans for each letter."""
    for name, *_ in LETTERS:
        (folder / name / "scans").mkdir(parents=True)
        (folder / name / "transcription.txt").write_text(f"Letter {name}.\n")
        for page in (1, 2):
            (folder / name / "scans" / f"{name}_{page:02}.jpg").write_bytes(
                b"\xff\xd8\xff" + f"scan {name} {page}".encode()
            )


def write_inventory(folder: Path, header: tuple[str, ...] = HEADER, mapping: str | None = MAPPING) -> Path:
    """Write an inventory with semicolons, as Excel does, beside its folders; returns its path."""
    write_files(folder)
    lines = [";".join(header)]
    for name, title, date, _, language, _ in LETTERS:
        quoted = f'"{title}"' if ";" in title else title
        cells = (
            name,
            quoted,
            date,
            language,
            "transcription.txt",
            f"scans/{name}_*.jpg",
            f"Carton 3, {name}",
        )
        lines.append(";".join(cells))
    path = folder / "inventaire.csv"
    path.write_text("\ufeff" + "\r\n".join(lines) + "\r\n", encoding="utf-8", newline="")
    if mapping is not None:
        (folder / "mapping.yaml").write_text(mapping, encoding="utf-8")
    return path


def assert_right_packages(output: Path) -> None:
    """Check title, date, language and files of every letter's package."""
    for name, title, _, date, _, language in LETTERS:
        described: dict[str, Any] = values_of(output / name / "metadata" / "description.yaml")
        assert (described["title"], described.get("date"), described["language"]) == (title, date, language)
        payload = {path for path in tree_bytes(output / name) if path.startswith("data/")}
        assert payload == {
            "data/transcription.txt", f"data/scans/{name}_01.jpg", f"data/scans/{name}_02.jpg"
        }  # fmt: skip
        assert [one["role"] for one in described["files"]] == ["facsimile", "facsimile"]
