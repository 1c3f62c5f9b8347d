"""`python -m release.locks`: chooses the versions of `build.txt` and `runtime.txt` again, with their digests.

`build.txt` has the tools that build the published files, `runtime.txt` the dependencies of archtool as the
bill of materials and the container have them. Versions that still satisfy `pyproject.toml` are kept, unless
`--upgrade` is given. It needs uv and a package index.
"""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
COMMAND = "python -m release.locks"


def lock(target: Path, requirements: list[str], *options: str) -> None:
    """Write the versions and digests of requirements, for every system and every supported Python."""
    given = [
        "--universal",
        "--python-version",
        "3.11",
        "--generate-hashes",
        "--custom-compile-command",
        COMMAND,
    ]
    command = [sys.executable, "-m", "uv", "--quiet", "pip", "compile", *given, *options]
    subprocess.run(
        [*command, "--output-file", str(target), "-"], input="\n".join(requirements), text=True, check=True
    )


def main() -> None:
    """Write both files again."""
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))
    options = sys.argv[1:]
    lock(PROJECT / "release" / "build.txt", project["build-system"]["requires"], *options)
    lock(PROJECT / "release" / "runtime.txt", project["project"]["dependencies"], *options)


if __name__ == "__main__":
    main()
