"""Hostile tables and JSON Lines: any content causes at most a message, never a traceback."""

from __future__ import annotations

import os
import random
import resource
import signal
import zipfile
from pathlib import Path

import pytest

from archtool.batch.sources.job_keys import JobKeys
from batches import batch
from command_line import Run, archtool, archtool_process
from packages import tree_bytes, write_letter
from tables import write_table, write_workbook

ROW = {
    "package": "a", "title": "T", "source": "S", "transcription": "letter.txt", "rights.package": "CC0-1.0",
}  # fmt: skip
ALLOWED = {0, 2, 3, 5, 6}
ROUNDS = 150
PIECES = [b"", b'"', b",", b"\n", b"\x00", b"\xff", b"\r", b";", b"{[", b"\\u"]


def check_batch(source: Path, folder: Path, *options: str | Path) -> Run:
    run = batch(source, folder / "out", "--check", "--jobs", "1", *options)
    assert run.code in ALLOWED, run.err
    assert "Traceback" not in run.err
    assert "a bug in archtool" not in run.said()
    return run


def sources(folder: Path) -> Path:
    letters = folder / "letters"
    letters.mkdir()
    write_letter(letters).unlink()
    return letters


def damaged(data: bytes, chance: random.Random) -> bytes:
    """Return the data with some bytes changed, removed, inserted or repeated."""
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(data))
        piece = chance.choice(
            [b"", b'"', b",", b"\n", b"\x00", b"\xff", b"\r", b";", data[at : at + 40], b"{[", b"\\u"]
        )
        data = data[:at] + piece + data[at + chance.randint(0, 6) :]
    return data


@pytest.mark.parametrize("suffix", [".csv", ".tsv", ".jsonl"])
def test_a_damaged_table_or_line_is_reported_or_packed_but_never_a_bug(tmp_path: Path, suffix: str) -> None:
    path = sources(tmp_path) / f"letters{suffix}"
    if suffix == ".jsonl":
        path.write_text('{"package":"a","folder":".","description":{"archtool":1,"title":"T","source":"S",'
                        '"transcription":"letter.txt","rights":{"package":"CC0-1.0"}}}\n')  # fmt: skip
    else:
        write_table(path, [ROW, ROW | {"package": "b", "title": 'say "yes",\n'}])
    whole, chance = path.read_bytes(), random.Random(suffix)  # noqa: S311 - the same damage in each run
    codes = set()
    for _ in range(ROUNDS):
        path.write_bytes(damaged(whole, chance))
        codes.add(check_batch(path, tmp_path).code)
    assert {0, 6} <= codes


def test_a_damaged_workbook_is_reported_or_packed_but_never_a_bug(tmp_path: Path) -> None:
    path = write_workbook(
        sources(tmp_path) / "letters.xlsx", letters=[ROW], annexes=[{"package": "a", "title": "N"}]
    )
    with zipfile.ZipFile(path) as parts:
        whole = {name: parts.read(name) for name in parts.namelist()}
    chance = random.Random(5)  # noqa: S311 - the same damage in each run
    for number in range(ROUNDS):
        name = chance.choice(sorted(whole))
        with zipfile.ZipFile(path, "w") as parts:
            for part, data in whole.items():
                if part != name or number % 5:
                    parts.writestr(part, damaged(data, chance) if part == name else data)
        check_batch(path, tmp_path)
    data = path.read_bytes()
    for _ in range(ROUNDS):
        path.write_bytes(damaged(data, chance))
        check_batch(path, tmp_path)


def test_a_row_cannot_refer_to_files_outside_its_folder(tmp_path: Path) -> None:
    letters = sources(tmp_path)
    (tmp_path / "secret.txt").write_text("x")
    for column, text in (
        ("folder", ".."), ("folder", "/etc"), ("folder", "a/../.."), ("folder", "~root"),
        ("transcription", "../secret.txt"), ("transcription", "/etc/passwd"), ("files.1.file", "../"),
        ("package", "/etc/x"), ("package", "a/../../x"), ("package", "a//b"), ("package", "nul"),
        ("package", "x\x00y"), ("package", "a" * 50_000),
    ):  # fmt: skip
        path = write_table(letters / "letters.csv", [ROW | {column: text}])
        before = {p: d for p, d in tree_bytes(tmp_path).items() if p != "out/batch-journal.jsonl"}
        run = batch(path, tmp_path / "out")
        assert (run.code, "a bug in archtool" in run.said()) == (6, False), column
        assert {p: d for p, d in tree_bytes(tmp_path).items() if p != "out/batch-journal.jsonl"} == before


def test_a_row_with_thousands_of_nested_annexes_is_refused(tmp_path: Path) -> None:
    letters = sources(tmp_path)
    rows = [{"package": "a", "id": f"n{n}", "of": f"n{n - 1}" if n else "", "title": "T", "status": "listed"}
            for n in range(3000)]  # fmt: skip
    annexes = write_table(letters / "annexes.csv", rows)
    run = check_batch(write_table(letters / "letters.csv", [ROW]), tmp_path, "--annexes", annexes)
    (finding,) = [f for line in run.objects for f in line["findings"]]
    assert (finding["code"], finding["row"]) == ("description.too-deep", 26)


def test_the_time_for_left_out_files_and_strays_is_not_quadratic(tmp_path: Path) -> None:
    letters = sources(tmp_path)
    keys = JobKeys(letters / "letters.csv", letters, tmp_path / "out", [], "rows")
    for number in range(20_000):
        keys.add(f"k{number}", letters, [f"f{number}"], [f"left-{number}"])
    keys.finish()
    (job,) = keys.stray_jobs()
    assert [f.code for f in job.findings] == ["payload.undeclared"]


def test_a_table_that_is_a_fifo_is_refused_without_waiting(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "letters.csv")
    run = archtool("batch", tmp_path / "letters.csv", "-o", tmp_path / "out")
    assert (run.code, "is a FIFO, not a file" in run.said()) == (3, True), run.err


def limited_to(size_bytes: int) -> None:
    """Make every write past this size fail, as on a full disk."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size_bytes, size_bytes))


def test_a_table_whose_rows_do_not_fit_on_the_disk_ends_with_a_storage_error(tmp_path: Path) -> None:
    rows = [{**ROW, "package": f"letter-{number}", "abstract": "A" * 90_000} for number in range(60)]
    table = write_table(sources(tmp_path) / "letters.csv", rows)
    run = archtool_process(
        "batch", table, "-o", tmp_path / "out", "--check",
        env={"TMPDIR": str(tmp_path)}, is_measured=False, preexec_fn=lambda: limited_to(1_000_000),
    )  # fmt: skip
    assert run.code == 5, run.err
    assert "letters.csv cannot be stored in a temporary file" in run.err
    assert "hint: check the free space in the folder of temporary files" in run.err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["letters"]
