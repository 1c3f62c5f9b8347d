"""The guide about sites: its commands run one after the other, and make what it names."""

from __future__ import annotations

import re
import shlex
import shutil
from pathlib import Path

import pytest

from command_line import archtool
from packages import EXAMPLES, REPOSITORY

GUIDE = (REPOSITORY / "docs" / "site.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```sh\n(.*?)^```$", GUIDE, re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder in which the commands of the guide were run."""
    folder = tmp_path_factory.mktemp("guide")
    shutil.copytree(EXAMPLES, folder / "examples")
    for block in BLOCKS:
        for line in block.splitlines():
            program, *words = shlex.split(line)
            run = archtool(*words, cwd=folder)
            assert (program, run.code) == ("archtool", 0), f"{line}\n{run.said()}"
    return folder


def test_every_file_that_the_guide_names_is_in_a_site(folder: Path) -> None:
    names = set(re.findall(r"`([a-z-]+\.(?:html|xml|json))`", GUIDE)) - {"dates-2.html"}
    assert len(names) > 8
    assert [name for name in sorted(names) if not (folder / "web-site" / name).is_file()] == []


def test_the_verified_site_says_what_the_guide_says(folder: Path) -> None:
    (page, *_) = sorted((folder / "verified-site" / "packages").glob("*.html"))
    assert "complete and unchanged" in page.read_text(encoding="utf-8")
    (page, *_) = sorted((folder / "site" / "packages").glob("*.html"))
    assert "all there, not compared" in page.read_text(encoding="utf-8")
