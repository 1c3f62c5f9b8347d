"""Heads are recorded together, each by itself: one package that cannot be read does not stop the others."""

from __future__ import annotations

from pathlib import Path

from archtool.attestations.chain_head import ChainHead
from archtool.holdings.queries import find_holding
from archtool.holdings.register import open_register
from archtool.operations.holdings.record_heads import HeadRecorder, NewHead, read_chain
from archtool.operations.holdings.registered_heads import contains, is_same, places_of
from packages import make_package
from unit.holdings.registers import DAY_0, ingestion, make_register

SIGNERS = (("archivist@example.org", "SHA256:x"),)
HEAD = ChainHead("0002-validation", "ab" * 64)


def recorder_of(path: Path) -> HeadRecorder:
    return HeadRecorder(path, "archtool 0.1.0", lambda: DAY_0)


def test_a_head_that_was_copied_in_part_is_the_same_head() -> None:
    assert is_same(HEAD, ChainHead("0002-validation", "ab" * 16))
    assert not is_same(HEAD, ChainHead("0002-repair", "ab" * 64))
    assert not is_same(HEAD, ChainHead("0002-validation", "ba" * 16))
    assert contains([HEAD], ChainHead("0002-validation", "ab" * 16))


def test_a_path_that_is_not_utf8_has_no_place_in_a_register(tmp_path: Path) -> None:
    assert list(places_of(tmp_path / "caf\udce9")) == []


def test_one_package_that_is_gone_does_not_stop_the_others(tmp_path: Path) -> None:
    package = make_package(tmp_path)
    (head,) = read_chain(package, None, DAY_0)
    gone = tmp_path / "gone"
    with make_register(tmp_path) as register:
        register.append(
            ingestion(0, place=str(gone), head=str(HEAD)), ingestion(1, place=str(package))
        )  # fmt: skip
        path = register.path
    other = ChainHead("0003-repair", "cd" * 64)
    first, second = recorder_of(path).record(
        [NewHead(gone, other, "repair", SIGNERS), NewHead(package, head, "packaging", SIGNERS)]
    )
    assert first.finding is not None
    assert first.finding.code == "register.head-not-recorded"
    assert (second.holding, second.head, second.finding) == ("letters-1", head, None)
    with open_register(path, read_only=True) as register:
        assert find_holding(register.connection, "letters-0").head == str(HEAD)
        assert find_holding(register.connection, "letters-1").head == str(head)


def test_the_same_head_is_recorded_once(tmp_path: Path) -> None:
    package = make_package(tmp_path)
    (head,) = read_chain(package, None, DAY_0)
    with make_register(tmp_path) as register:
        register.append(ingestion(0, place=str(package)))
        path = register.path
    new = NewHead(package, head, "packaging", SIGNERS)
    recorder = recorder_of(path)
    assert recorder.record([new])[0].head == head
    assert recorder.record([new])[0].head == head
    with open_register(path, read_only=True) as register:
        count = register.connection.execute("SELECT count(*) FROM event").fetchone()
    assert count == (3,)
