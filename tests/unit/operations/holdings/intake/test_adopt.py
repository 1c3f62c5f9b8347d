"""Adopting while others write, and being stopped: nothing is lost, and nothing is registered twice."""

from __future__ import annotations

from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from archtool.files.workers.concurrency import Concurrency
from archtool.holdings.event_types import EventType
from archtool.holdings.queries import read_shelves
from archtool.holdings.register import Register, open_register
from archtool.operations.holdings.intake import adopt
from archtool.operations.holdings.intake.adopt import Adoption, Intake
from archtool.operations.holdings.intake.registration import Arrival, RegistrationEnding
from register_commands import make_bag
from unit.holdings.registers import DAY_0, SOURCE, day, make_register

if TYPE_CHECKING:
    import pytest


def shelf(tmp_path: Path, bags: int) -> Path:
    for number in range(bags):
        make_bag(tmp_path / "shelf" / f"{number:02}", f"letter-{number:02}", f"{number}\n".encode())
    return tmp_path / "shelf"


def adoption(register: Register, folder: Path) -> Adoption:
    return Adoption(register, folder, Intake(SOURCE, lambda: day(1), Arrival()))


def test_a_stopped_adoption_keeps_what_it_registered_and_the_next_one_continues(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(adopt, "_GATHERED", 2)
    monkeypatch.setattr(adopt, "_TRANSACTION", 2)
    folder = shelf(tmp_path, 7)
    with make_register(tmp_path) as register:
        first = adoption(register, folder).run(Concurrency(1))
        assert len(list(islice(first, 3))) == 3
        first.close()
        second = adoption(register, folder)
        assert len(list(second.run(Concurrency(1)))) == 3
        assert second.known == 4


def test_between_two_transactions_another_writer_gets_its_turn(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(adopt, "_GATHERED", 2)
    monkeypatch.setattr(adopt, "_TRANSACTION_SECONDS", 0)
    folder = shelf(tmp_path, 5)
    with make_register(tmp_path) as register:
        other = open_register(register.path, wait_seconds=0)
        for number, _ in enumerate(adoption(register, folder).run(Concurrency(1))):
            other.append(SOURCE.event("x-note", DAY_0, detail={"note": f"{number}"}))
        other.connection.close()
        (count,) = register.connection.execute("SELECT max(number) FROM event").fetchone()
    assert count == 1 + 1 + 5 + 5  # the register, the shelf, five packages, five notes


def test_a_folder_on_a_shelf_is_no_shelf_of_its_own(tmp_path: Path) -> None:
    make_bag(tmp_path / "shelf" / "a" / "letters")
    with make_register(tmp_path) as register:
        register.append(SOURCE.event(EventType.SHELF, DAY_0, detail={"place": str(tmp_path / "shelf")}))
        (done,) = adoption(register, tmp_path / "shelf" / "a").run(Concurrency(1))
        assert done.ending is RegistrationEnding.REGISTERED
        assert read_shelves(register.connection) == [str(tmp_path / "shelf")]


def test_a_package_that_another_run_registered_meanwhile_is_not_registered_twice(tmp_path: Path) -> None:
    folder = shelf(tmp_path, 1)
    with make_register(tmp_path) as register, open_register(register.path) as other:
        first, second = adoption(register, folder), adoption(other, folder)
        ahead = first._new_packages()
        (found,) = list(ahead)
        assert [done.ending for done in second.run(Concurrency(1))] == [RegistrationEnding.REGISTERED]
        offers = adopt._read([found], Intake(SOURCE, lambda: day(1), Arrival()), Concurrency(1))
        (late,) = adopt._register(register, offers, Intake(SOURCE, lambda: day(1), Arrival()))
        assert late.ending is RegistrationEnding.KNOWN
