"""The lines of a batch for people."""

from __future__ import annotations

from dataclasses import replace

import pytest

from archtool.findings import Finding, Place, Severity
from archtool.report.batch_product import Product
from archtool.report.text.batch import EndedJob, Style, format_batch_summary, format_job
from archtool.report.text.batch_tally import FEW_FAILED, FindingTally
from archtool.report.text.columns import text_width

MADE = EndedJob(
    "letters/0012", "done", seconds=0.123,
    product=Product("Letter to the sections", "out/letters/0012", None, None, 14, 3_200_000),
)  # fmt: skip
DATE = Finding(
    "description.date", Severity.ERROR, "'19-99' is not a date",
    Place("letters.csv", None, 3, None, 12, "date"), "write 1932-05",
)  # fmt: skip
WARNING = Finding("rights.missing", Severity.WARNING, "no rights", Place("letters.csv", row=2), "say whose")


def texts(job: EndedJob, width: int = 80) -> list[str]:
    return [line.text for line in format_job(job, width)]


def titled(title: str) -> EndedJob:
    return replace(MADE, product=replace(MADE.product, title=title))


def test_the_line_of_a_package_names_it_and_ends_in_its_title() -> None:
    row = "done    letters/0012           14 files    3.2 MB    0.1 s  Letter to the "
    assert texts(MADE) == [f"{row}secti…"]
    assert text_width(texts(MADE, 120)[0]) < 120
    assert texts(MADE, 120)[0].endswith("0.1 s  Letter to the sections")


@pytest.mark.parametrize("width", [40, 60, 80, 120])
@pytest.mark.parametrize(
    "title", ["Letter " * 40, "中央委員會致各支部的信" * 9, "رسالة إلى الأقسام " * 9, "x\u202e\ny"]
)
def test_no_title_is_wider_than_the_window(width: int, title: str) -> None:
    (line,) = texts(titled(title), width)
    assert text_width(line) <= width
    assert line.isprintable()


def test_the_numbers_of_all_lines_are_below_each_other() -> None:
    jobs = [
        MADE,
        titled("中央"),
        replace(MADE, key="信/0001"),
        replace(MADE, product=replace(MADE.product, files=1)),
    ]
    ends = {text_width(texts(job)[0].partition(" s  ")[0]) for job in jobs}
    assert len(ends) == 1


def test_a_long_key_is_shown_whole() -> None:
    key = "letters of the bureau/" * 5
    assert key.rstrip() in texts(replace(MADE, key=key))[0]


def test_warnings_of_a_package_that_was_made_are_counted_in_its_line() -> None:
    assert "0.1 s  1 warning · Letter" in texts(replace(MADE, findings=(WARNING,)))[0]


def test_the_verdicts_of_a_verification_fit_in_the_narrowest_usual_window() -> None:
    verdict = {"bag": "valid", "content": "consistent", "trust": "not-asked"}
    (line,) = texts(replace(MADE, verdict=verdict, product=replace(MADE.product, title=None)))
    assert line.endswith("valid · consistent · not-asked")


def test_a_failed_job_shows_place_code_and_hint_of_every_finding() -> None:
    findings = (DATE, replace(DATE, message="'x' is not a date", hint="write 1933"))
    job = EndedJob("letters/0012", "failed", is_failure=True, message="not packed", findings=findings)
    lines = list(format_job(job, 100))
    assert [line.text for line in lines] == [
        "FAILED  letters/0012               2 errors",
        "  error letters.csv, row 12, column date: '19-99' is not a date [description.date]",
        "        hint: write 1932-05",
        "  error letters.csv, row 12, column date: 'x' is not a date [description.date]",
        "        hint: write 1933",
    ]
    assert [line.style for line in lines] == [Style.BAD, *[Style.PLAIN] * 4]


def test_a_job_that_failed_without_findings_shows_its_message_and_hint() -> None:
    job = EndedJob("a", "failed", is_failure=True, message="the disk is full", hint="free some space")
    assert texts(job) == ["FAILED  a", "  error the disk is full", "        hint: free some space"]


def test_a_job_that_was_left_as_failed_says_so_and_shows_its_findings() -> None:
    job = EndedJob("a", "left", is_failure=True, is_left=True, findings=(DATE,))
    assert texts(job)[0] == "FAILED  a                     1 error · as in the last run"
    assert "hint: write 1932-05" in texts(job)[-1]


def test_a_job_that_was_left_says_why_and_claims_no_time() -> None:
    job = EndedJob("a", "left", is_left=True, message="an earlier run did it; it was not checked again")
    (line,) = format_job(job, 80)
    assert line.text == "left    a                     an earlier run did it; it was not checked again"
    assert line.style is Style.QUIET


def test_the_counts_of_a_check_call_no_package_done() -> None:
    counts = {"done": 1, "failed": 0, "left": 0, "not-begun": 2}
    assert (
        format_batch_summary(counts, 1000, 1.0) == "3 jobs · 1 done · 0 failed · 2 not begun · 1.0 KB · 1.0 s"
    )
    assert format_batch_summary(counts, 0, 1.0, {"done": "ready"}).startswith("3 jobs · 1 ready · 0 failed")


def tally_of(*jobs: EndedJob) -> list[str]:
    tally = FindingTally()
    for position, job in reversed(list(enumerate(jobs))):  # jobs end in any order
        tally.add(job, position)
    return list(tally.format(80))


def failed(number: int, *findings: Finding) -> EndedJob:
    return EndedJob(
        f"letters/{number}", "failed", is_failure=True, message="the disk is full", findings=findings
    )


def at_row(number: int) -> Finding:
    return replace(DATE, place=Place("letters.csv", row=number, column_name="date"))


def test_many_failures_are_summed_up_by_kind_with_the_first_place_in_the_source() -> None:
    jobs = [failed(n, at_row(n), at_row(n)) for n in range(2, 182)]
    assert tally_of(*jobs, failed(9), replace(MADE, findings=(WARNING,))) == [
        "",
        "findings by kind:",
        "  360 × error [description.date] in 180 jobs, first: letters.csv, row 2, column",
        "        date",
        "    1 × failed without a finding, first: letters/9: the disk is full",
        "    1 × warning [rights.missing], first: letters.csv, row 2",
        "archtool explain CODE tells what to do about each",
    ]


def test_few_failures_are_not_repeated_below_their_lines() -> None:
    few = [failed(n, DATE) for n in range(FEW_FAILED)]
    assert tally_of(*few) == []
    assert tally_of(*few, replace(MADE, findings=(WARNING,)))[1:] != []


def test_a_job_that_failed_without_a_hint_has_its_message_only() -> None:
    failed = EndedJob("letters/0013", "failed", is_failure=True, message="the disk is full")
    assert [text for text in texts(failed) if "disk" in text or "hint" in text] == [
        "  error the disk is full"
    ]
