"""The source of a package that is gone: it has no file, and says so as a folder does."""

from __future__ import annotations

import pytest

from archtool.operations.repair.no_files import NoFiles


def test_a_package_that_is_gone_has_no_files() -> None:
    with NoFiles() as source, source.reopen() as again:
        assert [*source.walk(), *again.walk()] == []
        assert source.position("data/letter.txt") == 0


def test_each_way_to_read_a_file_of_a_package_that_is_gone_reports_it_missing() -> None:
    source = NoFiles()
    readings = (
        source.size_of,
        lambda path: source.read_bytes(path, 100),
        lambda path: source.stream(path, []),
        source.modified_at_ns,
    )
    for read in readings:
        with pytest.raises(FileNotFoundError) as missing:
            read("data/letter.txt")
        assert missing.value.filename == "data/letter.txt"
