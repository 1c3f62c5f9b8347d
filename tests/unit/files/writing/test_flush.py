"""Many processes share one flush: none of them continues before its own files are flushed."""

from __future__ import annotations

import errno
import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from archtool.files.writing import flush as flushing
from archtool.files.writing.flush import FlushTogether
from archtool.files.writing.tree_operations import flush_folder

_REFUSED = 3


def begin(flush: Callable[[], None]) -> int:
    """Start a process that flushes, and ends with 0 if the flush succeeded."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            flush()
            code = 0
        except OSError as error:
            code = _REFUSED if error.errno == errno.EIO else 2
        finally:
            os._exit(code)
    return child


def ending(child: int) -> int:
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def wait_until_blocked(children: list[int]) -> None:
    """Wait until each child waits for a lock."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        lines = Path("/proc/locks").read_text().splitlines()
        waiting = {int(line.split()[5]) for line in lines if "->" in line}
        if waiting.issuperset(children):
            return
        os.sched_yield()
    pytest.fail(f"never blocked: {children}")


def flush_beside_a_holder(
    folder: Path, together: FlushTogether, *, count: int, calls: Path, monkeypatch: pytest.MonkeyPatch,
    fails: Callable[[int], None] = lambda _call: None,
) -> list[int]:  # fmt: skip
    """Return the exit codes of processes that all waited for one lock; each call writes a byte."""

    def counted(_folder: Path) -> bool:
        with calls.open("ab") as file:
            file.write(b".")
        fails(calls.stat().st_size)
        return True

    monkeypatch.setattr(flushing, "flush_file_system_of", counted)
    go, went = os.pipe()

    def hold() -> None:
        together._flush_all(folder, time.monotonic_ns())

    def block(_folder: Path) -> bool:
        os.read(go, 1)
        return True

    with monkeypatch.context() as held:
        held.setattr(flushing, "flush_file_system_of", block)
        holder = begin(hold)
        while not Path(f"/proc/{holder}/wchan").exists() or "POSIX" not in _locks_of(holder):
            os.sched_yield()
    children = [begin(lambda: together.flush(folder, flush_folder)) for _ in range(count)]
    wait_until_blocked(children)
    os.write(went, b"!")
    assert ending(holder) == 0
    os.close(go)
    os.close(went)
    return [ending(child) for child in children]


def _locks_of(process: int) -> str:
    lines = Path("/proc/locks").read_text().splitlines()
    return "\n".join(line for line in lines if str(process) in line.split())


def test_all_that_are_ready_wait_for_one_call(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    calls = tmp_path / "calls"
    endings = flush_beside_a_holder(tmp_path, FlushTogether(), count=5, calls=calls, monkeypatch=monkeypatch)
    assert (endings, calls.read_bytes()) == ([0] * 5, b".")


def test_files_written_after_a_call_began_do_not_count_as_flushed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls, together = tmp_path / "calls", FlushTogether()
    for count in (1, 2):
        endings = flush_beside_a_holder(tmp_path, together, count=1, calls=calls, monkeypatch=monkeypatch)
        # the call of the holder began before the other process was ready
        assert (endings, calls.read_bytes()) == ([0], b"." * count)


def test_a_failed_call_fails_for_all_processes_that_relied_on_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse_first(call: int) -> None:
        if call == 1:
            raise OSError(errno.EIO, "the disk is gone")

    calls, together = tmp_path / "calls", FlushTogether()
    endings = flush_beside_a_holder(
        tmp_path, together, count=4, calls=calls, monkeypatch=monkeypatch, fails=refuse_first
    )
    assert (endings, calls.read_bytes()) == ([_REFUSED] * 4, b".")
    together.flush(tmp_path, flush_folder)  # later writes are not affected
    assert calls.read_bytes() == b".."


def test_a_call_interrupted_by_a_kill_is_made_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def die_first(call: int) -> None:
        if call == 1:
            os.kill(os.getpid(), signal.SIGKILL)

    calls = tmp_path / "calls"
    endings = flush_beside_a_holder(
        tmp_path, FlushTogether(), count=4, calls=calls, monkeypatch=monkeypatch, fails=die_first
    )
    assert (sorted(endings), calls.read_bytes()) == ([-signal.SIGKILL, 0, 0, 0], b"..")


def test_another_file_system_is_flushed_separately(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    flushed: list[Path] = []
    monkeypatch.setattr(flushing, "flush_file_system_of", lambda _folder: True)
    together = FlushTogether()
    together.flush(tmp_path, flushed.append)
    together.flush(Path("/proc/self"), flushed.append)
    assert flushed == [Path("/proc/self")]


def test_where_no_call_reports_failures_each_folder_is_flushed_separately(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    flushed: list[Path] = []
    monkeypatch.setattr(flushing, "flush_file_system_of", lambda _folder: False)
    FlushTogether().flush(tmp_path, flushed.append)
    assert flushed == [tmp_path]
