"""The state of a source is found in whichever Unicode form the disk has its name."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest

from archtool.batch.tasks.pack import _status

NAME = "é.txt"


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_a_name_in_another_form_is_the_same_file(tmp_path: Path, form: str) -> None:
    (tmp_path / unicodedata.normalize(form, NAME)).write_bytes(b"12345")
    for asked in ("NFC", "NFD"):
        assert _status(str(tmp_path / unicodedata.normalize(asked, NAME))).st_size == 5


def test_a_file_that_is_there_in_no_form_is_missing(tmp_path: Path) -> None:
    for name in (NAME, "a.txt"):
        with pytest.raises(FileNotFoundError):
            _status(str(tmp_path / name))
