"""Own tag files are read once, within their limit, and a file that is gone meanwhile is an error."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from archtool.errors import InputError
from archtool.operations.pack import own_files
from archtool.operations.pack.copy_payload import PayloadSource
from archtool.operations.pack.own_files import read_tag_files
from archtool.operations.sources.survey import Survey, open_sources, survey_sources
from unit.operations.sources.source_folders import ONE, described_in

TAGS = ONE + "tag-files: [{ file: a.txt }, { file: a.txt, as: b/c.txt }]\n"


@contextmanager
def surveyed(folder: Path) -> Iterator[tuple[Survey, PayloadSource]]:
    (folder / "a.txt").write_text("one\n")
    described = described_in(folder, TAGS)
    with open_sources(described) as tree:
        yield survey_sources(described, tree, tree.root), PayloadSource(tree, tree.root, tree)


def test_one_file_can_become_two_tag_files(letters: Path) -> None:
    with surveyed(letters) as (survey, source):
        files = read_tag_files(described_in(letters, TAGS).description, survey, source)
    assert files == {"a.txt": b"one\n", "b/c.txt": b"one\n"}


def test_a_tag_file_that_is_gone_after_the_survey_is_named(letters: Path) -> None:
    with surveyed(letters) as (survey, source):
        (letters / "a.txt").unlink()
        with pytest.raises(InputError, match=r"a\.txt cannot be read"):
            read_tag_files(described_in(letters, TAGS).description, survey, source)


def test_a_tag_file_that_grew_after_the_survey_does_not_fill_memory(
    letters: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with surveyed(letters) as (survey, source):
        monkeypatch.setattr(own_files, "MAX_OWN_TAG_BYTES", 2)
        with pytest.raises(InputError, match="larger than 2 bytes"):
            read_tag_files(described_in(letters, TAGS).description, survey, source)
