"""`archtool verify [--jobs N] BAG...`: what scripts run all night, and hardly anything to be parsed."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from archtool.cli import outfit, screen, verifying
from archtool.cli.job_bar import JobBar
from archtool.errors import ExitCode
from archtool.fixity.root_name import RootName
from archtool.operations.ordinary_bag import VERDICT, Ordinary
from archtool.operations.verify_named import verify_named
from archtool.report.verify_text import Tally, format_verdict

if TYPE_CHECKING:
    from archtool.results import Result


def verify_plainly(bags: Sequence[str], jobs: int | None) -> ExitCode:
    """Verify every bag and tell of each; gives the worst exit code."""
    started, at_seconds = time.monotonic(), int(time.time())
    tally, width = Tally(), screen.width()
    roots = [RootName.parse(bag) for bag in bags]
    with JobBar(len(roots), verifying.LABEL) as bar:
        for ready in verify_named(roots, at_seconds, outfit.effort_of(jobs), outfit.make_progress()):
            screen.lines(_told(ready, tally, bar, width))
    return verifying.end(tally, started, as_json=False)


def _told(
    ready: Iterable[tuple[RootName, Ordinary | Result]], tally: Tally, bar: JobBar, width: int
) -> Iterator[str]:
    """The lines for some bags, which are counted as they are told of."""
    for root, looked in ready:
        if isinstance(looked, Ordinary):
            files, size_bytes = looked.checked
            tally.add_ordinary(files, size_bytes)
            bar.advance(size_bytes, is_failure=False)
            yield format_verdict(root, VERDICT)
        else:
            verifying.count(looked, tally, bar)
            yield from verifying.format_result(looked, width)
