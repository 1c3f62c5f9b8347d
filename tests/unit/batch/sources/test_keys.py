"""The hint for a refused key proposes a key that is not refused."""

from __future__ import annotations

import pytest

from archtool.batch.sources.keys import refusals

START = "write a path below the folder of the packages, such as "


@pytest.mark.parametrize(
    ("key", "proposed"),
    [
        ("../x", "x"),
        ("/letters/1", "letters/1"),
        ("letters//1/", "letters/1"),
        ("./a", "a"),
        ("l\\1", "l/1"),
        ("CON", "package-CON"),
        ("letters/aux.txt", "letters/package-aux.txt"),
        ("Fonds 17: letter?", "Fonds 17- letter-"),
        ("letter. ", "letter"),
    ],
)
def test_a_refused_key_gets_a_similar_key_that_is_possible(key: str, proposed: str) -> None:
    (refusal,) = refusals([key], "rows", ())
    assert refusal is not None
    assert refusal.hint == START + proposed
    assert list(refusals([proposed], "rows", ())) == [None]


def test_a_proposed_key_is_not_that_of_another_row() -> None:
    first, second, third = refusals(["../x", "x", "package-x"], "rows", ())
    assert first is not None
    assert "such as" not in first.hint
    assert (second, third) == (None, None)


@pytest.mark.parametrize("key", ["..", "/", "x.attestations", "x" * 2_000])
def test_a_key_without_a_similar_one_gets_a_general_hint(key: str) -> None:
    (refusal,) = refusals([key], "rows", ())
    assert refusal is not None
    assert refusal.hint.startswith("write a short path below the folder of the packages")
