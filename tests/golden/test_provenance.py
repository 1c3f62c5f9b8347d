"""The history of the document of 1932 in all forms and languages, as golden files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from archtool import __version__
from command_line import archtool
from golden_files import assert_golden
from packages import EXAMPLES, pack
from repaired_texts import IN_ORIGINAL, make_repair, write_repair

if TYPE_CHECKING:
    import pytest

FOLDER = Path(__file__).parent / "provenance"
FORMS = {
    "account.en.txt": ("--to", "text"),
    "account.fr.txt": ("--to", "text", "--language", "fr"),
    "account.ru.txt": ("--to", "text", "--language", "ru"),
    "history.provn": ("--to", "prov-n"),
    "history.mmd": ("--to", "mermaid"),
    "history.dot": ("--to", "dot"),
    "history.en.svg": ("--to", "svg"),
    "history.fr.svg": ("--to", "svg", "--language", "fr"),
    "history.ru.svg": ("--to", "svg", "--language", "ru"),
}


def test_the_history_of_the_document_of_1932(
    tmp_path: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    package = Path("rakovsky-1932-appel")
    assert pack(EXAMPLES / "rakovsky-1932" / "description.yaml", package).code == 0
    for name, options in FORMS.items():
        run = archtool("provenance", package, *options)
        assert run.code == 0, run.err
        assert_golden(FOLDER / name, run.out, request)


def test_the_history_of_a_repaired_text(
    tmp_path: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    sources = tmp_path / "sources"
    sources.mkdir()
    monkeypatch.chdir(tmp_path)
    package = Path("compte-rendu")
    repair = make_repair(reviewer="Une relectrice", open_places=2)
    assert pack(write_repair(sources, repair, IN_ORIGINAL), package).code == 0
    for name, options in FORMS.items():
        run = archtool("provenance", package, *options)
        assert run.code == 0, run.err
        assert_golden(FOLDER / "repaired" / name, run.out, request)
    for name in ("premis.xml", "provenance.json"):
        text = (package / "metadata" / name).read_text(encoding="utf-8")
        assert_golden(FOLDER / "repaired" / name, text.replace(__version__, "VERSION"), request)
    instructions = (package / "VERIFY.txt").read_text(encoding="utf-8")
    assert_golden(FOLDER / "repaired" / "VERIFY.txt", instructions, request)
