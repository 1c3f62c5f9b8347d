"""The works that write the page of a package, beside the check that each of them contains."""

from __future__ import annotations

from benchmarks.field import WorkContext
from benchmarks.model import Bar, Contestant, Metric, Role, Work
from benchmarks.own_packages import MANY_FILES, PackageSet, package_set

_MB = 1_000_000
_ROUNDS = 9


def report_one(context: WorkContext) -> Work:
    """The page of one small signed package."""
    packages = package_set(context.corpus("bags"), "own-one", 1)
    return _work(packages, "report-one", "write the page of one small signed package, warm", 1.0, 100)


def report_many(context: WorkContext) -> Work:
    """The page of one signed package with many files, each with a row in the table."""
    corpus = context.corpus("bags")
    files = max(20, MANY_FILES * corpus.bags // 2_000)
    packages = package_set(corpus, "own-many", 1, files)
    title = f"write the page of a signed package with {files:,} declared files of 1–8 KiB, warm"
    return _work(packages, "report-many", title, 15.0, 600)


def _work(packages: PackageSet, key: str, title: str, seconds: float, megabytes: int) -> Work:
    (name,) = packages.names
    package = f"made/{name}"
    trust = ("--trust", "allowed")
    own = _contestant(packages, "wrote page.html", "report", package, "-o", "page.html", "--force", *trust)
    return Work(
        key=key,
        title=title,
        contestants=(own, _contestant(packages, "bag valid", "verify", package, *trust)),
        bars=(
            Bar(f"at most {seconds:g} seconds", own.name, (), seconds),
            Bar(f"at most {megabytes} MB", own.name, (), megabytes * _MB, Metric.PEAK_BYTES),
        ),
        notes=("verify is the part of the work that reads the package; the rest makes the page",),
        prepare=packages.prepare,
        rounds_at_least=_ROUNDS,
    )


def _contestant(packages: PackageSet, finding: str, *command: str) -> Contestant:
    argv = ("archtool", *command)
    return Contestant(f"archtool {command[0]}", argv, packages.folder, Role.QUERIES, "archtool", finding)
