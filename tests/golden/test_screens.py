"""Screens and files for people are kept as golden files, so that every change is visible in a diff."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from command_line import archtool
from golden_files import assert_golden
from packages import EXAMPLES, REPOSITORY, pack, write_description

if TYPE_CHECKING:
    import pytest

FOLDER = Path(__file__).parent
FAULTY = """\
archtool: 1
titel: Letter
date: 1932-13
language: french
original: { signed: no }
source:
  typ: book
translation: { from: ru, to: fr, credit: }
transcription:
  - { file: ../letter.txt }
annexes:
  - title: List
    status: reproducd
    within: { file: letter.txt, from-line: 0 }
    title: List
"""


def shown(text: str, folder: Path) -> str:
    """Return a text without paths and times, which differ from run to run."""
    lines = text.replace(str(folder), "FOLDER").replace(str(REPOSITORY), "PROJECT").splitlines()
    return "\n".join(line.rpartition(" · ")[0] if line.endswith(" s") else line for line in lines) + "\n"


def test_the_findings_of_a_faulty_description(
    tmp_path: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_description(tmp_path, FAULTY)
    monkeypatch.chdir(tmp_path)
    run = archtool("check", "description.yaml")
    assert run.code == 3
    assert_golden(FOLDER / "complaints.txt", run.out, request)


def test_the_screens_of_the_document_of_1932(
    tmp_path: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    package = Path("rakovsky-1932-appel")
    made = pack(EXAMPLES / "rakovsky-1932" / "description.yaml", package)
    assert_golden(FOLDER / "pack.txt", shown(made.out, tmp_path), request)
    assert_golden(FOLDER / "verify.txt", shown(archtool("verify", package).out, tmp_path), request)
    assert_golden(FOLDER / "show.txt", archtool("show", package).out, request)
    for style in ("plain", "bibtex", "ris"):
        out = archtool("cite", package, "--style", style).out
        assert_golden(FOLDER / f"cite-{style}.txt", out.replace("\r\n", "\n"), request)
    for name in ("VERIFY.txt", "bag-info.txt", "metadata/annexes.json"):
        assert_golden(FOLDER / Path(name).name, (package / name).read_text(encoding="utf-8"), request)


def test_the_draft_of_a_description(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    for name in ("letter.txt", "reply of the section.txt", "scans/0001.tif", "notes.dat"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x")
    assert archtool("new", tmp_path).code == 0
    text = (tmp_path / "description.yaml").read_text(encoding="utf-8")
    assert_golden(FOLDER / "draft.yaml", text, request)


def test_a_damaged_package_on_the_screen(
    tmp_path: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert pack(EXAMPLES / "letter" / "description.yaml", Path("letter")).code == 0
    Path("letter/data/letter.txt").write_text("changed\n")
    Path("letter/data/more.txt").write_text("x")
    Path("letter/metadata/citation.json").unlink()
    run = archtool("verify", "letter")
    assert run.code == 1
    assert_golden(FOLDER / "damaged.txt", shown(run.out, tmp_path), request)
