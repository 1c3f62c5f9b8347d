"""Copies of the project like a checkout, and programs that run apart from the environment of the tests."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

from packages import REPOSITORY

STRAY = "stray-build.log"
_NOT_TRACKED = (".venv", ".git", "__pycache__", ".*_cache", ".hypothesis", "example-package", "dist")


def tracked_copy(folder: Path) -> Path:
    """Copy the project like a checkout, with one file that does not belong there."""
    copy = folder / "archtool-checkout"
    shutil.copytree(REPOSITORY, copy, ignore=shutil.ignore_patterns(*_NOT_TRACKED))
    (copy / STRAY).write_text("does not belong here")
    return copy


def run(
    *command: str | Path, cwd: Path | None = None, variables: Mapping[str, str] | None = None, umask: int = -1
) -> str:
    """Run a program that must succeed, without the variables of Python and coverage; return its stdout."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("COV", "PYTHON"))}
    process = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env={**environment, **(variables or {})},
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
        umask=umask,
    )
    assert process.returncode == 0, process.stdout + process.stderr
    return process.stdout


def tracked_files() -> list[str]:
    """Return the names of the files that git tracks; none if this is no checkout."""
    if not (REPOSITORY / ".git").exists():
        return []
    return run("git", "ls-files", "-z", cwd=REPOSITORY).split("\0")[:-1]
