"""What `archtool export` does for the forms that are folders: `ro-crate` and `ocfl`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from archtool.archives.limits import Limits
from archtool.cli.export.folders import export_to_folder
from archtool.errors import UsageError
from archtool.operations.export.folder_forms import FOLDER_FORMS
from command_line import archtool
from packages import make_package, pack, write_key


def run(form: str, *packages: Path, target: Path | None, **given: bool) -> int:
    return export_to_folder(FOLDER_FORMS[form], packages, target, Limits(), **given)


def test_a_crate_is_reported_with_its_folder_and_size(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    package, crate = make_package(tmp_path), tmp_path / "crate"
    assert run("ro-crate", package, target=crate) == 0
    out, err = capsys.readouterr()
    lines = out.splitlines()
    assert lines[:3] == [
        f"exported {package}",
        f"  RO-Crate   {crate}",
        "  checked    each file agrees with the manifests of the package",
    ]
    assert lines[3].startswith("1 payload file · 17 bytes · 0 warnings · ")
    assert err == ""


def test_objects_are_reported_with_their_versions(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    package, key, root = make_package(tmp_path), write_key(tmp_path), tmp_path / "root"
    assert archtool("attest", package, "--sign", key, "--event", "countersignature").code == 0
    (tmp_path / "sources/letter.txt").write_text("To the sections, corrected.\n")
    more = ("--sign", key, "--keep-predecessor")
    assert pack(tmp_path / "sources/description.yaml", package, *more).code == 0
    assert run("ocfl", package, target=root) == 0
    out, err = capsys.readouterr()
    assert f"exported to {root}\n  object     urn:archtool:package:" in out
    assert f"\n  v1         {package}.predecessor-1: " in out
    assert f"\n  v2         {package}: " in out
    assert "read back\n1 object · " in out
    assert err == ""


def test_the_result_in_json_names_objects_and_versions(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    package = make_package(tmp_path)
    assert run("ocfl", package, target=tmp_path / "root", as_json=True) == 0
    result = json.loads(capsys.readouterr().out)
    (one,) = result["facts"]["objects"]
    assert (result["schema"], result["exit_code"]) == ("archtool/export-ocfl/1", 0)
    assert (tmp_path / "root" / one["path"] / "inventory.json").is_file()
    assert [version["package"] for version in one["versions"]] == [str(package)]


@pytest.mark.parametrize("form", FOLDER_FORMS)
@pytest.mark.parametrize("target", [None, Path("-")])
def test_a_folder_cannot_be_printed(tmp_path: Path, form: str, target: Path | None) -> None:
    with pytest.raises(UsageError, match="is a folder, and needs -o"):
        run(form, tmp_path, target=target)


@pytest.mark.parametrize("form", FOLDER_FORMS)
def test_force_replaces_no_folder(tmp_path: Path, form: str) -> None:
    with pytest.raises(UsageError, match="--force does not replace"):
        run(form, tmp_path, target=tmp_path / "target", replaces=True)
