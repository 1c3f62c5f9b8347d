"""Checks are recorded in groups; what contradicts the register by then is left out, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from archtool.batch.audit import recorder as module
from archtool.batch.audit.recorder import CheckedCopy, CheckRecorder
from archtool.holdings.chain import ChainWriter
from archtool.holdings.event import Event
from archtool.holdings.event_types import EventType
from archtool.holdings.lookup.due import DueCopy, DueQuery, iterate_due
from archtool.holdings.queries import copies_of, find_holding, records_of
from archtool.holdings.register import Register
from archtool.operations.verify.request import Depth
from unit.holdings.registers import SOURCE, day, make_register

HEAD = "0002-fixity-check sha512:" + "cd" * 64
OTHER_HEAD = "0002-fixity-check sha512:" + "ef" * 64


def checked(copy: DueCopy, **more: Any) -> CheckedCopy:
    detail = {"place": copy.place, "state": "ok", "depth": "full", "files": 3, "bytes": 1000, **more}
    return CheckedCopy(copy, detail, is_in_order=True)


def make_recorder(register: Register) -> CheckRecorder:
    return CheckRecorder(register, SOURCE, Depth.FULL, lambda: day(1))


def checks_in(register: Register) -> list[str | None]:
    events = [Event.parse(record)[0] for _, record in records_of(register.connection)]
    return [event.holding for event in events if event.event == EventType.FIXITY_CHECK]


def test_checks_of_one_moment_are_recorded_together(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_GROUP", 3)
    monkeypatch.setattr(module, "GROUP_SECONDS", 1000.0)
    with make_register(tmp_path, holdings=4) as register:
        recorder = make_recorder(register)
        counts = []
        for copy in list(iterate_due(register.connection, DueQuery())):
            recorder.add(checked(copy))
            counts.append(len(checks_in(register)))
        recorder.flush()
        assert [*counts, len(checks_in(register))] == [0, 0, 3, 3, 4]


def test_a_group_that_waited_long_enough_is_recorded_without_another_check(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with make_register(tmp_path, holdings=1) as register:
        recorder = make_recorder(register)
        (copy,) = iterate_due(register.connection, DueQuery())
        recorder.add(checked(copy))
        recorder.tick()
        assert checks_in(register) == []
        monkeypatch.setattr(module, "GROUP_SECONDS", 0.0)
        recorder.tick()
        assert checks_in(register) == ["letters-0"]


def test_a_copy_that_was_withdrawn_meanwhile_does_not_keep_the_others_out(tmp_path: Path) -> None:
    with make_register(tmp_path, holdings=3) as register:
        recorder = make_recorder(register)
        copies = list(iterate_due(register.connection, DueQuery()))
        register.append(SOURCE.event(EventType.WITHDRAWAL, day(1), "letters-1"))
        for copy in copies:
            recorder.add(checked(copy))
        recorder.flush()
        assert checks_in(register) == ["letters-0", "letters-2"]


@pytest.mark.parametrize("is_committed", [True, False])
def test_an_interrupt_neither_loses_a_check_nor_records_it_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_committed: bool
) -> None:
    with make_register(tmp_path, holdings=2) as register:
        recorder = make_recorder(register)
        for copy in list(iterate_due(register.connection, DueQuery())):
            recorder.add(checked(copy))
        writing = Register.writing

        @contextmanager
        def interrupted(self: Register) -> Iterator[ChainWriter]:
            with writing(self) as chain:
                yield chain
                if not is_committed:
                    raise KeyboardInterrupt
            raise KeyboardInterrupt

        with monkeypatch.context() as patch:
            patch.setattr(Register, "writing", interrupted)
            with pytest.raises(KeyboardInterrupt):
                recorder.flush()
        recorder.flush()
        assert checks_in(register) == ["letters-0", "letters-1"]


def test_a_head_that_somebody_recorded_meanwhile_is_not_overwritten(tmp_path: Path) -> None:
    with make_register(tmp_path, holdings=2) as register:
        recorder = make_recorder(register)
        copies = list(iterate_due(register.connection, DueQuery()))
        attested = SOURCE.event(
            EventType.ATTESTATION, day(1), "letters-0", {"place": copies[0].place, "head": HEAD}
        )
        register.append(attested)
        for copy in copies:
            recorder.add(checked(copy, head=OTHER_HEAD))
        recorder.flush()
        heads = [find_holding(register.connection, name).head for name in ("letters-0", "letters-1")]
        assert heads == [HEAD, OTHER_HEAD]


def test_a_check_that_is_too_large_for_an_event_is_recorded_without_its_details(tmp_path: Path) -> None:
    with make_register(tmp_path, holdings=3) as register:
        recorder = make_recorder(register)
        copies = list(iterate_due(register.connection, DueQuery()))
        large = {f"manifest-{number}.txt": "x" * 1024 for number in range(1100)}
        recorder.add(checked(copies[0]))
        recorder.add(checked(copies[1], state="changed", manifests=large, problem_count=3))
        recorder.add(checked(copies[2]))
        recorder.flush()
        assert sorted(map(str, checks_in(register))) == ["letters-0", "letters-1", "letters-2"]
        (copy,) = copies_of(register.connection, find_holding(register.connection, "letters-1"))
        assert copy.state == "changed"
