"""Checks evidence records with Bouncy Castle's reader."""

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


def check_with_bouncy_castle(folder: Path, records: Sequence[tuple[Path, Sequence[Path]]]) -> list[str]:
    """Return the result for each record and its files: `OK`, or `FAIL` and the reason."""
    path = ":".join(map(str, _JARS))
    if not (folder / "EvidenceReader.class").exists():
        compile_command = ["javac", "-cp", path, "-d", str(folder), str(_SOURCE)]
        subprocess.run(compile_command, capture_output=True, check=True, timeout=120)
    lines = "".join("\t".join([str(record), *map(str, files)]) + "\n" for record, files in records)
    process = subprocess.run(
        ["java", "-cp", f"{path}:{folder}", "EvidenceReader"],
        input=lines, capture_output=True, check=True, text=True, timeout=120,
    )  # fmt: skip
    return process.stdout.splitlines()


def covered_files(package: Path, without: Sequence[str] = ()) -> list[Path]:
    """Return the files that the first record of a package covers: all but tag manifests and records."""
    return [
        path
        for path in sorted(package.rglob("*"))
        if path.is_file()
        and not path.name.startswith("tagmanifest-")
        and path.parent.name != "evidence"
        and str(path.relative_to(package)) not in without
    ]
