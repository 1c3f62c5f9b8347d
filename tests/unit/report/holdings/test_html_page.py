"""The page of a report: self-contained, calm, and safe with hostile titles."""

from __future__ import annotations

import re
from base64 import b64encode
from hashlib import sha256
from pathlib import Path

import pytest
from lxml import html
from pypdf import PdfReader

from archtool.holdings.reporting.details import read_detail
from archtool.holdings.reporting.model import HoldingsReport, Month
from archtool.holdings.reporting.read_report import read_report
from archtool.report.holdings.charts import HEIGHT, WIDTH, history_charts, month_chart
from archtool.report.holdings.html_page import DetailPage, format_detail_page, format_page
from browsers import complaints, layout, needs_chromium, print_page
from unit.holdings.registers import day
from unit.report.holdings.reports import calm_report, faulty_report, hostile_report, make_hostile_register


def page_of(report: HoldingsReport) -> str:
    return "".join(format_page(report))


def text_of(page: str) -> str:
    return " ".join(html.fromstring(page).text_content().split())


def written(folder: Path, report: HoldingsReport) -> Path:
    path = folder / "report.html"
    path.write_text(page_of(report), encoding="utf-8")
    return path


def test_the_page_has_the_result_and_what_to_do_first(tmp_path: Path) -> None:
    text = text_of(page_of(faulty_report(tmp_path)))
    assert "1 copy changed, 1 missing, 1 package not registered; 2 new." in text
    assert text.index("letters-2: missing (new, since 2026-01-21)") < text.index("(known since 2026-01-11)")
    assert "data/letters/0042.txt: digest differs (expected sha512:9f869f86…9f86" in text


def test_a_quiet_page_names_no_fault_and_nothing_stale(tmp_path: Path) -> None:
    page = page_of(calm_report(tmp_path))
    body = page.partition("<main>")[2]
    assert "Nothing wrong." in text_of(page)
    assert "The next copy becomes overdue on 2026-04-11, unless it is checked before" in text_of(page)
    assert 'class="new"' not in body
    assert '<p class="result good">' in body
    assert not re.search(r'<(?:dd|td|h3|span|article)[^>]*class="[^"]*(?:bad|late|new)', body)


def test_the_page_loads_nothing_and_its_policy_allows_only_its_own_style(tmp_path: Path) -> None:
    page = page_of(faulty_report(tmp_path))
    style = page.partition("<style>")[2].partition("</style>")[0]
    digest = b64encode(sha256(style.encode()).digest()).decode()
    assert f"default-src 'none'; style-src 'sha256-{digest}'" in html.fromstring(page).xpath(
        "string(//meta[@http-equiv]/@content)"
    )
    assert not re.search(r"<script|<link|<img|src=|style=|https?://|url\(", page)


def test_hostile_titles_add_no_element_to_the_page(tmp_path: Path) -> None:
    page = page_of(hostile_report(tmp_path))
    tree = html.fromstring(page)
    assert tree.xpath("//script | //*[@onload] | //img") == []
    assert "<script>alert(1)</script>" in tree.text_content()
    assert not set("\u202e\x1b\r") & set(page)


def test_each_value_of_a_picture_is_in_its_table(tmp_path: Path) -> None:
    report = faulty_report(tmp_path)
    page = html.fromstring(page_of(report))
    assert len(page.xpath("//figure//path")) == 4
    rows = [" ".join(row.itertext()) for row in page.xpath("//details[@class='twin']//tbody/tr")]
    assert rows == ["2026-01-21 02:00 5 6 6.0 KB 2 0 2", "2026-01-11 02:00 5 6 6.0 KB 1 0 4"]


def test_the_line_of_a_history_begins_and_ends_at_the_heights_of_its_values(tmp_path: Path) -> None:
    bad = history_charts(faulty_report(tmp_path).history)[0]
    assert (bad.title, bad.last, bad.highest) == ("Not in order", 2, 2)
    assert bad.path == "M0.0 50.0H1000.0V0.0"


def test_a_history_of_one_audit_is_no_picture(tmp_path: Path) -> None:
    report = calm_report(tmp_path)
    assert history_charts(report.history) == ()
    assert "A history is drawn once two audits" in text_of(page_of(report))


def month(name: str, full: int, failures: int = 0) -> Month:
    return Month(name, full, 0, failures, 0, 0, 0, 0, 0)


def test_a_month_without_checks_is_a_gap_between_the_bars() -> None:
    chart = month_chart([month("2025-11", 10), month("2026-02", 5)])
    assert chart is not None
    assert [(bar.x, bar.y) for bar in chart.bars] == [(250 / 2 - 1000 / 24, 0.0), (875 - 1000 / 24, 50.0)]


def test_the_bar_of_a_single_month_is_no_wider_than_in_a_picture_of_a_year() -> None:
    chart = month_chart([month("2026-01", 5)])
    assert chart is not None
    (bar,) = chart.bars
    assert bar.width <= WIDTH / 12
    assert bar.x + bar.width / 2 == WIDTH / 2


def test_one_fault_among_many_checks_is_still_seen() -> None:
    chart = month_chart([month("2026-01", 100_000, 1)])
    assert chart is not None
    assert min(bar.height for bar in chart.bars) >= HEIGHT * 0.03


def test_events_without_checks_are_no_picture() -> None:
    assert month_chart([month("2026-01", 0)]) is None
    assert month_chart([]) is None


def hostile_details(tmp_path: Path) -> Path:
    """Write the page with the details of the holdings of a hostile register."""
    with make_hostile_register(tmp_path) as register, register.reading() as connection:
        report = read_report(connection, register.path, day(95))
        details = [read_detail(connection, f"letters-{n}", report.new_since) for n in range(2)]
    path = tmp_path / "details.html"
    page = DetailPage(path.name, "letters-0", "letters-1", 2)
    path.write_text("".join(format_detail_page(report, page, details)), encoding="utf-8")
    return path


def test_hostile_titles_add_no_element_to_a_page_of_details(tmp_path: Path) -> None:
    text = hostile_details(tmp_path).read_text(encoding="utf-8")
    assert html.fromstring(text).xpath("//script | //img") == []
    assert not set("\u202e\x1b\r") & set(text)


@needs_chromium
def test_a_page_of_details_fits_into_a_narrow_window(tmp_path: Path) -> None:
    path = hostile_details(tmp_path)
    assert complaints(path) == []
    assert layout(path, 400).page <= 400


@needs_chromium
def test_a_browser_refuses_no_part_of_the_page_and_runs_no_title(tmp_path: Path) -> None:
    assert complaints(written(tmp_path, hostile_report(tmp_path))) == []


@needs_chromium
@pytest.mark.parametrize("width", [1280, 400])
def test_no_reader_must_scroll_sideways(tmp_path: Path, width: int) -> None:
    found = layout(written(tmp_path, hostile_report(tmp_path)), width)
    assert found.window == width
    assert found.page <= width
    assert "system-ui" in found.font


@needs_chromium
def test_the_printed_page_has_every_fault(tmp_path: Path) -> None:
    pages = PdfReader(print_page(written(tmp_path, faulty_report(tmp_path)))).pages
    text = " ".join(" ".join(page.extract_text() for page in pages).split())
    assert "letters-0: changed" in text
    assert "letters-2: missing" in text
