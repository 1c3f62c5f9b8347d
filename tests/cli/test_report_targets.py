"""Where `archtool report` writes a page and where it never does, and what it prints."""

from __future__ import annotations

from pathlib import Path

import pytest

from command_line import archtool
from packages import EXAMPLES, pack, tree_bytes, write_key


@pytest.fixture
def appeal(tmp_path: Path) -> Path:
    target = tmp_path / "rakovsky-1932-appel"
    made = pack(EXAMPLES / "rakovsky-1932" / "description.yaml", target, "--sign", write_key(tmp_path))
    assert made.code == 0, made.err
    return target


def test_a_file_is_overwritten_only_with_force(appeal: Path) -> None:
    target = appeal.parent / "page.html"
    target.write_text("my notes")
    run = archtool("report", appeal, "-o", target)
    assert (run.code, run.out) == (2, "")
    assert "the file already exists" in run.err
    assert target.read_text() == "my notes"
    assert archtool("report", appeal, "-o", target, "--force").code == 0
    assert "<h1" in target.read_text(encoding="utf-8")


@pytest.mark.parametrize("place", ["page.html", "data/page.html", "metadata/page.html"])
def test_a_page_is_never_written_into_the_package(appeal: Path, place: str) -> None:
    before = tree_bytes(appeal)
    run = archtool("report", appeal, "-o", appeal / place)
    assert run.code == 2
    assert "the page would be written into a package" in run.err
    assert tree_bytes(appeal) == before


def test_a_page_is_never_written_into_the_attestations_beside_a_package(appeal: Path) -> None:
    beside = appeal.parent / f"{appeal.name}.attestations"
    beside.mkdir()
    run = archtool("report", appeal, "-o", beside / "page.html")
    assert (run.code, list(beside.iterdir())) == (2, [])
    beside.rmdir()


@pytest.mark.parametrize(
    ("target", "words"),
    [
        ("-", "not written to standard output"),
        ("gone/page.html", "there is no folder gone"),
        (".", "a folder, not a file"),
    ],
)
def test_a_target_that_cannot_be_written_is_refused_before_the_check(
    appeal: Path, target: str, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(appeal.parent)
    run = archtool("report", appeal, "-o", target)
    assert run.code in (2, 3)
    assert run.out == ""
    assert words in run.err


@pytest.mark.parametrize("name", ["folder", "notes.html", "gone"])
def test_what_is_no_package_gets_no_page(tmp_path: Path, name: str) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "notes.html").write_text("<p>Notes</p>")
    run = archtool("report", tmp_path / name, "-o", tmp_path / "page.html")
    assert (run.code, run.out) == (3, "")
    assert "Traceback" not in run.err
    assert not (tmp_path / "page.html").exists()


def test_json_has_the_result_of_verify_and_what_is_on_the_page(appeal: Path) -> None:
    run = archtool("report", appeal, "-o", appeal.parent / "page.html", "--json")
    (result,) = run.objects
    assert result["schema"] == "archtool/report/1"
    assert result["verdict"]["bag"] == "valid"
    assert result["facts"]["page_bytes"] == (appeal.parent / "page.html").stat().st_size
    assert [text["is_whole"] for text in result["facts"]["texts"]] == [True, True]
    assert result["facts"]["facsimiles"] == {"files": 0, "shown": 0}


@pytest.mark.parametrize("name", ["page.pdf", "page.docx", "1932.05"])
def test_a_page_is_not_written_into_a_file_that_is_called_something_else(appeal: Path, name: str) -> None:
    target = appeal.parent / name
    run = archtool("report", appeal, "-o", target)
    assert (run.code, run.out) == (2, "")
    assert f"the page is HTML, and {name} has the suffix of another format" in run.err
    assert "let the name end in .html" in run.err
    assert not target.exists()
