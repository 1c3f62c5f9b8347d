"""Twelve letters with their files, and what the packages made of them say."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from tables import values_of


@dataclass(frozen=True, slots=True)
class Letter:
    """What a person has written about a letter."""

    key: str
    title: str
    date: str
    language: str

    @property
    def is_latin(self) -> bool:
        """Whether Windows-1252 and Mac Roman have all characters of the title."""
        return self.language != "ru"


LETTERS = (
    Letter("001", "Lettre à la section de Kharkov", "1932-05-12", "fr"),
    Letter("002", "Письмо товарищам в Барнауле", "1932-06-03", "ru"),
    Letter("003", "Letter from New York: on the split", "1932-06-17", "en"),
    Letter("004", "Lettre « sans date » ; suite", "", "fr"),
    Letter("005", "Réponse du bureau", "1932-07-01", "fr"),
    Letter("006", "Письмо из Барнаула", "1932-07-14", "ru"),
    Letter("007", "Circular no 3", "1932-08", "en"),
    Letter("008", "Lettre, avec une virgule", "1932-08-22", "fr"),
    Letter("009", "Note “entre guillemets”", "1932-09-05", "fr"),
    Letter("010", "Письмо № 10", "1932", "ru"),
    Letter("011", "Letter #11", "1932-09-30", "en"),
    Letter("012", "Dernière lettre", "1932-11-30", "fr"),
)
LATIN = tuple(letter for letter in LETTERS if letter.is_latin)
HEADER = (
    "package", "folder", "title", "date", "language", "transcription", "files.1.file", "files.1.role",
    "source",
)  # fmt: skip


def cells_of(letter: Letter, **other: str) -> list[str]:
    """Return the cells of a row; `other` replaces the title, the date or the language."""
    title, date = other.get("title", letter.title), other.get("date", letter.date)
    source = f"Archives de Genève, carton 3, pièce {int(letter.key)}"
    return [
        letter.key, letter.key, title, date, other.get("language", letter.language), "transcription.txt",
        "scans/", "facsimile", source,
    ]  # fmt: skip


def day_first(date: str) -> str:
    """Return a date as it is written in most of Europe: `12/05/1932`, `05/1932`, `1932`."""
    return "/".join(reversed(date.split("-")))


def as_text(rows: Iterable[Iterable[str]], separator: str = ",") -> str:
    """Return rows as a spreadsheet writes them in text."""
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=separator, lineterminator="\r\n").writerows(rows)
    return text.getvalue()


def rows_of(
    letters: Iterable[Letter] = LETTERS, cells: Callable[[Letter], list[str]] = cells_of
) -> list[list[str]]:
    """Return a row of names and a row for each letter."""
    return [list(HEADER), *map(cells, letters)]


def write_files(folder: Path) -> Path:
    """Write the transcription and two scans of each letter; returns the folder."""
    for letter in LETTERS:
        scans = folder / letter.key / "scans"
        scans.mkdir(parents=True)
        (scans.parent / "transcription.txt").write_text(
            f"Chers camarades,\n{letter.title}\n", encoding="utf-8"
        )
        for number in (1, 2):
            (scans / f"{letter.key}_0{number}.jpg").write_bytes(b"\xff\xd8\xff" + letter.key.encode())
    return folder


def letters_in(output: Path) -> tuple[Letter, ...]:
    """Return what the packages in a folder say, in their order."""
    found = []
    for description in sorted(output.glob("*/metadata/description.yaml")):
        values = values_of(description)
        key = description.parent.parent.name
        found.append(Letter(key, values["title"], str(values.get("date", "")), values["language"]))
    return tuple(found)
