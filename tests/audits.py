"""Builds archives with a register for the tests of audits: small bags on shelves, and their damage."""

from __future__ import annotations

import hashlib
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from archtool.cli.options import clock
from archtool.holdings.event import Event
from archtool.holdings.event_source import EventSource
from archtool.holdings.event_types import EventType
from archtool.holdings.model import Copy
from archtool.holdings.queries import copies_of, find_holding, records_of
from archtool.holdings.register import Register, create_register, open_register
from archtool.operations.holdings.package_facts import read_registered_facts
from command_line import Run, archtool
from unit.holdings.registers import DAY_0

if TYPE_CHECKING:
    import pytest

SOURCE = EventSource("Jane Doe", "archtool 0.1.0")


def write_small_bag(folder: Path, text: str = "To the sections.\n") -> Path:
    """Write a valid bag with one letter."""
    (folder / "data").mkdir(parents=True)
    (folder / "data" / "letter.txt").write_text(text)
    (folder / "bagit.txt").write_text("BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n")
    digest = hashlib.sha512(text.encode()).hexdigest()
    (folder / "manifest-sha512.txt").write_text(f"{digest}  data/letter.txt\n")
    tags = [
        f"{hashlib.sha512((folder / name).read_bytes()).hexdigest()}  {name}\n"
        for name in ("bagit.txt", "manifest-sha512.txt")
    ]
    (folder / "tagmanifest-sha512.txt").write_text("".join(tags))
    return folder


class Archive:
    """A register with its shelf, on which `letters-0` and so on stand."""

    def __init__(self, folder: Path, *, bags: int = 3, check_every_days: int = 90) -> None:
        self.folder = folder
        self.shelf = folder / "shelf"
        self.path = folder / "archive.register"
        self.shelf.mkdir()
        detail = {"id": "7f6c2a52-0000-4000-8000-000000000000", "check-every-days": check_every_days}
        create_register(self.path, SOURCE.event(EventType.REGISTER, DAY_0, detail=detail))
        self.append(SOURCE.event(EventType.SHELF, DAY_0, detail={"place": str(self.shelf)}))
        for number in range(bags):
            write_small_bag(self.bag(number), f"Letter {number}.\n")
        self.append(*(self.ingestion(self.bag(number)) for number in range(bags)))

    def bag(self, number: int) -> Path:
        """Return the path of a bag."""
        return self.shelf / f"letters-{number}"

    def letter(self, number: int) -> Path:
        """Return the path of the payload file of a bag."""
        return self.bag(number) / "data" / "letter.txt"

    def ingestion(self, path: Path, name: str | None = None, at: datetime = DAY_0) -> Event:
        """Return the event that registers a package at its place."""
        facts = read_registered_facts(path).detail()
        detail = {**facts, "place": str(path), "place_kind": "archive" if path.is_file() else "folder"}
        return SOURCE.event(EventType.INGESTION, at, name or path.name, detail)

    def add_copy(self, name: str, place: Path | str, kind: str = "folder") -> None:
        """Register a further copy of a holding."""
        detail = {"place": str(place), "place_kind": kind}
        self.append(SOURCE.event(EventType.REPLICATION, DAY_0, name, detail))

    def remove_copy(self, name: str, place: Path) -> None:
        """Record that a copy is none any more."""
        self.append(SOURCE.event(EventType.COPY_REMOVED, DAY_0, name, {"place": str(place)}))

    def append(self, *events: Event) -> None:
        """Append events to the register."""
        with self.open() as register:
            register.append(*events)

    def open(self) -> Register:
        """Open the register."""
        return open_register(self.path)

    def audit(self, *options: str | Path) -> Run:
        """Audit the archive with one process."""
        return archtool("audit", "--register", self.path, "--agent", "Jane Doe", "--jobs", "1", *options)

    def report(self, *options: str | Path) -> dict[str, Any]:
        """Audit the archive and return the JSON object of the run."""
        (found,) = self.audit("--json", *options).objects
        return found

    def events(self, kind: str | None = None) -> list[Event]:
        """Return the events of a type, or all."""
        with self.open() as register:
            events = [Event.parse(record)[0] for _, record in records_of(register.connection)]
        return [event for event in events if kind is None or event.event == kind]

    def last_check(self, name: str) -> Event:
        """Return the newest check of a holding."""
        return [event for event in self.events() if event.holding == name and "depth" in event.detail][-1]

    def copy(self, name: str) -> Copy:
        """Return the first copy of a holding."""
        with self.open() as register:
            return copies_of(register.connection, find_holding(register.connection, name))[0]


def set_clock(monkeypatch: pytest.MonkeyPatch, moment: datetime) -> None:
    """Let the commands see this time."""
    monkeypatch.setattr(clock, "now", lambda: moment)
