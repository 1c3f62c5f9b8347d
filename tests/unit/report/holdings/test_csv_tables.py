"""The tables of a report, for a spreadsheet."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from archtool.report.holdings.csv_tables import fault_lines, month_lines, overdue_lines
from unit.report.holdings.reports import faulty_report, hostile_report


def rows(lines: object) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO("".join(lines))))  # type: ignore[call-overload]


def test_the_table_of_faults_has_a_line_for_each_file(tmp_path: Path) -> None:
    missing, damaged = rows(fault_lines(faulty_report(tmp_path).faults))
    assert (missing["holding"], missing["known"], missing["file"]) == ("letters-2", "no", "")
    assert (damaged["file"], damaged["problem"], damaged["known"]) == (
        "data/letters/0042.txt",
        "digest differs",
        "yes",
    )


def test_the_table_of_months_has_the_numbers_of_the_page(tmp_path: Path) -> None:
    (month,) = rows(month_lines(faulty_report(tmp_path).months))
    assert (month["month"], month["full_checks"], month["faults"]) == ("2026-01", "2", "3")


def test_no_cell_is_a_formula_or_steers_a_terminal(tmp_path: Path) -> None:
    report = hostile_report(tmp_path)
    cells = [
        cell
        for row in (*rows(fault_lines(report.faults)), *rows(overdue_lines(report.overdue)))
        for cell in row.values()
    ]
    assert any("cmd|" in cell for cell in cells)
    assert not any(cell.startswith(("=", "+", "-", "@")) for cell in cells)
    assert not any(set("\x1b\u202e\r") & set(cell) for cell in cells)
