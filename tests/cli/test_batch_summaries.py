"""The summaries of a batch: a CSV table and an HTML page."""

from __future__ import annotations

import csv
from base64 import b64encode
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path
from typing import Any

from lxml import html

from archtool.batch.job import Ending, Outcome
from archtool.cli.batch.output import outcome_object
from archtool.cli.batch.summaries import Summaries, open_summaries
from archtool.cli.batch.summary_store import SummaryStore
from archtool.findings import Finding, Place, Severity
from archtool.report.batch_csv import COLUMNS, FIRST_COLUMNS, csv_rows
from archtool.report.batch_html import MAX_SHOWN, BatchPage
from archtool.report.batch_html_rows import MAX_FINDINGS_SHOWN
from batches import batch, batch_of, write_letters
from packages import LETTER, left_behind, write_key


def outcome(job: str, code: int = 0, **more: Any) -> Outcome:
    return Outcome(job, Ending.FAILED if code else Ending.DONE, code, seconds=0.1, size_bytes=10, **more)


def finding(message: str) -> Finding:
    place = Place("letters.xlsx", None, 3, "Letters", 12, "date")
    return Finding("description.date", Severity.ERROR, message, place, f"hint: {message}", "EDTF")


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def table(path: Path) -> dict[str, dict[str, str]]:
    return {row["job"]: row for row in rows_of(path)}


def write_summaries(folder: Path, *outcomes: Outcome) -> tuple[Path, Path]:
    """Write both summaries of a batch; returns the table and the page."""
    given = {"csv_path": folder / "jobs.csv", "html_path": folder / "page.html"}
    with open_summaries(given, "Packing: letters", len(outcomes), is_check=False) as summaries:
        for one in outcomes:
            summaries.add(outcome_object(one), one.position)
        summaries.close(1.0)
    return given["csv_path"], given["html_path"]


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


def csv_cells(one: Outcome) -> list[list[str]]:
    job = {**outcome_object(one), "product": dict.fromkeys(PRODUCT)}
    return list(csv.reader(csv_rows(job), strict=True))


PRODUCT = ("title", "package", "head", "files", "size_bytes")


def test_no_text_of_a_package_is_a_formula_in_the_summary_table() -> None:
    for sign in "=+-@\t\r":
        found = outcome("job", 1, message=f"{sign}HYPERLINK(1)", findings=(finding(f"{sign}1"),))
        (cells,) = csv_cells(found)
        assert [cell for cell in cells if cell.startswith(sign)] == []
    (cells,) = csv_cells(outcome('a "quoted",\nname \udcff'))
    assert cells[0] == 'a "quoted",\nname \\udcff'


def test_the_summary_table_has_a_row_for_each_finding_and_counts_sizes_once(tmp_path: Path) -> None:
    found = outcome("letters/2", 1, findings=tuple(map(finding, ("one", "two", "three"))))
    path, _ = write_summaries(tmp_path, found)
    rows = rows_of(path)
    assert [(row["job"], row["finding"], row["finding_message"], row["finding_hint"]) for row in rows] == [
        ("letters/2", "1", "one", "hint: one"),
        ("letters/2", "2", "two", "hint: two"),
        ("letters/2", "3", "three", "hint: three"),
    ]
    assert [row["bytes"] for row in rows] == ["10", "", ""]
    assert [row["errors"] for row in rows] == ["3", "", ""]
    place = {
        name: rows[2][name] for name in ("code", "file", "line", "sheet", "row", "column", "column_name")
    }
    assert place == {
        "code": "description.date", "file": "letters.xlsx", "line": "", "sheet": "Letters", "row": "12",
        "column": "3", "column_name": "date",
    }  # fmt: skip


def test_spreadsheet_programs_recognise_the_encoding_of_the_summary_table(tmp_path: Path) -> None:
    path, _ = write_summaries(tmp_path, outcome("À tous"))
    assert path.read_bytes().startswith("\ufeffjob,ending,exit_code,".encode())


def test_a_summary_of_an_earlier_version_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "jobs.csv").write_text(",".join(FIRST_COLUMNS) + "\r\na,done,0\r\n", encoding="utf-8")
    path, _ = write_summaries(tmp_path, outcome("b"))
    assert list(table(path)) == ["b"]


def test_the_summaries_are_in_the_order_of_the_source(tmp_path: Path) -> None:
    shuffled = [outcome(f"letter {n}", n % 2, position=n) for n in (3, 0, 2, 1)]
    path, page = write_summaries(tmp_path, *shuffled)
    assert list(table(path)) == ["letter 0", "letter 1", "letter 2", "letter 3"]
    tree = html.fromstring(page.read_text(encoding="utf-8"))
    lists = {one.get("id"): one.xpath(".//tbody/tr/td[1]//bdi/text()") for one in tree.xpath("//details")}
    assert lists == {"failed": ["letter 1", "letter 3"], "done": ["letter 0", "letter 2"]}


def test_jobs_of_a_pool_are_in_the_order_of_the_source(tmp_path: Path) -> None:
    names = [f"{number:02}" for number in range(20)]
    source, output = write_letters(tmp_path / "letters", *names), tmp_path / "out"
    for name in names[::7]:
        (source / name / "letter.txt").write_bytes(b"x\n" * 400_000)  # takes longer than its neighbours
    (source / "08.description.yaml").write_text("archtool: 1\n")  # both stand for the package 08
    assert batch(source, output, "--jobs", "3", "--csv", tmp_path / "jobs.csv").code == 6
    jobs = [row["job"] for row in rows_of(tmp_path / "jobs.csv")]
    assert jobs == sorted([*names, "08"])


def test_the_summaries_list_what_was_made_also_after_an_interrupted_run(tmp_path: Path) -> None:
    source, output = write_letters(tmp_path / "letters", "a", "b"), tmp_path / "out"
    path, page = tmp_path / "jobs.csv", tmp_path / "page.html"
    options = ("--sign", write_key(tmp_path), "--csv", path, "--html", page)
    assert batch(source, output, *options).code == 0
    made = {job: {name: row[name] for name in MADE} for job, row in table(path).items()}
    assert made["a"] | {"head": ""} == {
        "title": "Letter a of the bureau to the sections", "package": str(output / "a"), "head": "",
        "files": "1", "payload_bytes": "20",
    }  # fmt: skip
    (verified,) = batch_of("verify", output / "a", tmp_path / "log").objects
    assert made["a"]["head"] == verified["facts"]["head"]
    assert batch(source, output, *options).code == 0
    again = table(path)
    assert {row["ending"] for row in again.values()} == {"left"}
    assert {job: {name: row[name] for name in MADE} for job, row in again.items()} == made
    text = text_of(page.read_text(encoding="utf-8"))
    assert "Letter a of the bureau to the sections" in text
    assert made["a"]["head"][:48] in text


MADE = ("title", "package", "head", "files", "payload_bytes")


def test_the_summary_page_has_the_counts_of_the_output(tmp_path: Path) -> None:
    source, output = write_letters(tmp_path / "letters", "a", "b", "c"), tmp_path / "out"
    (source / "b" / "letter.txt").unlink()
    (source / "c" / "description.yaml").write_text(LETTER.replace("language: en", "language: <script>"))
    assert batch(source, output, "--html", tmp_path / "page.html").code == 6
    page = (tmp_path / "page.html").read_text(encoding="utf-8")
    tree = html.fromstring(page)
    numbers = {one.xpath("string(dt)"): one.xpath("string(dd)") for one in tree.xpath("//dl/div")}
    assert [numbers[name] for name in ("done", "failed", "left as they were", "not begun")] == [
        "1",
        "2",
        "0",
        "0",
    ]
    jobs = [row.xpath("string(td[1])") for row in tree.xpath("//details[@id='failed']//tbody/tr")]
    assert jobs == ["b", "c"]
    assert "<script>" in text_of(page)


def test_the_summary_page_loads_nothing_and_runs_nothing(tmp_path: Path) -> None:
    _, path = write_summaries(tmp_path, outcome("<img src=x>", 1, message="<script>", hint="<b>"))
    page = path.read_text(encoding="utf-8")
    tree = html.fromstring(page)
    assert tree.xpath("//script | //link | //img | //b | //*[@src] | //*[@style] | //form") == []
    assert {link.get("href")[0] for link in tree.xpath("//*[@href]")} == {"#"}
    (policy,) = tree.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    style = b64encode(sha256(tree.xpath("string(//style)").encode()).digest()).decode()
    assert policy == f"default-src 'none'; style-src 'sha256-{style}'"


def test_the_summary_page_shows_place_code_and_hint_of_each_finding(tmp_path: Path) -> None:
    _, page = write_summaries(tmp_path, outcome("letters/2", 1, findings=(finding("one"), finding("two"))))
    text = text_of(page.read_text(encoding="utf-8"))
    for message in ("one", "two"):
        shown = f"letters.xlsx, sheet Letters, row 12, column date: error {message} [description.date]"
        assert f"{shown}hint: hint: {message}" in text


def test_the_summaries_of_a_check_name_no_package(tmp_path: Path) -> None:
    source = write_letters(tmp_path / "letters", "a")
    path, page = tmp_path / "jobs.csv", tmp_path / "page.html"
    assert batch(source, tmp_path / "out", "--check", "--csv", path, "--html", page).code == 0
    row = table(path)["a"]
    assert [row[name] for name in MADE] == ["Letter a of the bureau to the sections", "", "", "1", "20"]
    text = text_of(page.read_text(encoding="utf-8"))
    assert "Nothing was written: this is a check." in text
    assert "Ready: 1 job" in text
    assert "Done" not in text


def test_a_page_of_very_many_failures_shows_some_and_counts_all() -> None:
    page = BatchPage("verifying: holdings", "2026-11-26", MAX_SHOWN + 5)
    one = outcome_object(outcome("a", 1, findings=(finding("gone"),) * (MAX_FINDINGS_SHOWN + 1)))
    job = {**one, "product": dict.fromkeys(PRODUCT)}
    for _ in range(MAX_SHOWN + 4):
        page.add(job)
    asked = []

    def jobs(status: str, limit: int) -> Iterable[dict[str, Any]]:
        asked.append((status, limit))
        return [job]

    text = "".join(page.format(1.0, jobs))
    assert asked == [("failed", MAX_SHOWN)]
    tree = html.fromstring(text)
    assert tree.xpath("//caption/text()") == ["and 4 more jobs: --csv FILE lists all of them"]
    assert "and 1 more finding: --csv FILE lists all of them" in tree.text_content()
    count = (MAX_SHOWN + 4) * (MAX_FINDINGS_SHOWN + 1)
    assert tree.xpath("//tr[td/code='description.date'][td[4]]/td[3]//text()") == [f"{count:,}"]


def test_the_store_of_a_summary_keeps_names_that_are_not_utf8() -> None:
    store = SummaryStore()
    store.add(1, "done", {"job": "b"})
    store.add(0, "failed", {"job": "a\udcff"})
    assert list(store.jobs()) == [{"job": "a\udcff"}, {"job": "b"}]
    assert list(store.jobs_with("done", 5)) == [{"job": "b"}]


def test_without_summaries_no_job_is_kept() -> None:
    summaries = Summaries()
    summaries.add({}, 0)  # would fail if it looked at the job
    summaries.close(1.0)


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
