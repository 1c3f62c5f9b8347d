"""Hostile bags: nothing outside them is opened, nothing hangs, and nothing fills the memory.

The target outside is a FIFO: a process that opens it waits for ever, so a test that ends has not opened it.
One test also records every path that the process opens.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

import pytest

from archtool.bagit import bounded_findings
from archtool.bagit.limits import MAX_OF_ONE_KIND
from archtool.canonical_json import format_json_line
from archtool.report.result_json import result_object
from archtool.report.text.result import format_findings
from unit.bagit.bag_builders import (
    LETTER,
    LETTER_NAME,
    Files,
    bag_files,
    codes,
    digest,
    judged,
    look,
    manifest,
    with_tag_manifest,
    write_bag,
)
from unit.files.folders import deep_folder, make_socket

TIMEOUT_SECONDS = 60
SHA = digest(LETTER)


@contextmanager
def no_hang(seconds: int = TIMEOUT_SECONDS) -> Iterator[None]:
    """Fail instead of waiting for ever."""

    def fail(_number: int, _frame: FrameType | None) -> None:
        pytest.fail("the verifier hangs")

    before = signal.signal(signal.SIGALRM, fail)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def outside(tmp_path: Path) -> dict[str, str]:
    """Return paths to a FIFO outside the bag `bag`, by what makes each of them hostile."""
    for folder in ("", "bag-evil"):
        (tmp_path / folder).mkdir(exist_ok=True)
        os.mkfifo(tmp_path / folder / "sentinel")
    home = os.path.relpath(tmp_path / "sentinel", Path.home())
    return {
        "absolute": str(tmp_path / "sentinel"),
        "two slashes": f"/{tmp_path}/sentinel",
        "climbing": "../sentinel",
        "climbing out of data": "data/../../sentinel",
        "a neighbour with a longer name": "../bag-evil/sentinel",
        "home": f"~/{home}",
        "another user's home": f"~root/{home}",
        "dots and slashes": "./.././sentinel",
    }


WAYS = (
    "absolute",
    "two slashes",
    "climbing",
    "climbing out of data",
    "a neighbour with a longer name",
    "home",
    "another user's home",
    "dots and slashes",
)


@pytest.mark.parametrize("version", ["0.97", "1.0"])
@pytest.mark.parametrize("way", WAYS)
def test_attack_manifest_names_a_path_outside(way: str, version: str, tmp_path: Path) -> None:
    files = bag_files(version=version)
    files["manifest-sha512.txt"] += f"{SHA}  {outside(tmp_path)[way]}\n".encode()
    with no_hang():
        verdict, found = judged(write_bag(tmp_path / "bag", files))
    assert verdict == "invalid"
    assert found - {"manifest.md5sum-form"} == {"manifest.unsafe-path"}


@pytest.mark.parametrize("way", WAYS)
def test_attack_tag_manifest_names_a_path_outside(way: str, tmp_path: Path) -> None:
    files = with_tag_manifest(bag_files())
    files["tagmanifest-sha512.txt"] += f"{SHA}  {outside(tmp_path)[way]}\n".encode()
    with no_hang():
        verdict, found = judged(write_bag(tmp_path / "bag", files))
    assert verdict == "invalid"
    assert found - {"manifest.md5sum-form"} == {"manifest.unsafe-path"}


@pytest.mark.parametrize("way", WAYS)
def test_attack_fetch_list_names_a_path_outside(way: str, tmp_path: Path) -> None:
    line = f"https://example.org/x - {outside(tmp_path)[way]}\n"
    files = bag_files(extra={"fetch.txt": line.encode()})
    with no_hang():
        verdict, found = judged(write_bag(tmp_path / "bag", files))
    assert verdict == "invalid"
    assert found - {"manifest.md5sum-form"} == {"fetch.unsafe-path"}


@pytest.mark.parametrize(
    "name", ["C:\\Windows\\x", "\\\\?\\C:\\x", "data\\..\\..\\sentinel", "data/%2e%2e/%2e%2e/sentinel"]
)
def test_attack_names_that_lead_outside_on_other_systems_are_plain_names_here(
    name: str, tmp_path: Path
) -> None:
    outside(tmp_path)
    files = bag_files()
    files["manifest-sha512.txt"] += f"{SHA}  {name}\n".encode()
    with no_hang():
        _, found = judged(write_bag(tmp_path / "bag", files))
    assert "complete.file-missing" in found


RECORDER = """
import json, sys
opened = []
sys.addaudithook(lambda event, args: opened.append(str(args[0])) if event in ("open", "os.scandir") else None)
from pathlib import Path
from unit.bagit.bag_builders import look
del opened[:]
result = look(Path(sys.argv[1]))
print(json.dumps({"opened": opened, "verdict": result.verdict["bag"]}))
"""


def test_attack_all_at_once_opens_nothing_outside_the_bag(tmp_path: Path) -> None:
    ways = outside(tmp_path)
    files = with_tag_manifest(bag_files(version="0.97"))
    lines = "".join(f"{SHA}  {way}\n" for way in ways.values()).encode()
    fetch = "".join(f"file://{way} - {way}\n" for way in ways.values()).encode()
    files |= {name: data + lines for name, data in files.items() if "manifest" in name}
    root = write_bag(tmp_path / "bag", files | {"fetch.txt": fetch})
    (root / "data" / "link").symlink_to(tmp_path / "sentinel")
    (root / "data" / "folder").symlink_to(tmp_path)
    os.mkfifo(root / "data" / "fifo")
    run = subprocess.run(
        [sys.executable, "-c", RECORDER, str(root)],
        capture_output=True,
        check=True,
        timeout=TIMEOUT_SECONDS,
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[1])},
    )
    report = json.loads(run.stdout)
    assert report["verdict"] == "invalid"
    # steps below the bag's handle are single names; other opened files belong to Python and archtool
    steps = {path for path in report["opened"] if "/" not in path and not path.isdigit()}
    assert steps == {
        "data",
        "letter.txt",
        "bagit.txt",
        "fetch.txt",
        "manifest-sha512.txt",
        "tagmanifest-sha512.txt",
    }
    elsewhere = [path for path in report["opened"] if path.startswith(str(tmp_path)) and path != str(root)]
    assert elsewhere == []


def test_attack_payload_folder_is_a_link(tmp_path: Path) -> None:
    root = write_bag(tmp_path / "bag", bag_files())
    (root / "data").rename(tmp_path / "elsewhere")
    (root / "data").symlink_to("../elsewhere")
    assert judged(root) == ("invalid", {"bag.not-a-file", "complete.file-missing"})


def test_attack_folder_on_the_way_is_a_link(tmp_path: Path) -> None:
    root = write_bag(tmp_path / "bag", bag_files({"data/box/letter.txt": LETTER}))
    (root / "data" / "box").rename(tmp_path / "elsewhere")
    (root / "data" / "box").symlink_to(tmp_path / "elsewhere")
    assert judged(root) == ("invalid", {"bag.not-a-file", "complete.file-missing"})


@pytest.mark.parametrize("target", ["letter.txt", "../../secret", "nowhere", "link", "."])
def test_attack_payload_file_is_a_link(target: str, tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes(LETTER)
    files = bag_files({LETTER_NAME: LETTER, "data/link": LETTER})
    del files["data/link"]
    root = write_bag(tmp_path / "bag", files)
    (root / "data" / "link").symlink_to(target)
    with no_hang():
        assert judged(root) == ("invalid", {"bag.not-a-file"})


@pytest.mark.parametrize(
    "name", ["bagit.txt", "manifest-sha512.txt", "bag-info.txt", "fetch.txt", "notes.txt"]
)
def test_attack_tag_file_is_a_fifo_or_a_link(name: str, tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes(b"Title: secret\n")
    for make in (os.mkfifo, lambda path: path.symlink_to(tmp_path / "secret")):
        root = write_bag(tmp_path / "bag", bag_files())
        (root / name).unlink(missing_ok=True)
        make(root / name)
        with no_hang():
            result = look(root)
        assert "bag.not-a-file" in codes(result)
        assert "secret" not in format_json_line(result_object(result)).replace(str(tmp_path), "")
        (root / name).unlink()


def test_attack_unlisted_fifo_socket_and_links_are_found_not_opened(tmp_path: Path) -> None:
    root = write_bag(tmp_path / "bag", bag_files())
    os.mkfifo(root / "data" / "fifo")
    make_socket(root / "data" / "socket")
    (root / "data" / "one").symlink_to("two")
    (root / "data" / "two").symlink_to("one")
    (root / "metadata").symlink_to(tmp_path)
    with no_hang():
        result = look(root)
    assert result.verdict["bag"] == "invalid"
    assert codes(result) == ["bag.not-a-file"] * 5


def test_attack_listed_fifo_is_not_waited_for(tmp_path: Path) -> None:
    root = write_bag(tmp_path / "bag", bag_files())
    (root / LETTER_NAME).unlink()
    os.mkfifo(root / LETTER_NAME)
    with no_hang():
        assert judged(root) == ("invalid", {"bag.not-a-file"})


@pytest.mark.parametrize("line", [b"x", b" ", SHA.encode() + b" ", SHA.encode() + b"  data/", b"\\/"])
def test_attack_a_line_of_fifty_megabytes(line: bytes, tmp_path: Path) -> None:
    files = bag_files(extra={"manifest-sha256.txt": line + line[-1:] * 50_000_000})
    with no_hang():
        result = look(write_bag(tmp_path / "bag", files))
    assert result.verdict["bag"] == "invalid"
    assert set(codes(result)) == {"bag.line-too-long", "complete.file-unlisted"}
    assert all(len(f.message) < 1000 for f in result.findings)


@pytest.mark.parametrize("name", ["bag-info.txt", "fetch.txt", "bagit.txt", "manifest-sha256.txt"])
@pytest.mark.parametrize("filling", [b" ", b"\n", b" x\n", b":"])
def test_attack_tag_files_full_of_garbage(name: str, filling: bytes, tmp_path: Path) -> None:
    files = bag_files(extra={name: filling * (1_000_000 // len(filling))})
    with no_hang():
        result = look(write_bag(tmp_path / "bag", files))
    assert len(result.findings) < 3 * MAX_OF_ONE_KIND
    assert all(len(f.message) < 1000 for f in result.findings)


JUNK = {
    "rubbish": (b"rubbish\n", "manifest.line-malformed"),
    "empty lines": (b"\n", "manifest.line-malformed"),
    "paths outside": (SHA.encode() + b"  ../x\n", "manifest.unsafe-path"),
    "one file again": (SHA.encode() + b"  data/letter.txt\n", "manifest.listed-twice"),
    "wrong digests": (b"00  data/letter.txt\n", "manifest.digest-malformed"),
}


@pytest.mark.parametrize("junk", JUNK)
def test_attack_a_manifest_of_junk_causes_a_bounded_report(
    junk: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bounded_findings, "MAX_OF_ONE_KIND", 100)
    line, code = JUNK[junk]
    files = bag_files()
    files["manifest-sha512.txt"] += line * 5_000
    with no_hang():
        result = look(write_bag(tmp_path / "bag", files))
    found = [f for f in result.findings if f.code == code]
    assert len(found) == 101
    assert found[-1].message == "and 4,900 more of this kind in this file"


def test_attack_two_hundred_thousand_lines_of_junk(tmp_path: Path) -> None:
    files = bag_files()
    files["manifest-sha512.txt"] += b"rubbish\n" * 200_000
    with no_hang():
        result = look(write_bag(tmp_path / "bag", files))
    assert len(result.findings) == MAX_OF_ONE_KIND + 1
    assert result.findings[-1].message == f"and {200_000 - MAX_OF_ONE_KIND:,} more of this kind in this file"
    assert len(list(format_findings(result.findings))) < 200


def test_attack_a_manifest_of_missing_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounded_findings, "MAX_OF_ONE_KIND", 100)
    files = bag_files()
    files["manifest-sha512.txt"] += "".join(f"{SHA}  data/{i}\n" for i in range(5_000)).encode()
    with no_hang():
        result = look(write_bag(tmp_path / "bag", files))
    assert result.verdict["bag"] == "incomplete"
    assert len(result.findings) == 101
    assert result.findings[-1].message == "and 4,900 more of this kind in this file"


def test_attack_a_listed_path_of_a_hundred_thousand_folders(tmp_path: Path) -> None:
    files = bag_files()
    files["manifest-sha512.txt"] += f"{SHA}  data/{'a/' * 60_000}b\n".encode()
    with no_hang():
        result = look(write_bag(tmp_path / "bag", files))
    assert (result.verdict["bag"], codes(result)) == ("incomplete", ["complete.file-missing"])


@pytest.mark.parametrize("file", ["bagit.txt", "bag-info.txt", "fetch.txt", "manifest-sha512.txt"])
@pytest.mark.parametrize(
    "data", [b"\0", b"\0" * 100_000, b"\xff\xfe", bytes(range(256)) * 100, b"\x1b[2J: x\n"]
)
def test_attack_bytes_that_are_not_text_cause_findings_and_no_traceback(
    file: str, data: bytes, tmp_path: Path
) -> None:
    result = look(write_bag(tmp_path / "bag", bag_files(extra={file: data})))
    assert result.verdict["bag"] in ("valid", "invalid", "unreadable")
    assert format_json_line(result_object(result)).encode()
    assert "\x1b" not in "".join(format_findings(result.findings))


def test_names_that_are_not_utf8_are_shown_and_written_to_json_without_loss(tmp_path: Path) -> None:
    name = os.fsdecode(b"data/caf\xe9.txt")
    files: Files = bag_files({LETTER_NAME: LETTER, name: b"name"})
    files["manifest-sha512.txt"] = manifest({LETTER_NAME: LETTER, name: b"changed"})
    root = write_bag(tmp_path / "bag", files)
    (root / os.fsdecode(b"data/\xff\n")).write_bytes(b"stray")
    result = look(root)
    assert set(codes(result)) == {"bag.tag-file-encoding", "fixity.digest-mismatch", "complete.file-unlisted"}
    line = format_json_line(result_object(result))
    places = {f["code"]: f["file"] for f in json.loads(line.encode("utf-8"))["findings"]}
    assert os.fsencode(places["fixity.digest-mismatch"]) == b"data/caf\xe9.txt"
    assert os.fsencode(places["complete.file-unlisted"]) == b"data/\xff\n"
    text = "\n".join(format_findings(result.findings, width=500))
    assert "data/caf\\xe9.txt" in text
    assert "data/\\xff\\u000a" in text
    assert text.encode("utf-8")


def test_attack_a_payload_a_thousand_folders_deep_is_walked(tmp_path: Path) -> None:
    root = write_bag(tmp_path / "bag", bag_files())
    with deep_folder(root / "data", 1000) as deep, no_hang():
        files = bag_files({LETTER_NAME: LETTER, f"data/{deep}/leaf": b"leaf"})
        (root / "manifest-sha512.txt").write_bytes(files["manifest-sha512.txt"])
        assert judged(root) == ("valid", set())
