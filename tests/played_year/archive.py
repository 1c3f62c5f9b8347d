"""An archive with its shelves, its register and its clock; every change is a command of archtool."""

from __future__ import annotations

import json
import shutil
import sqlite3
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from batches import batch, write_letters
from command_line import Run, archtool
from packages import write_key

FIRST_DAY = datetime(2026, 1, 1, tzinfo=UTC)

_HAPPENED = """
CREATE TEMP VIEW happened AS
SELECT number, record ->> '$.event' AS event, record ->> '$.at' AS at, record ->> '$.run' AS run,
    record ->> '$.outcome' AS outcome, record ->> '$.holding' AS holding, record -> '$.detail' AS detail
FROM event
"""


@dataclass
class Clock:
    """The clock of the archive; it stands still while a command runs."""

    at: datetime = FIRST_DAY

    def now(self) -> datetime:
        """Return the time on the clock."""
        return self.at

    def move_to(self, day: int, hour: int) -> None:
        """Set the clock to an hour of a day; day 0 is the first."""
        self.at = FIRST_DAY + timedelta(days=day, hours=hour)


@dataclass
class Archive:
    """Folders with packages, and the register of them."""

    folder: Path
    clock: Clock
    exit_codes: list[int] = field(default_factory=list)
    """Of the audits, night by night."""

    @property
    def register(self) -> Path:
        """The register's file."""
        return self.folder / "archive.register"

    def shelf(self, name: str) -> Path:
        """Return the folder of a shelf."""
        return self.folder / name

    def pack(self, shelf: str, numbers: range) -> None:
        """Make signed packages on a shelf."""
        key = write_key(self.folder)
        sources = write_letters(self.folder / f"sources-of-{shelf}", *map(name_of, numbers))
        assert batch(sources, self.shelf(shelf), "--no-sync", "--sign", key).code == 0

    def do(self, *words: str | Path, code: int = 0) -> Run:
        """Run a command that reads or changes the register, and check its exit code."""
        result = archtool(*words, "--register", self.register)
        assert result.code == code, (words, result.code, result.out, result.err)
        return result

    def audit(self, *options: str) -> Run:
        """Run the audit of a night, whatever it finds."""
        result = archtool("audit", *options, "--jobs", "1", "--register", self.register)
        assert result.code in (0, 1), (result.code, result.out, result.err)
        self.exit_codes.append(result.code)
        return result

    def report(self) -> dict[str, Any]:
        """Return the report of the register, as JSON."""
        report: dict[str, Any] = json.loads(self.do("holdings", "report", "--json").out)
        return report

    def rows(self, sql: str, **values: Any) -> list[dict[str, Any]]:
        """Return the rows of a query on the register, which can use the view `happened` of its events."""
        with closing(sqlite3.connect(f"file:{self.register}?mode=ro", uri=True)) as connection:
            connection.row_factory = sqlite3.Row
            connection.execute(_HAPPENED)
            return [dict(row) for row in connection.execute(sql, values)]

    def state_of(self, place: Path) -> str:
        """Return the state of the copy at a place."""
        (row,) = self.rows("SELECT state FROM copy WHERE place = :at AND removed_at IS NULL", at=str(place))
        return str(row["state"])


def name_of(number: int) -> str:
    """Return the name of a package, which is that of its holding."""
    return f"letter-{number:03}"


def flip_byte(package: Path) -> None:
    """Flip one bit of a payload file; its size and its time stay."""
    file = package / "data" / "letter.txt"
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    file.write_bytes(data)


def lose_file(package: Path) -> None:
    """Remove a payload file."""
    (package / "data" / "letter.txt").unlink()


def replace_package(package: Path, other: Path) -> None:
    """Put another package, whole and valid, in the place of a package."""
    shutil.rmtree(package)
    shutil.copytree(other, package)
