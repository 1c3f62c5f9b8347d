"""Describes the machine of a measurement in general terms, without names of places or paths."""

from __future__ import annotations

import os
import platform
import shutil
import ssl
import subprocess
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from benchmarks.timing import RunEnvironment

_REPOSITORY = Path(__file__).parent.parent
_VERSION_COMMANDS = {
    "OpenSSL (command)": ("openssl", "version"),
    "sha256sum": ("sha256sum", "--version"),
    "hashdeep": ("hashdeep", "-V"),
    "rhash": ("rhash", "--version"),
}
_TIMEOUT_SECONDS = 20


def describe_machine(folder: Path, environment: RunEnvironment) -> dict[str, str]:
    """Return the facts about the machine and the programs, by label."""
    facts = {
        "cores": str(len(os.sched_getaffinity(0))),
        "memory": f"{os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 2**30:.0f} GiB",
        "SHA instructions": "yes" if _has_sha_instructions() else "not reported by the kernel",
        "kernel": f"{platform.system()} {platform.release().split('-')[0]}",
        "file system": _file_system(folder),
        "archtool": f"{_version('archtool')}{_commit()}",
        "bagit.py": _version("bagit"),
        "Python": f"{platform.python_implementation()} {platform.python_version()}",
        "OpenSSL (Python's)": " ".join(ssl.OPENSSL_VERSION.split()[:2]),
    }
    for label, argv in _VERSION_COMMANDS.items():
        if environment.has(argv[0]):
            facts[label] = _first_line(argv, environment)
    return facts


def _has_sha_instructions() -> bool:
    flags = Path("/proc/cpuinfo")
    words = flags.read_text(encoding="utf-8").split() if flags.is_file() else []
    return not {"sha_ni", "sha2"}.isdisjoint(words)


def _file_system(folder: Path) -> str:
    """Return the type of the mount that contains the folder: the one with the longest matching name."""
    best, kind = "", "unknown"
    mounts = Path("/proc/self/mounts")
    for line in mounts.read_text(encoding="utf-8").splitlines() if mounts.is_file() else []:
        _, mount_point, mount_kind, *_ = line.split()
        if folder.resolve().is_relative_to(mount_point) and len(mount_point) >= len(best):
            best, kind = mount_point, mount_kind
    return kind


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"


def _commit() -> str:
    """Return the commit that was measured, if git knows it, and whether there are uncommitted changes."""
    if shutil.which("git") is None:
        return ""
    process = subprocess.run(
        ["git", "describe", "--always", "--dirty=, with uncommitted changes"],
        cwd=_REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
        timeout=_TIMEOUT_SECONDS,
    )
    return f" (commit {process.stdout.strip()})" if process.returncode == 0 else ""


def _first_line(argv: tuple[str, ...], environment: RunEnvironment) -> str:
    process = subprocess.run(
        argv,
        capture_output=True,
        text=True,
        check=False,
        env=environment.variables,
        timeout=_TIMEOUT_SECONDS,
    )
    lines = (process.stdout + process.stderr).splitlines() or ["unknown"]
    return lines[0].partition(" (Lib")[0].removeprefix("OpenSSL ").strip()
