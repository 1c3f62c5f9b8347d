"""Checks the clock, without a network: packages, signatures and events get their dates from it."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from archtool.operations.doctor.model import Check, Surroundings, failed, passed, warned

_AREA = "clock"
_EPOCH_VARIABLE = "SOURCE_DATE_EPOCH"
_TOLERANCE = timedelta(days=1)  # time zones and slow builds
_TIMEOUT_SECONDS = 5
_SET = "timedatectl set-ntp true"


def check_clock(surroundings: Surroundings) -> Iterator[Check]:
    """Check that the time is after that of archtool's own files, and whether the system keeps it."""
    now = surroundings.now
    installed = datetime.fromtimestamp(Path(__file__).stat().st_mtime, UTC)
    time = f"{now:%Y-%m-%d %H:%M:%S} UTC"
    if now < installed - _TOLERANCE:
        yield failed(_AREA, f"{time} is before archtool was installed ({installed:%Y-%m-%d})", _SET)
    elif (is_synchronised := _is_synchronised()) is False:
        yield warned(_AREA, f"{time}; the system says that the clock is not synchronised", _SET)
    else:
        how = "synchronised" if is_synchronised else "whether it is synchronised cannot be found out here"
        yield passed(_AREA, f"{time}; {how}")
    epoch = surroundings.environment.get(_EPOCH_VARIABLE)
    if epoch is not None:
        yield warned(
            _AREA,
            f"{_EPOCH_VARIABLE}={epoch[:40]} fixes the date of every package and event",
            f"if that is not meant: unset {_EPOCH_VARIABLE}",
        )


def _is_synchronised() -> bool | None:
    """Return what systemd says about the clock; `None` if it is not there."""
    command = ["timedatectl", "show", "--property=NTPSynchronized", "--value"]
    try:
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, check=False, timeout=_TIMEOUT_SECONDS
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return {b"yes": True, b"no": False}.get(done.stdout.strip())
