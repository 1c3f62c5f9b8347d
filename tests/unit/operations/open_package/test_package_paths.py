"""Where attestations lie that could not be put into a package: beside it, whatever it is called."""

from __future__ import annotations

from pathlib import Path

import pytest

from archtool.operations.open_package.package_paths import find_sidecar, sidecar_of


@pytest.mark.parametrize("name", ["letters", "letters.tar.gz", ".hidden", "a/b"])
def test_a_sidecar_has_the_whole_name_of_its_package(name: str) -> None:
    assert sidecar_of(Path(name)) == Path(f"{name}.attestations")


def test_a_package_that_is_named_by_where_we_are_has_its_sidecar_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "letters" / "data").mkdir(parents=True)
    for name, folder in ((".", "letters"), ("..", "letters/data"), ("/", ".")):
        monkeypatch.chdir(tmp_path / folder)
        beside = Path("/.attestations") if name == "/" else tmp_path / "letters.attestations"
        assert sidecar_of(Path(name)) == beside


def test_a_sidecar_is_found_where_there_is_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "letters" / "data").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "letters")
    roots = [Path(), Path("data/.."), tmp_path / "letters"]
    assert [find_sidecar(root) for root in roots] == [None] * 3
    beside = tmp_path / "letters.attestations"
    beside.write_text("a file is none")
    assert [find_sidecar(root) for root in roots] == [None] * 3
    beside.unlink()
    beside.mkdir()
    assert [find_sidecar(root) for root in roots] == [beside] * 3
    assert find_sidecar(Path("/nowhere"), beside) == beside
