"""The works that make a site about many packages: at first, with nothing changed, with one changed."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

from benchmarks.field import WorkContext
from benchmarks.model import Bar, Contestant, Metric, Role, Work
from benchmarks.own_packages import PackageSet, package_set

_COMMAND = ("site", "made", "-o", "site", "--jobs", "2")
_MB = 1_000_000
_ROUNDS = 5


def site_first(context: WorkContext) -> Work:
    """A site that does not exist yet."""
    packages = _packages(context)
    count = len(packages.names)
    title = f"make a site about {count:,} small signed packages, warm"
    return _work(packages, "site-first", title, f"{count:,} pages made", 20.0, partial(_remove, packages))


def site_same(context: WorkContext) -> Work:
    """The same site again."""
    packages = _packages(context)
    title = f"bring a site about {len(packages.names):,} packages up to date: nothing has changed, warm"
    return _work(packages, "site-same", title, "0 pages made", 3.0, partial(_make, packages))


def site_one(context: WorkContext) -> Work:
    """The same site, after one package has changed."""
    packages = _packages(context)
    title = f"bring a site about {len(packages.names):,} packages up to date: one was renamed, warm"
    return _work(packages, "site-one", title, "1 page made", 5.0, partial(_rename, packages))


def _packages(context: WorkContext) -> PackageSet:
    corpus = context.corpus("bags")
    return package_set(corpus, "site", corpus.bags)


def _work(
    packages: PackageSet, key: str, title: str, finding: str, seconds: float, before: Callable[[], None]
) -> Work:
    argv = ("archtool", *_COMMAND)
    own = Contestant("archtool site --jobs 2", argv, packages.folder, Role.QUERIES, "archtool", finding)
    return Work(
        key=key,
        title=title,
        contestants=(own,),
        bars=(
            Bar(f"at most {seconds:g} seconds", own.name, (), seconds),
            Bar("no process larger than 200 MB", own.name, (), 200 * _MB, Metric.PEAK_BYTES),
        ),
        prepare=packages.prepare,
        before_each=before,
        rounds_at_least=_ROUNDS,
    )


def _remove(packages: PackageSet) -> None:
    shutil.rmtree(packages.folder / "site", ignore_errors=True)


def _make(packages: PackageSet) -> None:
    if not (packages.folder / "site" / "index.html").exists():
        command = [sys.executable, "-m", "archtool", *_COMMAND]
        subprocess.run(command, cwd=packages.folder, check=True, stdout=subprocess.DEVNULL)


def _rename(packages: PackageSet) -> None:
    """Make the site, and give the first package the other of its two names."""
    _make(packages)
    one = Path(packages.made, packages.names[0])
    other = one.with_name(f"{one.name}-renamed")
    if one.exists():
        one.rename(other)
    else:
        other.rename(one)
