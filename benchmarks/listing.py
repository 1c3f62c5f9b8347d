"""The work that lists packages: ten thousand small signed ones, each with a recorded check."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from benchmarks.field import WorkContext
from benchmarks.model import Bar, Contestant, Metric, Role, Work
from benchmarks.own_packages import PackageSet, package_set

_SETS = 5  # times as many packages as the corpus has bags: 10,000
_AT_ONCE = 500  # packages whose check is recorded by one command
_ROUNDS = 9
_MB = 1_000_000


def list_many(context: WorkContext) -> Work:
    """Many packages in one folder, all in the cache."""
    corpus = context.corpus("bags")
    packages = package_set(corpus, "listed", corpus.bags * _SETS)
    folder, count = packages.folder, len(packages.names)

    def contestant(*argv: str) -> Contestant:
        return Contestant(" ".join(argv[:-1]), argv, folder, Role.LISTS, argv[0], entries=count)

    own = contestant("archtool", "list", "--jobs", "2", "made")
    find = Contestant(
        "find -name bagit.txt",
        ("find", "made", "-name", "bagit.txt"),
        folder,
        Role.LISTS,
        "find",
        entries=count,
    )
    return Work(
        key="list",
        title=f"list {count:,} signed packages of archtool, each with a recorded check, warm",
        contestants=(
            own,
            contestant("archtool", "list", "--jobs", "2", "--json", "made"),
            contestant("archtool", "list", "--jobs", "2", "--sort", "title", "made"),
            find,
        ),
        bars=(
            Bar("at most 2 seconds", own.name, (), 2.0),
            Bar("no process larger than 60 MB", own.name, (), 60 * _MB, Metric.PEAK_BYTES),
        ),
        notes=("find only names the packages: it is the floor, not a competitor",),
        prepare=lambda: _prepare(packages),
        rounds_at_least=_ROUNDS,
    )


def _prepare(packages: PackageSet) -> None:
    """Make the packages, and record one check of each, if that has not been done."""
    packages.prepare()
    marker = packages.folder / "checked"
    if marker.exists():
        return
    names = [f"made/{name}" for name in packages.names]
    for start in range(0, len(names), _AT_ONCE):
        _record_checks(packages, names[start : start + _AT_ONCE])
    marker.touch()


def _record_checks(packages: PackageSet, names: list[str]) -> None:
    unchecked = [
        name for name in names if not Path(packages.folder, name, "attestations/0002-fixity-check").exists()
    ]
    command = [sys.executable, "-m", "archtool", "verify", "--attest", "key", *unchecked]
    if unchecked:
        subprocess.run(command, cwd=packages.folder, check=True, stdout=subprocess.DEVNULL)
