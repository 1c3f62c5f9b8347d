"""What is published has the same bytes wherever it is built, is complete, and can be installed."""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
import tarfile
import tomllib
import zipfile
from pathlib import Path

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from packaging.requirements import Requirement

from archtool import __version__
from checkouts import run, tracked_copy, tracked_files
from packages import ARCHIVIST, REPOSITORY, write_allowed_signers, write_key
from release.__main__ import build, write_digests
from release.sbom import write_sbom

PROJECT = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["project"]
LETTER = REPOSITORY / "examples" / "letter" / "description.yaml"
OTHER_DAY = 1_000_000_000  # in 2001
NAME = f"archtool_bagit-{__version__}"
PROGRAM = '''
"""Uses each function of the public API with the types that it promises."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import archtool


def seal(description: Path, key: Path, trust: Path) -> Sequence[archtool.Finding]:
    made: archtool.Result = archtool.pack(description, "package", sign=key, strict=True)
    assert made.exit_code is archtool.ExitCode.DONE
    verified = archtool.verify("package", trust=trust)
    assert dict(verified.verdict) == {"bag": "valid", "content": "consistent", "trust": "trusted"}
    claimed = archtool.attest("package", sign=[key], event="fixity-check", note="read again")
    checked: archtool.Result = archtool.check(description)
    view: archtool.PackageView = archtool.read_package("package", trust=trust)
    assert view.citation is not None
    cited: archtool.Citation = archtool.cite(["package"], style="ris")
    exported: archtool.Export = archtool.export("package", "tei")
    assert cited.text.startswith("TY  - ")
    assert exported.text is not None
    return (*checked.findings, *claimed.findings, *view.findings)


def night(register: Path) -> Mapping[str, object]:
    return archtool.audit(register, agent="Jane Doe", everything=True)


def complain(error: archtool.ArchtoolError) -> str:
    return f"{error.message}: {error.hint or 'no hint'} ({int(error.exit_code)})"


if __name__ == "__main__":
    for finding in seal(Path("letter/description.yaml"), Path("archivist-key"), Path("allowed_signers")):
        print(finding.code, finding.severity, finding.place)
'''


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that `python -m release` made."""
    folder = tmp_path_factory.mktemp("released") / "files"
    run(sys.executable, "-m", "release", folder, cwd=REPOSITORY)
    return folder


def test_a_release_consists_of_sdist_wheel_bill_of_materials_and_digests(released: Path) -> None:
    names = {path.name for path in released.iterdir()}
    assert names == {f"{NAME}.tar.gz", f"{NAME}-py3-none-any.whl", f"{NAME}.cdx.json", "SHA512SUMS"}
    assert run("sha512sum", "-c", "SHA512SUMS", cwd=released).count(": OK\n") == 3


def test_a_build_in_another_folder_at_another_time_has_the_same_bytes(
    released: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    checkout = tracked_copy(tmp_path)
    for path in checkout.rglob("*"):
        os.utime(path, (OTHER_DAY, OTHER_DAY))
        path.chmod(0o700 if path.is_dir() or os.access(path, os.X_OK) else 0o600)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(OTHER_DAY))
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    monkeypatch.setenv("LC_ALL", "C")
    before = os.umask(0o077)
    try:
        sdist, wheel = build(checkout, tmp_path / "dist")
    finally:
        os.umask(before)
    write_sbom(wheel, tmp_path / "dist")
    assert write_digests(tmp_path / "dist").read_text() == (released / "SHA512SUMS").read_text()
    assert sdist.read_bytes() == (released / sdist.name).read_bytes()


def test_the_sdist_contains_every_tracked_file(released: Path) -> None:
    if not (tracked := set(tracked_files())):
        pytest.skip("this is no checkout of git")
    with tarfile.open(released / f"{NAME}.tar.gz") as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert names - tracked == {"PKG-INFO"}
    assert tracked - names == set()


def test_the_wheel_contains_every_file_of_the_package_and_the_licence(released: Path) -> None:
    if not (tracked := tracked_files()):
        pytest.skip("this is no checkout of git")
    with zipfile.ZipFile(released / f"{NAME}-py3-none-any.whl") as archive:
        names = set(archive.namelist())
    assert {name for name in tracked if name.startswith("archtool/")} - names == set()
    assert {name.partition("/")[0] for name in names} <= {"archtool", f"{NAME}.dist-info", f"{NAME}.data"}
    assert f"{NAME}.dist-info/licenses/LICENSE" in names
    assert "archtool/py.typed" in names


def test_the_bill_of_materials_follows_its_schema_and_names_no_place_of_the_build(released: Path) -> None:
    text = (released / f"{NAME}.cdx.json").read_text(encoding="utf-8")
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(text) is None
    bill = json.loads(text)
    root = bill["metadata"]["component"]
    assert (root["name"], root["version"], root["type"]) == ("archtool-bagit", __version__, "application")
    assert root["licenses"][0]["license"]["id"] == "Apache-2.0"
    assert "serialNumber" not in bill
    assert "timestamp" not in bill["metadata"]
    assert not re.search(r"file:|/tmp|/home|/root", text)


def test_the_bill_of_materials_lists_each_dependency_with_its_version(released: Path) -> None:
    bill = json.loads((released / f"{NAME}.cdx.json").read_text(encoding="utf-8"))
    listed = {component["name"].casefold().replace("_", "-") for component in bill["components"]}
    assert {Requirement(line).name.casefold() for line in PROJECT["dependencies"]} <= listed
    assert all(component["version"] and component["purl"] for component in bill["components"])
    (root,) = [one for one in bill["dependencies"] if one["ref"] == bill["metadata"]["component"]["bom-ref"]]
    assert len(root["dependsOn"]) == len(PROJECT["dependencies"])


def test_the_locked_versions_are_those_that_the_project_asks_for() -> None:
    lock = (REPOSITORY / "release" / "runtime.txt").read_text(encoding="utf-8")
    locked = dict(re.findall(r"^([a-z0-9-]+)==([^ ]+)", lock, re.MULTILINE))
    for line in PROJECT["dependencies"]:
        needed = Requirement(line)
        version = locked.get(needed.name.lower(), "")
        assert needed.specifier.contains(version), f"{line}: {version}; run: python -m release.locks"


@pytest.fixture(scope="module")
def installed(released: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The folders in which uv and pipx installed the wheel: programs in `bin`, environments in `tools`."""
    folders = {"uv": tmp_path_factory.mktemp("uv"), "pipx": tmp_path_factory.mktemp("pipx")}
    for tool, words in (("uv", ("uv", "tool", "install")), ("pipx", ("pipx", "install"))):
        binaries, tools = str(folders[tool] / "bin"), str(folders[tool] / "tools")
        variables = {"UV_TOOL_DIR": tools, "UV_TOOL_BIN_DIR": binaries} | {
            "PIPX_HOME": tools,
            "PIPX_BIN_DIR": binaries,
            "PIPX_MAN_DIR": str(folders[tool] / "man"),
        }
        wheel = released / f"{NAME}-py3-none-any.whl"
        run(sys.executable, "-m", *words, "--quiet", wheel, cwd=folders[tool], variables=variables)
    return folders


@pytest.mark.parametrize("tool", ["uv", "pipx"])
def test_the_wheel_is_installed_by(tool: str, installed: dict[str, Path], tmp_path: Path) -> None:
    archtool = installed[tool] / "bin" / "archtool"
    assert run(archtool, "--version") == f"archtool {__version__}\n"
    run(archtool, "pack", LETTER, "-o", tmp_path / "package", cwd=tmp_path)
    assert "bag valid · content consistent" in run(archtool, "verify", tmp_path / "package", cwd=tmp_path)


def test_a_typed_program_that_uses_the_installed_wheel_passes_mypy_and_runs(
    installed: dict[str, Path], tmp_path: Path
) -> None:
    python = installed["uv"] / "tools" / "archtool-bagit" / "bin" / "python"
    shutil.copytree(LETTER.parent, tmp_path / "letter")
    write_key(tmp_path)
    write_allowed_signers(tmp_path, ARCHIVIST)
    (tmp_path / "program.py").write_text(PROGRAM, encoding="utf-8")
    mypy = ("-m", "mypy", "--strict", "--python-executable", python, "program.py")
    assert "no issues found" in run(sys.executable, *mypy, cwd=tmp_path)
    assert run(python, "program.py", cwd=tmp_path) == ""
