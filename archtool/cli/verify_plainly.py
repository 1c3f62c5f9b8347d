"""`archtool verify [--jobs N] BAG...`: what scripts run all night, and hardly anything to be parsed."""

from __future__ import annotations

import time
from collections.abc import Sequence

from archtool.cli import outfit, screen, verifying
from archtool.errors import ExitCode
from archtool.fixity.root_name import RootName
from archtool.operations.ordinary_bag import VERDICT, Ordinary
from archtool.operations.verify_named import verify_named
from archtool.report.verify_text import Tally, format_verdict


def verify_plainly(bags: Sequence[str], jobs: int | None) -> ExitCode:
    """Verify every bag and tell of each; gives the worst exit code."""
    started, at_seconds = time.monotonic(), int(time.time())
    tally, width = Tally(), screen.width()
    roots = [RootName.parse(bag) for bag in bags]
    for ready in verify_named(roots, at_seconds, outfit.effort_of(jobs), outfit.make_progress()):
        lines: list[str] = []
        for root, looked in ready:
            if isinstance(looked, Ordinary):
                tally.add_ordinary(*looked.checked)
                lines.append(format_verdict(root, VERDICT))
            else:
                tally.add(looked)
                lines += verifying.format_result(looked, width)
        screen.lines(lines)
    return verifying.end(tally, started, as_json=False)
