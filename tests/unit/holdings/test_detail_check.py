"""The register refuses events whose details have members of wrong types: others rely on them later."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from archtool.errors import InputError
from archtool.holdings.chain import read_head
from archtool.holdings.event import Event
from archtool.holdings.event_source import EventSource
from archtool.holdings.event_types import EventType
from archtool.holdings.register import create_register
from unit.holdings.registers import DAY_0, SOURCE, check, day, ingestion, make_register

RUN = EventSource("Jane Doe", "archtool 0.1.0", "run-1")
BEGUN = {"depth": "full", "selection": {"kind": "all"}, "due": 3}


def event(kind: EventType, detail: dict[str, Any], holding: str | None = None) -> Event:
    return RUN.event(kind, day(1), holding, detail)


def refusal(tmp_path: Path, wrong: Event) -> str:
    with make_register(tmp_path, holdings=1) as register:
        before = read_head(register.connection)
        with pytest.raises(InputError) as caught:
            register.append(wrong)
        assert read_head(register.connection) == before
    return caught.value.message


@pytest.mark.parametrize("days", [None, "abc", "90", True, 0, -5, 3651, 10**15, [1]])
def test_a_policy_is_a_whole_number_of_days_up_to_ten_years(tmp_path: Path, days: Any) -> None:
    wrong = Event("policy", day(1), "Jane Doe", "archtool 0.1.0", detail={"check-every-days": days})
    assert "check-every-days is not a whole number from 1 to 3,650" in refusal(tmp_path, wrong)


def test_a_register_begins_with_a_policy(tmp_path: Path) -> None:
    first = SOURCE.event(EventType.REGISTER, DAY_0, detail={"id": "7f6c2a52-0000-4000-8000-000000000000"})
    with pytest.raises(InputError, match="lacks 'check-every-days'"):
        create_register(tmp_path / "archive.register", first)
    assert not (tmp_path / "archive.register").exists()


@pytest.mark.parametrize(
    ("member", "value", "said"),
    [
        ("manifests", ["manifest-sha512.txt"], "manifests is not an object"),
        ("manifests", {}, "manifests is not an object"),
        ("manifests", {"manifest-sha512.txt": 5}, "the digest of manifest-sha512.txt is not a text"),
        ("manifests", {"manifest-sha512.txt": "foo"}, "not a digest: 'foo'"),
        ("formats", [1], "formats is not an object of numbers"),
        ("formats", {"fmt/1": "x"}, "fmt/1 is not a whole number from 0"),
        ("bytes", -5, "bytes is not a whole number from 0"),
        ("files", True, "files is not a whole number from 0"),
        ("title", 5, "title is not a text"),
        ("custodian", ["x"], "custodian is not a text"),
        ("place", "letters/1", "place is not an absolute path: 'letters/1'"),
        ("place", "/shelf/\0x", "place is not an absolute path"),
        ("place", 5, "place is not a text"),
        ("place_kind", "shoebox", "'shoebox'"),
    ],
)
def test_an_ingestion_says_what_the_content_is_and_where(
    tmp_path: Path, member: str, value: Any, said: str
) -> None:
    message = refusal(tmp_path, ingestion(1, **{member: value}))
    assert message.startswith("the detail of an event of type ingestion is wrong: ")
    assert said in message


@pytest.mark.parametrize("place", ["no label", "TAPE-7:../letters", "TAPE-7:", "TAPE-7:a\0b", "TAPE-7:/a"])
def test_a_place_on_a_medium_has_a_label_and_a_path_on_it(tmp_path: Path, place: str) -> None:
    assert "medium" in refusal(tmp_path, ingestion(1, place=place, place_kind="medium"))


def test_a_place_on_a_medium_can_be_registered(tmp_path: Path) -> None:
    with make_register(tmp_path) as register:
        register.append(ingestion(1, place="TAPE-7:letters/1", place_kind="medium"))
        assert read_head(register.connection).number == 2


@pytest.mark.parametrize(
    ("kind", "detail", "said"),
    [
        (EventType.SHELF, {"place": "/shelf/\0"}, "place is not an absolute path"),
        (EventType.SHELF, {"place": "shelf"}, "place is not an absolute path: 'shelf'"),
        (EventType.SHELF_MOVED, {"from": "/shelf", "to": 5}, "to is not a text"),
        (EventType.AUDIT_BEGUN, BEGUN | {"due": "x"}, "due is not a whole number from 0"),
        (EventType.AUDIT_BEGUN, BEGUN | {"selection": [1]}, "selection is not an object"),
        (EventType.AUDIT_BEGUN, BEGUN | {"depth": 1}, "depth is not a text"),
        (EventType.AUDIT_BEGUN, {"depth": "full", "selection": {}}, "lacks 'due'"),
        (EventType.AUDIT_ENDED, {"part": [1]}, "part is not an object"),
        (EventType.AUDIT_ENDED, {"part": {"checked": "a"}}, "checked is not a whole number"),
        (EventType.AUDIT_ENDED, {"part": {"bytes": None}}, "bytes is not a whole number"),
        (EventType.AUDIT_ENDED, {"totals": "x"}, "totals is not an object"),
        (EventType.AUDIT_ENDED, {"counts": 3}, "counts is not an object of numbers"),
        (EventType.AUDIT_ENDED, {"seconds": "q"}, "seconds is not a whole number"),
        (EventType.AUDIT_ENDED, {"extra": [1]}, "extra is not a list of texts"),
    ],
)
def test_events_of_shelves_and_audits_have_members_of_the_right_types(
    tmp_path: Path, kind: EventType, detail: dict[str, Any], said: str
) -> None:
    assert said in refusal(tmp_path, event(kind, detail))


@pytest.mark.parametrize(("member", "value"), [("bytes", -1), ("bytes", "1"), ("bytes", True), ("head", 5)])
def test_a_check_counts_bytes_and_names_a_head(tmp_path: Path, member: str, value: Any) -> None:
    assert f"{member} is not a" in refusal(tmp_path, check(0, day(1), **{member: value}))


@pytest.mark.parametrize("at", [datetime(9999, 12, 31, tzinfo=UTC), datetime(1, 1, 1, tzinfo=UTC)])
def test_an_event_happens_at_a_time_with_room_for_the_interval_of_the_policy(
    tmp_path: Path, at: datetime
) -> None:
    assert "its time is not between the years 1970 and 9000" in refusal(tmp_path, check(0, at))
