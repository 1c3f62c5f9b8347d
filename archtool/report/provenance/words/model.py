"""Defines what each language must say; a term without a translation is shown as the history states it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from archtool.provenance.model import EntityKind


@dataclass(frozen=True, slots=True)
class Drawn:
    """The words of the drawing alone."""

    title: str
    """With `{name}`."""
    description: str
    """With `{entities}`, `{events}` and `{agents}`."""
    more: str
    """What a box for several things with the same facts is called, with `{count}`."""
    more_different: str
    """What a box for several things with different facts is called, with `{count}`."""
    event: str
    entity: str
    agent: str
    flow: str
    part: str
    copy: str
    evidence: str
    beside: str
    """That an agent is drawn at each place where it acts."""


@dataclass(frozen=True, slots=True)
class Words:
    """The words and signs of one language."""

    language: str
    quotes: tuple[str, str]
    other_quotes: tuple[str, str]
    """Around a text that has the first kind of quotation marks itself."""
    colon: str
    separator: str
    """Between the values of a list."""
    entity_kinds: Mapping[EntityKind, str]
    event_kinds: Mapping[str, str]
    roles: Mapping[str, str]
    agent_types: Mapping[str, str]
    claim_states: Mapping[str, str]
    """stated | attributed | disputed | rejected"""
    annexe_states: Mapping[str, str]
    values: Mapping[str, str]
    """Fixed values of facts: certainty, evidence, roles of files …"""
    facts: Mapping[str, str]
    """The names of facts."""
    citation: Mapping[str, str]
    """The names of the variables of a citation, and of the types of sources."""
    rights: Mapping[str, str]
    """The names of layers of rights."""
    rights_statements: Mapping[str, str]
    """The twelve of RightsStatements.org."""
    languages: Mapping[str, str]
    made: Mapping[str, str]
    """Sentences about events, with `{name}`: by the kind of the event and of what it made."""
    sentences: Mapping[str, str]
    """All other sentences."""
    drawn: Drawn

    def quoted(self, text: str) -> str:
        """Return a text in the quotation marks of the language."""
        begin, end = self.other_quotes if self.quotes[0].strip() in text else self.quotes
        return f"{begin}{text}{end}"

    def labelled(self, label: str, text: str) -> str:
        """Return a text after its label and a colon."""
        return f"{label}{self.colon} {text}"

    def language_name(self, tag: str) -> str:
        """Return the name of a language by its BCP 47 tag; with the tag if it says more than the name."""
        name = self.languages.get(tag.split("-", maxsplit=1)[0].casefold())
        if name is None:
            return tag
        return name if "-" not in tag else f"{name} ({tag})"
