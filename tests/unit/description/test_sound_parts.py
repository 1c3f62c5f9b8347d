"""The sound parts of a faulty description are kept, and nothing is concluded from the faulty ones."""

from __future__ import annotations

import pytest

from archtool.description.sound_parts import NO_DOUBTS, SoundParts
from archtool.schemas import MAX_FAULTS
from unit.description.description_texts import SMALL, codes, load

ANNEXES = """\
annexes:
  - { id: one, title: One, status: reprodused, file: one.txt }
  - just a title
  - { id: three, title: Three, status: listed, enclosures: [{ title: A, status: lots }] }
"""


def sound(text: str) -> SoundParts:
    found = load(text).sound
    assert found is not None
    return found


def test_faulty_values_are_empty_and_the_others_are_kept_in_their_places() -> None:
    found = sound(SMALL + ANNEXES + "date: 19-99\nplace: Prague\n")
    assert (found.description.date, found.description.place) == (None, "Prague")
    assert [annexe.title for annexe in found.description.annexes] == ["One", "", "Three"]
    assert found.description.payload_files() == ("letter.txt", "one.txt")
    assert found.doubts.is_faulty(("annexes", 1, "file"))
    assert not found.doubts.is_faulty(("annexes", 0, "file"))
    assert found.doubts.concern(("annexes", 0))
    assert not found.doubts.concern(("annexes", 2, "id"))


def test_a_sound_description_has_no_sound_parts_beside_itself() -> None:
    assert load(SMALL).sound is None
    assert not NO_DOUBTS.concern(("title",))
    assert not NO_DOUBTS.can_hide(("rights",))
    assert not NO_DOUBTS.can_hide_ids


@pytest.mark.parametrize("text", ["- a\n", "text\n", "[" * 100])
def test_what_is_no_description_has_no_sound_parts(text: str) -> None:
    assert load(text).sound is None


def test_a_description_with_too_many_faults_has_no_sound_parts() -> None:
    assert load(SMALL + "left-out:\n" + "  - [a]\n" * (MAX_FAULTS + 1)).sound is None


def test_nothing_is_missing_that_a_faulty_part_can_give() -> None:
    assert codes(load(SMALL.replace("rights:", "Rights:"))) == ["description.unknown-key"]
    status = "annexes: [{ title: A, status: reproduced, filename: a.txt }]\n"
    assert codes(load(SMALL + status)) == ["description.unknown-key"]
    stated = "annexes: [{ title: A, status: listed, enclosures-stated: 2, enclosure: [] }]\n"
    assert codes(load(SMALL + stated)) == ["description.unknown-key"]


def test_own_labels_are_checked_beside_a_fault_elsewhere() -> None:
    labels = "bag-info: { Title: x, Payload-Oxum: '1.1', Contact-Email: a@example.org }\n"
    assert codes(load(SMALL + "date: mai\n" + labels)) == [
        "description.date",
        "description.bag-info-label",
        "description.bag-info-label",
    ]


def test_own_keys_inside_an_object_are_no_doubt_about_it() -> None:
    found = sound(SMALL + "date: mai\noriginal: { signed: true, x-folio: 3 }\n")
    assert not found.doubts.can_hide(("original", "held-by"))


def test_a_label_is_not_given_twice_by_a_packager_with_a_fault() -> None:
    text = "packager: { name: A, type: firm }\nbag-info: { Source-Organization: A, Contact-Name: B }\n"
    assert codes(load(SMALL + text)) == ["description.wrong-value"]


def test_an_id_in_a_faulty_part_is_not_unknown() -> None:
    used = "custody: [{ event: e, label: L, evidence: [note] }]\n"
    assert codes(load(SMALL + used + "annexes: [[note]]\n")) == ["description.wrong-type"]
    assert codes(load(SMALL + used + "annexes: [{ id: a b, title: A, status: listed }]\n")) == [
        "description.wrong-value"
    ]
    assert codes(load(SMALL + used + "date: 19-99\n")) == ["description.id-unknown", "description.date"]


def test_what_is_certain_is_reported_beside_the_faults() -> None:
    text = SMALL + "date: 19-99\nannexes: [{ title: A, status: lost, file: a.txt }]\n"
    assert codes(load(text)) == ["description.date", "annexe.not-reproduced-file"]
    assert codes(load(text.replace("status: lost", "status: loost"))) == [
        "description.date",
        "description.wrong-value",
    ]


def test_a_placeholder_is_reported_beside_the_faults() -> None:
    text = SMALL.replace("Letter of the bureau", "TITLE OF THE DOCUMENT") + "date: 19-99\n"
    assert codes(load(text)) == ["description.placeholder", "description.date"]


def test_own_keys_name_no_files() -> None:
    found = sound(SMALL + "x-box: scan.tif\nboxx: other.tif\n")
    mentioned = found.doubts.mentioned_files()
    assert not mentioned.can_be("scan.tif")
    assert mentioned.can_be("other.tif")
    assert found.description.extras == {"x-box": "scan.tif"}


@pytest.mark.parametrize(
    ("written", "file", "is_mentioned"),
    [
        ("scans/0001.tif", "scans/0001.tif", True),
        ("scans\\0001.tif", "scans/0001.tif", True),
        ("scans/", "scans/0002.tif", True),
        ("Scan 1.tif", "scan 1.tif", True),
        ("*.tif", "anything.txt", True),
        ("scan.tif", "can.tif", False),
        ("scan.tif", "scan.tiff", False),
    ],
)
def test_a_file_is_mentioned_by_its_name_or_its_folder(
    written: str, file: str, *, is_mentioned: bool
) -> None:
    assert sound(SMALL + f"filez: ['{written}']\n").doubts.mentioned_files().can_be(file) is is_mentioned
