"""The audit as a systemd service with a timer.

Source: systemd.service(5) (COMMAND LINES), systemd.syntax(7), systemd.timer(5).
"""

from __future__ import annotations

import posixpath
from collections.abc import Sequence

from archtool.report.schedule.model import NAME, Piece, Schedule

_FOLDER = "/etc/systemd/system"
_REFUSED = frozenset("\\'\"")
"""Characters that systemd refuses in the name of a program, also if they are escaped."""
_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "%": "%%", "\n": "\\n", "\t": "\\t"})


def systemd_pieces(schedule: Schedule) -> list[Piece]:
    """Return the service and the timer."""
    return [
        Piece("systemd", f"{NAME}.service", f"save it as {_FOLDER}/{NAME}.service", _service(schedule)),
        Piece(
            "systemd", f"{NAME}.timer",
            f"save it as {_FOLDER}/{NAME}.timer, then:", _timer(schedule),
            f"sudo systemctl daemon-reload && sudo systemctl enable --now {NAME}.timer",
        ),
    ]  # fmt: skip


def _service(schedule: Schedule) -> str:
    program, *arguments = _startable(schedule.command)
    # the colon keeps systemd from replacing $NAME (systemd 244 or later)
    words = [quote(f":{program}"), *map(quote, arguments)]
    return (
        "[Unit]\n"
        "Description=Fixity audit of the register of holdings\n"
        f"RequiresMountsFor={quote(posixpath.dirname(schedule.register))}\n"
        "\n"
        "[Service]\n"
        "Type=oneshot\n"
        f"User={schedule.user.replace('%', '%%')}\n"
        f"ExecStart={' '.join(words)}\n"
        "Nice=10\n"
        "IOSchedulingClass=idle\n"
    )


def _startable(command: Sequence[str]) -> Sequence[str]:
    """Return the command, started by a shell if systemd refuses the name of the program."""
    if not _REFUSED & set(command[0]):
        return command
    return ("/bin/sh", "-c", 'exec "$@"', NAME, *command)


def _timer(schedule: Schedule) -> str:
    return (
        "[Unit]\n"
        "Description=Fixity audit every day\n"
        "\n"
        "[Timer]\n"
        f"OnCalendar=*-*-* {schedule.hour:02}:{schedule.minute:02}:00\n"
        "# an audit that was missed, because the machine was off, begins after the start\n"
        "Persistent=true\n"
        "\n"
        "[Install]\n"
        "WantedBy=timers.target\n"
    )


def quote(word: str) -> str:
    """Return a word as it stands in a unit file, in quotes if it needs them."""
    escaped = word.translate(_ESCAPES)
    is_plain = word != "" and escaped == word and not any(c.isspace() or c in "';" for c in word)
    return escaped if is_plain else f'"{escaped}"'
