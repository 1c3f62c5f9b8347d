"""What begins each file of a report: a file with the same name is replaced only if it has the mark."""

from __future__ import annotations

GENERATOR = '<meta name="generator" content="archtool holdings report">'
AUTO_SUBMITTED = "auto-generated"  # the value of the header field Auto-Submitted
MAIL = f"Auto-Submitted: {AUTO_SUBMITTED}"
METRICS = "# HELP archtool_holdings "
