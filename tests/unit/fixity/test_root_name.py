"""The names of bags' roots, where there are thousands of them: written as `Path` would write them."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from archtool.fixity.root_name import RootName

PARTS = st.lists(st.sampled_from(["/", ".", "..", "a", ".b", "c.", " ", "é", "~", "\\", "\n"]), max_size=8)


@given(PARTS.map("".join))
@example("")
@example(".")
@example("/")
@example("//a")
@example("a//b")
@example("a/./b/")
@example("a/.")
@example("../a/..")
def test_a_root_is_written_as_a_path_writes_it(text: str) -> None:
    root = RootName.parse(text)
    assert root == str(Path(text))
    assert root.name == Path(text).name
    assert type(f"{root}.attestations") is str


@pytest.mark.parametrize("text", ["letters", "/bags/1", "../bags/.hidden", "bags/a.b"])
def test_a_plain_one_is_not_taken_apart(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr("pathlib.Path")
    assert RootName.parse(text) == text
