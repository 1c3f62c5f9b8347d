"""The journal of a batch: every line counts, a torn last one is taken away, anything else is refused."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archtool.batch.job import Ending, Outcome
from archtool.batch.journal.journal import JOURNAL_NAME, Journal
from archtool.batch.journal.state import Known
from archtool.errors import InputError, StorageError

BEGUN = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
DONE = Outcome("a", Ending.DONE, 0, "sha512:1", seconds=0.5, size_bytes=12)
FAILED = Outcome("b", Ending.FAILED, 3, "sha512:2", "it is not as it must be")


def write(folder: Path) -> bytes:
    with closing(Journal(folder, sync=True)) as journal:
        journal.begin("pack", BEGUN)
        for outcome in (DONE, FAILED):
            journal.began(outcome.key)
            journal.ended([outcome])
        journal.began("c")
    return (folder / JOURNAL_NAME).read_bytes()


def test_what_was_written_is_known_to_the_next_run(tmp_path: Path) -> None:
    write(tmp_path)
    with closing(Journal(tmp_path, sync=True)) as journal:
        assert journal.begun_at == BEGUN
        assert journal.known == {
            "a": Known(Ending.DONE, "sha512:1", was_made=True),
            "b": Known(Ending.FAILED, "sha512:2", 3, "it is not as it must be"),
            "c": Known(None, None, was_cut_off=True),
        }


def test_a_journal_torn_anywhere_is_gone_on_with(tmp_path: Path) -> None:
    whole = write(tmp_path)
    lines = whole.splitlines(keepends=True)
    for size in range(len(whole)):
        (tmp_path / JOURNAL_NAME).write_bytes(whole[:size])
        with closing(Journal(tmp_path, sync=False)) as journal:
            if journal.begun_at is None:
                journal.begin("pack", BEGUN)
            journal.ended([DONE])
        after = (tmp_path / JOURNAL_NAME).read_bytes().splitlines(keepends=True)
        kept = whole[:size].count(b"\n")
        assert after[: max(kept, 1)] == lines[: max(kept, 1)]
        assert len(after) == max(kept, 1) + 1


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
def test_a_line_that_no_run_wrote_is_named_and_nothing_breaks(line: bytes, tmp_path: Path) -> None:
    write(tmp_path)
    with (tmp_path / JOURNAL_NAME).open("ab") as file:
        file.write(line + b"\n")
    with pytest.raises(InputError, match=r"line 7: not a line of a batch's journal"):
        Journal(tmp_path, sync=False)


def test_from_a_second_beginning_on_nothing_is_known_of_what_was_before(tmp_path: Path) -> None:
    write(tmp_path)
    with closing(Journal(tmp_path, sync=False)) as journal:
        assert not journal.is_complete
        journal.complete()
    with closing(Journal(tmp_path, sync=False)) as journal:
        assert journal.is_complete
        journal.begin("verify", BEGUN)
        journal.ended([DONE])
    with closing(Journal(tmp_path, sync=False)) as journal:
        assert (journal.verb_name, journal.is_complete) == ("verify", False)
        assert journal.known == {"a": Known(Ending.DONE, "sha512:1", was_made=True)}


def test_a_message_of_any_length_leaves_a_line_that_is_read_again(tmp_path: Path) -> None:
    endless = replace(FAILED, message="\u2028" * 100_000)
    with closing(Journal(tmp_path, sync=False)) as journal:
        journal.begin("pack", BEGUN)
        journal.ended([endless])
    with closing(Journal(tmp_path, sync=False)) as journal:
        assert journal.known["b"].ending is Ending.FAILED


@pytest.mark.parametrize(
    "line",
    [b"rubbish\n", b"[]\n", b"{}\n", b'{"key":"a","ending":"lost"}\n', b'{"key":[],"began":true}\n', b"\n"],
)
def test_a_line_that_is_none_is_refused_with_its_number(tmp_path: Path, line: bytes) -> None:
    whole = write(tmp_path)
    (tmp_path / JOURNAL_NAME).write_bytes(whole + line)
    with pytest.raises(InputError, match=r"line 7: not a line of a batch's journal"):
        Journal(tmp_path, sync=False)
    assert (tmp_path / JOURNAL_NAME).read_bytes() == whole + line


@pytest.mark.parametrize(
    "head",
    [b'{"schema":"another/1","verb":"pack","begun_at":"2026-11-22T12:00:00+00:00"}\n', b'{"schema":"x"}\n'],
)
def test_the_journal_of_another_program_is_refused(tmp_path: Path, head: bytes) -> None:
    (tmp_path / JOURNAL_NAME).write_bytes(head)
    with pytest.raises(InputError, match="line 1"):
        Journal(tmp_path, sync=False)


def test_a_link_in_the_place_of_the_journal_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").write_bytes(b"")
    (tmp_path / JOURNAL_NAME).symlink_to(tmp_path / "elsewhere")
    with pytest.raises(StorageError, match="cannot be opened"):
        Journal(tmp_path, sync=False)
