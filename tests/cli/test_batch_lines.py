"""`archtool batch` over JSON Lines: a description on each line, from a file or from a pipe."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from archtool.batch.sources.json_lines import LinesRequest, find_lines
from archtool.errors import SourceChangedError
from batches import batch, endings
from command_line import DATE, archtool
from packages import tree_bytes

DONE = ("done", 0)


def described(number: int, **said: Any) -> dict[str, Any]:
    description = {
        "archtool": 1, "id": f"letter-{number}", "title": f"Letter « {number} »", "source": "Cahiers, no 3.",
        "transcription": f"letter-{number}.txt", "rights": {"package": "CC0-1.0"},
    }  # fmt: skip
    return description | said


def write_lines(folder: Path, *lines: str, files: int = 2) -> Path:
    folder.mkdir(exist_ok=True)
    for number in range(files):
        (folder / f"letter-{number}.txt").write_text("To the sections.\n")
    path = folder / "letters.jsonl"
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8", newline="")
    return path


def test_the_package_keeps_the_bytes_of_its_line(tmp_path: Path) -> None:
    odd = '  {"archtool":1,  "id":"letter-0","title":"T","source":"S","transcription":"letter-0.txt" }\t'
    crlf = json.dumps(described(1), ensure_ascii=False) + "\r"
    lines = write_lines(tmp_path / "letters", "\ufeff" + odd, "", crlf)
    seen = batch(lines, tmp_path / "out")
    assert endings(seen) == {"letter-0": DONE, "letter-1": DONE}
    assert (tmp_path / "out/letter-0/metadata/description.json").read_text() == odd
    assert (tmp_path / "out/letter-1/metadata/description.json").read_bytes() == crlf.removesuffix(
        "\r"
    ).encode()


def test_the_canonical_text_of_a_wrapped_description_is_kept(tmp_path: Path) -> None:
    description = described(0, **{"x-number": [1.50, 10**30, None, True, "\u2028"]})
    wrapped = json.dumps(
        {"description": description, "package": "letters/0001", "folder": "deep"}, indent=None
    )
    lines = write_lines(
        tmp_path / "letters", wrapped.replace("1.5,", "1.50,").replace(": ", " :   "), files=0
    )
    (tmp_path / "letters" / "deep").mkdir()
    (tmp_path / "letters" / "deep" / "letter-0.txt").write_text("x")
    assert endings(batch(lines, tmp_path / "out")) == {"letters/0001": DONE}
    kept = (tmp_path / "out/letters/0001/metadata/description.json").read_text(encoding="utf-8")
    canonical = json.dumps(description, ensure_ascii=False, separators=(",", ":"))
    assert kept == canonical.replace("1.5,", "1.50,").replace("\u2028", "\\u2028")


def test_complaints_name_the_line_and_the_column_in_it(tmp_path: Path) -> None:
    one = json.dumps(described(0, date="19-99"))
    other = json.dumps({"package": "b", "description": described(1, titel="x")})
    lines = write_lines(tmp_path / "letters", one, "", other)
    seen = batch(lines, tmp_path / "out", "--jobs", "1")
    found = {f["code"]: (f["file"], f["line"], f["column"]) for o in seen.objects for f in o["findings"]}
    assert found == {
        "description.date": (str(lines), 1, one.index('"19-99"') + 1),
        "description.unknown-key": (str(lines), 3, other.index('"titel"') + 1),
    }
    assert (
        seen.objects[0]["message"] == f"not packed: {lines}:1 or its files have faults; nothing was written"
    )


def test_an_unusable_line_is_one_failed_job(tmp_path: Path) -> None:
    lines = write_lines(
        tmp_path / "letters",
        json.dumps(described(0)),
        '{"archtool": 1',
        "[1]",
        '{"archtool": 1, "title": "T"}',
        '{"package": "x", "folder": "../..", "description": {}}',
        '{"package": "y", "description": 1}',
        '{"package": "z", "folders": "a", "description": {}}',
        '{"package": 1, "description": {}}',
        '{"package": "v", "folder": 1, "description": {}}',
        '{"package": "w", "folder": "\\ud800", "description": {}}',
        '{"package": "\\ud800", "description": {}}',
        "[" * 100_000,
        '{"a": ' + "9" * 10_000 + "}",
        '{"package": "u", "package": "t", "description": {}}',
    )
    with lines.open("ab") as file:
        file.write(b'{"id": "\xff"}\n')
    seen = batch(lines, tmp_path / "out", "--jobs", "1")
    refused = [told for told in seen.objects if told["exit_code"] == 3]
    told = {o["job"].removeprefix(f"{lines}:"): o["message"].partition(": ")[2] for o in refused}
    assert told == {
        "2": "not JSON: a comma or `}` is expected (column 15)",
        "3": "the line is not a JSON object",
        "4": "the description has no `id`, which would be the name of its package",
        "x": "the folder '../..' climbs out of its folder",
        "y": "`description` is missing or not a JSON object",
        "z": "unknown key `folders` next to `description`:"
        " the allowed keys are `package`, `folder`, `description`",
        "8": "`package` is missing or not a text",
        "v": "`folder` is not a text",
        "w": "the folder '\\ud800' contains half of a surrogate pair, which is not a character",
        "\ud800": "its package cannot be called \\ud800: it is not UTF-8",
        "12": "nested more than 64 levels deep (column 66)",
        "13": "the description has no `id`, which would be the name of its package",
        "t": "the key `package` occurs twice",
        "15": "byte 9 of the line is not UTF-8",
    }
    assert (seen.code, endings(seen)["letter-0"]) == (6, DONE)


def test_two_lines_of_one_package_are_both_refused(tmp_path: Path) -> None:
    lines = write_lines(tmp_path / "letters", *(json.dumps(described(0)) for _ in range(7)))
    seen = batch(lines, tmp_path / "out", "--jobs", "1")
    messages = {told["message"] for told in seen.objects if told["job"] == "letter-0"}
    assert len(messages) == 7
    words = "7 lines stand for the package letter-0 (lines 1, 2, 3, 4, 5 …)"
    assert all(message.endswith(words) for message in messages)
    (stray,) = [told for told in seen.objects if told["job"] == "files that nobody declares"]
    assert [Path(f["file"]).name for f in stray["findings"]] == ["letter-1.txt"]


def piped(data: bytes, folder: Path, *options: str) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "archtool", "batch", "-", "-o", "../out", "--date", DATE, *options]
    return subprocess.run(command, input=data, cwd=folder, capture_output=True, check=False, timeout=120)


def test_descriptions_from_a_pipe_find_their_files_in_the_working_folder(tmp_path: Path) -> None:
    lines = write_lines(tmp_path / "letters", json.dumps(described(0)), json.dumps(described(1)))
    data = lines.read_bytes()
    lines.unlink()
    done = piped(data, tmp_path / "letters")
    assert done.returncode == 0, done.stderr
    names = [json.loads(line)["job"] for line in done.stdout.splitlines()]
    assert sorted(names) == ["letter-0", "letter-1"]
    lines.write_bytes(data)
    assert batch(lines, tmp_path / "from-file").code == 0
    one, other = tree_bytes(tmp_path / "out"), tree_bytes(tmp_path / "from-file")
    del one["batch-journal.jsonl"], other["batch-journal.jsonl"]
    assert one == other
    lines.unlink()
    (tmp_path / "letters").rename(tmp_path / "moved")
    (tmp_path / "letters").mkdir()
    done = piped(data, tmp_path / "letters", "--files", "../moved", "-o", "../again")
    assert done.returncode == 0, done.stderr


def test_an_empty_pipe_is_unusable_input(tmp_path: Path) -> None:
    done = piped(b"\n \n", tmp_path)
    assert (done.returncode, done.stdout) == (3, b"")
    assert b"there is no line in standard input" in done.stderr


def test_a_file_that_changes_between_the_two_readings_is_an_error(tmp_path: Path) -> None:
    path = write_lines(tmp_path / "letters", json.dumps(described(0)), json.dumps(described(1)))
    plan = find_lines(LinesRequest(path, tmp_path / "out", path.parent))
    jobs = iter(plan.jobs)
    assert next(jobs).key == "letter-0"
    os.utime(path, ns=(time.time_ns(), time.time_ns() + 1))
    with pytest.raises(SourceChangedError, match="changed while it was read"):
        next(jobs)


def test_check_reads_the_line_of_a_description(tmp_path: Path) -> None:
    lines = write_lines(tmp_path / "letters", json.dumps(described(0)), files=1)
    alone = lines.with_name("description.json")
    lines.rename(alone)
    assert archtool("check", alone).code == 0
