from __future__ import annotations

from pathlib import Path

from archtool.operations.importing.limits import MAX_OFFERED_CHARACTERS
from archtool.operations.importing.unplaced import unplaced_comment, unplaced_finding
from command_line import archtool


def test_a_statement_that_fits_no_key_is_a_short_finding_and_a_long_comment() -> None:
    value = "first line\n  second line " + "word " * 2000
    finding = unplaced_finding("Label\n of two lines" + "x" * 200, value, "books.bib", 7)
    assert finding.code == "import.not-placed"
    assert finding.message.startswith("Label of two lines")
    assert " fits no key: first line second line word" in finding.message
    assert len(finding.message) < 420
    assert finding.place is not None
    assert (finding.place.file, finding.place.line) == ("books.bib", 7)
    comment = unplaced_comment("label", value, "line 7")
    assert comment.startswith("line 7: label: first line second line word")
    assert 300 < len(comment) <= MAX_OFFERED_CHARACTERS + len("line 7: label: ")


def test_pages_records_and_libraries_report_it_in_the_same_words(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text(
        "<meta charset=utf-8><title>T</title><h1>A Letter</h1>"
        "<p><b>Written:</b> May 1932<br><b>Original language:</b> no tongue</p><p>Text.</p>",
        encoding="utf-8",
    )
    (tmp_path / "one.ris").write_text(
        "TY  - BOOK\nTI  - A Letter\nLA  - no tongue\nZZ  - odd\nER  - \n", encoding="utf-8"
    )
    runs = (
        archtool("import", "page.html", "-o", "page", cwd=tmp_path),
        archtool("import", "one.ris", "-o", "record", cwd=tmp_path),
        archtool("import", "one.ris", "--library", "library.json", cwd=tmp_path),
    )
    said = [run.said() for run in runs]
    assert [run.code for run in runs] == [0, 0, 0]
    assert "Original language fits no key: no tongue" in said[0]
    assert all("ZZ fits no key: odd" in one for one in said[1:])
