"""Defines `SiteRequest`: of which packages a site is made, how they are checked, and what its pages show."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from archtool.archives.limits import Limits
from archtool.files.workers.concurrency import Concurrency
from archtool.operations.trust.trust_request import TrustRequest
from archtool.report.package_page.limits import PAGE_LINES
from archtool.report.site.model import Frame


@dataclass(frozen=True, slots=True)
class SiteRequest:
    """The folders with the packages, the folder of the site, and the options."""

    roots: tuple[Path, ...]
    target: Path
    frame: Frame
    at: datetime
    """The current time, aware: keys must be valid then."""
    checked_at: datetime | None = None
    """The date of the checks, which pages state; `None` if the packages are not verified."""
    is_date_given: bool = False
    trust: TrustRequest = field(default_factory=TrustRequest)
    with_images: bool = False
    page_lines: int = PAGE_LINES
    makes_all: bool = False
    """Whether pages are made again even if nothing changed."""
    limits: Limits = field(default_factory=Limits)
    concurrency: Concurrency = field(default_factory=Concurrency)
    count: Callable[[int, int], None] = lambda _done, _total: None
    """Called with the number of packages that are done and the number of all."""
