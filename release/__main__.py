"""`python -m release FOLDER`: builds the sdist, the wheel, the bill of materials, and lists their digests.

Everyone who runs it on the same commit gets the same bytes: the tools of the build are those of `build.txt`,
with their digests, the wheel is built from the sdist, and `hatch_build.py` fixes the times of the files. Only
another implementation of zlib (zlib-ng, in some Pythons on Windows and Fedora) compresses the same files to
other bytes.

It needs uv and cyclonedx-bom, which the extra `test` installs, and a package index.
"""

from __future__ import annotations

import argparse
import hashlib
import subprocess
import sys
from pathlib import Path

from release.sbom import write_sbom

PROJECT = Path(__file__).resolve().parent.parent
BUILD_TOOLS = PROJECT / "release" / "build.txt"
DIGESTS = "SHA512SUMS"


def build(project: Path, folder: Path) -> tuple[Path, Path]:
    """Build a project into a folder; return its sdist and its wheel.

    Raises:
        CalledProcessError: a tool has other bytes than `build.txt` says, or the build failed.
    """
    options = ["--quiet", "--build-constraints", str(BUILD_TOOLS), "--require-hashes"]
    subprocess.run(
        [sys.executable, "-m", "uv", "build", *options, "--out-dir", str(folder), str(project)], check=True
    )
    (folder / ".gitignore").unlink(missing_ok=True)  # uv writes one
    (sdist,) = folder.glob("*.tar.gz")
    (wheel,) = folder.glob("*.whl")
    return sdist, wheel


def write_digests(folder: Path) -> Path:
    """List the SHA-512 digests of a folder's files, as `sha512sum -c` reads them; return the list."""
    files = sorted(path for path in folder.iterdir() if path.name != DIGESTS)
    lines = [f"{hashlib.sha512(path.read_bytes()).hexdigest()}  {path.name}\n" for path in files]
    target = folder / DIGESTS
    target.write_text("".join(lines), encoding="utf-8", newline="\n")
    return target


def main() -> int:
    """Build everything into the folder that the command line names; it must be empty."""
    parser = argparse.ArgumentParser(prog="python -m release", description="Build the files of a release.")
    parser.add_argument("folder", type=Path, help="where the files go; made if it does not exist")
    folder: Path = parser.parse_args().folder
    folder.mkdir(parents=True, exist_ok=True)
    if any(folder.iterdir()):
        parser.error(f"{folder} is not empty: name a new folder")
    _, wheel = build(PROJECT, folder)
    write_sbom(wheel, folder)
    print(write_digests(folder).read_text(encoding="utf-8"), end="")
    return 0


if __name__ == "__main__":
    sys.exit(main())
