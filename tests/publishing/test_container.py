"""The Containerfile: what a linter says, what it copies, and its build steps, run without an engine."""

from __future__ import annotations

import os
import re
import shutil
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.specifiers import SpecifierSet

from archtool import __version__
from budgets import is_long
from checkouts import run
from packages import REPOSITORY

TEXT = (REPOSITORY / "Containerfile").read_text(encoding="utf-8")
PYPROJECT = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))
HADOLINT = shutil.which("hadolint", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")


def instructions() -> list[tuple[str, str]]:
    """Return each instruction as its name and the rest, with lines joined and comments left out."""
    joined = re.sub(r"\\\n\s*", "", re.sub(r"(?m)^#.*\n", "", TEXT))
    return [(name, rest) for name, _, rest in (line.partition(" ") for line in joined.splitlines() if line)]


def copied() -> list[tuple[list[str], str]]:
    """Return the files that are copied from the project, and where to."""
    copies = [rest.split() for name, rest in instructions() if name == "COPY" and "--from" not in rest]
    return [(words[:-1], words[-1]) for words in copies]


@pytest.mark.skipif(HADOLINT is None, reason="hadolint is not installed")
def test_hadolint_has_no_complaint_about_the_containerfile() -> None:
    assert HADOLINT is not None
    assert run(HADOLINT, "--no-color", REPOSITORY / "Containerfile") == ""


def test_what_the_containerfile_copies_exists_and_is_not_ignored() -> None:
    lines = (REPOSITORY / ".containerignore").read_text(encoding="utf-8").splitlines()
    sent = {line.removeprefix("!") for line in lines if line.startswith("!")}
    files = {file for files, _ in copied() for file in files}
    assert files == sent
    assert [file for file in files if not (REPOSITORY / file).exists()] == []
    wheel = PYPROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]
    needed = {*wheel["packages"], *wheel["force-include"], *wheel.get("shared-data", {})}
    assert needed - files == set(), "the build of the wheel needs these: copy them"


def test_the_container_has_a_python_that_archtool_supports_and_no_root() -> None:
    needed = PYPROJECT["project"]
    images = [rest.partition(" ")[0] for name, rest in instructions() if name == "FROM"]
    assert len(set(images)) == 1
    version = images[0].removeprefix("python:").removesuffix("-slim")
    assert SpecifierSet(needed["requires-python"]).contains(version)
    assert f"Programming Language :: Python :: {version}" in needed["classifiers"]
    assert dict(instructions())["USER"] == "1000:1000"


@pytest.mark.skipif(not is_long(), reason="installs everything with pip: only with --long")
def test_the_build_steps_of_the_containerfile_install_archtool(tmp_path: Path) -> None:
    source, binaries = tmp_path / "source", tmp_path / "binaries"
    binaries.mkdir()
    (binaries / "python").symlink_to(sys.executable)
    build = TEXT.partition("# 2. ")[0].count("RUN")
    steps = [rest for name, rest in instructions() if name == "RUN"][:build]
    for files, target in copied():
        for file in files:
            (source / target).mkdir(parents=True, exist_ok=True)
            if (REPOSITORY / file).is_dir():
                shutil.copytree(REPOSITORY / file, source / target, dirs_exist_ok=True)
            else:
                shutil.copy(REPOSITORY / file, source / target)
    for step in steps:
        here = step.replace("/opt/", f"{tmp_path}/opt/").replace("/wheel", f"{tmp_path}/wheel")
        run("sh", "-c", here, cwd=source, variables={"PATH": f"{binaries}{os.pathsep}{os.environ['PATH']}"})
    archtool = tmp_path / "opt" / "archtool" / "bin" / "archtool"
    assert run(archtool, "--version") == f"archtool {__version__}\n"
    assert not (archtool.with_name("pip")).exists()
