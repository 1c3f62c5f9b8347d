"""Registers made by the command line, small bags to put into them, and what a register then knows."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from archtool.holdings.event import Event
from archtool.holdings.model import Copy, Holding
from archtool.holdings.queries import copies_of, find_holding, records_of
from archtool.holdings.register import open_register
from command_line import archtool
from unit.bagit.bag_builders import bag_files, write_bag

if TYPE_CHECKING:
    import pytest


def init_register(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Create a register, and let every command use it."""
    path = folder / "archive.register"
    monkeypatch.setenv("ARCHTOOL_AGENT", "Jane Doe")
    made = archtool("holdings", "init", path, "--archive", "City Archive")
    assert made.code == 0, made.err
    monkeypatch.setenv("ARCHTOOL_REGISTER", str(path))
    return path


def make_bag(
    path: Path, name: str | None = "letters-1", text: bytes = b"Dear friend\n", more: str = ""
) -> Path:
    """Write a bag of one letter, with a name, and with more lines of bag-info.txt."""
    info = (f"External-Identifier: {name}\n" if name else "") + f"Payload-Oxum: {len(text)}.1\n{more}"
    return write_bag(path, bag_files({"data/letter.txt": text}, info=info))


def read_holding(register: Path, name: str) -> tuple[Holding, list[Copy]]:
    """Return a holding with its copies, as the register knows them."""
    with open_register(register, read_only=True) as opened:
        found = find_holding(opened.connection, name)
        return found, copies_of(opened.connection, found)


def places(register: Path, name: str) -> list[str]:
    """Return where the copies of a holding are."""
    return [copy.place for copy in read_holding(register, name)[1]]


def count_events(register: Path) -> int:
    """Return how many events a register has."""
    with open_register(register, read_only=True) as opened:
        return len(list(records_of(opened.connection)))


def last_event(register: Path) -> tuple[str, str | None, dict[str, Any]]:
    """Return type, holding and detail of the last event."""
    with open_register(register, read_only=True) as opened:
        event = Event.parse(list(records_of(opened.connection))[-1][1])[0]
    return event.event, event.holding, dict(event.detail)
