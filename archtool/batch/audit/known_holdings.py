"""Checks the names of the holdings that are to be audited."""

from __future__ import annotations

from collections.abc import Sequence

from archtool.batch.audit.limits import MAX_NAMED_HOLDINGS
from archtool.errors import InputError, UsageError
from archtool.files.paths import shell_word, shown
from archtool.holdings.queries import find_holding
from archtool.holdings.register import Register


def known_holdings(names: Sequence[str], register: Register) -> tuple[str, ...]:
    """Return names of holdings, each once and in order.

    Raises:
        UsageError: there are too many.
        InputError: one is unknown, or was withdrawn.
    """
    if len(names) > MAX_NAMED_HOLDINGS:
        raise UsageError(
            f"{len(names):,} holdings are named, at most {MAX_NAMED_HOLDINGS:,} can be",
            hint="check them in several runs, or give --shelf DIR",
        )
    for name in names:
        if find_holding(register.connection, name).withdrawn_at is not None:
            raise InputError(
                f"{shown(name)} was withdrawn: the register no longer watches its copies",
                hint=f"see: archtool holdings show {shell_word(name)}",
            )
    return tuple(sorted(set(names)))
