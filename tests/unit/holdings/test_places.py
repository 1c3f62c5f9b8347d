"""Places of copies: absolute paths, and paths on labelled media."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from archtool.errors import InputError
from archtool.holdings.places import MediumPlace, place_of


def test_a_place_is_absolute_and_keeps_links(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "disk").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "disk")
    monkeypatch.chdir(tmp_path)
    assert place_of(Path("link/../link/letters")) == f"{tmp_path}/link/letters"


def test_a_path_that_is_not_utf_8_is_no_place() -> None:
    with pytest.raises(InputError, match="not UTF-8"):
        place_of(Path(os.fsdecode(b"/disk/\xff")))


def test_a_place_on_a_medium_begins_with_its_label() -> None:
    assert str(MediumPlace.parse("LTO 17", "/backup//letters/")) == "LTO 17:backup/letters"


@pytest.mark.parametrize("path", ["", "/", "..", "../x", "a/../../x", "."])
def test_a_path_that_leaves_the_medium_or_names_nothing_is_refused(path: str) -> None:
    with pytest.raises(InputError):
        MediumPlace.parse("LTO-17", path)
