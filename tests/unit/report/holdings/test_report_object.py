"""The report as JSON."""

from __future__ import annotations

import json
from pathlib import Path

from archtool.report.holdings.report_object import report_object
from unit.report.holdings.reports import calm_report, faulty_report


def test_the_object_has_totals_faults_and_what_is_left_out(tmp_path: Path) -> None:
    value = json.loads(json.dumps(report_object(faulty_report(tmp_path))))
    assert value["schema"] == "archtool/holdings-report/1"
    assert value["totals"] == {
        "holdings": 5, "copies": 6, "bytes": 6000, "known_bad": 2, "never_checked": 2, "overdue": 0,
        "oldest_check": "2026-01-01T02:00:00Z",
        "in_future": 0,
    }  # fmt: skip
    assert (value["faults"]["count"], value["faults"]["new"], value["faults"]["left_out"]) == (2, 1, 0)
    assert value["faults"]["list"][1]["problems"][0]["file"] == "data/letters/0042.txt"
    assert value["run"]["extra"] == value["new_extra"] == ["/shelf/found"]


def test_a_quiet_register_has_empty_lists_and_the_next_date(tmp_path: Path) -> None:
    value = report_object(calm_report(tmp_path))
    assert (value["result"], value["faults"]["list"], value["overdue"]["list"]) == ("nothing wrong", [], [])
    assert value["overdue"]["next"] == "2026-04-11T02:00:00Z"
