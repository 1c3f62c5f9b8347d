"""Tells a history as an indented account in plain sentences, oldest event first."""

from __future__ import annotations

from dataclasses import dataclass

from archtool.provenance.model import History

LANGUAGES = ("en", "fr", "ru")
"""The languages in which a history can be told and drawn."""


@dataclass(frozen=True, slots=True)
class AccountLine:
    """One sentence of an account."""

    depth: int
    """How far it is indented: 0 for a heading, 1 for an event, 2 for what belongs to the event."""
    text: str
    """Plain text without markup and without characters that control a terminal."""


def build_account(history: History, language: str = "en") -> tuple[AccountLine, ...]:
    """Return the sentences of the account, in the order in which they are read."""
    return tuple(AccountLine(1, event.label) for event in history.events)
