"""Who gave a bag: the organizations and persons that its bag-info.txt names, without their addresses."""

from __future__ import annotations

import pytest

from archtool.bagit.giver import Giver
from archtool.bagit.model import BagInfo, TagField


def info(*fields: tuple[str, str]) -> BagInfo:
    return BagInfo(tuple(TagField(label, value, line) for line, (label, value) in enumerate(fields, 1)))


def test_organizations_give_and_persons_are_their_contacts() -> None:
    giver = Giver.of(
        info(("source-organization", "City Archive"), ("Contact-Name", "M. Smith"), ("Bagging-Date", "2024"))
    )
    assert giver == Giver(("City Archive",), ("M. Smith",), "2024")
    assert giver is not None
    assert giver.names == ("City Archive",)


def test_persons_give_where_no_organization_is_named() -> None:
    giver = Giver.of(info(("Contact-Name", "M. Smith"), ("Source-Organization", "  ")))
    assert giver is not None
    assert giver.names == ("M. Smith",)


def test_repeated_names_count_once_and_blanks_do_not_count() -> None:
    giver = Giver.of(info(*[("Source-Organization", name) for name in ("A", " ", "B ", "A", "B")]))
    assert giver == Giver(("A", "B"), ())


def test_a_label_that_is_repeated_without_end_is_bounded() -> None:
    giver = Giver.of(info(*[("Source-Organization", f"A {number}") for number in range(10_000)]))
    assert giver is not None
    assert len(giver.organizations) == 20


@pytest.mark.parametrize(
    "fields",
    [
        (),
        (("Contact-Email", "m@archive.example"),),
        (("Contact-Name", "M. Smith <m@archive.example>"),),
        (("Bagging-Date", "2024-03-01"),),
    ],
)
def test_addresses_and_dates_alone_name_no_giver(fields: tuple[tuple[str, str], ...]) -> None:
    assert Giver.of(info(*fields)) is None


def test_two_bagging_dates_are_none() -> None:
    fields = (("Source-Organization", "A"), ("Bagging-Date", "2024-03-01"), ("Bagging-Date", "2025-03-01"))
    assert Giver.of(info(*fields)) == Giver(("A",), ())
