"""The journal of a batch: an incomplete last line is removed, and invalid lines are refused."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archtool.batch.job import Ending, Outcome
from archtool.batch.journal.journal import JOURNAL_NAME, Journal
from archtool.batch.journal.state import KnownJob
from archtool.errors import InputError, StorageError

BEGUN = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
DONE = Outcome("a", Ending.DONE, 0, "sha512:1", seconds=0.5, size_bytes=12)
FAILED = Outcome("b", Ending.FAILED, 3, "sha512:2", "it has errors")


def write_journal(folder: Path) -> bytes:
    with closing(Journal(folder, sync=True)) as journal:
        journal.begin("pack", BEGUN)
        for outcome in (DONE, FAILED):
            journal.record_begin(outcome.key)
            journal.record_outcomes([outcome])
        journal.record_begin("c")
    return (folder / JOURNAL_NAME).read_bytes()


def test_the_next_run_knows_what_the_journal_records(tmp_path: Path) -> None:
    write_journal(tmp_path)
    with closing(Journal(tmp_path, sync=True)) as journal:
        assert journal.begun_at == BEGUN
        assert journal.known == {
            "a": KnownJob(Ending.DONE, "sha512:1", was_made=True),
            "b": KnownJob(Ending.FAILED, "sha512:2", 3, "it has errors"),
            "c": KnownJob(None, None, was_interrupted=True),
        }


def test_a_journal_that_was_cut_off_at_any_byte_can_be_resumed(tmp_path: Path) -> None:
    complete = write_journal(tmp_path)
    lines = complete.splitlines(keepends=True)
    for size in range(len(complete)):
        (tmp_path / JOURNAL_NAME).write_bytes(complete[:size])
        with closing(Journal(tmp_path, sync=False)) as journal:
            if journal.begun_at is None:
                journal.begin("pack", BEGUN)
            journal.record_outcomes([DONE])
        after = (tmp_path / JOURNAL_NAME).read_bytes().splitlines(keepends=True)
        line_count = complete[:size].count(b"\n")
        assert after[: max(line_count, 1)] == lines[: max(line_count, 1)]
        assert len(after) == max(line_count, 1) + 1


@pytest.mark.parametrize(
    "line",
    [
        b"[" * 20_000,
        b'{"a":' * 10_000,
        b'{"key": "a", "key": "b", "began": true}',
        b'{"run": ' + b"9" * 5_000 + b"}",
        b'{"run": NaN}',
        b'{"key": ' + b"[1,1,1,1]," * 5_000 + b"}",
    ],
    ids=["lists", "objects", "a key twice", "digits", "NaN", "values"],
)
def test_a_hostile_line_is_refused_with_its_number(line: bytes, tmp_path: Path) -> None:
    write_journal(tmp_path)
    with (tmp_path / JOURNAL_NAME).open("ab") as file:
        file.write(line + b"\n")
    with pytest.raises(InputError, match=r"line 7: not a line of a batch journal"):
        Journal(tmp_path, sync=False)


def test_a_second_first_line_makes_the_lines_before_it_void(tmp_path: Path) -> None:
    write_journal(tmp_path)
    with closing(Journal(tmp_path, sync=False)) as journal:
        assert not journal.is_complete
        journal.record_completion()
    with closing(Journal(tmp_path, sync=False)) as journal:
        assert journal.is_complete
        journal.begin("verify", BEGUN)
        journal.record_outcomes([DONE])
    with closing(Journal(tmp_path, sync=False)) as journal:
        assert (journal.verb_name, journal.is_complete) == ("verify", False)
        assert journal.known == {"a": KnownJob(Ending.DONE, "sha512:1", was_made=True)}


def test_a_line_can_be_read_again_whatever_the_length_of_its_message(tmp_path: Path) -> None:
    long = replace(FAILED, message="\u2028" * 100_000)
    with closing(Journal(tmp_path, sync=False)) as journal:
        journal.begin("pack", BEGUN)
        journal.record_outcomes([long])
    with closing(Journal(tmp_path, sync=False)) as journal:
        assert journal.known["b"].ending is Ending.FAILED


@pytest.mark.parametrize(
    "line",
    [b"rubbish\n", b"[]\n", b"{}\n", b'{"key":"a","ending":"lost"}\n', b'{"key":[],"began":true}\n', b"\n"],
)
def test_an_invalid_line_is_refused_with_its_number(tmp_path: Path, line: bytes) -> None:
    complete = write_journal(tmp_path)
    (tmp_path / JOURNAL_NAME).write_bytes(complete + line)
    with pytest.raises(InputError, match=r"line 7: not a line of a batch journal"):
        Journal(tmp_path, sync=False)
    assert (tmp_path / JOURNAL_NAME).read_bytes() == complete + line


@pytest.mark.parametrize(
    "head",
    [b'{"schema":"another/1","verb":"pack","begun_at":"2026-11-22T12:00:00+00:00"}\n', b'{"schema":"x"}\n'],
)
def test_the_journal_of_another_program_is_refused(tmp_path: Path, head: bytes) -> None:
    (tmp_path / JOURNAL_NAME).write_bytes(head)
    with pytest.raises(InputError, match="line 1"):
        Journal(tmp_path, sync=False)


def test_a_link_instead_of_the_journal_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").write_bytes(b"")
    (tmp_path / JOURNAL_NAME).symlink_to(tmp_path / "elsewhere")
    with pytest.raises(StorageError, match="cannot be opened"):
        Journal(tmp_path, sync=False)
