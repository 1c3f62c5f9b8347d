"""Says what a package records about a repaired text; the facts are those of `verify` and `show`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from archtool.files.paths import shown
from archtool.report.numbers import counted

if TYPE_CHECKING:  # lazy: 10 ms, `verify` of a bag needs no description
    from archtool.description.model import TextRepair

Facts = Mapping[str, Any]


def change_words(facts: Facts, *, with_rules: bool = False) -> str:
    """Return how many changes there are, by which rule sets, and how many of them a person decided."""
    changes = counted(facts["change_count"], "change")
    rules = ", ".join(f"{name}: {count:,}" for name, count in facts["rule_sets"].items() if count)
    changes += f" ({rules})" if with_rules and rules else ""
    return f"{changes}, {facts['decided']:,} of them decided by a person" if facts["decided"] else changes


def repair_line(facts: Facts) -> str:
    """Return what was repaired from what, with the number of changes, for the screen."""
    return f"repaired {shown(facts['file'])} from {shown(facts['original'])}: {change_words(facts)}"


def repair_sentences(repair: TextRepair, facts: Facts | None) -> Iterator[str]:
    """Yield what is known of a repair; without facts only its original."""
    yield f"from data/{repair.original}, which is the text as it arrived"
    if facts is not None:
        yield f"{change_words(facts, with_rules=True)}, listed in {facts['changes']}"
        reviewer = f", reviewed by {facts['reviewer']}" if facts["reviewer"] else ""
        yield f"by {facts['software']}{reviewer}, {facts['date'][:10]}"
        if facts["open_places"]:
            yield f"{counted(facts['open_places'], 'place')} left undecided, as in the original"
    if repair.note:
        yield repair.note
