"""Builds a package with copies, and damages them."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from archtool.holdings.event import EventOutcome
from archtool.holdings.event_types import EventType
from archtool.holdings.queries import copies_of, find_holding, records_of
from archtool.holdings.register import open_register
from command_line import Run, archtool
from packages import make_package, retag
from unit.holdings.registers import DAY_0, SOURCE, day, make_register

LETTER = "data/letter.txt"
FORGED = "To the traitors.\n"  # as many bytes as the letter, so that the counts in bag-info.txt fit


def make_copies(folder: Path, count: int = 1, *, signed: bool = True) -> tuple[Path, ...]:
    """Make a package of one letter and so many copies of it: `package`, `copy-1`, `copy-2` …"""
    package = make_package(folder, signed=signed)
    copies = [folder / f"copy-{number}" for number in range(1, count + 1)]
    for copy in copies:
        shutil.copytree(package, copy)
    return (package, *copies)


def flip(package: Path, path: str = LETTER, at: int = 3) -> None:
    """Flip one bit of a file."""
    data = bytearray((package / path).read_bytes())
    data[at] ^= 1
    (package / path).write_bytes(bytes(data))


def forge(package: Path, text: str = FORGED) -> None:
    """Replace the letter, and correct the manifests, as somebody does who wants it to look right."""
    (package / LETTER).write_text(text)
    manifest = package / "manifest-sha512.txt"
    lines = manifest.read_text().splitlines()
    digest = hashlib.sha512(text.encode()).hexdigest()
    manifest.write_text("".join(f"{digest}  {LETTER}\n" if LETTER in line else f"{line}\n" for line in lines))
    retag(package)


def repair(package: Path | str, *copies: Path, options: tuple[str | Path, ...] = ()) -> Run:
    """Run `archtool repair` with these copies."""
    sources = [word for copy in copies for word in ("--from", copy)]
    return archtool("repair", package, *sources, *options)


def replaced_folders(package: Path) -> list[Path]:
    """Return the folders that keep what was replaced in a package."""
    return sorted(package.parent.glob(f"{package.name}.replaced-*"))


def register_copies(folder: Path, name: str, places: Sequence[str], *, head: bool = True) -> Path:
    """Create a register with one holding, whose manifests are those of its first place."""
    register = make_register(folder)
    first = Path(places[0])
    listed = first / "attestations" / "0001-packaging" / "sha512sums.txt"
    manifest = hashlib.sha512((first / "manifest-sha512.txt").read_bytes()).hexdigest()
    detail: dict[str, Any] = {
        "place": places[0], "place_kind": "folder", "kind": "package", "files": 1, "bytes": 17,
        "manifests": {"manifest-sha512.txt": f"sha512:{manifest}"},
    }  # fmt: skip
    if head:
        detail["head"] = f"0001-packaging sha512:{hashlib.sha512(listed.read_bytes()).hexdigest()}"
    with register:
        register.append(SOURCE.event(EventType.INGESTION, DAY_0, name, detail))
        for place in places[1:]:
            kind = "folder" if place.startswith("/") else "medium"
            copy = {"place": place, "place_kind": kind}
            register.append(SOURCE.event(EventType.REPLICATION, day(1), name, copy))
    return register.path


def record_state(register: Path, name: str, place: Path, state: str) -> None:
    """Append the event of a check that found a copy in a state."""
    detail = {"place": str(place), "state": state, "depth": "full", "files": 1, "bytes": 17}
    outcome = EventOutcome.SUCCESS if state == "ok" else EventOutcome.FAILURE
    with open_register(register) as opened:
        opened.append(SOURCE.event(EventType.FIXITY_CHECK, day(2), name, detail, outcome))


def events_of(register: Path, name: str) -> list[dict[str, Any]]:
    """Return the events of a holding, oldest first."""
    with open_register(register, read_only=True) as opened, opened.reading() as connection:
        return [json.loads(record) for _, record in records_of(connection, name)]


def states_of(register: Path, name: str) -> dict[str, str]:
    """Return the state of each copy of a holding by its place."""
    with open_register(register, read_only=True) as opened, opened.reading() as connection:
        holding = find_holding(connection, name)
        return {copy.place: copy.state.value for copy in copies_of(connection, holding)}
