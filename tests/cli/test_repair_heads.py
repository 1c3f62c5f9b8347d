"""`archtool repair`: attestations that were added to one copy are brought to the others."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from archtool.holdings.event_types import EventType
from archtool.holdings.register import open_register
from command_line import archtool
from packages import tree_bytes, write_key
from register_commands import init_register, read_holding
from repairs import flip, make_copies
from unit.holdings.registers import DAY_0, SOURCE

if TYPE_CHECKING:
    import pytest

NAME = "letters"


def register_both(folder: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Path, Path]:
    """Return a register, and the two copies of a holding in it."""
    package, copy = make_copies(folder)
    register = init_register(folder, monkeypatch)
    for words in (("add", package, "--name", NAME), ("copies", NAME, "--add", copy)):
        done = archtool("holdings", *words)
        assert done.code == 0, done.said()
    return register, package, copy


def attest(package: Path, event: str = "validation", date: str = "2026-11-24", *options: str) -> None:
    key = write_key(package.parent)
    done = archtool("attest", package, "--event", event, "--sign", key, "--date", date, *options)
    assert done.code == 0, done.said()


def heads_of(register: Path) -> list[str | None]:
    return [copy.head for copy in read_holding(register, NAME)[1]]


def test_an_attestation_of_one_copy_is_brought_to_the_other_and_both_audits_are_quiet(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    register, package, copy = register_both(tmp_path, monkeypatch)
    attest(package)
    assert archtool("audit", "--all").code == 0
    shown = archtool("repair", NAME, "--copy", copy)
    assert shown.code == 1
    assert "attestations/0002-validation/statement.json" in shown.out
    assert "missing" in shown.out
    done = archtool("repair", NAME, "--copy", copy, "--apply")
    assert done.code == 0, done.said()
    assert tree_bytes(package) == tree_bytes(copy)
    head, other = heads_of(register)
    assert head == other is not None
    assert head.startswith("0002-validation ")
    audit = archtool("audit", "--all")
    assert (audit.code, len(audit.out.splitlines())) == (0, 1)


def test_two_attestations_are_brought_to_a_copy_that_is_damaged_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    register, package, copy = register_both(tmp_path, monkeypatch)
    attest(package)
    attest(package, "fixity-check", "2026-11-25")
    flip(copy)
    done = archtool("repair", NAME, "--copy", copy, "--apply")
    assert done.code == 0, done.said()
    assert tree_bytes(package) == tree_bytes(copy)
    assert len(set(heads_of(register))) == 1


def test_copies_that_were_attested_apart_keep_their_attestations(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, package, copy = register_both(tmp_path, monkeypatch)
    attest(copy, "fixity-check")
    attest(package, "validation", "2026-11-24", "--no-register")
    assert archtool("audit", "--all").code == 0
    before = tree_bytes(copy)
    shown = archtool("repair", NAME, "--copy", copy, "--apply", "--json")
    assert "repair.heads-disagree" in shown.codes
    assert tree_bytes(copy) == before
    flip(copy)
    done = archtool("repair", NAME, "--copy", copy, "--apply")
    assert done.code == 0, done.said()
    assert tree_bytes(copy) == before
    assert archtool("audit", "--all").code == 0


def test_a_copy_with_newer_attestations_than_the_newest_recorded_head_keeps_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    register, package, copy = register_both(tmp_path, monkeypatch)
    attest(package)
    older = heads_of(register)[0]
    attest(package, "fixity-check", "2026-11-25")
    good = tree_bytes(package)
    with open_register(register) as opened:
        opened.append(SOURCE.event(EventType.ATTESTATION, DAY_0, NAME, {"place": str(copy), "head": older}))
    flip(package, "bag-info.txt")
    done = archtool("repair", NAME, "--copy", package, "--apply")
    assert done.code == 0, done.said()
    assert "repair.heads-disagree" not in done.err
    assert tree_bytes(package) == good


def test_a_newest_attestation_that_no_place_has_is_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    register, package, copy = register_both(tmp_path, monkeypatch)
    third = tmp_path / "third"
    shutil.copytree(package, third)
    assert archtool("holdings", "copies", NAME, "--add", third).code == 0
    attest(third)
    shutil.rmtree(third)
    shown = archtool("repair", NAME, "--copy", copy, "--json")
    assert "repair.head-not-found" in shown.codes
    flip(copy)
    assert archtool("repair", NAME, "--copy", copy, "--apply").code == 0
    assert register.is_file()
