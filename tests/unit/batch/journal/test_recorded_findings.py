"""The findings of a failed job in the journal."""

from __future__ import annotations

import json
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from archtool.batch.job import Ending, Outcome
from archtool.batch.journal.journal import JOURNAL_NAME, Journal, JournalReader
from archtool.batch.journal.recorded_findings import findings_record, format_recorded, parse_recorded
from archtool.batch.limits import MAX_LINE_BYTES, MAX_RECORDED_FINDINGS
from archtool.errors import InputError
from archtool.findings import MAX_MESSAGE_CHARACTERS, Finding, Place, Severity
from unit.batch.journal.test_journal import BEGUN

FINDING = Finding(
    "description.date", Severity.ERROR, "no date",
    Place("letters.xlsx", None, 3, "Letters", 12, "date"), "write 1932", "EDTF",
)  # fmt: skip


def test_the_findings_are_read_as_they_were_recorded() -> None:
    findings = (FINDING, replace(FINDING, place=None, hint=None, clause=None, message="x\udcff\u2028 中央"))
    assert parse_recorded(format_recorded(findings_record(findings))) == findings


def test_no_findings_take_no_memory() -> None:
    assert format_recorded(None) is None
    assert format_recorded([]) is None
    assert parse_recorded(None) == ()


def test_of_very_many_findings_the_first_are_recorded_and_the_others_counted() -> None:
    kept = parse_recorded(format_recorded(findings_record((FINDING,) * 500)))
    assert len(kept) == MAX_RECORDED_FINDINGS + 1
    assert kept[-1].message == "480 more findings were reported when the job failed"
    assert kept[-1].hint == "to see all of them, run the same command with --retry failed"


@pytest.mark.parametrize("text", ["中", "\x00", "\udcff", "x"])
def test_the_line_of_a_job_with_long_findings_can_be_read_again(text: str, tmp_path: Path) -> None:
    long = replace(FINDING, message=text * MAX_MESSAGE_CHARACTERS, hint=text * MAX_MESSAGE_CHARACTERS)
    journal = Journal(tmp_path, sync=False)
    journal.begin("pack", BEGUN)
    journal.record_outcomes([Outcome("a", Ending.FAILED, 3, "x", findings=(long,) * 50, hint=text * 1000)])
    journal.close()
    assert max(map(len, (tmp_path / JOURNAL_NAME).read_bytes().splitlines())) < MAX_LINE_BYTES
    kept = JournalReader(tmp_path).known["a"].left_outcome("a", "x", None).findings
    assert kept[-1].message.endswith("reported when the job failed")


@pytest.mark.parametrize("records", [[1], [{}], [{**findings_record((FINDING,))[0], "severity": "bad"}]])
def test_a_journal_with_other_findings_is_refused(records: object, tmp_path: Path) -> None:
    with closing(Journal(tmp_path, sync=False)) as journal:
        journal.begin("pack", BEGUN)
    line = {
        "key": "a",
        "ending": "failed",
        "exit_code": 3,
        "inputs": "x",
        "message": None,
        "findings": records,
    }
    with (tmp_path / JOURNAL_NAME).open("a") as file:
        file.write(f"{json.dumps(line)}\n")
    with pytest.raises(InputError, match="line 2: not a line of a batch journal"):
        JournalReader(tmp_path)


def test_a_journal_of_an_earlier_version_has_no_findings(tmp_path: Path) -> None:
    with closing(Journal(tmp_path, sync=False)) as journal:
        journal.begin("pack", BEGUN)
    line = {"key": "a", "ending": "failed", "exit_code": 3, "inputs": "x", "message": "it has errors"}
    with (tmp_path / JOURNAL_NAME).open("a") as file:
        file.write(f"{json.dumps(line)}\n")
    left = JournalReader(tmp_path).known["a"].left_outcome("a", "x", None)
    assert (left.message, left.findings, left.exit_code) == ("it has errors", (), 3)
