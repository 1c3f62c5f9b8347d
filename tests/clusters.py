"""Real Dask clusters on 127.0.0.1: a scheduler and workers in separate processes, which always end."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from command_line import unmeasured
from packages import REPOSITORY

START_SECONDS = 60.0
_POLL_SECONDS = 0.02
_DASK = [str(Path(sys.executable).with_name("dask"))]


@dataclass
class RunningCluster:
    """The processes of one cluster, and its address."""

    folder: Path
    scheduler: subprocess.Popen[bytes]
    tls: Sequence[str] = ()
    """The options for Dask's programs that name the certificates."""
    env: Mapping[str, str] | None = None
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def scheduler_file(self) -> Path:
        return self.folder / "scheduler.json"

    @property
    def address(self) -> str:
        return str(json.loads(self.scheduler_file.read_text())["address"])

    def add_worker(
        self, *options: str, env: Mapping[str, str] | None = None, has_nanny: bool = False
    ) -> subprocess.Popen[bytes]:
        """Start a worker, and wait until it has joined the scheduler."""
        name = f"worker-{len(self.workers)}"
        nanny = "--nanny" if has_nanny else "--no-nanny"
        command = [
            "worker",
            "--scheduler-file",
            str(self.scheduler_file),
            "--nthreads",
            "1",
            nanny,
            "--name",
            name,
        ]
        location = ["--local-directory", str(self.folder / name), "--no-dashboard", "--host", "127.0.0.1"]
        log = self.folder / f"{name}.log"
        worker = _start([*command, *location, *self.tls, *options], log, env or self.env)
        self.workers.append(worker)
        _wait_for(lambda: b"Registered to:" in log.read_bytes(), worker, log)
        return worker

    def end_worker(self, worker: subprocess.Popen[bytes]) -> None:
        """End a worker, and wait until the scheduler has removed it."""
        log = self.folder / "scheduler.log"
        count = log.read_text().count("Remove worker addr:")
        _end([worker])
        _wait_for(lambda: log.read_text().count("Remove worker addr:") > count, self.scheduler, log)

    def log_of(self, number: int) -> str:
        """Return the log of a worker."""
        return (self.folder / f"worker-{number}.log").read_text()


@contextmanager
def running_cluster(
    folder: Path,
    workers: int = 2,
    *,
    tls: Sequence[str] = (),
    env: Mapping[str, str] | None = None,
    has_nanny: bool = False,
) -> Iterator[RunningCluster]:
    """Start a scheduler and the given number of workers, with one thread each."""
    folder.mkdir(parents=True, exist_ok=True)
    file, log = folder / "scheduler.json", folder / "scheduler.log"
    protocol = ["--protocol", "tls"] if tls else []
    location = ["--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--scheduler-file", str(file)]
    scheduler = _start(["scheduler", *location, *protocol, *tls], log, env)
    cluster = RunningCluster(folder, scheduler, tls, env)
    try:
        # the file exists before its content is written
        _wait_for(lambda: file.exists() and file.read_text().rstrip().endswith("}"), scheduler, log)
        for _ in range(workers):
            cluster.add_worker(has_nanny=has_nanny)
        yield cluster
    finally:
        _end(cluster.workers)
        _end([scheduler])


def importable() -> dict[str, str]:
    """Return an environment in which workers can import the tests' tasks, without coverage measurement."""
    return {**unmeasured(), "PYTHONPATH": os.pathsep.join([str(REPOSITORY / "tests"), str(REPOSITORY)])}


def _start(arguments: Sequence[str], log: Path, env: Mapping[str, str] | None) -> subprocess.Popen[bytes]:
    with log.open("wb") as file:
        return subprocess.Popen(
            [*_DASK, *arguments], stdin=subprocess.DEVNULL, stdout=file, stderr=file,
            env=dict(env) if env is not None else unmeasured(),
        )  # fmt: skip


def _wait_for(condition: object, process: subprocess.Popen[bytes], log: Path) -> None:
    assert callable(condition)
    until = time.monotonic() + START_SECONDS
    while not condition():
        assert process.poll() is None, log.read_text()
        assert time.monotonic() < until, log.read_text()
        time.sleep(_POLL_SECONDS)


def _end(processes: Sequence[subprocess.Popen[bytes]]) -> None:
    for process in processes:
        process.terminate()
    for process in processes:
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def make_certificates(folder: Path) -> dict[str, Path]:
    """Make a throw-away certificate authority, and a certificate of it with its key."""
    folder.mkdir()
    names = {name: folder / f"{name}.pem" for name in ("ca", "ca-key", "cert", "key", "request")}
    new_key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
    _openssl("req", "-x509", *new_key, "-subj", "/CN=a test's authority", "-days", "2",
             "-keyout", names["ca-key"], "-out", names["ca"])  # fmt: skip
    _openssl("req", *new_key, "-subj", "/CN=127.0.0.1", "-keyout", names["key"], "-out", names["request"])
    _openssl("x509", "-req", "-in", names["request"], "-CA", names["ca"], "-CAkey", names["ca-key"],
             "-CAcreateserial", "-days", "2", "-out", names["cert"])  # fmt: skip
    return names


def dask_tls(pem: Mapping[str, Path]) -> list[str]:
    """Return the TLS options of Dask's own programs."""
    return ["--tls-ca-file", str(pem["ca"]), "--tls-cert", str(pem["cert"]), "--tls-key", str(pem["key"])]


def archtool_tls(pem: Mapping[str, Path]) -> list[str | Path]:
    """Return the TLS options of archtool."""
    return ["--tls-ca", pem["ca"], "--tls-cert", pem["cert"], "--tls-key", pem["key"]]


def _openssl(*arguments: str | Path) -> None:
    subprocess.run(["openssl", *map(str, arguments)], check=True, capture_output=True)


def environment(**more: str) -> dict[str, str]:
    """Return the environment of this process with additional variables."""
    return {**os.environ, **more}
