"""The time, and the one date that a package bears: they come in from here and nowhere else."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import click

EPOCH_VARIABLE = "SOURCE_DATE_EPOCH"


def now() -> datetime:
    """The time on this machine, to the second, in UTC."""
    return datetime.now(UTC).replace(microsecond=0)


def packaging_date(given: str | None) -> datetime:
    """The date of a package: `--date`, else `SOURCE_DATE_EPOCH`, else now.

    Raises:
        click.BadParameter: it is not a date.

    Source: https://reproducible-builds.org/specs/source-date-epoch/
    """
    if given is not None:
        return _parse(given)
    return fixed_date() or now()


def fixed_date() -> datetime | None:
    """The date that `SOURCE_DATE_EPOCH` fixes for everything that a run makes; `None` where it is not set.

    Raises:
        click.BadParameter: it is not a date.
    """
    epoch = os.environ.get(EPOCH_VARIABLE)
    if epoch is None:
        return None
    try:
        return datetime.fromtimestamp(int(epoch), UTC)
    except (ValueError, OverflowError, OSError):
        raise _no_date(f"{EPOCH_VARIABLE} is not a number of seconds: {epoch!r}") from None


def _parse(text: str) -> datetime:
    try:
        date = datetime.fromisoformat(text)
    except ValueError:
        raise _no_date(
            f"not a date: {text!r} (write 2026-11-22 or 2026-11-22T18:30:00Z)", param_hint="--date"
        ) from None
    # a date without a zone means UTC here, so that the same command gives the same bytes everywhere
    aware = date.replace(tzinfo=UTC) if date.tzinfo is None else date.astimezone(UTC)
    return aware.replace(microsecond=0)


def _no_date(message: str, param_hint: str | None = None) -> click.BadParameter:
    import click

    return click.BadParameter(message, param_hint=param_hint)
