"""A drafted description names the existing files and can be read again."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from archtool.description.loading import load_description
from archtool.description.model import Description
from archtool.errors import InputError, StorageError, UsageError
from archtool.files.paths import why_unsafe
from archtool.findings import has_errors
from archtool.operations.describe import draft_files
from archtool.operations.describe.draft import Draft, DraftRequest
from archtool.operations.describe.draft import draft as write_draft
from archtool.operations.describe.draft_text import format_draft


def draft(folder: Path, *, force: bool = False) -> Draft:
    return write_draft(DraftRequest(folder, force=force))


def read(text: str) -> Description:
    loaded = load_description(text.encode(), "description.yaml")
    faults = [finding for finding in loaded.findings if finding.code != "description.placeholder"]
    assert not has_errors(faults), (text, faults)
    assert loaded.description is not None
    return loaded.description


def folder_with(folder: Path, *names: str) -> Path:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("x")
    return folder


def test_the_first_text_is_the_transcription_and_the_others_are_annexes(tmp_path: Path) -> None:
    folder_with(tmp_path, "a.TXT", "b.md", "scan.tif", "scans/0001.jpg", "sound.wav")
    described = read(draft(tmp_path).text)
    assert [part.file for part in described.transcription] == ["a.TXT"]
    assert [(a.id, a.file) for a in described.annexes] == [("annexe-1", "b.md")]
    assert [(f.file, f.role) for f in described.files] == [
        ("scan.tif", "facsimile"), ("sound.wav", "other"), ("scans/0001.jpg", "facsimile")
    ]  # fmt: skip


def test_without_a_text_file_the_draft_has_a_placeholder_for_the_transcription(tmp_path: Path) -> None:
    described = read(draft(folder_with(tmp_path, "a.tif", "letter.docx", "letter.odt")).text)
    assert [part.file for part in described.transcription] == ["NAME OF THE TEXT FILE.txt"]
    assert [f.file for f in described.files] == ["a.tif", "letter.docx", "letter.odt"]


def test_a_text_file_without_an_ending_can_be_the_transcription(tmp_path: Path) -> None:
    described = read(draft(folder_with(tmp_path, "a.tif", "letter")).text)
    assert [part.file for part in described.transcription] == ["letter"]


def test_a_word_document_is_not_a_transcription_whatever_its_name(tmp_path: Path) -> None:
    folder_with(tmp_path, "b.txt")
    (tmp_path / "a.txt").write_bytes(b"PK\x03\x04" + bytes(26) + b"[Content_Types].xml")
    described = read(draft(tmp_path).text)
    assert [part.file for part in described.transcription] == ["b.txt"]
    assert [(f.file, f.role) for f in described.files] == [("a.txt", "other")]


def test_lock_files_of_a_word_processor_are_not_drafted_as_annexes(tmp_path: Path) -> None:
    folder_with(tmp_path, "letter.txt", "~$letter.docx", ".~lock.letter.odt#", "._letter.txt")
    assert read(draft(tmp_path).text).payload_files() == ("letter.txt",)


def test_the_draft_is_written_into_the_folder_of_the_files(tmp_path: Path) -> None:
    written = draft(folder_with(tmp_path, "letter.txt"))
    path, text = written.path, written.text
    assert path == tmp_path / "description.yaml"
    assert path.read_text(encoding="utf-8") == text
    assert "# annexes:" in text
    assert "within: { file: letter.txt, from-line: 207 }" in text


def uncommented() -> str:
    return re.sub(r"(?m)^# (?=  |[a-z-]+:( |$))", "", format_draft(["letter.txt"]))


def test_every_placeholder_of_the_template_that_is_left_in_is_reported() -> None:
    loaded = load_description(uncommented().encode(), "description.yaml")
    found = {
        finding.place.line for finding in loaded.findings
        if finding.code == "description.placeholder" and finding.place is not None
    }  # fmt: skip
    lines = uncommented().splitlines()
    in_capitals = {
        n for n, line in enumerate(lines, 1) if re.search(r": \"?(?!UND)[A-Z]{3}[A-Z ,.]*\"?(,|$| })", line)
    }
    assert in_capitals - {n for n, line in enumerate(lines, 1) if line.lstrip().startswith("#")} == found
    assert len(found) >= 8


def test_every_commented_line_of_the_template_is_valid() -> None:
    described = read(uncommented())
    assert described.annexes[0].enclosures_stated == 2
    assert described.translation is not None
    assert described.creators[0].attribution is not None
    assert (len(described.rights), len(described.custody), described.left_out) == (3, 1, ("notes/*",))


def test_descriptions_libraries_and_system_files_are_not_drafted_as_payload(tmp_path: Path) -> None:
    folder_with(tmp_path, "letter.txt", "library.json", "old.YML", ".DS_Store", "scans/Thumbs.db")
    assert read(draft(tmp_path).text).payload_files() == ("letter.txt",)


def test_an_existing_description_is_not_overwritten_without_force(tmp_path: Path) -> None:
    folder_with(tmp_path, "letter.txt", "description.yaml")
    with pytest.raises(UsageError, match="the description already exists"):
        draft(tmp_path)
    assert (tmp_path / "description.yaml").read_text() == "x"
    draft(tmp_path, force=True)
    assert (tmp_path / "description.yaml").read_text() != "x"


def test_a_missing_folder_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be opened"):
        draft(tmp_path / "nowhere")


def test_a_folder_without_a_file_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no file to describe"):
        draft(folder_with(tmp_path, "library.json"))


def test_a_folder_with_too_many_files_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(draft_files, "MAX_DRAFT_FILES", 1)
    with pytest.raises(InputError, match="more than 1 files"):
        draft(folder_with(tmp_path, "a.txt", "b.txt"))


def test_a_target_that_cannot_be_written_is_a_storage_error(tmp_path: Path) -> None:
    folder_with(tmp_path, "letter.txt")
    with pytest.raises(StorageError, match="cannot write"):
        write_draft(DraftRequest(tmp_path, tmp_path / ("x" * 300)))


def test_a_folder_is_not_a_target(tmp_path: Path) -> None:
    (folder_with(tmp_path, "letter.txt") / "description.yaml").mkdir()
    with pytest.raises(UsageError, match="a folder, not a file"):
        draft(tmp_path, force=True)


def test_a_name_that_is_not_utf8_cannot_be_described(tmp_path: Path) -> None:
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xe9t\xe9.txt")).write_text("x")
    with pytest.raises(InputError, match="not UTF-8") as refused:
        draft(tmp_path)
    assert "\\xe9t\\xe9.txt" in refused.value.message
    assert "rename it" in (refused.value.hint or "")


def test_a_name_with_accents_stays_readable() -> None:
    assert '- file: "Appel à tous.txt"' in format_draft(["Appel à tous.txt"])


NAMES = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30)


@settings(deadline=None)
@given(st.lists(NAMES.filter(lambda name: why_unsafe(name) is None), min_size=1, max_size=4, unique=True))
@example(['a "quoted": name.txt', "-dash.txt", "#hash", "'single'.txt", "no"])
@example(["a\\b.txt", "a\nb.txt", "\x85\u2028\ufeff.txt", "\N{WORLD MAP}.tif", "50% off, [draft] {1}.txt"])
@example([": ", "? ", "- ", "&a *b !c", "\x07"])
def test_any_file_name_is_read_back_from_the_draft(names: list[str]) -> None:
    assert {*read(format_draft(names, names[:1])).payload_files()} == {*names}
