"""Checks that all contestants did the same work: one that did less gets no time."""

from __future__ import annotations

import re
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

from benchmarks.bags import read_list
from benchmarks.model import Contestant, Role, Work
from benchmarks.peers import archtool_verify
from benchmarks.timing import FailedRunError, FinishedRun, RunEnvironment, run_with_output
from benchmarks.watching import finding_pattern


def require_fault(contestant: Contestant, finished: FinishedRun, path: str) -> None:
    """Check that a contestant found the planted fault and named the file.

    Raises:
        FailedRunError: it did not.
    """
    if finished.code == 0:
        raise FailedRunError("did not find a planted fault: it ended with 0")
    if not finding_pattern(contestant, path).search(finished.output):
        raise FailedRunError("did not name the file with the planted fault")


def require_same_work(work: Work, contestant: Contestant, finished: FinishedRun) -> None:
    """Check that what a contestant printed or made agrees with the corpus.

    Raises:
        FailedRunError: it does not.
    """
    if contestant.role is Role.HASHES:
        _require_digests(finished.output, work.expected(contestant.algorithm))
    elif contestant.role is Role.LISTS:
        _require_names(finished.output, contestant.entries)
    elif contestant.role is Role.QUERIES:
        _require_text(finished.output, contestant.finding)
    elif contestant.role is Role.REGISTERS:
        _require_copies(contestant)
    elif contestant.role is Role.COPIES:
        assert work.made is not None  # noqa: S101 - a work of copies names the target
        _require_copy(work.made, work.expected("sha512"))
    elif contestant.role is Role.PACKS:
        assert work.made is not None  # noqa: S101 - a work of packages names the target
        _require_packages(work.made, contestant, work.expected("sha512"))


def _require_names(output: str, packages: int) -> None:
    named = len(set(re.findall(r"letter-\d+", output)))
    if named != packages:
        raise FailedRunError(f"named {named:,} packages, not {packages:,}")


def _require_text(output: str, text: str) -> None:
    if text not in output:
        raise FailedRunError(f"did not print {text!r}")


def _require_copies(contestant: Contestant) -> None:
    """Check with SQL that every package is registered, with one copy in the expected state."""
    register = contestant.argv[contestant.argv.index("--register") + 1]
    with closing(sqlite3.connect(contestant.folder / register)) as connection:
        rows = connection.execute("SELECT state, count(*) FROM copy WHERE removed_at IS NULL GROUP BY state")
        found = dict(rows.fetchall())
    if found != {contestant.finding: contestant.entries}:
        raise FailedRunError(f"the register has copies {found}, not {contestant.entries:,}")


def _require_digests(output: str, expected: dict[str, str]) -> None:
    printed = {}
    for line in output.splitlines():
        digest, _, name = line.partition(" ")
        printed[name[1:].removeprefix("./")] = digest
    if printed != expected:
        wrong = len(set(printed.items()) ^ set(expected.items()))
        raise FailedRunError(f"did different work: {wrong:,} digests differ from the manifest")


def _require_copy(made: Path, expected: dict[str, str]) -> None:
    """Check every file of a copy with another program, and the manifest, if there is one."""
    manifest = made / "manifest-sha512.txt"
    if manifest.exists() and read_list(manifest) != expected:
        raise FailedRunError("the manifest that it made differs from its source")
    lines = "".join(f"{digest}  {path}\n" for path, digest in expected.items())
    process = subprocess.run(
        ["sha512sum", "-c", "--quiet", "--strict"],
        input=lines.encode(),
        cwd=made,
        check=False,
        capture_output=True,
    )
    files = sum(path.is_file() for path in (made / "data").rglob("*"))
    if process.returncode != 0 or files != len(expected):
        raise FailedRunError("the copy differs from its source")


def _require_packages(made: Path, contestant: Contestant, expected: dict[str, str]) -> None:
    """Check that all packages exist, and that their payload files agree with the sources."""
    root = made if made.is_dir() else made.parent / "copies"
    packages = sorted(path.name for path in root.iterdir() if (path / "manifest-sha512.txt").is_file())
    if len(packages) != contestant.entries:
        raise FailedRunError(f"made {len(packages):,} packages, not {contestant.entries:,}")
    expected_here = {
        path: digest for path, digest in expected.items() if path.partition("/")[0] in set(packages)
    }
    lines = "".join(f"{digest}  {path}\n" for path, digest in expected_here.items())
    process = subprocess.run(
        ["sha512sum", "-c", "--quiet", "--strict"],
        input=lines.encode(), cwd=root, check=False, capture_output=True,
    )  # fmt: skip
    listed = {
        f"{package}/{path}": digest
        for package in packages
        for path, digest in read_list(root / package / "manifest-sha512.txt").items()
    }
    if process.returncode != 0 or listed != expected_here:
        raise FailedRunError("a package differs from its source")


def remark_on(work: Work, contestant: Contestant, environment: RunEnvironment) -> str:
    """Return archtool's verdict on a package that it just made, if it is not valid."""
    if contestant.role is not Role.COPIES or contestant.program != "archtool" or work.made is None:
        return ""
    finished = run_with_output(archtool_verify([work.made]), environment)
    if finished.code == 0:
        return ""
    verdict = finished.output.partition("\n")[0].partition(": ")[2]
    return f"archtool verify rejects the package that was made: exit code {finished.code} ({verdict})"
