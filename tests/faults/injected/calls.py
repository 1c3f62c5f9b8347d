"""Finds the system calls of a command that use a folder, and runs the command with one of them failing.

strace does both: `-y` shows the path behind every descriptor, `-e inject=` makes the Nth call of a kind fail.

Source: strace(1), "Tampering".
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from command_line import Run, unmeasured

KINDS = (
    "openat", "write", "fsync", "fdatasync", "rename", "renameat", "renameat2", "mkdir", "mkdirat", "close",
    "link", "linkat", "unlink", "unlinkat", "read", "pread64",
)  # fmt: skip
ERRORS = {
    "openat": ("EIO", "EMFILE", "ENOSPC"),
    "write": ("EIO", "ENOSPC"),
    "fsync": ("EIO",),
    "fdatasync": ("EIO",),
    "mkdir": ("ENOSPC",),
    "mkdirat": ("ENOSPC",),
    "read": ("EIO",),
    "pread64": ("EIO",),
    "close": ("EIO",),
}
_DEFAULT_ERRORS = ("EIO",)
_CALL = re.compile(r"(?:\d+ +)?([a-z0-9_]+)\(")
_TIMEOUT_SECONDS = 120


@dataclass(frozen=True, slots=True)
class Fault:
    """One failing call."""

    call: str
    number: int
    """The number of the call among the calls of this kind, counted from 1."""
    error: str
    line: str = ""
    """The call in a run in which it did not fail."""

    def __str__(self) -> str:
        return f"{self.call} {self.number} {self.error}"


def find_faults(command: Sequence[str | Path], folder: Path) -> list[Fault]:
    """Return every call of a command that uses the folder, once for each error that it can have."""
    log = folder.parent / "calls"
    traced = ["strace", "-f", "-y", "-s", "60", "-qq", "-o", str(log), "-e", f"trace={','.join(KINDS)}"]
    done = _run([*traced, *_words(command)], folder)
    assert done.code == 0, done.err
    counts: Counter[str] = Counter()
    faults: list[Fault] = []
    for line in log.read_text(errors="replace").splitlines():
        found = _CALL.match(line)
        if found is None or found[1] not in KINDS or "<unfinished" in line:
            continue
        counts[found[1]] += 1
        if _touches(folder, line) and "ENOENT" not in line:
            errors = ERRORS.get(found[1], _DEFAULT_ERRORS)
            faults += [Fault(found[1], counts[found[1]], error, line[:200]) for error in errors]
    return faults


def _touches(folder: Path, line: str) -> bool:
    """Whether a call uses a path in the folder, by a descriptor or by a name."""
    descriptor = re.match(r"(?:\d+ +)?(?:write|fsync|fdatasync|close|read|pread64)\(\d+<([^>]*)>", line)
    if descriptor is not None:
        return descriptor[1].startswith(str(folder))
    return str(folder) in line


def run_with(fault: Fault, command: Sequence[str | Path], folder: Path) -> Run:
    """Run a command with one failing call."""
    inject = f"inject={fault.call}:error={fault.error}:when={fault.number}"
    words = ["strace", "-f", "-qq", "-o", "/dev/null", "-e", f"trace={fault.call}", "-e", inject]
    return _run([*words, *_words(command)], folder)


def _words(command: Sequence[str | Path]) -> list[str]:
    return [sys.executable, "-m", "archtool", *map(str, command)]


def _run(words: Sequence[str], folder: Path) -> Run:
    # for the same calls in every run: no bytecode is written, and sets have a fixed order
    settings = {"PYTHONDONTWRITEBYTECODE": "1", "PYTHONHASHSEED": "0", "ARCHTOOL_CONFIG": ""}
    done = subprocess.run(
        list(words),
        cwd=folder.anchor,  # so that only intended paths begin with the folder
        env={**unmeasured(), **settings, "PATH": os.environ["PATH"]},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=_TIMEOUT_SECONDS,
        check=False,
    )
    return Run(
        done.returncode, done.stdout.decode("utf-8", "replace"), done.stderr.decode("utf-8", "replace")
    )
