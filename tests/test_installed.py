"""The published files: a wheel and an editable install with their schemas, an sdist without stray files."""

from __future__ import annotations

import os
import shutil
import sys
import tarfile
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest

from archtool import __version__
from checkouts import STRAY, run, tracked_copy
from packages import REPOSITORY

SCHEMAS = sorted(p.name for p in (REPOSITORY / "schemas").iterdir())


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, Path]:
    """Checkout, sdist and wheel. The wheel is built from the sdist, as installers do."""
    folder = tmp_path_factory.mktemp("built")
    checkout = tracked_copy(folder)
    run(sys.executable, "-m", "build", "--no-isolation", "--outdir", folder / "dist", checkout)
    (sdist,) = (folder / "dist").glob("*.tar.gz")
    (wheel,) = (folder / "dist").glob("*.whl")
    return checkout, sdist, wheel


@dataclass(frozen=True)
class FirstPackage:
    """A checkout in which the first command of the README was run, and its output."""

    checkout: Path
    printed: str

    @property
    def site_packages(self) -> Path:
        """The folder in which that command installed archtool and its dependencies."""
        (folder,) = (self.checkout / ".venv").glob("lib/python*/site-packages")
        return folder


@pytest.fixture(scope="module")
def first_package(built: tuple[Path, Path, Path], tmp_path_factory: pytest.TempPathFactory) -> FirstPackage:
    checkout = tmp_path_factory.mktemp("first") / "checkout"
    shutil.copytree(built[0], checkout)
    return FirstPackage(checkout, run("sh", "examples/first-package.sh", cwd=checkout))


def fresh_environment(
    first: FirstPackage, folder: Path, *requirement: str, has_pip: bool = False, without: str = "archtool"
) -> Path:
    """Make a virtual environment with archtool's dependencies but one, and install archtool as required."""
    run(sys.executable, "-m", "venv", "--without-pip", folder)
    (site_packages,) = folder.glob("lib/python*/site-packages")
    for path in first.site_packages.iterdir():
        excluded = ("archtool", "bin", without) if has_pip else ("archtool", "bin", "pip", without)
        if path.is_dir() and not path.name.startswith(excluded):
            shutil.copytree(path, site_packages / path.name, copy_function=os.link)
        elif path.is_file():
            shutil.copy(path, site_packages)
    options = ["--quiet", "--disable-pip-version-check", "--no-deps"]
    python = folder / "bin" / "python"
    run(sys.executable, "-m", "pip", "--python", python, "install", *options, *requirement)
    return folder / "bin" / "archtool"


def test_the_sdist_contains_the_listed_files_and_no_stray_ones(built: tuple[Path, Path, Path]) -> None:
    with tarfile.open(built[1]) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert STRAY not in names
    assert not [n for n in names if n.endswith((".pyc", ".log")) or "__pycache__" in n]
    for needed in ("pyproject.toml", "README.md", "archtool/__init__.py", "archtool/py.typed", ".ci/run"):
        assert needed in names
    assert {f"schemas/{name}" for name in SCHEMAS} <= names
    assert "examples/rakovsky-1932/description.yaml" in names
    assert "tests/test_installed.py" in names


def test_the_wheel_contains_the_schemas_the_templates_of_pages_and_the_manual(
    built: tuple[Path, Path, Path],
) -> None:
    with zipfile.ZipFile(built[2]) as archive:
        names = set(archive.namelist())
    assert {f"archtool/schemas/{name}" for name in SCHEMAS} <= names
    templates = {str(path.relative_to(REPOSITORY)) for path in REPOSITORY.glob("archtool/**/*.jinja")}
    assert templates
    assert templates <= names
    data = f"archtool_bagit-{__version__}.data/data/share/man/man1/"
    pages = {f"{data}{path.name}" for path in (REPOSITORY / "docs" / "man").iterdir()}
    assert f"{data}archtool-pack.1" in pages <= names
    expected = ("archtool/", f"archtool_bagit-{__version__}.dist-info/", data)
    assert not [name for name in names if not name.startswith(expected)]


def test_an_installed_wheel_packs_and_verifies(
    built: tuple[Path, Path, Path], first_package: FirstPackage, tmp_path: Path
) -> None:
    archtool = fresh_environment(first_package, tmp_path / "venv", str(built[2]))
    assert run(archtool, "--version") == f"archtool {__version__}\n"
    description = REPOSITORY / "examples" / "letter" / "description.yaml"
    run(archtool, "pack", description, "-o", tmp_path / "package", cwd=tmp_path)
    assert "bag valid · content consistent" in run(archtool, "verify", tmp_path / "package", cwd=tmp_path)


def test_an_editable_install_finds_the_schemas(
    built: tuple[Path, Path, Path], first_package: FirstPackage, tmp_path: Path
) -> None:
    archtool = fresh_environment(first_package, tmp_path / "venv", "--editable", str(built[0]))
    description = REPOSITORY / "examples" / "letter" / "description.yaml"
    assert "can be packed" in run(archtool, "check", description, cwd=tmp_path)


def test_the_first_command_of_the_readme_makes_a_package(first_package: FirstPackage) -> None:
    again = run("sh", "examples/first-package.sh", cwd=first_package.checkout)
    package = first_package.checkout / "example-package" / "rakovsky-1932-appel"
    for printed in (first_package.printed, again):
        assert "trust trusted" in printed
        assert f"The package is in:  {package}" in printed


def test_the_commands_of_the_readme_work_again_in_the_activated_environment(
    first_package: FirstPackage,
) -> None:
    first = first_package.printed
    assert "Installing archtool and what it needs" in first
    (line,) = [line for line in first.splitlines() if line.startswith("To use archtool in this shell, run:")]
    activate = line.partition(":")[2].strip()
    output = run(
        "sh",
        "-c",
        f"{activate} && archtool --version && sh examples/first-package.sh",
        cwd=first_package.checkout,
    )
    assert output.startswith(f"archtool {__version__}\n")
    assert "trust trusted" in output
    assert "Installing" not in output


@pytest.mark.parametrize("origin_kind", ["from a checkout", "from a wheel", "without pip"])
def test_the_command_that_installs_an_extra_works_for_each_kind_of_installation(
    built: tuple[Path, Path, Path], first_package: FirstPackage, tmp_path: Path, origin_kind: str
) -> None:
    origin, has_pip = built[2] if origin_kind == "from a wheel" else built[0], origin_kind != "without pip"
    # the extra has nothing besides openpyxl, which is needed anyhow: old commands install it still
    venv = fresh_environment(
        first_package, tmp_path / "venv", str(origin), has_pip=has_pip, without="openpyxl"
    )
    python = venv.with_name("python")
    code = "from archtool.installation import install_command; print(install_command('xlsx'))"
    run("sh", "-c", f"{run(python, '-c', code).strip()} --quiet --disable-pip-version-check")
    run(python, "-c", "import openpyxl")
