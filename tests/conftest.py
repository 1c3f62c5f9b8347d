"""What every test needs: a fixed environment, and the switches of golden files and of long runs."""

from __future__ import annotations

import os
import posix
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from archtool.files.workers.parallel import can_fork
from budgets import VARIABLE, examples, is_long

THREADS_END_SECONDS = 10.0


def _save_what_a_fork_measured_only_once() -> None:
    """Let a forked process write its own coverage when it ends, and not that of its parent again.

    Coverage replaces `os._exit` by a function that writes what was measured, and does so once more in a
    forked process, around the function of the parent. At the size of this project that is a megabyte for
    each process that a test forks.
    """
    kept = []

    def before() -> None:
        kept.append(os._exit)
        os._exit = posix._exit

    def after_in_parent() -> None:
        os._exit = kept.pop()

    os.register_at_fork(before=before, after_in_parent=after_in_parent)


_save_what_a_fork_measured_only_once()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="write the golden files anew")
    parser.addoption(
        "--long",
        action="store_true",
        help="try every case where the suite tries a sample",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Set what test modules read when they are imported, here and in the processes of pytest-xdist."""
    if config.getoption("--long"):
        os.environ[VARIABLE] = "1"
    settings.register_profile("archtool", max_examples=examples(100), derandomize=not is_long())
    settings.load_profile("archtool")


@pytest.fixture(scope="module", autouse=True)
def no_thread_is_left() -> Iterator[None]:
    """No module leaves a thread behind: what forks would do its work in this process from then on."""
    yield
    until = time.monotonic() + THREADS_END_SECONDS
    while not can_fork() and time.monotonic() < until:
        time.sleep(0.01)
    assert can_fork(), [thread.name for thread in threading.enumerate()]


@pytest.fixture(autouse=True)
def fixed_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No variable of the machine decides what a test sees."""
    ours = (
        "SOURCE_DATE_EPOCH",
        "ARCHTOOL_TRUST",
        "ARCHTOOL_REVOKED",
        "ARCHTOOL_TSA_ROOTS",
        "ARCHTOOL_POLICY",
        "ARCHTOOL_PASSPHRASE_FILE",
    )
    for name in (*ours, "SSH_AUTH_SOCK", "COLUMNS", "LINES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("ARCHTOOL_CONFIG", "")


@pytest.fixture
def letters(tmp_path: Path) -> Path:
    """A folder for the sources, apart from where packages go."""
    folder = tmp_path / "letters"
    folder.mkdir()
    return folder
