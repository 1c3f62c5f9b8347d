"""Whether all contestants did the same work: nobody is timed who did less."""

from __future__ import annotations

import subprocess
from pathlib import Path

from benchmarks.bags import read_list
from benchmarks.model import Contestant, Role, Work
from benchmarks.peers import archtool_verify
from benchmarks.timing import Ended, FailedRunError, Surroundings, run_listening
from benchmarks.watching import finding_pattern


def demand_fault(contestant: Contestant, ended: Ended, path: str) -> None:
    """The planted fault was found, and the file named.

    Raises:
        FailedRunError: it was not.
    """
    if ended.code == 0:
        raise FailedRunError("did not find a planted fault: it ended with 0")
    if not finding_pattern(contestant, path).search(ended.said):
        raise FailedRunError("did not name the file with the planted fault")


def demand_same_work(work: Work, contestant: Contestant, ended: Ended) -> None:
    """What this contestant printed or made is what the corpus holds.

    Raises:
        FailedRunError: it is not.
    """
    if contestant.role is Role.HASHES:
        _demand_digests(ended.said, work.expected(contestant.algorithm))
    elif contestant.role is Role.COPIES:
        assert work.made is not None  # noqa: S101 - a work of copies says where
        _demand_copy(work.made, work.expected("sha512"))
    elif contestant.role is Role.PACKS:
        assert work.made is not None  # noqa: S101 - the same
        _demand_packages(work.made, contestant, work.expected("sha512"))


def _demand_digests(said: str, expected: dict[str, str]) -> None:
    printed = {}
    for line in said.splitlines():
        digest, _, name = line.partition(" ")
        printed[name[1:].removeprefix("./")] = digest
    if printed != expected:
        wrong = len(set(printed.items()) ^ set(expected.items()))
        raise FailedRunError(f"did other work: {wrong:,} digests are not those of the manifest")


def _demand_copy(made: Path, expected: dict[str, str]) -> None:
    """Every file of the copy is read again by another program; what made a manifest made the right one."""
    manifest = made / "manifest-sha512.txt"
    if manifest.exists() and read_list(manifest) != expected:
        raise FailedRunError("the manifest that it made is not that of its source")
    lines = "".join(f"{digest}  {path}\n" for path, digest in expected.items())
    told = subprocess.run(
        ["sha512sum", "-c", "--quiet", "--strict"],
        input=lines.encode(),
        cwd=made,
        check=False,
        capture_output=True,
    )
    files = sum(path.is_file() for path in (made / "data").rglob("*"))
    if told.returncode != 0 or files != len(expected):
        raise FailedRunError("the copy is not what its source is")


def _demand_packages(made: Path, contestant: Contestant, expected: dict[str, str]) -> None:
    """Every package that it was asked for is there, and every payload file in it is what its source is."""
    root = made if made.is_dir() else made.parent / "copies"
    packages = sorted(path.name for path in root.iterdir() if (path / "manifest-sha512.txt").is_file())
    if len(packages) != contestant.entries:
        raise FailedRunError(f"made {len(packages):,} packages, not {contestant.entries:,}")
    wanted = {path: digest for path, digest in expected.items() if path.partition("/")[0] in set(packages)}
    lines = "".join(f"{digest}  {path}\n" for path, digest in wanted.items())
    told = subprocess.run(
        ["sha512sum", "-c", "--quiet", "--strict"],
        input=lines.encode(), cwd=root, check=False, capture_output=True,
    )  # fmt: skip
    listed = {
        f"{package}/{path}": digest
        for package in packages
        for path, digest in read_list(root / package / "manifest-sha512.txt").items()
    }
    if told.returncode != 0 or listed != wanted:
        raise FailedRunError("a package is not what its source is")


def remark_on(work: Work, contestant: Contestant, around: Surroundings) -> str:
    """What archtool itself says of a package that it just made, if that is not good."""
    if contestant.role is not Role.COPIES or contestant.program != "archtool" or work.made is None:
        return ""
    ended = run_listening(archtool_verify([work.made]), around)
    if ended.code == 0:
        return ""
    verdict = ended.said.partition("\n")[0].partition(": ")[2]
    return f"archtool verify does not accept the package that was made: exit code {ended.code} ({verdict})"
