"""Settings of all tests: a fixed environment, and the options for golden files and long runs."""

from __future__ import annotations

import importlib
import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from archtool.files.workers.parallel import can_fork
from budgets import VARIABLE, examples, is_long

THREADS_END_SECONDS = 10.0


def _save_coverage_of_forks_once() -> None:
    """Let a forked process write only its own coverage when it ends, not also that of its parent.

    Coverage replaces `os._exit` with a function that writes the measured data, and does so again in a forked
    process, around the parent's function. For this project that is a megabyte for each process that a test
    forks.
    """
    saved = []
    system_exit = importlib.import_module(os.name)._exit  # what `os._exit` is without coverage

    def before() -> None:
        saved.append(os._exit)
        os._exit = system_exit

    def after_in_parent() -> None:
        os._exit = saved.pop()

    if hasattr(os, "register_at_fork"):  # Windows has no fork
        os.register_at_fork(before=before, after_in_parent=after_in_parent)


_save_coverage_of_forks_once()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="write the golden files again")
    parser.addoption(
        "--long",
        action="store_true",
        help="try all cases instead of a sample",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Apply the settings that test modules read on import, here and in the processes of pytest-xdist."""
    if config.getoption("--long"):
        os.environ[VARIABLE] = "1"
    # no deadline: how long an example takes says more of the machine than of the code
    settings.register_profile(
        "archtool", max_examples=examples(100), derandomize=not is_long(), deadline=None
    )
    settings.load_profile("archtool")


@pytest.fixture(scope="module", autouse=True)
def no_thread_is_left() -> Iterator[None]:
    """Check that no module leaves a thread behind: forking code would then run its jobs in this process."""
    yield
    until = time.monotonic() + THREADS_END_SECONDS
    while not can_fork() and time.monotonic() < until:
        time.sleep(0.01)
    assert can_fork(), [thread.name for thread in threading.enumerate()]


_FOR_TESTS = ("ARCHTOOL_REFERENCE_SCHEMAS", "ARCHTOOL_CONFORMANCE_SUITE")
"""The variables that name what tests read in place."""


@pytest.fixture(autouse=True)
def fixed_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Remove the variables of the machine that would change the result of a test."""
    own_variables = [name for name in os.environ if name.startswith("ARCHTOOL_") and name not in _FOR_TESTS]
    others = ("SOURCE_DATE_EPOCH", "SSH_AUTH_SOCK", "COLUMNS", "LINES", "PYTHONUNBUFFERED")
    for name in (*own_variables, *others):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("ARCHTOOL_CONFIG", "")


@pytest.fixture
def letters(tmp_path: Path) -> Path:
    """A folder for sources, separate from the packages."""
    folder = tmp_path / "letters"
    folder.mkdir()
    return folder
