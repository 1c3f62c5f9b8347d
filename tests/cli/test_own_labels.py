"""Own bag-info labels and `x-…` keys: written, verified, shown and compared; never lost."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from batches import batch, endings
from command_line import archtool
from packages import LETTER, pack, retag, write_description, write_letter
from tables import write_table

LABELS = "bag-info:\n  Contact-Email: archive@example.org\n  Storage-Class: [Standard, Glacier]\n"


def info_of(package: Path) -> list[str]:
    return (package / "bag-info.txt").read_text(encoding="utf-8").splitlines()


def test_own_labels_stand_after_those_of_archtool_in_their_order(tmp_path: Path, letters: Path) -> None:
    assert pack(write_letter(letters, LABELS), tmp_path / "p").code == 0
    assert info_of(tmp_path / "p")[-3:] == [
        "Contact-Email: archive@example.org", "Storage-Class: Standard", "Storage-Class: Glacier"
    ]  # fmt: skip
    assert archtool("verify", tmp_path / "p").code == 0


def test_a_package_without_own_labels_has_the_bytes_that_it_had(tmp_path: Path, letters: Path) -> None:
    assert pack(write_letter(letters), tmp_path / "p").code == 0
    assert info_of(tmp_path / "p")[-1] == "Rights: package: CC0-1.0"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("archive@example.org", "other@example.org"),
        ("Storage-Class: Glacier\n", ""),
        ("Storage-Class: Glacier\n", "Storage-Class: Glacier\nstorage-class: Tape\n"),
    ],
)
def test_verify_finds_own_labels_that_differ_from_the_description(
    tmp_path: Path, letters: Path, old: str, new: str
) -> None:
    assert pack(write_letter(letters, LABELS), tmp_path / "p").code == 0
    info = tmp_path / "p" / "bag-info.txt"
    info.write_text(info.read_text().replace(old, new))
    retag(tmp_path / "p")
    assert archtool("verify", tmp_path / "p", "--json").codes == ["content.bag-info-differs"]


def test_a_reserved_label_in_other_case_is_verified_as_the_same_label(tmp_path: Path, letters: Path) -> None:
    label = "bag-info: { external-identifier: acc-12, SOURCE-organization: A }\n"
    assert pack(write_letter(letters, label), tmp_path / "p").code == 0
    assert archtool("verify", tmp_path / "p", "--strict").code == 0


def test_a_label_that_archtool_writes_is_refused_before_anything_is_written(
    tmp_path: Path, letters: Path
) -> None:
    refused = pack(write_letter(letters, "bag-info: { Payload-Oxum: 1.1 }\n"), tmp_path / "p")
    assert refused.code == 3
    assert "`Payload-Oxum` cannot be given: archtool writes it from the payload" in refused.said()
    assert not (tmp_path / "p").exists()


def test_diff_names_the_label_that_changed(tmp_path: Path, letters: Path) -> None:
    pack(write_letter(letters, LABELS), tmp_path / "one")
    pack(write_letter(letters, LABELS.replace("archive@", "office@")), tmp_path / "two")
    said = archtool("diff", tmp_path / "one", tmp_path / "two").said()
    assert "Contact-Email" in said
    assert "office@example.org" in said


def test_show_prints_own_labels_and_own_keys_of_every_part(tmp_path: Path, letters: Path) -> None:
    own = "x-shelf: 7 b\noriginal: { x-scan: { by: Me } }\n"
    pack(write_letter(letters, LABELS + own), tmp_path / "p")
    page = archtool("show", tmp_path / "p").said()
    for text in ("Contact-Email archive@example.org", "x-shelf 7 b", 'original.x-scan {"by": "Me"}'):
        assert text in page
    (shown,) = archtool("show", tmp_path / "p", "--json").objects
    assert shown["facts"]["own_keys"] == {"x-shelf": "7 b", "original.x-scan": {"by": "Me"}}
    assert shown["facts"]["own_labels"]["Storage-Class"] == ["Standard", "Glacier"]


def row_of(**more: str) -> dict[str, str]:
    return {
        "package": "p", "title": "Letter", "transcription": "letter.txt", "source": "Cahiers.",
        "rights.package": "CC0-1.0",
    } | more  # fmt: skip


def test_a_table_has_a_column_for_each_label_and_for_own_keys(tmp_path: Path, letters: Path) -> None:
    write_letter(letters).unlink()
    cells = {"Bag-Info.Contact-Email": "a@b.org", "bag-info.Tape.2": "C", "bag-info.Tape.1": "B; b"}
    cells |= {"creators.1.name": "D", "creators.1.role": "author", "creators.1.x-viaf": "12"}
    table = write_table(letters / "letters.csv", [row_of(**cells)])
    defaults = write_description(tmp_path, "bag-info: { Storage: Tape }\nx-box: 7\n", "defaults.yaml")
    assert endings(batch(table, tmp_path / "out", "--defaults", defaults)) == {"p": ("done", 0)}
    assert info_of(tmp_path / "out" / "p")[-4:] == [
        "Storage: Tape", "Contact-Email: a@b.org", "Tape: B; b", "Tape: C"
    ]  # fmt: skip
    (shown,) = archtool("show", tmp_path / "out" / "p", "--json").objects
    assert shown["facts"]["own_keys"] == {"creators.1.x-viaf": "12", "x-box": "7"}


def test_a_label_that_a_table_cannot_give_is_reported_at_its_cell(tmp_path: Path, letters: Path) -> None:
    write_letter(letters).unlink()
    table = write_table(letters / "letters.csv", [row_of(**{"bag-info.Bag-Size": "1 GB"})])
    (failed,) = [line for line in batch(table, tmp_path / "out").objects if line.get("findings")]
    (finding,) = failed["findings"]
    assert finding["code"] == "description.bag-info-label"
    assert (finding["row"], finding["column_name"]) == (2, "bag-info.Bag-Size")


def test_a_line_of_json_gives_labels_as_a_description_does(tmp_path: Path, letters: Path) -> None:
    write_letter(letters).unlink()
    values = {
        "archtool": 1, "id": "p", "title": "Letter", "source": "Cahiers.", "transcription": "letter.txt",
        "rights": {"package": "CC0-1.0"}, "bag-info": {"Tape": ["B", "C"]}, "x-box": [1],
    }  # fmt: skip
    (letters / "letters.jsonl").write_text(json.dumps(values) + "\n")
    assert endings(batch(letters / "letters.jsonl", tmp_path / "out")) == {"p": ("done", 0)}
    assert info_of(tmp_path / "out" / "p")[-2:] == ["Tape: B", "Tape: C"]


def test_an_own_label_survives_adoption_and_replacement(tmp_path: Path, letters: Path) -> None:
    pack(write_letter(letters), tmp_path / "bag")
    description = write_description(tmp_path, LETTER + LABELS + "x-box: 7\n", "adopting.yaml")
    assert pack(description, tmp_path / "p", "--from-bag", tmp_path / "bag").code == 0
    assert pack(description, tmp_path / "p", "--from-bag", tmp_path / "bag", "--force").code == 0
    assert info_of(tmp_path / "p")[-1] == "Storage-Class: Glacier"
    assert archtool("verify", tmp_path / "p").code == 0


def test_a_table_of_annexes_keeps_own_keys(tmp_path: Path, letters: Path) -> None:
    write_letter(letters).unlink()
    table = write_table(letters / "letters.csv", [row_of()])
    annexe = {"package": "p", "title": "List", "status": "lost", "x-box": "7"}
    annexes = write_table(letters / "annexes.csv", [annexe])
    assert endings(batch(table, tmp_path / "out", "--annexes", annexes)) == {"p": ("done", 0)}
    (shown,) = archtool("show", tmp_path / "out" / "p", "--json").objects
    assert shown["facts"]["own_keys"] == {"annexes.1.x-box": "7"}
