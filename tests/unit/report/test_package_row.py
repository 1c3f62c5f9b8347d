"""The row of a package reaches another process as it is."""

from __future__ import annotations

import pickle
from datetime import UTC, datetime

from archtool.findings import Finding, Severity
from archtool.report.package_row import PackageRow, RecordedCheck

CHECK = RecordedCheck(
    "0002-fixity-check",
    "fixity-check",
    True,
    datetime(2026, 11, 22, tzinfo=UTC),
    ("A",),
    "valid",
    "consistent",
)
PROBLEM = Finding("list.unreadable", Severity.ERROR, "the package cannot be read")
ROW = PackageRow(
    "b1", "out/b1", PROBLEM, "letter-1", "Letter", "1932-05", 3, 9_000, True, "ab12", CHECK,
    (("text/plain", 3),),
)  # fmt: skip


def test_a_row_with_every_field_is_the_same_in_another_process() -> None:
    assert pickle.loads(pickle.dumps(ROW)) == ROW  # noqa: S301 - own data
