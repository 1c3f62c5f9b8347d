"""The drafts of invented pages and records are golden files: each change of a rule is visible in them."""

from __future__ import annotations

from pathlib import Path

import pytest

from archtool import __version__
from command_line import archtool
from golden_files import assert_golden
from pages_to_import import PAGES, RECORDS, page_bytes

FOLDER = Path(__file__).parent / "import"


def everything(folder: Path) -> str:
    """Return the texts of all new files below a folder, each under its name."""
    parts = []
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.suffix in (".yaml", ".txt"):
            text = path.read_text(encoding="utf-8").replace(__version__, "VERSION")
            parts.append(f"==== {path.relative_to(folder)}\n{text}")
    return "\n".join(parts)


@pytest.mark.parametrize("name", PAGES)
def test_the_draft_and_the_text_of_a_page(
    name: str, tmp_path: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path(f"{name}.htm").write_bytes(page_bytes(name))
    run = archtool("import", f"{name}.htm", "-o", "draft")
    assert run.code == 0, run.err
    assert_golden(
        FOLDER / f"{name}.draft", f"{everything(Path('draft'))}\n==== printed\n{run.out}{run.err}", request
    )


@pytest.mark.parametrize("name", RECORDS)
def test_the_drafts_of_records(
    name: str, tmp_path: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path(name).write_text(RECORDS[name], encoding="utf-8")
    run = archtool("import", name, "-o", "draft")
    assert run.code == 0, run.err
    assert_golden(FOLDER / f"{name}.draft", everything(Path("draft")), request)


def test_the_library_of_all_records(
    tmp_path: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("records").mkdir()
    for name, text in RECORDS.items():
        Path("records", name).write_text(text, encoding="utf-8")
    run = archtool("import", "records", "--library", "library.json")
    assert run.code == 0, run.err
    assert_golden(FOLDER / "library.json", Path("library.json").read_text(encoding="utf-8"), request)
    assert_golden(FOLDER / "library.txt", run.out + run.err, request)
