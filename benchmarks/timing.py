"""Runs one contestant once, and reports what it needed or why it failed."""

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
_GRACE_SECONDS = 60  # for the launcher, after it has ended a run that took too long
_MAX_SHOWN_CHARS = 160


class FailedRunError(Exception):
    """The contestant did not do its work; the message is shown in the table."""


@dataclass(frozen=True, slots=True)
class RunEnvironment:
    """The settings of all runs."""

    programs: Path
    """A folder that is searched first; the C loop is compiled into it."""
    timeout_seconds: float

    @property
    def variables(self) -> dict[str, str]:
        """The environment variables. PATH begins with `programs` and the folder of this Python's programs."""
        own = f"{self.programs}{os.pathsep}{Path(sys.executable).parent}"
        path = f"{own}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
        return {**os.environ, "PATH": path, "LC_ALL": "C.UTF-8", "NO_COLOR": "1"}

    def has(self, program: str) -> bool:
        """Whether a program is installed."""
        return shutil.which(program, path=self.variables["PATH"]) is not None


@dataclass(frozen=True, slots=True)
class FinishedRun:
    """A run with its exit code and its output."""

    run: Run
    code: int
    output: str


def run_without_output(contestant: Contestant, environment: RunEnvironment) -> FinishedRun:
    """Run a contestant and measure it; its standard output is discarded."""
    return _run(contestant, contestant.argv, environment, keeps_output=False)


def run_with_output(contestant: Contestant, environment: RunEnvironment) -> FinishedRun:
    """Run a contestant without measuring it, and keep its output.

    Lines of several processes are not mixed: programs of the C library write line by line then.
    """
    line_by_line = ("stdbuf", "-oL") if contestant.argv[0] == "sh" else ()
    return _run(contestant, (*line_by_line, *contestant.argv), environment, keeps_output=True)


def _run(
    contestant: Contestant, argv: Sequence[str], environment: RunEnvironment, *, keeps_output: bool
) -> FinishedRun:
    with tempfile.TemporaryDirectory() as name:
        out, err, report = (Path(name) / part for part in ("out", "err", "report"))
        files = [str(out) if keeps_output else os.devnull, str(err), str(report)]
        timeout = environment.timeout_seconds
        launcher = [sys.executable, "-I", "-S", str(_LAUNCH), str(timeout), *files]
        subprocess.run(
            [*launcher, *argv],
            cwd=contestant.folder,
            env=environment.variables,
            check=True,
            timeout=timeout + _GRACE_SECONDS,
        )
        texts = [path.read_text("utf-8", "replace") for path in (out, err) if path.is_file()]
        seconds, cpu, peak, code, timed_out = report.read_text("ascii").split()
    if timed_out == "1":
        raise FailedRunError(f"took longer than {timeout:g} s")
    return FinishedRun(Run(float(seconds), float(cpu), int(peak)), int(code), "".join(texts))


def require_success(finished: FinishedRun, folder: Path) -> None:
    """Check that a contestant succeeded: a failed run gets no time.

    Raises:
        FailedRunError: the exit code was not 0.
    """
    if finished.code != 0:
        lines = finished.output.replace(str(folder), "…").split("\n")
        last = next((line.strip() for line in reversed(lines) if line.strip()), "no output")
        raise FailedRunError(f"ended with {finished.code}: {last[:_MAX_SHOWN_CHARS]}")
