"""Runs archtool on a pseudo-terminal, like a person who reads the screen and answers prompts."""

from __future__ import annotations

import contextlib
import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from pathlib import Path

DEADLINE_SECONDS = 60


class Terminal:
    """A terminal of a given width that runs archtool and answers its prompts."""

    def __init__(
        self, *arguments: str | Path, columns: int = 80, cwd: Path | None = None, **environment: str
    ) -> None:
        self.screen, inner = pty.openpty()
        fcntl.ioctl(inner, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
        command = [sys.executable, "-m", "archtool", *map(str, arguments)]
        # the environment is passed explicitly: readline sets COLUMNS without Python's knowledge
        self.process = subprocess.Popen(
            command, stdin=inner, stdout=inner, stderr=inner, start_new_session=True, cwd=cwd,
            env={**os.environ, **environment},
        )  # fmt: skip
        os.close(inner)
        self.text = ""

    def wait_for(self, words: str, times: int = 1) -> None:
        deadline = time.monotonic() + DEADLINE_SECONDS
        while self.text.count(words) < times:
            assert time.monotonic() < deadline, f"never said {words!r}:\n{self.text}"
            assert self._read(), f"ended without saying {words!r}:\n{self.text}"

    def answer(self, words: str) -> None:
        os.write(self.screen, words.encode() + b"\n")

    def interrupt(self) -> None:
        """Press Ctrl-C until it is heard: what comes just before a wait, Python hears after it."""
        deadline = time.monotonic() + DEADLINE_SECONDS
        while time.monotonic() < deadline:
            self.process.send_signal(signal.SIGINT)
            if select.select([self.screen], [], [], 2)[0]:
                return

    def end(self) -> int:
        """Read to the end and give the exit code."""
        while self._read():
            pass
        os.close(self.screen)
        return self.process.wait(timeout=DEADLINE_SECONDS)

    def _read(self) -> bool:
        if not select.select([self.screen], [], [], DEADLINE_SECONDS)[0]:
            return False
        try:
            data = os.read(self.screen, 65536)
        except OSError:  # the other end is closed
            return False
        self.text += data.decode("utf-8", "replace")
        return bool(data)

    @property
    def lines(self) -> list[str]:
        """The lines that are left on the screen: what was written over is not in them."""
        return [line.rstrip("\r").rpartition("\r")[2] for line in self.text.split("\n")]


def stderr_on_terminal(*arguments: str | Path, file: Path, code: int) -> str:
    """Return what stderr shows on a terminal while stdout goes to a file."""
    screen, inner = pty.openpty()
    command = [sys.executable, "-m", "archtool", *map(str, arguments)]
    with file.open("wb") as lines:
        process = subprocess.Popen(command, stdout=lines, stderr=inner, env=dict(os.environ))
    os.close(inner)
    seen = b""
    with contextlib.suppress(OSError):  # the other end is closed
        while data := os.read(screen, 65536):
            seen += data
    os.close(screen)
    assert process.wait(timeout=DEADLINE_SECONDS) == code
    return seen.decode()
