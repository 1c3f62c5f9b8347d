"""All pieces of a schedule as one text to read, each below a comment that says where it belongs."""

from __future__ import annotations

import shlex
import textwrap
from collections.abc import Collection, Iterator

from archtool.report.schedule.crontab import cron_pieces
from archtool.report.schedule.model import Piece, Schedule
from archtool.report.schedule.prometheus import prometheus_piece
from archtool.report.schedule.systemd import systemd_pieces
from archtool.report.schedule.windows import windows_pieces

SYSTEMS = ("systemd", "cron", "windows", "prometheus")
_WIDTH = 100


def schedule_pieces(schedule: Schedule, systems: Collection[str] = SYSTEMS) -> list[Piece]:
    """Return the pieces for these systems."""
    pieces = [
        *systemd_pieces(schedule), *cron_pieces(schedule), *windows_pieces(schedule),
        prometheus_piece(schedule),
    ]  # fmt: skip
    return [piece for piece in pieces if piece.system in systems]


def format_schedule(schedule: Schedule, systems: Collection[str] = SYSTEMS) -> Iterator[str]:
    """Yield the lines of all pieces; a single one is printed as it is, so that it can be saved."""
    pieces = schedule_pieces(schedule, systems)
    if len(pieces) > 1:
        yield from _comment(
            f"before you install it, run this once as the user {schedule.user}; it reads no package:"
        )
        yield f"# {shlex.join([*schedule.command, '--plan'])}"
    for piece in pieces:
        if len(pieces) > 1:
            yield ""
            yield from _comment(f"{piece.system}, {piece.name}: {piece.purpose}")
            if piece.command:
                yield f"# {piece.command}"
        yield from piece.text.splitlines()


def _comment(text: str) -> Iterator[str]:
    yield from textwrap.wrap(
        text, _WIDTH, initial_indent="# ", subsequent_indent="# ", break_long_words=False,
        break_on_hyphens=False,
    )  # fmt: skip
