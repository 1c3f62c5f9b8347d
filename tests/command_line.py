"""Runs archtool like a script does, and separates exit code, stdout and stderr."""

from __future__ import annotations

import contextlib
import io
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import bagit

from archives import extracted
from archtool.bagit.second_opinion import known_faults
from archtool.cli.main import run

DATE = "2026-11-22T12:00:00Z"
ARCHTOOL = [sys.executable, "-m", "archtool"]


@dataclass(frozen=True)
class Run:
    """The result of a command."""

    code: int
    out: str
    err: str

    @property
    def objects(self) -> list[dict[str, Any]]:
        """The objects that `--json` printed."""
        return [json.loads(line) for line in self.out.splitlines()]

    @property
    def codes(self) -> list[str]:
        """The codes of the findings in the only object that `--json` printed."""
        (result,) = self.objects
        return [finding["code"] for finding in result["findings"]]

    def said(self) -> str:
        """Return stdout and stderr with all white space reduced to single blanks."""
        return " ".join((self.out + self.err).split())


def assert_loc_agrees(package: Path) -> None:
    """Validate a package with bagit.py, unless it has names that bagit.py is known to misread."""
    names = [str(p.relative_to(package)) for p in package.rglob("*")]
    if not known_faults(names):
        bagit.Bag(str(package)).validate()


def unmeasured() -> dict[str, str]:
    """Return an environment without coverage: a killed run would leave an incomplete data file behind."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("COV", "PYTHON"))}


def _packed(arguments: list[str]) -> list[Path]:
    """Return the package that a command made, or the parts of one."""
    if arguments[:1] != ["pack"] or "-o" not in arguments or "--dry-run" in arguments:
        return []
    target = Path(arguments[arguments.index("-o") + 1])
    if any(word.startswith("--split-size") for word in arguments) and not target.exists():
        ending = target.suffix if target.suffix in (".tar", ".zip") else ""
        return sorted(target.parent.glob(f"{target.name.removesuffix(ending)}-*of*{ending}"))
    return [target]


def archtool(*arguments: str | Path, cwd: Path | None = None) -> Run:
    """Run the command line in this process, without a terminal.

    Every package that it makes is validated with bagit.py also.
    """
    out, err = io.TextIOWrapper(io.BytesIO(), "utf-8"), io.TextIOWrapper(io.BytesIO(), "utf-8")
    with _in_folder(cwd), contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        words = [str(argument) for argument in arguments]
        code = _exit_code(words)
        for package in _packed(words) if code == 0 else ():
            with extracted(package) if package.is_file() else contextlib.nullcontext(package) as folder:
                assert_loc_agrees(folder)
    return Run(code, _text(out), _text(err))


def _text(stream: io.TextIOWrapper) -> str:
    stream.flush()
    stream.seek(0)
    return stream.read()


def _exit_code(arguments: list[str]) -> int:
    previous = signal.getsignal(signal.SIGTERM), signal.getsignal(signal.SIGINT), sys.unraisablehook
    try:
        run(arguments)
    except SystemExit as ended:
        return int(ended.code or 0)
    finally:
        signal.signal(signal.SIGTERM, previous[0])
        signal.signal(signal.SIGINT, previous[1])
        sys.unraisablehook = previous[2]
    raise AssertionError("the command line did not end the process")


@contextlib.contextmanager
def _in_folder(folder: Path | None) -> Iterator[None]:
    with contextlib.chdir(folder) if folder is not None else contextlib.nullcontext():
        yield


def archtool_process(
    *arguments: str | Path,
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
    is_measured: bool = True,
    **options: Any,
) -> Run:
    """Run the command line in a separate process, for other users, signals or locales."""
    command = [sys.executable, "-m", "archtool", *map(str, arguments)]
    process = subprocess.run(
        command,
        cwd=cwd,
        env={**(os.environ if is_measured else unmeasured()), **(env or {})},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=120,
        check=False,
        **options,
    )
    return Run(
        process.returncode,
        process.stdout.decode("utf-8", "replace"),
        process.stderr.decode("utf-8", "replace"),
    )
