"""Each export of the document of 1932, of letters, and of a hostile package is kept as a golden file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from archtool import __version__
from archtool.operations.export.forms import FORMS
from exported import export, pack_appeal, pack_full, pack_hostile, pack_letters
from golden_files import assert_golden

FOLDER = Path(__file__).parent / "exports"


def without_version(text: str) -> str:
    """Return an export without the version of archtool, which PREMIS records."""
    return text.replace(f">{__version__}<", ">VERSION<")


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("package", [pack_appeal, pack_full, pack_hostile])
def test_the_export_of_a_package(
    tmp_path: Path, form: str, package: Callable[[Path], Path], request: pytest.FixtureRequest
) -> None:
    run = export(form, package(tmp_path))
    assert run.code == 0, run.err
    name = f"{package.__name__.removeprefix('pack_')}{FORMS[form].suffix}"
    assert_golden(FOLDER / name, without_version(run.out), request)


@pytest.mark.parametrize("form", [form.name for form in FORMS.values() if form.joins])
def test_the_export_of_twelve_letters_in_one_file(
    tmp_path: Path, form: str, request: pytest.FixtureRequest
) -> None:
    run = export(form, *pack_letters(tmp_path))
    assert run.code == 0, run.err
    assert_golden(FOLDER / f"letters{FORMS[form].suffix}", run.out, request)


@pytest.mark.parametrize("form", [form.name for form in FORMS.values() if not form.joins])
def test_the_export_of_one_of_the_letters(tmp_path: Path, form: str, request: pytest.FixtureRequest) -> None:
    run = export(form, pack_letters(tmp_path)[1])
    assert run.code == 0, run.err
    assert_golden(FOLDER / f"letter{FORMS[form].suffix}", without_version(run.out), request)
