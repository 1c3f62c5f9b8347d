"""`archtool batch` on a terminal: lines for people, above a bar."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from archtool.files.lock import locked_folder
from batches import batch, endings, write_letters
from command_line import archtool
from packages import LETTER
from terminals import Terminal


def faulty_letters(folder: Path) -> Path:
    """Write three letters, of which the second has a wrong date."""
    source = write_letters(folder, "a", "b", "c")
    (source / "b" / "description.yaml").write_text(LETTER.replace("1932-05", "May 19-99"))
    return source


def on_terminal(*arguments: str | Path, code: int, columns: int = 80, **environment: str) -> Terminal:
    terminal = Terminal("batch", *arguments, columns=columns, **environment)
    assert terminal.end() == code, terminal.text
    return terminal


def test_a_terminal_shows_a_line_for_each_job_and_what_is_wrong_below_it(tmp_path: Path) -> None:
    source = faulty_letters(tmp_path / "letters")
    seen = on_terminal(source, "-o", tmp_path / "out", "--jobs", "1", code=6, NO_COLOR="1").lines
    assert [line[:9].rstrip() for line in seen if line[:6] in ("done  ", "FAILED")] == [
        "done    a", "FAILED  b", "done    c",
    ]  # fmt: skip
    below = " ".join(" ".join(seen[seen.index(next(x for x in seen if x.startswith("FAILED"))) :]).split())
    assert "description.yaml:3:7: 'May 19-99' is not an EDTF date [description.date] hint: write" in below
    assert "3 jobs · 2 done · 1 failed" in seen[-2]
    assert "{" not in "".join(seen)


def test_failed_jobs_are_red_unless_colours_are_refused(tmp_path: Path) -> None:
    source = faulty_letters(tmp_path / "letters")
    red = "\x1b[1;31mFAILED  b"
    options = (source, "-o", tmp_path / "out", "--check")
    assert red in on_terminal(*options, code=6, NO_COLOR="", TERM="xterm").text
    for refused in ({"NO_COLOR": "1", "TERM": "xterm"}, {"NO_COLOR": "", "TERM": "dumb"}):
        assert "\x1b" not in on_terminal(*options, code=6, **refused).text


def test_the_bar_is_below_the_lines_and_gone_at_the_end(tmp_path: Path) -> None:
    source = write_letters(tmp_path / "letters", *[f"{number:03}" for number in range(40)])
    seen = on_terminal(source, "-o", tmp_path / "out", code=0, NO_COLOR="1")
    assert "packing  [" in seen.text
    assert "/40 " in seen.text
    assert [line for line in seen.lines if "packing" in line] == []
    assert len([line for line in seen.lines if line.startswith("done ")]) == 40
    assert max(map(len, seen.lines)) <= 80


def test_the_bar_of_a_check_does_not_say_that_packages_are_made(tmp_path: Path) -> None:
    source = write_letters(tmp_path / "letters", "a", "b")
    seen = on_terminal(source, "-o", tmp_path / "out", "--check", code=0, NO_COLOR="1")
    assert "checking  [" in seen.text
    assert "packing" not in seen.text


def test_messages_while_the_bar_is_shown_stand_above_it(tmp_path: Path) -> None:
    source, output = write_letters(tmp_path / "letters", "a", "b"), tmp_path / "out"
    output.mkdir()
    with locked_folder(output):
        seen = on_terminal(source, "-o", output, "--wait", "1", code=5, NO_COLOR="1")
    said = [line for line in seen.lines if line]
    assert "packing" in seen.text
    assert [line for line in said if "packing" in line] == []
    assert said[0].startswith("waiting for another run ")
    assert said[-1].startswith("archtool: hint: ")


@pytest.mark.parametrize("columns", [40, 80, 120])
def test_no_line_is_wider_than_the_window(columns: int, tmp_path: Path) -> None:
    source = faulty_letters(tmp_path / "letters")
    seen = on_terminal(source, "-o", tmp_path / "out", code=6, columns=columns, NO_COLOR="1")
    rows = [line for line in seen.lines if line.startswith(("done ", "FAILED ", "packing"))]
    assert [row for row in rows if len(row) > columns] == []


def test_json_on_a_terminal_is_what_a_program_gets(tmp_path: Path) -> None:
    source = faulty_letters(tmp_path / "letters")
    seen = on_terminal(source, "-o", tmp_path / "out", "--json", "--jobs", "1", code=6)
    jobs = [json.loads(line) for line in seen.lines if line.startswith("{")]
    assert [(job["job"], job["exit_code"]) for job in jobs] == [("a", 0), ("b", 3), ("c", 0)]
    plain, asked = (
        batch(source, tmp_path / name, *options) for name, options in (("x", ()), ("y", ("--json",)))
    )
    assert endings(plain) == endings(asked)


def test_a_check_on_a_terminal_says_that_nothing_was_written(tmp_path: Path) -> None:
    source = faulty_letters(tmp_path / "letters")
    seen = on_terminal(source, "-o", tmp_path / "out", "--check", "--jobs", "1", code=6, NO_COLOR="1").lines
    assert seen[0].startswith("ready   a ")
    assert "3 jobs · 2 ready · 1 failed" in seen[-2]
    assert seen[-2].endswith("nothing was written")
    assert not (tmp_path / "out").exists()


def test_an_interrupted_batch_ends_with_what_to_run(tmp_path: Path) -> None:
    source = write_letters(tmp_path / "letters", *[f"{number:04}" for number in range(3000)])
    terminal = Terminal("batch", source, "-o", tmp_path / "out", columns=100, NO_COLOR="1")
    terminal.wait_for("\rdone ")
    terminal.interrupt()
    assert terminal.end() == 130
    *_, said, hint, end = terminal.lines
    assert (said, end) == ("archtool: interrupted; no incomplete output was left", "")
    assert hint.startswith("archtool: hint: ")
    assert hint.endswith("of 3,000 jobs were reported; to do the others, run the same command again")


def test_a_job_that_is_left_as_failed_shows_the_findings_of_the_last_run(tmp_path: Path) -> None:
    source, output = faulty_letters(tmp_path / "letters"), tmp_path / "out"
    (first,) = [job for job in batch(source, output).objects if job["exit_code"]]
    (again,) = [job for job in batch(source, output).objects if job["exit_code"]]
    assert (again["ending"], again["findings"]) == ("left", first["findings"])
    assert first["findings"][0]["code"] == "description.date"
    seen = on_terminal(source, "-o", output, "--jobs", "1", code=6, NO_COLOR="1", columns=120).text
    assert "as in the last run" in seen
    assert "[description.date]" in seen
    assert "to try failed jobs again as they are, add --retry failed" in seen


def test_a_verification_that_failed_before_shows_its_findings_when_it_is_resumed(tmp_path: Path) -> None:
    source, output = write_letters(tmp_path / "letters", "a", "b"), tmp_path / "out"
    assert batch(source, output).code == 0
    (output / "a" / "data" / "letter.txt").write_text("changed\n")
    options = ("batch", output, "--verb", "verify", "-o", tmp_path / "log", "--jobs", "1")
    first = archtool(*options, "--fail-fast").objects
    again = archtool(*options).objects
    assert [(job["job"], job["ending"]) for job in again] == [("a", "left"), ("b", "done")]
    assert again[0]["findings"] == first[0]["findings"] != []
