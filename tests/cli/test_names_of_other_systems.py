"""A name that a system stores in another Unicode form is the declared name."""

from __future__ import annotations

import unicodedata
from pathlib import Path
from typing import Literal

import pytest

from command_line import archtool
from packages import write_letter


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_a_file_with_another_unicode_form_on_disk_is_packed_as_declared(
    tmp_path: Path, form: Literal["NFC", "NFD"]
) -> None:
    declared = unicodedata.normalize("NFD" if form == "NFC" else "NFC", "léttre.txt")
    (tmp_path / "letters").mkdir()
    description = write_letter(tmp_path / "letters")
    stored = tmp_path / "letters" / unicodedata.normalize(form, "léttre.txt")
    (tmp_path / "letters" / "letter.txt").rename(stored)
    description.write_text(description.read_text().replace("letter.txt", declared))
    assert archtool("check", description).code == 0
    done = archtool("pack", description, "-o", tmp_path / "package")
    assert done.code == 0, done.err
    assert [path.name for path in (tmp_path / "package" / "data").iterdir()] == [declared]
    assert archtool("verify", tmp_path / "package").code == 0
