"""The bill of materials (SBOM) of a release: its dependencies with their licences, in CycloneDX.

It lists the dependencies in the versions of `runtime.txt`, which are those that the tests ran with and that
the container has. They are installed for that in a temporary environment, with their digests checked; the
extras are not part of it. `cyclonedx-py` reads that environment, leaves out time and serial number, and
checks the result against the schema of CycloneDX.
"""

from __future__ import annotations

import email.parser
import email.policy
import json
import os
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from email.message import Message
from pathlib import Path

RUNTIME = Path(__file__).resolve().parent / "runtime.txt"
SPECIFICATION = "1.6"  # of CycloneDX: the newest that most readers know


def write_sbom(wheel: Path, folder: Path) -> Path:
    """Write the bill of materials of a wheel into a folder, as `NAME-VERSION.cdx.json`; return its path.

    Raises:
        CalledProcessError: a dependency has other bytes than `runtime.txt` says, or the result is not valid.
    """
    metadata = _metadata(wheel)
    target = folder / f"{wheel.name.partition('-py3')[0]}.cdx.json"
    with tempfile.TemporaryDirectory() as temporary:
        environment, pyproject = Path(temporary, "environment"), Path(temporary, "pyproject.toml")
        pyproject.write_text("".join(_project_lines(metadata)), encoding="utf-8")
        uv = [sys.executable, "-m", "uv", "--quiet"]
        subprocess.run([*uv, "venv", "--python", sys.executable, str(environment)], check=True)
        python = environment / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
        install = [
            "pip",
            "install",
            "--python",
            str(python),
            "--require-hashes",
            "--requirement",
            str(RUNTIME),
        ]
        subprocess.run([*uv, *install], check=True)
        options = ["--output-reproducible", "--validate", "--spec-version", SPECIFICATION, "--of", "JSON"]
        subprocess.run(
            [sys.executable, "-m", "cyclonedx_py", "environment", *options,
             "--pyproject", str(pyproject), "--output-file", str(target), str(python)],
            env={name: value for name, value in os.environ.items() if name != "SOURCE_DATE_EPOCH"},
            check=True,
        )  # fmt: skip
    return target


def _metadata(wheel: Path) -> Message:
    with zipfile.ZipFile(wheel) as archive:
        (name,) = [name for name in archive.namelist() if name.endswith(".dist-info/METADATA")]
        return email.parser.Parser(policy=email.policy.compat32).parsestr(archive.read(name).decode())


def _project_lines(metadata: Message) -> Iterator[str]:
    """Yield a pyproject.toml with the version, which the project's own takes from the code.

    Strings of JSON are strings of TOML.
    """
    yield "[project]\n"
    for key, label in (("name", "Name"), ("version", "Version"), ("description", "Summary")):
        yield f"{key} = {json.dumps(metadata[label])}\n"
    yield f"license = {json.dumps(metadata['License-Expression'])}\n"
    needed = [line for line in metadata.get_all("Requires-Dist", []) if "extra ==" not in line]
    yield f"dependencies = {json.dumps(needed)}\n"
