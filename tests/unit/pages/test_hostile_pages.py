"""A page that was made to keep a computer busy takes about as long as any page of its size."""

from __future__ import annotations

import time

import pytest

from archtool.errors import InputError
from archtool.pages.page import read_page

SECONDS = 10  # each takes less than one; what grows with the square of the size takes minutes
DEEP = 1900


@pytest.mark.parametrize(
    "html",
    [
        "<p>a" + "<b>q" * DEEP + "<i>x</i>" * 30_000 + "</b>" * DEEP,
        "x" + "<sup>" * DEEP + "x y " * 200_000,
        "<p>" + '<a href="x">y</a>' * 60_000,
        "<div hidden>" * DEEP + "text " * 200_000,
        "<table><tr>" + "<td>a" * 60_000,
        "<table><tr><td>" * 400 + "x",
        "<p><b>Source:</b> x</p>" * 20_000,
        "<p>" + "<b>Source:</b> y " * 30_000,
        "<blockquote>" * DEEP + "x<br>" * 20_000,
        "\n" * 200_000 + "<p><b>Source:</b> x",
        "<p title='" + "x" * 1_000_000,
        "<pre>" + ("\u00a0" * 1400 + "x\n") * 400,
        "<pre>" + ("x" + "\u00a0" * 1400 + "y\n") * 400,
        "<p>" + "<b><a href='#x'>" * 900 + "<i> </i>" * 60_000 + "</a></b>" * 900,
    ],
)  # fmt: skip
def test_no_page_takes_longer_than_its_size_demands(html: str) -> None:
    started = time.process_time()
    read_page(html, "page.htm")
    assert time.process_time() - started < SECONDS


def test_a_page_that_the_parser_would_cut_is_refused() -> None:
    with pytest.raises(InputError, match="nested too deeply"):
        read_page("<div>" * 3000 + "the text", "page.htm")


def test_a_page_of_too_many_elements_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("archtool.pages.tree.MAX_ELEMENTS", 100)
    with pytest.raises(InputError, match="more than 100 elements"):
        read_page("<br>" * 101, "page.htm")
