"""The contestants: the commands that do the same work, written as a user who wants speed would write them."""

from __future__ import annotations

import shlex
from dataclasses import replace
from pathlib import Path

from benchmarks.bags import read_list
from benchmarks.model import Contestant, Role

_LOC_FINDING = r"{path} \w+ validation failed"


def archtool_verify(bags: list[Path], *options: str) -> Contestant:
    """Return `archtool verify` with these options."""
    return Contestant(
        name=" ".join(["archtool verify", *options]),
        argv=("archtool", "verify", *options, *(bag.name for bag in bags)),
        folder=bags[0].parent,
        role=Role.VERIFIES,
        program="archtool",
        finding=r"digest differs: {path} ",
    )


def bagit_validate(bags: list[Path], *options: str) -> Contestant:
    """Return the validator of the Library of Congress."""
    return Contestant(
        name=" ".join(["bagit.py --validate", *options]),
        argv=("bagit.py", "--validate", *options, *(bag.name for bag in bags)),
        folder=bags[0].parent,
        role=Role.VERIFIES,
        program="bagit.py",
        finding=_LOC_FINDING,
    )


def bdbag_validate(bag: Path) -> Contestant:
    """Return bdbag, which wraps its own copy of bagit."""
    return Contestant(
        name="bdbag --validate full",
        argv=("bdbag", "--validate", "full", bag.name),
        folder=bag.parent,
        role=Role.VERIFIES,
        program="bdbag",
        finding=_LOC_FINDING,
    )


def sum_check(bag: Path, algorithm: str) -> Contestant:
    """Return the checker of coreutils, which reads the manifest in one process."""
    return Contestant(
        name=f"{algorithm}sum -c",
        argv=(f"{algorithm}sum", "-c", "--quiet", f"manifest-{algorithm}.txt"),
        folder=bag,
        role=Role.VERIFIES,
        program=f"{algorithm}sum",
        finding="{path}: FAILED",
    )


def rhash_check(bag: Path, algorithm: str) -> Contestant:
    """Return the rhash program, which reads the manifest."""
    return Contestant(
        name="rhash -c",
        argv=("rhash", f"--{algorithm}", "-c", "--skip-ok", f"manifest-{algorithm}.txt"),
        folder=bag,
        role=Role.VERIFIES,
        program="rhash",
        finding=r"{path}\s+ERR",
    )


def hashdeep_audit(bag: Path) -> Contestant:
    """Return the audit of hashdeep, with two threads and sha256 only. It reads the file of `write_known`."""
    return Contestant(
        name="hashdeep -a -j2",
        argv=("hashdeep", "-c", "sha256", "-j2", "-r", "-l", "-a", "-vv", "-k", "../known.txt", "data"),
        folder=bag,
        role=Role.VERIFIES,
        program="hashdeep",
        finding="{path}: No match",
    )


def write_known(bag: Path, digests: Path) -> None:
    """Write the manifest in the format of hashdeep."""
    lines = ["%%%% HASHDEEP-1.0\n", "%%%% size,sha256,filename\n"]
    for path, digest in read_list(digests).items():
        lines.append(f"{(bag / path).stat().st_size},{digest},{path}\n")
    (bag.parent / "known.txt").write_text("".join(lines), encoding="utf-8")


def xargs_digests(command: str, folder: Path, where: str, *, processes: int, at_once: int) -> Contestant:
    """Return a program that prints digests, run by find and xargs on all files below `where`."""
    program, algorithm = command.split(maxsplit=1)[0], "sha512" if "512" in command else "sha256"
    shown = f"xargs -0 -P{processes} -n{at_once} {command}"
    return Contestant(
        name=shown.removesuffix(" -r"),
        argv=("sh", "-c", f"find {shlex.quote(where)} -type f -print0 | {shown}"),
        folder=folder,
        role=Role.HASHES,
        program=program,
        algorithm=algorithm,
    )


def xargs_digests_of_bags(command: str, folder: Path, *, processes: int, at_once: int) -> Contestant:
    """Return a program that prints digests, run by find and xargs on the payload of many bags."""
    all_files = xargs_digests(command, folder, ".", processes=processes, at_once=at_once)
    script = f"find bag-* -path '*/data/*' -type f -print0 | xargs -0 -P{processes} -n{at_once} {command}"
    return replace(all_files, argv=("sh", "-c", script))


def openssl_alone(bag: Path, algorithm: str, file: str) -> Contestant:
    """Return openssl on one file."""
    return Contestant(
        name=f"openssl dgst -{algorithm}",
        argv=("openssl", "dgst", f"-{algorithm}", "-r", file),
        folder=bag,
        role=Role.HASHES,
        program="openssl",
        algorithm=algorithm,
    )


def c_loop(bag: Path, algorithm: str) -> Contestant:
    """Return the C loop: two threads that open, read and digest, as a lower limit of the time."""
    return Contestant(
        name="C loop, 2 threads",
        argv=("sh", "-c", f"find data -type f -print0 | hashloop 2 {algorithm}"),
        folder=bag,
        role=Role.HASHES,
        program="hashloop",
        algorithm=algorithm,
    )
