"""`verify` prints a line for each bag, and finally a line of totals."""

from __future__ import annotations

from typing import Any

from archtool.exit_codes import ExitCode
from archtool.findings import Finding, Kind, Severity
from archtool.report.text.verify import VerifyTotals, format_verdict
from archtool.results import Result

BAD = Kind("payload.missing", Severity.ERROR, "A file is not there.", "put it there")
NOT_TRUSTED = Kind("trust.unsigned", Severity.ERROR, "Not signed.", "sign it", exit_code=ExitCode.NOT_TRUSTED)
DOUBTFUL = Kind("payload.empty", Severity.WARNING, "A file is empty.", "check it")
VERDICT = {"bag": "valid", "content": "consistent", "trust": "not-asked"}


def result(*findings: Finding, set_aside: tuple[Finding, ...] = (), **facts: Any) -> Result:
    return Result("archtool/verify/1", "letters", findings, VERDICT, facts, set_aside=set_aside)


def totals_of(*results: Result) -> VerifyTotals:
    totals = VerifyTotals()
    for one in results:
        totals.add(one)
    return totals


def test_three_verdicts_are_printed_on_one_line() -> None:
    line = format_verdict("letters", VERDICT)
    assert line == "letters: bag valid · content consistent · trust not-asked"


def test_a_bags_name_cannot_steer_a_terminal() -> None:
    assert format_verdict("a\x1b[2Jb", {"bag": "valid"}) == "a\\u001b[2Jb: bag valid"


def test_the_last_line_counts_bags_files_and_findings() -> None:
    totals = totals_of(
        result(BAD.at("a"), DOUBTFUL.at("b"), checked={"files": 1204, "bytes": 17_400}), result()
    )
    assert totals.format(1.25) == "2 bags · 1,204 files read · 17.4 KB · 1 failed · 1 warning · 1.2 s"


def test_a_bag_without_findings_ends_with_exit_code_zero() -> None:
    totals = totals_of(result(checked={"files": 3, "bytes": 5}))
    assert totals.format(0) == "1 bag · 3 files read · 5 bytes · 0 failed · 0 warnings · 0.0 s"
    assert totals.exit_code == ExitCode.DONE


def test_findings_set_aside_are_counted_and_do_not_affect_the_exit_code() -> None:
    totals = totals_of(result(set_aside=(BAD.at("a"), BAD.at("b"))))
    assert (
        totals.format(0)
        == "1 bag · 0 files read · 0 bytes · 0 failed · 0 warnings · 2 findings set aside · 0.0 s"
    )
    assert totals.exit_code == ExitCode.DONE


def test_the_worst_bag_decides_the_exit_code_in_any_order() -> None:
    good, bad, doubtful, strange = (
        result(),
        result(BAD.at("a")),
        result(DOUBTFUL.at("b")),
        result(NOT_TRUSTED.at("c")),
    )
    assert totals_of(good, doubtful).exit_code == ExitCode.DONE
    assert totals_of(strange, good).exit_code == ExitCode.NOT_TRUSTED
    assert totals_of(strange, bad, good).exit_code == ExitCode.PROBLEMS_FOUND
    assert totals_of(bad, strange, doubtful).exit_code == ExitCode.PROBLEMS_FOUND
