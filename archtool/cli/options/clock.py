"""The current time and the date of a package: commands get both only from here."""

from __future__ import annotations

import os
from datetime import UTC, datetime

import click

EPOCH_VARIABLE = "SOURCE_DATE_EPOCH"


def now() -> datetime:
    """Return the time on this machine, to the second, in UTC."""
    return datetime.now(UTC).replace(microsecond=0)


def packaging_date(given: str | None) -> datetime:
    """Return the date of a package: `--date`, else `SOURCE_DATE_EPOCH`, else now.

    Raises:
        click.BadParameter: the text is not a date.

    Source: https://reproducible-builds.org/specs/source-date-epoch/
    """
    if given is not None:
        return _parse(given)
    return fixed_date() or now()


def fixed_date() -> datetime | None:
    """Return the date that `SOURCE_DATE_EPOCH` fixes for everything that a run makes; `None` if it is unset.

    Raises:
        click.BadParameter: the variable is not a number of seconds.
    """
    epoch = os.environ.get(EPOCH_VARIABLE)
    if epoch is None:
        return None
    try:
        return datetime.fromtimestamp(int(epoch), UTC)
    except (ValueError, OverflowError, OSError):
        raise click.BadParameter(f"{EPOCH_VARIABLE} is not a number of seconds: {epoch!r}") from None


def _parse(text: str) -> datetime:
    try:
        date = datetime.fromisoformat(text)
    except ValueError:
        raise click.BadParameter(
            f"not a date: {text!r} (write 2026-11-22 or 2026-11-22T18:30:00Z)", param_hint="--date"
        ) from None
    # a date without a zone means UTC, so that the same command makes the same bytes everywhere
    aware = date.replace(tzinfo=UTC) if date.tzinfo is None else date.astimezone(UTC)
    return aware.replace(microsecond=0)
