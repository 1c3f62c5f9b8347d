"""The path of a package's sidecar."""

from __future__ import annotations

from pathlib import Path

import pytest

from archtool.operations.open_package.package_paths import find_sidecar, sidecar_of


@pytest.mark.parametrize("name", ["letters", "letters.tar.gz", ".hidden", "a/b"])
def test_a_sidecar_is_named_after_the_full_name_of_its_package(name: str) -> None:
    assert sidecar_of(Path(name)) == Path(f"{name}.attestations")


def test_the_sidecar_of_the_current_folder_is_beside_that_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "letters" / "data").mkdir(parents=True)
    for name, folder in ((".", "letters"), ("..", "letters/data"), ("/", ".")):
        monkeypatch.chdir(tmp_path / folder)
        sidecar = Path("/.attestations") if name == "/" else tmp_path / "letters.attestations"
        assert sidecar_of(Path(name)) == sidecar


def test_a_sidecar_is_found_if_it_is_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "letters" / "data").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "letters")
    roots = [Path(), Path("data/.."), tmp_path / "letters"]
    assert [find_sidecar(root) for root in roots] == [None] * 3
    sidecar = tmp_path / "letters.attestations"
    sidecar.write_text("a file is not a sidecar")
    assert [find_sidecar(root) for root in roots] == [None] * 3
    sidecar.unlink()
    sidecar.mkdir()
    assert [find_sidecar(root) for root in roots] == [sidecar] * 3
    assert find_sidecar(Path("/nowhere"), sidecar) == sidecar
