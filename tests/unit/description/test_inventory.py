"""The annexe inventory is counted, checked for contradictions, and recorded with its sources."""

from __future__ import annotations

import pytest

from archtool.description.inventory import check_inventory, inventory_record, summarise_inventory
from archtool.description.model import Agent, Annexe, AnnexeStatus, Attribution, Creator, Within
from archtool.schemas import schema_faults
from unit.description.description_texts import SMALL, annexe, brief, letter, load, only

S = AnnexeStatus


def numbered(*numbers: str | None) -> tuple[Annexe, ...]:
    return tuple(annexe(f"Enclosure {i}", number=number) for i, number in enumerate(numbers))


def messages(*annexes: Annexe) -> list[str]:
    return [finding.message for _, finding in check_inventory(letter(*annexes))]


def test_the_stated_number_of_enclosures_is_accepted() -> None:
    assert messages(annexe(enclosures_stated=2, enclosures=numbered("1", "2"))) == []


def test_the_missing_numbers_are_named() -> None:
    assert messages(annexe(enclosures_stated=6, enclosures=numbered("1", "2", "5"))) == [
        "annexe “Note” states 6 enclosures, 3 are listed; missing: 3, 4, 6"
    ]


@pytest.mark.parametrize(
    ("stated", "numbers"),
    [(3, ()), (3, (None,)), (3, ("1", "178/c")), (0, ("1",)), (5000, ("1",)), (1, ("1", "2"))],
)
def test_only_the_count_is_named_if_the_numbers_are_unknown(
    stated: int, numbers: tuple[str | None, ...]
) -> None:
    assert messages(annexe(enclosures_stated=stated, enclosures=numbered(*numbers))) == [
        f"annexe “Note” states {stated} enclosures, {len(numbers)} are listed"
    ]


def test_a_duplicate_number_causes_a_warning() -> None:
    ((place, finding),) = check_inventory(letter(annexe(enclosures=numbered("1", "2", "1", None, None))))
    assert (place, finding.code) == ((0,), "annexe.number-twice")
    assert finding.message == "annexe “Note” has 2 enclosures with the number 1"


def test_a_reproduced_annexe_must_have_a_file() -> None:
    assert messages(annexe(status=S.REPRODUCED)) == ["annexe “Note” is `reproduced`, but no file is named"]


@pytest.mark.parametrize("status", [s for s in S if s is not S.REPRODUCED])
def test_only_a_reproduced_annexe_has_a_text(status: AnnexeStatus) -> None:
    for said in ({"file": "a.txt"}, {"within": Within("a.txt", 1)}):
        assert messages(annexe(status=status, **said)) == [
            f"annexe “Note” is `{status.value}`, but has a file"
        ]


def test_an_annexe_has_a_file_or_lines_of_a_file_but_not_both() -> None:
    both = annexe(status=S.REPRODUCED, file="a.txt", within=Within("a.txt", 1))
    assert messages(both) == ["annexe “Note” has both `file` and `within`"]


def test_a_reversed_line_range_is_refused() -> None:
    assert messages(annexe(status=S.REPRODUCED, within=Within("a.txt", 9, 3))) == [
        "annexe “Note”: lines 9 to 3"
    ]
    assert messages(annexe(status=S.REPRODUCED, within=Within("a.txt", 9, 9))) == []


def test_a_long_title_is_cut_in_messages() -> None:
    (message,) = messages(annexe("N" * 61, S.REPRODUCED))
    assert f"“{'N' * 60}…”" in message


def test_a_fault_deep_inside_is_found_at_its_own_line() -> None:
    text = SMALL + (
        "annexes:\n  - title: A\n    status: listed\n    enclosures:\n"
        "      - title: B\n        status: listed\n"
        "        enclosures:\n          - { title: C, status: reproduced }\n"
    )
    assert brief(load(text)) == [("letter.yaml:13:13", "annexe.reproduced-where")]


def test_a_wrong_count_leaves_the_description_readable() -> None:
    loaded = load(SMALL + "annexes: [{ title: A, status: listed, enclosures-stated: 2 }]\n")
    assert only(loaded).code == "annexe.count-differs"
    assert loaded.description is not None


def test_the_record_names_the_source_of_each_status() -> None:
    inner = annexe("Inner", enclosures=(annexe("Innermost"),), according_to="Balitsky")
    top = annexe(
        "Note of Balitsky", id="note", enclosures=(inner, annexe("Other", enclosures=(annexe("Last"),)))
    )
    record = inventory_record(letter(top), lambda _: {})
    (note,) = record["annexes"]
    first, second = note["enclosures"]
    words = [note["according-to"], first["according-to"], first["enclosures"][0]["according-to"]]
    assert words == ["description", "Balitsky", "Inner"]
    assert (second["according-to"], second["enclosures"][0]["according-to"]) == ("note", "Other")


def full_inventory() -> dict[str, object]:
    creators = (
        Creator(Agent("V. Balitsky", "person", "https://viaf.org/viaf/1"), "author", Attribution("stated")),
    )
    note = annexe(
        "Note", S.REPRODUCED, id="note", number="178/c", date="1932-11-03", language="ru", creators=creators,
        addressees=(Agent("Staline"),), within=Within("letter.txt", 3), enclosures_stated=2,
        enclosures=(annexe("A", S.THIS_DOCUMENT, creators=(Creator(Agent("Rakovsky"), "author"),)),
        annexe("B", S.NOT_REPRODUCED, note="left out")),
    )  # fmt: skip
    text = {"file": "data/letter.txt", "size-bytes": 9, "digests": {"sha512": "ab"}}
    where = letter(note, annexe("C", S.LOST, enclosures_stated=0), id="letter")
    return inventory_record(where, lambda a: text if a.within else {})


def test_the_record_is_valid_under_its_schema() -> None:
    for record in (full_inventory(), inventory_record(letter(), lambda _: {})):
        assert schema_faults("annexes.schema.json", record) == ()


def test_the_record_omits_missing_values_and_keeps_a_count_of_zero() -> None:
    _, lost = full_inventory()["annexes"]  # type: ignore[misc]
    assert lost == {
        "title": "C",
        "status": "lost",
        "according-to": "description",
        "enclosures-stated": 0,
        "enclosures": [],
    }


def test_the_record_keeps_creators_and_the_place_of_the_text() -> None:
    note = full_inventory()["annexes"][0]  # type: ignore[index]
    person = {"name": "V. Balitsky", "type": "person", "id": "https://viaf.org/viaf/1"}
    assert note["creators"] == [person | {"role": "author", "attribution": "stated"}]
    assert note["enclosures"][0]["creators"] == [{"name": "Rakovsky", "role": "author"}]
    assert note["text"]["file"] == "data/letter.txt"


def test_the_counts_are_in_the_order_of_the_states() -> None:
    assert list(full_inventory()["counts"].items()) == [  # type: ignore[attr-defined]
        ("reproduced", 1), ("not-reproduced", 1), ("lost", 1), ("this-document", 1)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("annexes", "words"),
    [
        ((), "none described"),
        ((annexe(),), "1 annexe: 1 listed"),
        ((annexe(), annexe(status=S.LOST)), "2 annexes: 1 listed, 1 lost"),
        ((annexe(enclosures=numbered("1")),), "1 annexe with 1 enclosure: 2 listed"),
        ((annexe(enclosures=numbered("1", "2")),), "1 annexe with 2 enclosures: 3 listed"),
    ],
)
def test_the_inventory_is_summarised_in_one_line(annexes: tuple[Annexe, ...], words: str) -> None:
    assert summarise_inventory(letter(*annexes)) == words
