"""Starts one command, waits for it, and writes a report of its time and memory: a separate program.

Run it as `python -I -S launch.py TIMEOUT STDOUT STDERR REPORT COMMAND...`. A process that starts another one
passes its own peak memory on to it (the kernel counts the image before `exec`), so the measuring program,
which can be large, must not be the parent. This program uses about ten megabytes; smaller values cannot be
measured.

`wait4` returns the summed times of the command and of every descendant that was waited for, and the largest
resident set of any single one of them. Source: getrusage(2), wait4(2).
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import time

_TO_WRITE = os.O_WRONLY | os.O_CREAT | os.O_TRUNC


def launch(command: list[str], timeout_seconds: float, stdout: str, stderr: str) -> str:
    """Run the command; returns `seconds cpu_seconds peak_bytes exit_code timed_out` as text."""
    files = (
        (os.POSIX_SPAWN_OPEN, 0, "/dev/null", os.O_RDONLY, 0),
        (os.POSIX_SPAWN_OPEN, 1, stdout, _TO_WRITE, 0o644),
        (os.POSIX_SPAWN_OPEN, 2, stderr, _TO_WRITE, 0o644),
    )
    timed_out = False
    started = time.monotonic()
    process = os.posix_spawnp(command[0], command, os.environ, file_actions=files, setpgroup=0)

    def end(_number: int, _frame: object) -> None:
        nonlocal timed_out
        timed_out = True
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process, signal.SIGKILL)

    for number in (signal.SIGALRM, signal.SIGINT, signal.SIGTERM):
        signal.signal(number, end)
    signal.setitimer(signal.ITIMER_REAL, timeout_seconds)
    _, status, used = os.wait4(process, 0)
    seconds = time.monotonic() - started
    signal.setitimer(signal.ITIMER_REAL, 0)
    code = os.waitstatus_to_exitcode(status)
    # kilobytes on Linux
    return f"{seconds} {used.ru_utime + used.ru_stime} {used.ru_maxrss * 1024} {code} {int(timed_out)}"


if __name__ == "__main__":
    timeout, stdout_path, stderr_path, report_path = sys.argv[1:5]
    report = launch(sys.argv[5:], float(timeout), stdout_path, stderr_path)
    with open(report_path, "w", encoding="ascii") as file:  # noqa: PTH123 - pathlib would be larger than the rest
        file.write(report)
