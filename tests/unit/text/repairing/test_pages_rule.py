"""Page numbers, running heads and form feeds: removed from the flow of a text, never taken from its parts."""

from __future__ import annotations

import pytest

from archtool.text.repairing.changes import Proposal, RepairContext, apply_changes
from archtool.text.repairing.rules.pages import PagesRule

_LETTERS = "abcdefghijklmnopqrst"


def propose(text: str) -> Proposal:
    return PagesRule().propose(text, RepairContext())


def repaired(text: str) -> str:
    return apply_changes(text, propose(text).changes)


def pages(count: int, break_of: str, lines: int = 20) -> str:
    """Return pages of lines in one long sentence, with what is between two pages: `{n}` is the number."""
    sheets = [
        "\n".join(f"mots {first}{second} qui vont plus loin et" for second in _LETTERS[:lines])
        for first in _LETTERS[: count + 1]
    ]
    between = [f"\n{break_of.format(n=number)}\n" if break_of else "\n" for number in range(7, 7 + count)]
    return "Il y a des " + "".join(sheet + end for sheet, end in zip(sheets, [*between, ""], strict=True))


@pytest.mark.parametrize(
    "between",
    ["{n}", "– {n} –", "\n{n}\n", "p. {n}", "\n\n  {n}\n\f", "TITRE COURANT {n}", "{n}\n\fTITRE COURANT"],
)
def test_a_series_that_interrupts_sentences_is_removed(between: str) -> None:
    text = pages(5, between)
    assert repaired(text) == pages(5, "")
    assert repaired(repaired(text)) == repaired(text)


def test_an_empty_line_stays_between_two_paragraphs() -> None:
    text = pages(4, "\n{n}\n") + " ici.\n\n11\n\nLà." + "\nla suite" * 12
    assert "ici.\n\nLà." in repaired(text)


def test_numbers_before_the_first_and_after_the_last_line_are_removed() -> None:
    text = "6\n\n" + pages(4, "\n{n}\n") + "\n\n11\n"
    assert repaired(text) == pages(4, "") + "\n"


def test_chapters_are_no_pages() -> None:
    chapter = "\n".join(["Une phrase entière."] * 20)
    text = "".join(f"{number}\n\n{chapter}\n\n" for number in range(1, 30))
    assert propose(text) == Proposal()
    assert propose("".join(f"Article {number}\n\n{chapter}\n\n" for number in range(1, 9))) == Proposal()


def test_short_lists_are_no_pages() -> None:
    text = "Il y a\n1\nun mot et\n2\nun autre et\n3\nun troisième et\n4\nplus rien"
    assert propose(text) == Proposal()


def test_a_single_number_between_empty_lines_is_a_question() -> None:
    (place,) = propose("La fin.\n\n3\n\n\nMais il y a.\n").open_places
    assert [reading.after for reading in place.readings] == ["\n", "\n\n3\n\n"]
    (place,) = propose("et voilà comment la suite\n\n\f3\n\nva plus loin\n").open_places
    assert place.readings[0].after == ""
    assert "at a form feed" in place.readings[0].evidence
    (place,) = propose("\n\n3\n\nMais\n").open_places
    assert apply_changes("\n\n3\n\nMais\n", ()).startswith(place.before)


def test_two_numbers_one_after_another_are_one_question() -> None:
    assert len(propose("La fin.\n\n3\n\n4\n\nMais il y a.\n").open_places) == 1
    assert propose("7 8\n\n" * 4) == Proposal()


def test_form_feeds_alone_are_removed() -> None:
    assert repaired("Un mot.\n\f\nDeux.\n \f\fTrois.\nqua\ftre\n") == "Un mot.\n\nDeux.\n Trois.\nqua\ftre\n"
    assert repaired("12\f") == "12\f"


def test_a_repeated_line_away_from_page_breaks_stays() -> None:
    text = pages(5, "REFRAIN\n\n{n}\n") + "\n\nREFRAIN\n\net\n\nREFRAIN\n\net\n\nREFRAIN\n"
    assert repaired(text).count("REFRAIN") == 8


def test_only_such_changes_are_of_its_kind() -> None:
    rule = PagesRule()
    assert rule.may_make("\n\n12\n", "\n")
    assert not rule.may_make("\n\n", "\n")
    assert not rule.may_make("\n" + "mot " * 50 + "\n", "")
    assert not rule.may_make("\n12" * 50, "")
    assert not rule.may_make("\f", "\n")
