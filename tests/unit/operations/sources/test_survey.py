"""The survey of the sources: every declared file exists, and every file is declared or left out."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import tempfile
import unicodedata
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Literal

import pytest

from archtool.errors import InputError
from archtool.operations import finding_kinds
from archtool.operations.describe.load_description import read_description
from archtool.operations.sources import survey as sources
from packages import write_description
from unit.operations.sources.source_folders import HEAD, ONE, brief, described_in, survey_of, surveyed

NOBODY = 65534


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with one letter."""
    (tmp_path / "letter.txt").write_text("To the sections.\n")
    return tmp_path


def test_a_folder_with_exactly_the_declared_files_has_no_findings(folder: Path) -> None:
    survey = surveyed(folder)
    assert (dict(survey.sizes_bytes), survey.findings) == ({"letter.txt": 17}, ())


def test_sizes_have_the_order_of_the_description(folder: Path) -> None:
    (folder / "a.txt").write_text("a")
    text = HEAD + "transcription: [{ file: letter.txt }, { file: a.txt }]\n"
    assert list(surveyed(folder, text).sizes_bytes) == ["letter.txt", "a.txt"]


def test_a_missing_file_is_named_at_its_line_with_the_nearest_name(folder: Path) -> None:
    (finding,) = surveyed(folder, HEAD + "transcription: leter.txt\n").findings
    assert (finding.code, finding.message) == ("payload.missing", "leter.txt is declared but does not exist")
    assert finding.place is not None
    hint = "did you mean `letter.txt`? It is there, and not declared"
    assert (finding.place.line, finding.hint) == (5, hint)


def test_a_missing_file_without_a_similar_name_has_the_general_hint(folder: Path) -> None:
    (finding, _) = surveyed(folder, HEAD + "transcription: scans/0001.tif\n").findings
    assert finding.hint == "put the file there, or correct the name in the description"


def test_a_file_in_the_place_of_a_parent_folder_is_named(folder: Path) -> None:
    (finding, _) = surveyed(folder, HEAD + "transcription: letter.txt/a\n").findings
    message = "letter.txt/a cannot be reached: 'letter.txt' is a file, not a folder"
    assert (finding.code, finding.message) == ("payload.not-a-file", message)


@pytest.mark.parametrize(("declared", "on_disk"), [("NFC", "NFD"), ("NFD", "NFC")])
def test_a_file_is_found_whatever_the_unicode_form_of_its_name(
    tmp_path: Path, declared: Literal["NFC", "NFD"], on_disk: Literal["NFC", "NFD"]
) -> None:
    name, real = (unicodedata.normalize(form, "été.txt") for form in (declared, on_disk))
    (tmp_path / real).write_text("x")
    survey = surveyed(tmp_path, HEAD + f"transcription: {name}\n")
    assert (survey.findings, survey.sizes_bytes) == ((), {name: 1})
    assert survey.name_on_disk(name) == real


def test_a_file_of_a_declared_folder_is_found_whatever_the_unicode_form_of_the_folder(tmp_path: Path) -> None:
    folder = tmp_path / unicodedata.normalize("NFD", "série")
    folder.mkdir()
    (folder / "1.tif").write_text("x")
    (tmp_path / "letter.txt").write_text("x")
    more = "files: [{ file: série/, role: facsimile }]\n"
    survey = surveyed(tmp_path, ONE + unicodedata.normalize("NFC", more))
    assert (survey.findings, list(survey.sizes_bytes)) == (
        (), ["letter.txt", unicodedata.normalize("NFC", "série/1.tif")]
    )  # fmt: skip


def test_the_declared_unicode_form_wins_if_both_exist(tmp_path: Path) -> None:
    for form in ("NFC", "NFD"):
        (tmp_path / unicodedata.normalize(form, "été.txt")).write_text(form)  # type: ignore[arg-type]
    survey = surveyed(tmp_path, HEAD + f"transcription: {unicodedata.normalize('NFD', 'été.txt')}\n")
    assert (survey.names_on_disk, [f.code for f in survey.findings]) == ({}, ["payload.undeclared"])


def test_a_hint_shows_no_control_character_of_a_name(tmp_path: Path) -> None:
    (tmp_path / "letter\x1b[31m.txt").write_text("x")
    (missing,) = surveyed(tmp_path).findings
    assert missing.hint == "did you mean `letter\\u001b[31m.txt`? It is there, and not declared"


@pytest.mark.parametrize(
    ("declaration", "line"),
    [
        ("annexes:\n  - { title: A, status: reproduced, file: a.txt }\n", 7),
        ("annexes:\n  - { title: A, status: reproduced, within: { file: a.txt, from-line: 1 } }\n", 7),
        ("annexes: [{title: A, status: lost, enclosures: [{title: B, status: reproduced, file: a}]}]\n", 6),
        ("files:\n  - { file: a.txt, role: other }\n", 7),
    ],
)  # fmt: skip
def test_a_missing_file_is_found_wherever_it_is_declared(folder: Path, declaration: str, line: int) -> None:
    (finding,) = surveyed(folder, ONE + declaration).findings
    assert (finding.code, finding.place and finding.place.line) == ("payload.missing", line)


def test_a_folder_instead_of_a_file_gets_a_hint_about_its_files(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").mkdir()
    (finding,) = surveyed(tmp_path).findings
    assert (finding.message, finding.hint) == (
        "letter.txt is a folder, not a file",
        "name each file in it, or all of them under `files` as `letter.txt/`",
    )


def put_link(path: Path) -> None:
    path.symlink_to("/etc/hostname")


def put_socket(path: Path) -> None:
    with contextlib.chdir(path.parent), socket.socket(socket.AF_UNIX) as bound:
        bound.bind(path.name)  # a relative name: the path of a socket has a short limit


@pytest.mark.parametrize(
    ("put", "kind"), [(put_link, "symbolic link"), (os.mkfifo, "FIFO"), (put_socket, "socket")]
)
def test_links_fifos_and_sockets_are_refused_declared_or_not(
    tmp_path: Path, put: Callable[[Path], None], kind: str
) -> None:
    put(tmp_path / "letter.txt")
    put(tmp_path / "stray.yaml")  # named like the description of a sibling: it must not be read
    survey = surveyed(tmp_path)
    assert dict(survey.sizes_bytes) == {}
    assert brief(survey.findings) == [
        ("payload.not-a-file", f"letter.txt is a {kind}, not a file"),
        ("payload.not-a-file", f"stray.yaml is a {kind}, not a file"),
    ]


def test_a_link_among_the_parent_folders_is_not_followed(folder: Path) -> None:
    outside = folder / "outside"
    outside.mkdir()
    (outside / "a.txt").write_text("x")
    (folder / "in").symlink_to(outside)
    findings = surveyed(folder, HEAD + "transcription: in/a.txt\nleft-out: [outside, letter.txt]\n").findings
    assert brief(findings) == [
        ("payload.not-a-file", "in/a.txt cannot be reached: 'in' is a symbolic link, not a folder"),
        ("payload.left-out", "letter.txt was left out"),
        ("payload.left-out", "outside/a.txt was left out"),
        ("payload.not-a-file", "in is a symbolic link, not a file"),
    ]


def test_a_file_that_is_not_declared_is_an_error(folder: Path) -> None:
    (folder / "notes").mkdir()
    (folder / "notes" / "a.txt").write_text("x")
    assert brief(surveyed(folder).findings) == [
        ("payload.undeclared", "notes/a.txt is not declared in description.yaml")
    ]


@pytest.mark.parametrize("pattern", ["notes", "notes/", "notes/*", "*.txt", "notes/?.txt", "notes/a.txt"])
def test_a_file_that_left_out_matches_is_not_undeclared(folder: Path, pattern: str) -> None:
    (folder / "notes").mkdir()
    (folder / "notes" / "a.txt").write_text("x")
    survey = surveyed(folder, ONE + f'left-out: ["{pattern}"]\n')
    assert brief(survey.findings) == [("payload.left-out", "notes/a.txt was left out")]
    assert (list(survey.sizes_bytes), survey.left_out) == (["letter.txt"], ("notes/a.txt",))


@pytest.mark.parametrize(
    ("entry", "meant"),
    [
        ("Private.txt", "private.txt"),
        ("./private.txt", "private.txt"),
        ("/private.txt", "private.txt"),
        ("private.txt ", "private.txt"),
        ("private", "private.txt"),
        ("boxes\\\\1.txt", "boxes/1.txt"),
        ("BOXES/*.txt", "boxes/1.txt"),
        ("1.txt", "boxes/1.txt"),
    ],
)
def test_an_entry_that_matches_nothing_is_an_error_with_a_similar_name(
    folder: Path, entry: str, meant: str
) -> None:
    (folder / "boxes").mkdir()
    (folder / "boxes" / "1.txt").write_text("x")
    (folder / "private.txt").write_text("x")
    findings = surveyed(folder, ONE + f'left-out: ["{entry}"]\n').findings
    (unused,) = [f for f in findings if f.code == "payload.left-out-nothing"]
    assert (unused.hint, unused.place and unused.place.line) == (f"did you mean `{meant}`?", 6)


def test_an_exact_name_matches_only_that_file_whatever_its_characters(folder: Path) -> None:
    scans = folder / "scans"
    scans.mkdir()
    for name in ("notes [private].txt", "notes p.txt", "what?.txt", "whatx.txt"):
        (scans / name).write_text("x")
    entries = '["scans/notes [private].txt", "scans/what?.txt"]'
    survey = surveyed(folder, ONE + f"files: [{{ file: scans/, role: other }}]\nleft-out: {entries}\n")
    assert survey.left_out == ("scans/notes [private].txt", "scans/what?.txt")
    assert list(survey.sizes_bytes) == ["letter.txt", "scans/notes p.txt", "scans/whatx.txt"]


def test_a_file_that_is_declared_by_name_and_left_out_is_a_contradiction(folder: Path) -> None:
    findings = surveyed(folder, ONE + "left-out: [letter.txt]\n").findings
    assert brief(findings) == [("payload.left-out-declared", "letter.txt is declared and left out")]


def test_a_file_that_is_declared_by_name_is_not_left_out_by_a_pattern(folder: Path) -> None:
    (folder / "draft.txt").write_text("x")
    survey = surveyed(folder, ONE + 'left-out: ["*.txt"]\n')
    assert (list(survey.sizes_bytes), survey.left_out) == (["letter.txt"], ("draft.txt",))


def test_an_entry_does_not_match_the_beginning_of_a_longer_name(folder: Path) -> None:
    (folder / "notes.txt").write_text("x")
    codes = [f.code for f in surveyed(folder, ONE + "left-out: [notes]\n").findings]
    assert codes == ["payload.left-out-nothing", "payload.undeclared"]


@pytest.mark.parametrize("entry", ["leter.txt", "Letter.txt", "scan"])
def test_a_declared_file_is_not_proposed_for_leaving_out(folder: Path, entry: str) -> None:
    (folder / "scans").mkdir()
    (folder / "scans/1.tif").write_text("a")
    text = ONE + f"files: [{{ file: scans/1.tif, role: facsimile }}]\nleft-out: [{entry}]\n"
    (finding,) = surveyed(folder, text).findings
    assert (finding.code, finding.hint) == (
        "payload.left-out-nothing",
        finding_kinds.PAYLOAD_LEFT_OUT_NOTHING.advice,
    )


def test_system_files_are_left_out_with_a_note(folder: Path) -> None:
    (folder / ".DS_Store").write_text("x")
    (finding,) = surveyed(folder).findings
    assert (finding.code, finding.severity.value) == ("payload.system-file", "note")


@pytest.mark.parametrize(
    "name",
    [
        "._scan.tif", "Thumbs.db", "THUMBS.DB", "ehthumbs.db", "~$letter.docx", ".~lock.letter.odt#",
        "Icon\r", ".nfs000000000012ab34000000cd", "desktop.ini", "scan.tif@SynoEAStream",
    ],
)  # fmt: skip
def test_a_system_file_in_a_declared_folder_is_not_packed(folder: Path, name: str) -> None:
    (folder / "scans").mkdir()
    (folder / "scans" / "scan.tif").write_text("x")
    (folder / "scans" / name).write_text("x")
    survey = surveyed(folder, ONE + "files: [{ file: scans/, role: facsimile }]\n")
    assert list(survey.sizes_bytes) == ["letter.txt", "scans/scan.tif"]
    assert [(f.code, f.place and f.place.file) for f in survey.findings] == [
        ("payload.system-file", f"scans/{name}")
    ]


@pytest.mark.parametrize(
    "name",
    [
        "@eaDir", "__MACOSX", ".fseventsd", ".Spotlight-V100", "$RECYCLE.BIN", "System Volume Information",
        "#recycle", "@Recycle", ".Trash-1000", "lost+found",
    ],
)  # fmt: skip
def test_a_system_folder_is_named_once_with_its_number_of_files(folder: Path, name: str) -> None:
    inside = folder / "scans" / name / "deep"
    inside.mkdir(parents=True)
    (folder / "scans" / "scan.tif").write_text("x")
    (inside / "a").write_text("x")
    (inside / "b").write_text("x")
    survey = surveyed(folder, ONE + "files: [{ file: scans/, role: facsimile }]\n")
    assert list(survey.sizes_bytes) == ["letter.txt", "scans/scan.tif"]
    (note,) = survey.findings
    assert (note.code, f"scans/{name}/ (2 files) was left out" in note.message) == (
        "payload.system-file",
        True,
    )


def test_a_system_file_is_packed_if_it_is_declared_by_name(
    folder: Path,
) -> None:
    (folder / "Thumbs.db").write_text("x")
    survey = surveyed(folder, ONE + "files: [{ file: Thumbs.db, role: other }]\n")
    assert (survey.findings, list(survey.sizes_bytes)) == ((), ["letter.txt", "Thumbs.db"])


def test_a_folder_without_packed_files_is_a_warning(folder: Path) -> None:
    (folder / "Box 2 (missing)").mkdir()
    (folder / "Box 3").mkdir()
    (folder / "Box 3" / ".DS_Store").write_text("x")
    warnings = [f for f in surveyed(folder).findings if f.severity.value == "warning"]
    assert brief(warnings) == [
        ("payload.empty-folder", "Box 2 (missing)/ contains no file that is packed"),
        ("payload.empty-folder", "Box 3/ contains no file that is packed"),
    ]


def test_a_bag_among_the_sources_is_a_warning_with_a_hint(folder: Path) -> None:
    (folder / "bagit.txt").write_text("x")
    (found,) = surveyed(folder, ONE + "files: [{ file: bagit.txt, role: other }]\n").findings
    assert (found.code, found.severity.value) == ("payload.is-a-bag", "warning")
    assert "--from-bag" in (found.hint or "")


def test_a_path_that_windows_cannot_open_is_a_warning(folder: Path) -> None:
    deep = Path("d" * 120, "e" * 120, "deep.tif")
    (folder / deep).parent.mkdir(parents=True)
    (folder / deep).write_text("x")
    (found,) = surveyed(folder, ONE + f"files: [{{ file: {deep.parts[0]}/, role: facsimile }}]\n").findings
    assert (found.code, "Windows opens at most 259" in found.message) == ("payload.name-not-portable", True)


def test_an_empty_file_is_a_warning(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").touch()
    survey = surveyed(tmp_path)
    assert [(f.code, f.severity.value) for f in survey.findings] == [("payload.empty", "warning")]
    assert dict(survey.sizes_bytes) == {"letter.txt": 0}


def test_the_library_beside_the_description_is_not_undeclared(folder: Path) -> None:
    (folder / "library.json").write_text('[{"id": "a", "type": "book"}]')
    text = ONE.replace("Cahiers.", "{ cite: a, library: library.json }")
    assert surveyed(folder, text).findings == ()


def test_the_files_can_be_in_another_folder(tmp_path: Path) -> None:
    (tmp_path / "files").mkdir()
    (tmp_path / "files" / "letter.txt").write_text("x")
    survey = surveyed(tmp_path, root=tmp_path / "files")
    assert (dict(survey.sizes_bytes), survey.findings) == ({"letter.txt": 1}, ())


def test_a_missing_folder_of_sources_is_an_error_with_a_hint(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be opened") as refused:
        surveyed(tmp_path, root=tmp_path / "nowhere")
    assert "--files" in (refused.value.hint or "")


def test_a_folder_with_too_many_files_is_not_walked_completely(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sources, "MAX_SOURCE_FILES", 1)
    (finding,) = surveyed(folder).findings
    assert finding.code == "payload.too-many"
    assert "more than 1 files" in finding.message


def test_names_that_collide_on_some_systems_are_refused(tmp_path: Path) -> None:
    names = [unicodedata.normalize(form, "été.txt") for form in ("NFC", "NFD")] + ["Letter.txt", "letter.txt"]
    for name in names:
        (tmp_path / name).write_text(name)
    text = HEAD + "transcription:\n" + "".join(f'  - file: "{name}"\n' for name in names)
    assert sorted(brief(surveyed(tmp_path, text).findings)) == [
        ("payload.case-twins", "Letter.txt and letter.txt differ only in upper and lower case"),
        (
            "payload.unicode-twins",
            r"'e\u0301te\u0301.txt' and '\xe9t\xe9.txt' differ only in their Unicode form",
        ),
    ]


@pytest.mark.parametrize("name", ["a:b.txt", "aux.txt", "letter.", "a\\b.txt"])
def test_a_name_that_windows_cannot_store_is_a_warning(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("x")
    (finding,) = surveyed(tmp_path, HEAD + f"transcription: '{name}'\n").findings
    assert (finding.code, finding.severity.value) == ("payload.name-not-portable", "warning")


def test_a_name_that_is_too_long_for_any_file_is_reported_as_unreadable(folder: Path) -> None:
    findings = surveyed(folder, HEAD + f"transcription: {'a' * 300}\nleft-out: [letter.txt]\n").findings
    assert [f.code for f in findings] == ["payload.unreadable", "payload.left-out"]


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that another user can open: pytest's own folders are private."""
    folder = Path(tempfile.mkdtemp(prefix="archtool-test-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@contextlib.contextmanager
def as_nobody() -> Iterator[None]:
    """Become another user in this process: as a new process that user may be unable to read Python."""
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


needs_root = pytest.mark.skipif(
    os.name != "posix" or os.geteuid() != 0, reason="only root can become another user"
)


@needs_root
def test_a_file_that_this_user_may_not_read_is_named(open_folder: Path) -> None:
    described = described_in(open_folder)
    (open_folder / "letter.txt").write_text("x")
    (open_folder / "letter.txt").chmod(0o600)
    with as_nobody():
        survey = survey_of(described)
    assert brief(survey.findings) == [("payload.unreadable", "letter.txt cannot be read: Permission denied")]
    assert dict(survey.sizes_bytes) == {}


@needs_root
def test_a_folder_that_this_user_may_not_list_is_named(open_folder: Path) -> None:
    described = described_in(open_folder)
    (open_folder / "letter.txt").write_text("x")
    (open_folder / "closed").mkdir(mode=0o700)
    with as_nobody():
        survey = survey_of(described)
    assert brief(survey.findings) == [("payload.unreadable", "closed cannot be listed: Permission denied")]


@needs_root
def test_a_description_that_this_user_may_not_read_is_an_error(open_folder: Path) -> None:
    description = write_description(open_folder, ONE)
    description.chmod(0o600)
    with as_nobody(), pytest.raises(InputError, match="the description cannot be read") as refused:
        read_description(description)
    assert refused.value.hint == "check the permissions"
