"""The rule set `accents/1` on random texts: what it never does, whatever the text is."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from archtool.text.repairing.accents.rule import AccentsRule
from archtool.text.repairing.changes import RepairContext, apply_changes, invert_changes
from budgets import examples
from text_damage import STYLES, damage

RULE = AccentsRule()
FRENCH = [
    "été",
    "répond",
    "république",
    "vérité",
    "liberté",
    "élève",
    "mère",
    "à",
    "déjà",
    "où",
    "même",
    "tête",
    "bientôt",
    "âme",
    "île",
    "maître",
    "traître",
    "état",
    "Prolétaires",
    "créée",
    "réélu",
    "européenne",
    "poêle",
    "quête",
    "océan",
    "aéré",
    "méat",
    "le",
    "la",
    "les",
    "des",
    "que",
    "qui",
    "tout",
    "ville",
    "toi",
    "lune",
]
SEPARATORS = [" ", " ", " ", "  ", ", ", ". ", "\n", "\n\n", " ; ", "-", "’"]
LETTERS = "aeiouAEîéèêàâôÉÀñãçłóůáüstfl ,.\n’-"
languages = st.sampled_from(["fr", "es", "pt", "cs", "pl", "de", "it", None])


@st.composite
def french_texts(draw: st.DrawFn) -> str:
    words = draw(st.lists(st.tuples(st.sampled_from(FRENCH), st.sampled_from(SEPARATORS)), max_size=60))
    return "".join(word + separator for word, separator in words)


@settings(deadline=None, max_examples=examples(100))
@given(french_texts(), languages)
def test_a_sound_text_stays_as_it_is(text: str, language: str | None) -> None:
    assert RULE.propose(text, RepairContext(language)).changes == ()


@settings(deadline=None, max_examples=examples(100))
@given(st.lists(french_texts(), min_size=1, max_size=4), st.sampled_from(STYLES[:2]), st.integers(0, 99))
def test_a_repaired_text_gets_no_further_change(texts: list[str], style: object, seed: int) -> None:
    damaged = damage(
        [" ".join(text.split()) for text in texts], STYLES[0] if style is STYLES[0] else STYLES[1], seed
    )
    check(damaged.text, "fr")


@settings(deadline=None, max_examples=examples(200))
@given(st.text(LETTERS, max_size=200), languages)
def test_any_text_is_repaired_once_and_can_be_restored(text: str, language: str | None) -> None:
    check(text, language)


def check(text: str, language: str | None) -> None:
    context = RepairContext(language)
    changes = RULE.propose(text, context).changes
    repaired = apply_changes(text, changes)
    assert apply_changes(repaired, invert_changes(changes)) == text
    assert all(RULE.may_make(change.before, change.after) for change in changes)
    assert RULE.propose(repaired, context).changes == ()
