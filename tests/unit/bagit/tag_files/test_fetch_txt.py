"""Lines of fetch.txt: a fault is reported so that the user can correct the line."""

from __future__ import annotations

import pytest

from archtool.bagit.tag_files.declaration import UNDECLARED
from archtool.bagit.tag_files.fetch_txt import parse_fetch


@pytest.mark.parametrize(
    ("line", "url", "encoded"),
    [
        (
            "https://x.example/a b.txt 5 data/a b.txt",
            "https://x.example/a b.txt",
            "https://x.example/a%20b.txt",
        ),
        ("https://x.example/a 7 - data/a", "https://x.example/a 7", "https://x.example/a%207"),
        (
            "https://x.example/a\tb  c\t12\t./data/a",
            "https://x.example/a\\tb  c",
            "https://x.example/a%09b%20%20c",
        ),
    ],
)
def test_a_blank_in_a_url_is_reported_with_the_encoded_url(line: str, url: str, encoded: str) -> None:
    items, (finding,) = parse_fetch(line.encode() + b"\n", UNDECLARED)
    assert items == ()
    assert (finding.code, finding.message) == ("fetch.url-malformed", f"the URL contains a blank: '{url}'")
    assert finding.hint == f"write each blank in it as %20: {encoded}"


@pytest.mark.parametrize(
    "line",
    ["https://x.example/a 5 data/a 7 data/b", "https://x.example/a \t - \t data/a b", "ark:/1 5 data/-"],
)
def test_blanks_in_a_path_are_no_blanks_in_the_url(line: str) -> None:
    (item,), findings = parse_fetch(line.encode() + b"\n", UNDECLARED)
    assert findings == ()
    assert " " not in item.url


def test_a_line_of_nothing_but_blanks_and_numbers_is_read_quickly() -> None:
    for line in (b"a:" + b" 1" * 500_000, b"a:" + b" " * 1_000_000, b"a:b 1" + b" " * 1_000_000 + b"x"):
        assert parse_fetch(line[:60_000], UNDECLARED)[0] == ()
