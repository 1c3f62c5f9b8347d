"""The works on a register of packages that are on this disk: they are registered, and audited."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterable

from benchmarks.field import WorkContext, within
from benchmarks.model import Bar, Contestant, Metric, Role, Work
from benchmarks.own_packages import PackageSet, package_set
from benchmarks.peers import archtool_verify

_ADOPTED = 50  # times as many packages as the corpus has bags: 100,000
_TENTH = 10
_JOBS = ("--jobs", "2")
_REGISTER, _UNCHECKED = "archive.register", "unchecked.register"
_ROUNDS = 9


def adopt(context: WorkContext) -> Work:
    """Many packages that are registered by one command, without reading their payload."""
    corpus = context.corpus("bags")
    many = package_set(corpus, "adopted", corpus.bags * _ADOPTED)
    fewer = package_set(corpus, "adopted-tenth", len(many.names) // _TENTH)
    command = ("holdings", "adopt", "made")
    own = _recorder(many, command, "never-checked", f"archtool {' '.join(command)}")
    tenth = _recorder(fewer, command, "never-checked", f"{own.name}, a tenth of them")
    return Work(
        "holdings-adopt",
        f"register {own.entries:,} small packages of archtool",
        (own, tenth),
        (
            Bar("at least 5,000 a second", own.name, (), 1 / 5_000, Metric.SECONDS_PER_ENTRY),
            Bar(
                "time for each at most 1.2 × that of a tenth",
                own.name, (tenth.name,), 1.2, Metric.SECONDS_PER_ENTRY,
            ),
        ),
        prepare=lambda: _prepare_all((many, fewer)),
        before_each=lambda: _empty_registers((many, fewer)),
    )  # fmt: skip


def audit(context: WorkContext) -> Work:
    """Small packages that are checked and whose checks are on record, and the same packages verified."""
    corpus = context.corpus("bags")
    packages = package_set(corpus, "own", corpus.bags)
    command = ("audit", *_JOBS)
    own = _recorder(packages, command, "ok", f"archtool {' '.join(command)}")
    peer = archtool_verify([packages.made / name for name in packages.names], *_JOBS)
    return Work(
        "audit",
        f"audit {own.entries:,} small signed packages, every check recorded and flushed",
        (own, peer),
        (within(own, peer, 1.25, "at most 1.25 × the time of archtool verify"),),
        prepare=lambda: _register(packages),
        before_each=lambda: _forget_checks(packages),
        rounds_at_least=_ROUNDS,
    )


def _recorder(packages: PackageSet, command: tuple[str, ...], state: str, name: str) -> Contestant:
    argv = ("archtool", *command, "--register", _REGISTER)
    entries = len(packages.names)
    return Contestant(name, argv, packages.folder, Role.REGISTERS, "archtool", state, entries=entries)


def _prepare_all(sets: Iterable[PackageSet]) -> None:
    for packages in sets:
        packages.prepare()


def _empty_registers(sets: Iterable[PackageSet]) -> None:
    for packages in sets:
        _remove(packages, _REGISTER)
        _run(packages, "init", _REGISTER)


def _register(packages: PackageSet) -> None:
    """Make a register in which no package has been checked."""
    packages.prepare()
    _remove(packages, _UNCHECKED)
    _run(packages, "init", _UNCHECKED)
    _run(packages, "adopt", "made", "--register", _UNCHECKED)


def _forget_checks(packages: PackageSet) -> None:
    _remove(packages, _REGISTER)
    shutil.copyfile(packages.folder / _UNCHECKED, packages.folder / _REGISTER)


def _remove(packages: PackageSet, name: str) -> None:
    for suffix in ("", "-wal", "-shm"):
        (packages.folder / f"{name}{suffix}").unlink(missing_ok=True)


def _run(packages: PackageSet, *arguments: str) -> None:
    command = [sys.executable, "-m", "archtool", "holdings", *arguments]
    subprocess.run(command, cwd=packages.folder, check=True, stdout=subprocess.DEVNULL)
