"""Forked processes end with their parent, even if it is killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

DEADLINE_SECONDS = 20.0

FORKING = """
import os, sys, time
from pathlib import Path
from archtool.files.workers.concurrency import Concurrency
from archtool.files.workers.parallel import run_units

def work(unit):
    Path(sys.argv[1], str(os.getpid())).touch()
    time.sleep(600)

list(run_units(4, work, Concurrency(2, 2)))
"""


def is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"


def wait_until(is_so: Callable[[], bool], what: str) -> None:
    until = time.monotonic() + DEADLINE_SECONDS
    while not is_so():
        assert time.monotonic() < until, what
        time.sleep(0.02)


@pytest.mark.skipif(sys.platform != "linux", reason="the processes are looked up in /proc")
def test_workers_do_not_outlive_a_killed_parent(tmp_path: Path) -> None:
    parent = subprocess.Popen([sys.executable, "-c", FORKING, str(tmp_path)])
    wait_until(lambda: len(list(tmp_path.iterdir())) == 2, "no workers began")
    workers = [int(path.name) for path in tmp_path.iterdir()]
    parent.send_signal(signal.SIGKILL)
    parent.wait(DEADLINE_SECONDS)
    wait_until(lambda: not any(map(is_alive, workers)), "a worker went on")
