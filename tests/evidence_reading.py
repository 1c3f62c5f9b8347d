"""Bouncy Castle's reader of evidence records, as the tests call it."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

_JARS = [Path("/usr/share/java") / f"{name}.jar" for name in ("bcpkix", "bcprov", "bcutil")]
_SOURCE = Path(__file__).parent / "interop" / "EvidenceReader.java"

needs_bouncy_castle = pytest.mark.skipif(
    shutil.which("javac") is None or not all(jar.is_file() for jar in _JARS),
    reason="a Java compiler or Bouncy Castle (Debian: libbcpkix-java) is not installed",
)


def bouncy_castle_says(folder: Path, asked: Sequence[tuple[Path, Sequence[Path]]]) -> list[str]:
    """What it says of each record over these files: `OK`, or `FAIL` and why."""
    path = ":".join(map(str, _JARS))
    if not (folder / "EvidenceReader.class").exists():
        compile_it = ["javac", "-cp", path, "-d", str(folder), str(_SOURCE)]
        subprocess.run(compile_it, capture_output=True, check=True, timeout=120)
    lines = "".join("\t".join([str(record), *map(str, files)]) + "\n" for record, files in asked)
    done = subprocess.run(
        ["java", "-cp", f"{path}:{folder}", "EvidenceReader"],
        input=lines, capture_output=True, check=True, text=True, timeout=120,
    )  # fmt: skip
    return done.stdout.splitlines()


def covered_files(package: Path, without: Sequence[str] = ()) -> list[Path]:
    """The files that the first record of a package is over: all but tag manifests and records."""
    return [
        path
        for path in sorted(package.rglob("*"))
        if path.is_file()
        and not path.name.startswith("tagmanifest-")
        and path.parent.name != "evidence"
        and str(path.relative_to(package)) not in without
    ]
