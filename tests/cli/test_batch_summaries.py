"""The summaries of a batch: a CSV table and an HTML page."""

from __future__ import annotations

import csv
from pathlib import Path

from lxml import html

from archtool.report.batch_csv import COLUMNS, csv_row
from archtool.report.batch_html import MAX_FINDINGS_SHOWN, MAX_SHOWN, BatchPage
from batches import batch, batch_of, write_letters
from packages import LETTER, left_behind


def job_object(job: str, code: int = 0, **more: object) -> dict[str, object]:
    return {
        "job": job, "ending": "failed" if code else "done", "exit_code": code, "verdict": None,
        "findings": [], "message": None, "hint": None, "seconds": 0.1, "bytes": 10, "facts": {}, **more,
    }  # fmt: skip


def finding(message: str, severity: str = "error") -> dict[str, object]:
    place = {"file": "a<b>.yaml", "line": 3, "column": 1}
    return {"code": "payload.missing", "severity": severity, "message": message, **place}


def table(path: Path) -> dict[str, dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return {row["job"]: row for row in csv.DictReader(file)}


def text_of(page: str) -> str:
    return " ".join(html.fromstring(page).text_content().split())


def test_the_summary_table_has_a_line_for_each_job_even_if_it_was_skipped(tmp_path: Path) -> None:
    source, output = write_letters(tmp_path / "letters", "a", "b"), tmp_path / "out"
    (source / "b" / "letter.txt").unlink()
    assert batch(source, output, "--csv", tmp_path / "jobs.csv").code == 6
    rows = table(tmp_path / "jobs.csv")
    assert [(rows[job]["ending"], rows[job]["exit_code"]) for job in ("a", "b")] == [
        ("done", "0"),
        ("failed", "3"),
    ]
    assert (
        rows["b"]["errors"],
        "letter.txt is declared but does not exist" in rows["b"]["first_finding"],
    ) == (
        "1",
        True,
    )
    write_letters(source, "c")
    assert batch(source, output, "--csv", tmp_path / "jobs.csv").code == 6
    assert {job: row["ending"] for job, row in table(tmp_path / "jobs.csv").items()} == {
        "a": "left", "b": "left", "c": "done",
    }  # fmt: skip
    assert left_behind(tmp_path) == []


def test_the_summary_table_of_a_verification_has_its_three_verdicts(tmp_path: Path) -> None:
    source, output = write_letters(tmp_path / "letters", "a"), tmp_path / "out"
    assert batch(source, output).code == 0
    assert batch_of("verify", output, tmp_path / "log", "--csv", tmp_path / "jobs.csv").code == 0
    row = table(tmp_path / "jobs.csv")["a"]
    assert tuple(row) == COLUMNS
    assert [row[name] for name in ("bag", "content", "trust")] == ["valid", "consistent", "not-asked"]


def test_no_text_of_a_package_is_a_formula_in_the_summary_table() -> None:
    for sign in "=+-@\t\r":
        line = csv_row(job_object("job", 1, message=f"{sign}HYPERLINK(1)", findings=[finding(f"{sign}1")]))
        (cells,) = csv.reader([line], strict=True)
        assert [cell for cell in cells if cell.startswith(sign)] == []
    (cells,) = csv.reader([csv_row(job_object('a "quoted",\nname \udcff'))], strict=True)
    assert cells[0] == 'a "quoted",\nname \\udcff'


def test_the_summary_page_has_the_counts_of_the_output(tmp_path: Path) -> None:
    source, output = write_letters(tmp_path / "letters", "a", "b", "c"), tmp_path / "out"
    (source / "b" / "letter.txt").unlink()
    (source / "c" / "description.yaml").write_text(LETTER.replace("language: en", "language: <script>"))
    assert batch(source, output, "--html", tmp_path / "page.html").code == 6
    page = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert "done 1" in text_of(page).replace("done1", "done 1")
    tree = html.fromstring(page)
    numbers = dict(zip(tree.xpath("//dt/text()"), tree.xpath("//dd/text()"), strict=True))
    assert [numbers[name] for name in ("done", "failed", "left as they were", "not begun")] == [
        "1",
        "2",
        "0",
        "0",
    ]
    jobs = [row.xpath("string(td[1])") for row in tree.xpath("//table")[-1].xpath(".//tbody/tr")]
    assert jobs == ["b", "c"]
    assert tree.xpath("//script | //link | //img | //*[@src] | //*[@href]") == []
    assert "<script>" in text_of(page)


def test_a_page_of_very_many_failures_shows_some_and_counts_all() -> None:
    page = BatchPage("verifying: holdings", "2026-11-26", MAX_SHOWN + 5)
    for number in range(MAX_SHOWN + 4):
        page.add(job_object(f"{number:06}", 1, findings=[finding("gone")] * (MAX_FINDINGS_SHOWN + 1)))
    tree = html.fromstring(page.format(1.0))
    assert len(tree.xpath("//table")[-1].xpath(".//tbody/tr")) == MAX_SHOWN
    assert tree.xpath("//caption/text()") == ["and 4 more jobs: see the output of the run"]
    assert "and 1 more finding" in tree.text_content()
    assert tree.xpath("//tr[td/code='payload.missing']/td[3]//text()") == [f"{MAX_SHOWN + 4:,}"]


def test_a_summary_never_overwrites_another_file(tmp_path: Path) -> None:
    source = write_letters(tmp_path / "letters", "a")
    for option in ("--csv", "--html"):
        mine = tmp_path / "mine"
        mine.write_text("my own\n")
        seen = batch(source, tmp_path / "out", option, mine)
        assert (seen.code, "is not a summary that archtool batch wrote" in seen.err) == (2, True)
        assert (mine.read_text(), (tmp_path / "out").exists()) == ("my own\n", False)
        seen = batch(source, tmp_path / "out", option, tmp_path / "none" / "mine")
        assert (seen.code, "its folder does not exist" in seen.err) == (2, True)
