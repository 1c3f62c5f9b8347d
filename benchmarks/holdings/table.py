"""The table of the works on registers."""

from __future__ import annotations

from collections.abc import Callable

from benchmarks.field import WorkContext
from benchmarks.holdings.package_works import adopt, audit
from benchmarks.holdings.works import due, first_page, report, show, verify_chain
from benchmarks.model import Work

HOLDINGS_WORKS: dict[str, Callable[[WorkContext], Work]] = {
    "holdings-due": due,
    "holdings-list": first_page,
    "holdings-show": show,
    "holdings-verify": verify_chain,
    "holdings-adopt": adopt,
    "holdings-report": report,
    "audit": audit,
}
