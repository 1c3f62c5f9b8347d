"""Bad input: one clear message with a hint, the right exit code, no leftovers, no changes."""

from __future__ import annotations

import os
import socket
import tempfile
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from archtool.text.encoding_check import EncodingSink
from command_line import Run, archtool
from packages import EXAMPLES, LETTER, left_behind, pack, write_description, write_key, write_letter

Make = Callable[[Path], None]


@dataclass(frozen=True)
class Fault:
    """One kind of bad input: how to make it, and what archtool reports."""

    make: Make
    exit_code: int
    code: str
    message: str


def described(old: str, new: str) -> Make:
    def make(folder: Path) -> None:
        write_letter(folder)
        write_description(folder, LETTER.replace(old, new))

    return make


def added(text: str) -> Make:
    return lambda folder: no_result(write_letter(folder, text))


def no_result(_: object) -> None:
    return None


def a_folder_for_a_file(folder: Path) -> None:
    (folder / "letter.txt").mkdir()
    (folder / "letter.txt" / "page1.txt").write_text("x")
    write_description(folder)


def a_link(folder: Path) -> None:
    (folder.parent / "elsewhere.txt").write_text("secret")
    (folder / "letter.txt").symlink_to(folder.parent / "elsewhere.txt")
    write_description(folder)


def an_undeclared_link(folder: Path) -> None:
    write_letter(folder)
    (folder / "etc").symlink_to("/etc")


def a_fifo(folder: Path) -> None:
    os.mkfifo(folder / "letter.txt")
    write_description(folder)


def an_undeclared_fifo(folder: Path) -> None:
    write_letter(folder)
    os.mkfifo(folder / "pipe")


def a_socket(folder: Path) -> None:
    previous = Path.cwd()
    os.chdir(folder)  # the path of a socket is limited to 107 bytes
    try:
        with socket.socket(socket.AF_UNIX) as made:
            made.bind("letter.txt")
    finally:
        os.chdir(previous)
    write_description(folder)


def a_device(folder: Path) -> None:
    try:
        os.mknod(folder / "letter.txt", 0o600 | 0o020000, os.makedev(1, 3))
    except PermissionError:
        pytest.skip("devices can be made by root only")
    write_description(folder)


def twins(one: str, other: str) -> Make:
    def make(folder: Path) -> None:
        for name in (one, other):
            (folder / name).write_text(name)
        files = f"transcription:\n  - file: {one}\n  - file: {other}\n"
        write_description(folder, LETTER.replace("transcription: letter.txt\n", files))

    return make


COMPOSED = unicodedata.normalize("NFC", "été.txt")
DECOMPOSED = unicodedata.normalize("NFD", "été.txt")
ENCLOSURES = """\
annexes:
  - title: List
    status: listed
    enclosures-stated: 3
    enclosures:
      - { number: 1, title: One, status: listed }
      - { number: 3, title: Three, status: lost }
"""

FAULTS = {
    "a declared file is missing": Fault(
        lambda f: no_result(write_description(f)),
        3,
        "payload.missing",
        "letter.txt is declared but does not exist",
    ),
    "a file is not declared": Fault(
        lambda f: no_result((write_letter(f), (f / "scan.tif").write_text("x"))),
        1,
        "payload.undeclared",
        "scan.tif is not declared",
    ),
    "a folder instead of a file": Fault(
        a_folder_for_a_file, 3, "payload.not-a-file", "letter.txt is a folder, not a file"
    ),
    "a text is not in its encoding": Fault(
        lambda f: no_result((write_letter(f), (f / "letter.txt").write_bytes(b"one\ntwo \xe9t\xe9\n"))),
        3,
        "payload.encoding",
        "byte 9 (line 2) is not utf-8: found 0xe9",
    ),
    "a key is given twice": Fault(
        added("date: 1933\n"), 3, "description.duplicate-key", "already given on line 3"
    ),
    "no is not a truth value": Fault(
        added("original: { signed: no }\n"), 3, "description.wrong-type", "must be `true` or `false`"
    ),
    "a time of day is not a number": Fault(
        added("annexes: [{ title: A, status: listed, enclosures-stated: 16:30 }]\n"),
        3,
        "description.wrong-type",
        "must be a whole number without quotes, found '16:30'",
    ),
    "a key is unknown": Fault(
        described("language: en", "langauge: fr"), 3, "description.unknown-key", "did you mean `language`?"
    ),
    "a date does not exist": Fault(
        described("1932-05", "1932-02-30"), 3, "description.date", "'1932-02-30' does not exist"
    ),
    "a language is not a tag": Fault(
        described("language: en", "language: french"), 3, "description.language", "did you mean `fr`?"
    ),
    "an enclosure was dropped": Fault(
        added(ENCLOSURES), 1, "annexe.count-differs", "states 3 enclosures, 2 are listed; missing: 2"
    ),
    "two names differ by their Unicode form": Fault(
        twins(COMPOSED, DECOMPOSED), 1, "payload.unicode-twins", "rename one of them"
    ),
    "two names differ by case": Fault(
        twins("Letter.txt", "letter.txt"), 1, "payload.case-twins", "rename one of them"
    ),
    "a link instead of a file": Fault(
        a_link, 3, "payload.not-a-file", "letter.txt is a symbolic link, not a file"
    ),
    "a link among the sources": Fault(
        an_undeclared_link, 3, "payload.not-a-file", "etc is a symbolic link, not a file"
    ),
    "a FIFO instead of a file": Fault(a_fifo, 3, "payload.not-a-file", "letter.txt is a FIFO"),
    "a FIFO among the sources": Fault(an_undeclared_fifo, 3, "payload.not-a-file", "pipe is a FIFO"),
    "a socket instead of a file": Fault(a_socket, 3, "payload.not-a-file", "letter.txt is a socket"),
    "a device instead of a file": Fault(a_device, 3, "payload.not-a-file", "letter.txt is a device"),
    "an annexe is in lines that do not exist": Fault(
        added("annexes: [{ title: A, status: reproduced, within: { file: letter.txt, from-line: 9 } }]\n"),
        1,
        "annexe.lines-outside",
        "from line 9, but letter.txt has 1 line",
    ),
    "a path climbs out of the folder": Fault(
        described("letter.txt", "../letter.txt"), 3, "description.file-path", "climbs out of its folder"
    ),
    "the description is not UTF-8": Fault(
        lambda f: no_result((write_letter(f), (f / "description.yaml").write_bytes(b"title: \xe9t\xe9\n"))),
        3,
        "description.not-utf8",
        "byte 8 is not UTF-8: found 0xe9",
    ),
}


def snapshot(folder: Path) -> dict[str, tuple[int, int, bytes]]:
    """Return the visible state of a folder without opening anything but regular files."""
    entries = {}
    for path in sorted(folder.rglob("*")):
        status = path.lstat()
        data = path.read_bytes() if path.is_file() and not path.is_symlink() else b""
        entries[str(path)] = (status.st_mode, status.st_mtime_ns, data)
    return entries


@pytest.mark.parametrize("name", FAULTS)
def test_bad_input_is_refused_with_one_clear_message(name: str, tmp_path: Path, letters: Path) -> None:
    fault = FAULTS[name]
    fault.make(letters)
    before = snapshot(letters)
    made = pack(letters / "description.yaml", tmp_path / "package")
    assert made.code == fault.exit_code, made.said()
    assert fault.message in made.said()
    assert made.err.count(f"[{fault.code}]") == 1
    assert "hint: " in made.err
    assert "Traceback" not in made.err
    assert not (tmp_path / "package").exists()
    assert left_behind(tmp_path) == []
    assert snapshot(letters) == before


@pytest.mark.parametrize("name", FAULTS)
def test_check_reports_the_same_finding_as_pack(name: str, letters: Path) -> None:
    fault = FAULTS[name]
    fault.make(letters)
    result = archtool("check", letters / "description.yaml", "--json")
    assert result.code == fault.exit_code
    assert fault.code in result.codes


@pytest.fixture
def readable_tmp() -> Iterator[Path]:
    """A folder that another user of the machine can read."""
    with tempfile.TemporaryDirectory(prefix="archtool-") as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


def as_nobody(*arguments: str | Path) -> Run:
    """Run archtool as another user, because root can read everything."""
    if os.geteuid() != 0:
        return archtool(*arguments)
    archtool(
        "check", EXAMPLES / "letter" / "description.yaml"
    )  # imports modules that only root can read on this machine
    os.seteuid(65534)
    try:
        return archtool(*arguments)
    finally:
        os.seteuid(0)


def test_an_unreadable_file_is_named(readable_tmp: Path) -> None:
    folder = readable_tmp / "letters"
    folder.mkdir()
    description = write_letter(folder)
    (folder / "letter.txt").chmod(0)
    result = as_nobody("check", description)
    assert result.code == 3, result.said()
    assert "letter.txt cannot be read: Permission denied [payload.unreadable]" in result.said()


def test_an_unreadable_folder_is_named(readable_tmp: Path) -> None:
    folder = readable_tmp / "letters"
    folder.mkdir()
    description = write_letter(folder)
    (folder / "scans").mkdir(mode=0)
    result = as_nobody("check", description)
    assert result.code == 3, result.said()
    assert "scans cannot be listed: Permission denied" in result.said()


def test_a_target_that_cannot_be_written_ends_with_the_exit_code_for_storage(readable_tmp: Path) -> None:
    folder = readable_tmp / "letters"
    folder.mkdir()
    description = write_letter(folder)
    result = as_nobody("pack", description, "-o", readable_tmp / "package")
    assert result.code == 5, result.said()
    assert "Permission denied" in result.err
    assert not (readable_tmp / "package").exists()


def test_a_name_that_windows_cannot_store_is_a_warning(tmp_path: Path, letters: Path) -> None:
    (letters / "aux.txt").write_text("x")
    description = write_description(letters, LETTER.replace("letter.txt", "aux.txt"))
    made = pack(description, tmp_path / "package")
    assert made.code == 0
    assert "is the name of a device on Windows (aux) [payload.name-not-portable]" in made.said()


def test_a_source_that_changes_while_it_is_read_is_not_packed(
    tmp_path: Path, letters: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    description = write_letter(letters)
    update = EncodingSink.update

    def update_after_change(self: EncodingSink, data: memoryview) -> None:
        with (letters / "letter.txt").open("a") as file:
            file.write("one more line\n")
        update(self, data)

    monkeypatch.setattr(EncodingSink, "update", update_after_change)
    made = pack(description, tmp_path / "package")
    assert made.code == 3
    assert "letter.txt changed while it was being read" in made.err
    assert left_behind(tmp_path) == []
    assert archtool("check", description, "--json").codes == ["payload.changed-while-read"]


def test_a_wrong_passphrase_for_a_key_leaves_no_package(tmp_path: Path, letters: Path) -> None:
    key = write_key(tmp_path, passphrase=b"right")
    (tmp_path / "secret").write_text("wrong\n")
    options = ["--sign", key, "--passphrase-file", tmp_path / "secret"]
    made = pack(write_letter(letters), tmp_path / "package", *options)
    assert (made.code, "hint: " in made.err, (tmp_path / "package").exists()) == (3, True, False)


def test_a_missing_key_of_a_library_gets_a_suggestion(tmp_path: Path, letters: Path) -> None:
    (tmp_path / "library.json").write_text('[{"id": "dupont1981", "type": "book", "title": "R"}]')
    source = "source: { cite: dupond1981, library: ../library.json }\n"
    write_letter(letters)
    text = "".join(line for line in LETTER.splitlines(keepends=True) if "source" not in line) + source
    made = pack(write_description(letters, text), tmp_path / "package")
    assert made.code == 3
    assert (
        "the library has no item `dupond1981` [source.cite-unknown] hint: did you mean `dupont1981`?"
        in made.said()
    )


@pytest.mark.parametrize("library", ["[", "{}", '[{"type": "book"}]', "\xff"])
def test_an_invalid_library_is_refused(tmp_path: Path, letters: Path, library: str) -> None:
    (tmp_path / "library.json").write_bytes(library.encode("latin-1"))
    write_letter(letters)
    text = LETTER.replace('"Cahiers, no 3 (1979), pp. 12-14."', "{ cite: x, library: ../library.json }")
    made = pack(write_description(letters, text), tmp_path / "package")
    assert (made.code, "library.json" in made.err, "Traceback" in made.err) == (3, True, False)


def test_a_key_without_a_library_gets_a_hint_for_the_option(tmp_path: Path, letters: Path) -> None:
    write_letter(letters)
    text = LETTER.replace('"Cahiers, no 3 (1979), pp. 12-14."', "{ cite: x }")
    made = pack(write_description(letters, text), tmp_path / "package")
    assert (made.code, "--library FILE" in made.err) == (3, True)


@pytest.mark.parametrize("path", ["missing.yaml", "folder", "pipe"])
def test_a_description_that_cannot_be_read_is_named(tmp_path: Path, path: str) -> None:
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe")
    result = archtool("check", tmp_path / path)
    assert result.code == 3
    assert str(tmp_path / path) in result.err
    assert "hint: " in result.err
