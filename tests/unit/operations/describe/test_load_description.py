"""Reading a description from disk together with the library that it names."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from archtool.description.finding_kinds import CITATION_NOT_CSL
from archtool.description.limits import MAX_LIBRARY_BYTES
from archtool.errors import InputError
from archtool.findings import Finding, has_errors
from archtool.operations.describe import load_description
from archtool.operations.describe.inputs import read_input, suggest_slashes
from archtool.operations.describe.load_description import (
    DescribedDocument,
    InvalidDescription,
    read_description,
)
from packages import write_description
from unit.operations.sources.source_folders import ONE

CITED = ONE.replace("Cahiers.", "{ cite: a, library: library.json }")


def write_library(folder: Path, *items: dict[str, object], name: str = "library.json") -> Path:
    path = folder / name
    path.write_text(json.dumps(items))
    return path


def faults(description: Path) -> tuple[Finding, ...]:
    """Return the findings about a description with faults, of which parts can be used."""
    described = read_description(description)
    assert isinstance(described, DescribedDocument)
    assert has_errors(described.findings)
    return described.findings


def test_a_description_is_read_with_its_citation(tmp_path: Path) -> None:
    described = read_description(write_description(tmp_path, ONE))
    assert isinstance(described, DescribedDocument)
    assert (described.citation["note"], described.library, described.findings) == ("Cahiers.", None, ())


def test_a_description_in_json_is_recognised_by_its_ending(tmp_path: Path) -> None:
    text = json.dumps(
        {"archtool": 1, "title": "L", "source": "C", "transcription": "a.txt", "rights": {"original": "InC"}}
    )
    assert isinstance(read_description(write_description(tmp_path, text, "letter.JSON")), DescribedDocument)


def test_the_library_is_relative_to_the_description(tmp_path: Path) -> None:
    library = write_library(tmp_path, {"id": "a", "title": "A"})
    described = read_description(write_description(tmp_path, CITED))
    assert isinstance(described, DescribedDocument)
    assert (described.citation["title"], described.library) == ("A", library)


def test_another_library_can_be_passed(tmp_path: Path) -> None:
    other = write_library(tmp_path, {"id": "a", "title": "Other"}, name="other.json")
    described = read_description(write_description(tmp_path, CITED), other)
    assert isinstance(described, DescribedDocument)
    assert described.citation["title"] == "Other"


def test_a_library_that_is_not_cited_is_not_read(tmp_path: Path) -> None:
    described = read_description(write_description(tmp_path, ONE), tmp_path / "nowhere.json")
    assert isinstance(described, DescribedDocument)


def test_a_key_without_a_library_is_an_error_with_a_hint(tmp_path: Path) -> None:
    (finding,) = faults(write_description(tmp_path, CITED.replace(", library: library.json", "")))
    assert finding.message == "the source is cited by a key, but no library is named"
    assert "--library" in (finding.hint or "")


def test_a_missing_library_is_an_error(tmp_path: Path) -> None:
    (finding,) = faults(write_description(tmp_path, CITED))
    assert (finding.code, finding.exit_code) == ("source.library-unusable", 3)
    assert finding.message.startswith("the library cannot be read: ")
    assert finding.place is not None
    assert (finding.place.line, finding.place.column) == (3, 29)


def test_an_unknown_key_is_named_at_its_place(tmp_path: Path) -> None:
    write_library(tmp_path, {"id": "b"})
    (finding,) = faults(write_description(tmp_path, CITED))
    assert (finding.code, finding.place and finding.place.line, finding.place and finding.place.column) == (
        "source.cite-unknown", 3, 17
    )  # fmt: skip


def test_an_item_that_is_not_csl_makes_the_description_invalid(tmp_path: Path) -> None:
    write_library(tmp_path, {"id": "a", "colour": "red"})
    found = faults(write_description(tmp_path, CITED))
    assert [f.code for f in found] == ["source.not-csl"]


def test_source_fields_that_are_not_csl_are_reported_at_the_source(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(load_description, "make_citation", lambda *_: (None, [CITATION_NOT_CSL.at("a")]))
    (finding,) = faults(write_description(tmp_path, ONE))
    assert finding.place is not None
    assert finding.place.line == 3


def test_every_fault_of_a_description_is_reported(tmp_path: Path) -> None:
    assert len(faults(write_description(tmp_path, "archtool: 1\n"))) == 4


def test_a_description_of_which_no_part_can_be_used_is_invalid(tmp_path: Path) -> None:
    described = read_description(write_description(tmp_path, "- a list\n"))
    assert isinstance(described, InvalidDescription)
    assert [f.code for f in described.findings] == ["description.wrong-type"]


def test_a_wrong_number_of_enclosures_makes_the_description_invalid(tmp_path: Path) -> None:
    text = ONE + "annexes: [{ title: A, status: listed, enclosures-stated: 2 }]\n"
    assert [f.code for f in faults(write_description(tmp_path, text))] == ["annexe.count-differs"]


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (os.mkfifo, "a is a FIFO, not a file"),
        (os.mkdir, "a is a folder, not a file"),
        (lambda path: path.symlink_to("/dev/null"), "a is a device, not a file"),
        (lambda _: None, "a cannot be read: .*No such file"),
        (lambda path: path.symlink_to(path), "a cannot be read: .*symbolic links"),
    ],
)
def test_an_input_that_is_not_a_file_is_refused_without_blocking(
    tmp_path: Path, make: Callable[[Path], None], message: str
) -> None:
    make(tmp_path / "letter")
    with pytest.raises(InputError, match=message) as refused:
        read_input(tmp_path / "letter", 10, "a")
    assert refused.value.hint


def test_a_name_with_a_nul_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="null"):
        read_input(tmp_path / "a\0b", 10, "the description")


def test_a_link_on_the_command_line_is_followed(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("x")
    (tmp_path / "b").symlink_to(tmp_path / "a")
    assert read_input(tmp_path / "b", 10, "the description") == b"x"


def test_an_input_larger_than_its_limit_is_refused_and_one_at_the_limit_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"x" * 10)
    assert len(read_input(path, 10, "the library")) == 10
    with pytest.raises(InputError, match="the library is larger than 9 bytes"):
        read_input(path, 9, "the library")
    assert MAX_LIBRARY_BYTES > 10


def test_a_library_that_is_not_named_as_one_is_not_read(tmp_path: Path) -> None:
    found = faults(write_description(tmp_path, CITED.replace("library: library.json", "library: [1]")))
    assert {finding.place and finding.place.line for finding in found} == {3}
    assert all("library.json" not in finding.message for finding in found)


def test_fields_that_a_faulty_source_may_add_are_not_missed(tmp_path: Path) -> None:
    write_library(tmp_path, {"id": "a", "title": "A", "issued": {"date-parts": [[1932, 13]]}})
    found = faults(write_description(tmp_path, CITED.replace("cite: a", "cite: a, colour: red")))
    assert "unknown key `colour` in `source`" in {finding.message for finding in found}
    assert all(finding.code != CITATION_NOT_CSL.code for finding in found)


def test_a_library_that_no_citation_uses_is_a_warning(tmp_path: Path) -> None:
    text = CITED.replace("cite: a", "type: book, title: A")
    described = read_description(write_description(tmp_path, text))
    assert isinstance(described, DescribedDocument)
    (finding,) = described.findings
    assert finding.message == "the library library.json is ignored: the source has no `cite`"


def test_a_path_with_backslashes_is_answered_with_the_file_that_exists(tmp_path: Path) -> None:
    (tmp_path / "letters").mkdir()
    write_description(tmp_path / "letters", ONE)
    with pytest.raises(InputError) as refused:
        read_input(Path(f"{tmp_path}/letters\\description.yaml"), 1_000, "the description")
    assert f"did you mean `{tmp_path}/letters/description.yaml`?" in (refused.value.hint or "")


def test_a_path_too_long_for_any_disk_is_answered_without_a_guess() -> None:
    assert suggest_slashes(Path("x" * 300 + "\\letter.yaml")) is None


@pytest.mark.parametrize(
    ("name", "data", "message", "hint"),
    [
        ("letters.csv", b"title,date\nA,1932\n", "a table", "run archtool batch"),
        ("letters.XLSX", b"PK\x03\x04\xff", "a table", "run archtool batch"),
        ("letters.tsv", b"archtool\ttitle\n1\tA\n", "a table", "run archtool batch"),
        ("letters.ods", b"PK\x03\x04\xff", "a table", "save it as .xlsx"),
        ("letters.jsonl", b'{"title": "A"}\n{"title": "B"}\n', "a file of JSON Lines", "run archtool batch"),
    ],
)
def test_a_table_in_the_place_of_a_description_has_one_finding(
    tmp_path: Path, name: str, data: bytes, message: str, hint: str
) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    read = read_description(path)
    assert isinstance(read, InvalidDescription)
    (finding,) = read.findings
    assert finding.message == f"this is {message}, not a description"
    assert (finding.hint or "").startswith(hint)


def test_a_description_with_the_name_of_a_table_is_read(tmp_path: Path) -> None:
    path = tmp_path / "letter.csv"
    path.write_text(ONE)
    assert isinstance(read_description(path), DescribedDocument)
