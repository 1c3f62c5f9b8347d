"""A rule of Prometheus that fires when the audit no longer runs.

Source: node_exporter, textfile collector (`node_textfile_mtime_seconds`); Prometheus, alerting rules.
"""

from __future__ import annotations

import json
import ntpath
import re

from archtool.report.schedule.model import Piece, Schedule

_DAY_SECONDS = 24 * 60 * 60


def prometheus_piece(schedule: Schedule) -> Piece:
    """Return the rule. The metrics file must be in the folder of node_exporter's textfile collector."""
    name = ntpath.basename(schedule.metrics)  # splits at both kinds of slashes
    series = f"node_textfile_mtime_seconds{{file=~{json.dumps(f'(.*[/])?{re.escape(name)}')}}}"
    late = schedule.watch_days * _DAY_SECONDS
    expression = f"time() - {series} > {late} or absent({series})"
    text = (
        "groups:\n"
        "  - name: archtool\n"
        "    rules:\n"
        "      - alert: ArchtoolAuditMissing\n"
        f"        expr: {_yaml(expression)}\n"
        "        for: 1h\n"
        "        annotations:\n"
        f"          summary: {_yaml(f'no fixity audit has ended for {schedule.watch_days} days')}\n"
    )
    purpose = f"an alert rule; {schedule.metrics} must be in the folder of node_exporter's textfile collector"
    return Piece("prometheus", "archtool-rules.yaml", purpose, text)


def _yaml(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
