"""`archtool holdings report`: on the screen, and in files that appear whole or not at all."""

from __future__ import annotations

import csv
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from command_line import Run, archtool
from packages import left_behind
from unit.holdings.histories import make_register_with_faults
from unit.holdings.registers import check, day, make_register


@pytest.fixture
def register(tmp_path: Path) -> Path:
    with make_register_with_faults(tmp_path, check_every_days=3650) as opened:
        return opened.path


def report(register: Path, *options: str | Path) -> Run:
    return archtool("holdings", "report", "--register", register, *options)


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_without_options_the_report_is_one_screen(register: Path) -> None:
    done = report(register)
    assert (done.code, done.err) == (0, "")
    assert "1 copy changed, 1 missing" in done.out
    assert len(done.out.splitlines()) <= 24


def test_the_json_object_is_one_line_with_its_schema(register: Path) -> None:
    done = report(register, "--json")
    (value,) = done.objects
    assert (done.code, done.err) == (0, "")
    assert (value["schema"], value["totals"]["known_bad"]) == ("archtool/holdings-report/1", 2)


def test_each_requested_file_is_written_and_named_in_one_line(register: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    done = report(
        register, "-o", out / "a.html", "--mail-file", out / "a.eml", "--mail-to", "root", "--metrics",
        out / "a.prom", "--csv", out / "tables", "--details", out / "pages",
    )  # fmt: skip
    assert (done.code, done.err, len(done.out.splitlines())) == (0, "", 1)
    assert sorted(path.name for path in out.iterdir()) == ["a.eml", "a.html", "a.prom", "pages", "tables"]
    assert "\nSubject: archtool holdings: 1 copy changed, 1 missing" in (out / "a.eml").read_text()
    assert left_behind(out) == []


def test_an_earlier_report_is_replaced(register: Path, tmp_path: Path) -> None:
    options = ("-o", tmp_path / "a.html", "--metrics", tmp_path / "a.prom", "--mail-file", tmp_path / "a.eml",
               "--csv", tmp_path / "tables", "--details", tmp_path / "pages")  # fmt: skip
    assert report(register, *options, "--all-details").code == 0
    assert report(register, *options).code == 0
    names = sorted(path.name for path in (tmp_path / "pages").iterdir())
    assert names == ["holdings-00001.html", "index.html"]
    assert "letters-1<" not in (tmp_path / "pages" / "holdings-00001.html").read_text()


@pytest.mark.parametrize("option", ["--html", "--mail-file", "--metrics"])
def test_a_file_of_somebody_else_is_never_replaced(register: Path, tmp_path: Path, option: str) -> None:
    other = tmp_path / "thesis"
    other.write_text("years of work")
    done = report(register, option, other)
    assert (done.code, done.out) == (2, "")
    assert "is not a report that archtool wrote" in done.said()
    assert other.read_text() == "years of work"


@pytest.mark.parametrize("option", ["--csv", "--details"])
def test_a_folder_with_other_files_is_never_replaced(register: Path, tmp_path: Path, option: str) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "thesis.odt").write_text("years of work")
    done = report(register, option, folder)
    assert done.code == 2
    assert "is not a report that archtool wrote: it has thesis.odt" in done.said()
    assert (folder / "thesis.odt").read_text() == "years of work"


@pytest.mark.parametrize("name", ["index.html", "holdings.csv"])
def test_a_page_or_table_of_another_program_is_never_replaced(
    register: Path, tmp_path: Path, name: str
) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / name).write_text("another program's")
    done = report(register, "--details" if name == "index.html" else "--csv", folder)
    assert done.code == 2
    assert (folder / name).read_text() == "another program's"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--mail-to", "a@example.org"), "--mail-to requires --mail-file"),
        (("--mail-file", "m.eml", "--mail-to", "a@b\nBcc: c@d"), "not a mail address"),
        (("--metrics", "-"), "a report is not written to standard output"),
        (("--all-details",), "--all-details requires --details"),
        (("--html", "a", "--metrics", "./a"), "two reports have the same name"),
        (("--html", "missing/a.html"), "its folder does not exist"),
        (("--csv", "missing/tables"), "the folder above it does not exist"),
        (("--csv", "a-file"), "exists, and is not a folder"),
        (("--csv", "same", "--details", "same"), "two reports have the same name"),
    ],
)
def test_what_cannot_be_written_is_refused_before_anything_is(
    register: Path, tmp_path: Path, options: tuple[str, ...], message: str
) -> None:
    (tmp_path / "a-file").write_text("")
    before = sorted(tmp_path.iterdir())
    done = archtool("holdings", "report", "--register", register, *options, cwd=tmp_path)
    assert (done.code, done.out) == (2, "")
    assert message in done.said()
    assert "hint: " in done.err
    assert [
        path for path in sorted(tmp_path.iterdir()) if path not in before and "register" not in path.name
    ] == []


@pytest.mark.parametrize("option", ["--html", "--mail-file", "--metrics", "--csv", "--details"])
def test_a_folder_that_cannot_be_written_is_named(register: Path, option: str) -> None:
    done = report(register, option, "/proc/report")  # root cannot write there either
    assert (done.code, done.out) == (5, "")
    assert "/proc/report" in done.said()
    assert "hint: " in done.err


def test_a_report_needs_a_register(tmp_path: Path) -> None:
    assert archtool("holdings", "report", "--register", tmp_path / "none.register").code == 3


def test_the_table_of_holdings_has_each_copy_with_its_state(register: Path, tmp_path: Path) -> None:
    assert report(register, "--csv", tmp_path / "tables").code == 0
    found = [
        (row["holding"], row["place"], row["state"]) for row in rows_of(tmp_path / "tables" / "holdings.csv")
    ]
    with closing(sqlite3.connect(register)) as connection:
        expected = connection.execute(
            "SELECT name, place, state FROM holding JOIN copy ON copy.holding = holding.key"
            " ORDER BY name, copy.key"
        ).fetchall()
    assert found == expected
    assert len(found) == 6


def test_all_overdue_copies_are_in_their_table_and_say_since_when(tmp_path: Path) -> None:
    with make_register(tmp_path, holdings=3, check_every_days=30) as opened:
        opened.append(check(1, day(5)))
    assert report(opened.path, "--csv", tmp_path / "tables").code == 0
    rows = rows_of(tmp_path / "tables" / "overdue.csv")
    assert [(row["holding"], row["overdue_since"]) for row in rows] == [
        ("letters-0", "2026-01-31T02:00:00Z"),
        ("letters-2", "2026-01-31T02:00:00Z"),
        ("letters-1", "2026-02-05T02:00:00Z"),
    ]


def test_the_folder_of_details_links_each_fault_to_its_holding(register: Path, tmp_path: Path) -> None:
    assert report(register, "--details", tmp_path / "pages", "--all-details").code == 0
    index = (tmp_path / "pages" / "index.html").read_text()
    details = (tmp_path / "pages" / "holdings-00001.html").read_text()
    for name in ("letters-0", "letters-2"):
        anchor = index.partition(f"><bdi>{name}</bdi></a>")[0].rpartition('href="')[2].rstrip('"')
        page, _, fragment = anchor.partition("#")
        assert page == "holdings-00001.html"
        assert f'<section id="{fragment}">\n<h2><bdi>{name}</bdi>' in details


def test_the_details_of_a_holding_have_its_copies_and_events(register: Path, tmp_path: Path) -> None:
    assert report(register, "--details", tmp_path / "pages").code == 0
    page = (tmp_path / "pages" / "holdings-00001.html").read_text()
    for text in (
        "TAPE-3:letters-0",
        "full check: changed",
        "further copy registered",
        "sha512:abab",
        "Jane Doe",
    ):
        assert text in page


def test_a_full_disk_leaves_the_earlier_report(register: Path, tmp_path: Path) -> None:
    assert report(register, "--html", tmp_path / "a.html").code == 0
    before = (tmp_path / "a.html").read_bytes()
    resource = pytest.importorskip("resource")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, hard))
    try:
        done = report(register, "--html", tmp_path / "a.html")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert done.code == 5
    assert (tmp_path / "a.html").read_bytes() == before
    assert left_behind(tmp_path) == []
