"""Runs one contestant once, and says what it needed or why it failed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.model import Contestant, Run

_LAUNCH = Path(__file__).with_name("launch.py")
_GRACE_SECONDS = 60  # for the launcher, after it has ended what took too long
_MAX_SHOWN_CHARS = 160


class FailedRunError(Exception):
    """The contestant did not do its work; the message stands in the table."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What every run is given."""

    programs: Path
    """A folder that is looked in first: ours are compiled into it."""
    timeout_seconds: float

    @property
    def environment(self) -> dict[str, str]:
        """PATH begins with our programs and those of this Python's environment."""
        own = f"{self.programs}{os.pathsep}{Path(sys.executable).parent}"
        path = f"{own}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
        return {**os.environ, "PATH": path, "LC_ALL": "C.UTF-8", "NO_COLOR": "1"}

    def has(self, program: str) -> bool:
        """Whether it is installed."""
        return shutil.which(program, path=self.environment["PATH"]) is not None


@dataclass(frozen=True, slots=True)
class Ended:
    """A run, with its exit code and all that it printed."""

    run: Run
    code: int
    said: str


def run_silently(contestant: Contestant, around: Surroundings) -> Ended:
    """One measured run: what it prints to stdout goes nowhere."""
    return _run(contestant, contestant.argv, around, keeps_output=False)


def run_listening(contestant: Contestant, around: Surroundings) -> Ended:
    """One run that is not measured: everything that it prints is kept.

    Lines of several processes stay whole: programs of the C library write line by line then.
    """
    line_by_line = ("stdbuf", "-oL") if contestant.argv[0] == "sh" else ()
    return _run(contestant, (*line_by_line, *contestant.argv), around, keeps_output=True)


def _run(contestant: Contestant, argv: Sequence[str], around: Surroundings, *, keeps_output: bool) -> Ended:
    with tempfile.TemporaryDirectory() as name:
        out, err, report = (Path(name) / part for part in ("out", "err", "report"))
        files = [str(out) if keeps_output else os.devnull, str(err), str(report)]
        timeout = around.timeout_seconds
        launcher = [sys.executable, "-I", "-S", str(_LAUNCH), str(timeout), *files]
        subprocess.run(
            [*launcher, *argv],
            cwd=contestant.folder,
            env=around.environment,
            check=True,
            timeout=timeout + _GRACE_SECONDS,
        )
        texts = [path.read_text("utf-8", "replace") for path in (out, err) if path.is_file()]
        seconds, cpu, peak, code, timed_out = report.read_text("ascii").split()
    if timed_out == "1":
        raise FailedRunError(f"took longer than {timeout:g} s")
    return Ended(Run(float(seconds), float(cpu), int(peak)), int(code), "".join(texts))


def demand_success(ended: Ended, folder: Path) -> None:
    """Let nothing be timed that failed.

    Raises:
        FailedRunError: the exit code was not 0.
    """
    if ended.code != 0:
        lines = ended.said.replace(str(folder), "…").split("\n")
        last = next((line.strip() for line in reversed(lines) if line.strip()), "nothing was said")
        raise FailedRunError(f"ended with {ended.code}: {last[:_MAX_SHOWN_CHARS]}")
