"""Tables and lines that somebody else made: whatever is in them, one message and never a traceback."""

from __future__ import annotations

import random
import resource
import signal
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from archtool.batch.sources.job_keys import Intake
from archtool.installation import install_command
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


def tried(source: Path, folder: Path, *options: str | Path) -> Run:
    seen = batch(source, folder / "out", "--check", "--jobs", "1", *options)
    assert seen.code in ALLOWED, seen.err
    assert "Traceback" not in seen.err
    assert "a bug in archtool" not in seen.said()
    return seen


def sources(folder: Path) -> Path:
    place = folder / "letters"
    place.mkdir()
    write_letter(place).unlink()
    return place


def damaged(data: bytes, chance: random.Random) -> bytes:
    """The same with some bytes changed, taken out, put in or said twice."""
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(data))
        piece = chance.choice(
            [b"", b'"', b",", b"\n", b"\x00", b"\xff", b"\r", b";", data[at : at + 40], b"{[", b"\\u"]
        )
        data = data[:at] + piece + data[at + chance.randint(0, 6) :]
    return data


@pytest.mark.parametrize("suffix", [".csv", ".tsv", ".jsonl"])
def test_a_damaged_table_or_line_is_told_or_packed_but_never_a_bug(tmp_path: Path, suffix: str) -> None:
    path = sources(tmp_path) / f"letters{suffix}"
    if suffix == ".jsonl":
        path.write_text('{"package":"a","folder":".","description":{"archtool":1,"title":"T","source":"S",'
                        '"transcription":"letter.txt","rights":{"package":"CC0-1.0"}}}\n')  # fmt: skip
    else:
        write_table(path, [ROW, ROW | {"package": "b", "title": 'say "yes",\n'}])
    whole, chance = path.read_bytes(), random.Random(suffix)  # noqa: S311 - the same damages in each run
    codes = set()
    for _ in range(ROUNDS):
        path.write_bytes(damaged(whole, chance))
        codes.add(tried(path, tmp_path).code)
    assert {0, 6} <= codes


def test_a_damaged_workbook_is_told_or_packed_but_never_a_bug(tmp_path: Path) -> None:
    path = write_workbook(
        sources(tmp_path) / "letters.xlsx", letters=[ROW], annexes=[{"package": "a", "title": "N"}]
    )
    with zipfile.ZipFile(path) as parts:
        whole = {name: parts.read(name) for name in parts.namelist()}
    chance = random.Random(5)  # noqa: S311 - the same damages in each run
    for number in range(ROUNDS):
        name = chance.choice(sorted(whole))
        with zipfile.ZipFile(path, "w") as parts:
            for part, data in whole.items():
                if part != name or number % 5:
                    parts.writestr(part, damaged(data, chance) if part == name else data)
        tried(path, tmp_path)
    data = path.read_bytes()
    for _ in range(ROUNDS):
        path.write_bytes(damaged(data, chance))
        tried(path, tmp_path)


def test_a_row_leads_nowhere_outside_its_folder(tmp_path: Path) -> None:
    place = sources(tmp_path)
    (tmp_path / "secret.txt").write_text("x")
    for column, text in (
        ("folder", ".."), ("folder", "/etc"), ("folder", "a/../.."), ("folder", "~root"),
        ("transcription", "../secret.txt"), ("transcription", "/etc/passwd"), ("files.1.file", "../"),
        ("package", "/etc/x"), ("package", "a/../../x"), ("package", "a//b"), ("package", "nul"),
        ("package", "x\x00y"), ("package", "a" * 50_000),
    ):  # fmt: skip
        path = write_table(place / "letters.csv", [ROW | {column: text}])
        before = {p: d for p, d in tree_bytes(tmp_path).items() if p != "out/batch-journal.jsonl"}
        seen = batch(path, tmp_path / "out")
        assert (seen.code, "a bug in archtool" in seen.said()) == (6, False), column
        assert {p: d for p, d in tree_bytes(tmp_path).items() if p != "out/batch-journal.jsonl"} == before


def test_a_row_with_thousands_of_annexes_inside_each_other_ends(tmp_path: Path) -> None:
    place = sources(tmp_path)
    rows = [{"package": "a", "id": f"n{n}", "of": f"n{n - 1}" if n else "", "title": "T", "status": "listed"}
            for n in range(3000)]  # fmt: skip
    annexes = write_table(place / "annexes.csv", rows)
    seen = tried(write_table(place / "letters.csv", [ROW]), tmp_path, "--annexes", annexes)
    (finding,) = [f for told in seen.objects for f in told["findings"]]
    assert (finding["code"], finding["row"]) == ("description.too-deep", 26)


def test_twenty_thousand_left_out_files_do_not_meet_twenty_thousand_strays(tmp_path: Path) -> None:
    place = sources(tmp_path)
    intake = Intake(place / "letters.csv", place, tmp_path / "out", [], "rows")
    for number in range(20_000):
        intake.add(f"k{number}", place, [f"f{number}"], [f"left-{number}"])
    intake.close()
    (job,) = intake.stray_jobs()
    assert [f.code for f in job.findings] == ["payload.undeclared"]


def test_without_the_extra_a_workbook_says_how_to_install_it(tmp_path: Path) -> None:
    path = write_workbook(sources(tmp_path) / "letters.xlsx", letters=[ROW])
    hidden = (
        "import sys; sys.modules['openpyxl'] = None; from archtool.cli.main import run; run(sys.argv[1:])"
    )
    for words in (["batch", path, "-o", tmp_path / "out"],
                  ["batch", "template", "-o", tmp_path / "new", "--format", "xlsx"]):  # fmt: skip
        command = [sys.executable, "-c", hidden, *map(str, words)]
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
        assert (done.returncode, done.stdout) == (5, "")
        assert f"install it with: {install_command('xlsx')}" in done.stderr
    assert not (tmp_path / "new").exists()
    table = write_table(path.with_suffix(".csv"), [ROW])
    path.unlink()
    command = [sys.executable, "-c", hidden, "batch", str(table), "-o", str(tmp_path / "out")]
    assert subprocess.run(command, capture_output=True, check=False, timeout=60).returncode == 0


def test_a_table_that_is_no_file_is_not_waited_for(tmp_path: Path) -> None:
    import os

    os.mkfifo(tmp_path / "letters.csv")
    seen = archtool("batch", tmp_path / "letters.csv", "-o", tmp_path / "out")
    assert (seen.code, "is a FIFO, not a file" in seen.said()) == (3, True), seen.err


def limited_to(size_bytes: int) -> None:
    """Make every write past this size fail as a full disk would."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size_bytes, size_bytes))


def test_a_table_whose_rows_do_not_fit_on_the_disk_ends_the_run_with_the_reason(tmp_path: Path) -> None:
    rows = [{**ROW, "package": f"letter-{number}", "abstract": "A" * 90_000} for number in range(60)]
    table = write_table(sources(tmp_path) / "letters.csv", rows)
    seen = archtool_process(
        "batch", table, "-o", tmp_path / "out", "--check",
        env={"TMPDIR": str(tmp_path)}, is_measured=False, preexec_fn=lambda: limited_to(1_000_000),
    )  # fmt: skip
    assert seen.code == 5, seen.err
    assert "letters.csv cannot be kept in a temporary file" in seen.err
    assert "hint: check the space in the folder of temporary files" in seen.err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["letters"]
