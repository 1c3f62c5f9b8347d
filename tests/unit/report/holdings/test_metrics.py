"""The numbers for Prometheus, read with the parser of its own client library."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from prometheus_client.parser import text_string_to_metric_families

from archtool.holdings.reporting.model import HoldingsReport
from archtool.report.holdings.metrics import format_metrics
from unit.holdings.histories import report_of
from unit.holdings.registers import day, make_register
from unit.report.holdings.reports import HOSTILE, calm_report, faulty_report, hostile_report


def gauges(report: HoldingsReport) -> dict[tuple[str, str | None], float]:
    """Return the value of each sample by its name and state."""
    samples = {}
    for family in text_string_to_metric_families(format_metrics(report)):
        assert family.type == "gauge"
        assert family.documentation
        for sample in family.samples:
            samples[sample.name, sample.labels.get("state")] = sample.value
    return samples


def test_the_gauges_have_the_numbers_of_the_report(tmp_path: Path) -> None:
    found = gauges(faulty_report(tmp_path))
    assert found["archtool_holdings", None] == 5
    assert found["archtool_copies", None] == 6
    assert found["archtool_bytes", None] == 6000
    assert found["archtool_copies_not_in_order", None] == 2
    assert found["archtool_copies_never_checked", None] == 2
    assert found["archtool_copies_overdue", None] == 0
    assert found["archtool_copies_by_state", "missing"] == 1
    assert found["archtool_copies_by_state", "moved"] == 0
    assert found["archtool_last_audit_success", None] == 0
    assert found["archtool_last_audit_unregistered", None] == 1


def test_times_are_seconds_since_1970(tmp_path: Path) -> None:
    found = gauges(calm_report(tmp_path))
    audit_at = datetime(2026, 1, 11, 2, tzinfo=UTC).timestamp()
    assert found["archtool_last_audit_timestamp_seconds", None] == audit_at
    assert found["archtool_oldest_check_timestamp_seconds", None] == audit_at
    assert found["archtool_last_audit_success", None] == 1


def test_a_register_without_an_audit_has_no_time_of_one(tmp_path: Path) -> None:
    with make_register(tmp_path) as register:
        names = {name for name, _ in gauges(report_of(register, day(1)))}
    assert "archtool_holdings" in names
    assert not any("last_audit" in name or "oldest" in name for name in names)


def test_a_hostile_name_of_an_archive_stays_within_its_label(tmp_path: Path) -> None:
    report = hostile_report(tmp_path)
    plain = gauges(report)
    archives = {
        sample.labels["archive"]
        for family in text_string_to_metric_families(format_metrics(report))
        for sample in family.samples
    }
    (archive,) = archives
    assert archive.startswith(HOSTILE[:20])
    assert archive.endswith("\\")
    assert not set("\r\n\x1b\u202e") & set(archive)
    assert plain["archtool_holdings", None] == 2
