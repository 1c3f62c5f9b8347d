"""Tells a history as an indented account in plain sentences, oldest event first.

Every fact of the history is told but digests and other technical values, which are in the forms for programs.
Texts of the history are verbatim; only characters that would control a terminal are removed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from archtool.provenance.model import EntityKind, Facts, History, ProvEntity, ProvEvent
from archtool.report.provenance.chronology import in_order_of_time
from archtool.report.provenance.entity_sentences import EntitySentences
from archtool.report.provenance.facts import fact_texts, plain_label
from archtool.report.provenance.lines import AccountLine, capital, ended, one_line
from archtool.report.provenance.words.choice import WORDS, words_for
from archtool.report.provenance.words.dates import say_date

LANGUAGES = tuple(WORDS)
"""The languages in which a history can be told and drawn."""
MAX_TOLD_FILES = 200  # a package can have a million; the others are counted
MAX_DEPTH = 40  # of a line: a description nests annexes no deeper; a hostile history can, without an end
_MADE_FROM = {"publication": "published-from", "translation": "translated-from"}
_ANNEXES = frozenset({EntityKind.ANNEXE, EntityKind.ENCLOSURE})
_FILES = frozenset({EntityKind.FILE, EntityKind.FOLDER})


def build_account(history: History, language: str = "en") -> tuple[AccountLine, ...]:
    """Return the sentences of the account, in the order in which they are read."""
    return tuple(_Account(history, language).lines())


class _Account:
    """What was told already: each entity is described once, where it appears first."""

    def __init__(self, history: History, language: str) -> None:
        self._history = history
        self._words = words_for(language)
        self._sentences = EntitySentences(history, self._words)
        self._told: set[str] = set()
        self._parts: dict[str, list[str]] = defaultdict(list)
        for part in history.memberships:
            self._parts[part.collection].append(part.member)

    def lines(self) -> Iterator[AccountLine]:
        """Yield the whole account."""
        yield AccountLine(0, self._say("title", name=self._subject()))
        for event in in_order_of_time(self._history):
            yield from self._event(event)
        yield from self._annexes()
        yield from self._files()
        yield from self._others()

    def _say(self, sentence: str, **values: str) -> str:
        return ended(self._words.sentences[sentence].format(**values))

    def _subject(self) -> str:
        originals = (one for one in self._history.entities if one.kind is EntityKind.ORIGINAL)
        first = next(originals, None)
        return self._words.quoted(one_line(first.label if first else self._history.package_id))

    def _event(self, event: ProvEvent) -> Iterator[AccountLine]:
        yield AccountLine(1, f"{self._date(event)} {self._happened(event)}")
        named = self._named(event)
        for entity, role in event.used:
            if named is None or entity != named[0].id or role is not None:
                yield AccountLine(2, self._used(event, entity, role))
        for agent, role in event.agents:
            yield AccountLine(2, self._sentences.agent_in_role(agent, role))
        for text in self._sentences.facts(event.facts):
            yield AccountLine(2, text)
        for number, entity in enumerate(event.generated):
            if number:
                yield AccountLine(2, self._say("also-made", name=self._sentences.name(entity)))
            told = {**event.facts, "date": event.date} if event.date else event.facts
            yield from self._entity(entity, 2, told)

    def _date(self, event: ProvEvent) -> str:
        """Return the date as a beginning of a line; one that cannot be said in words as it is written."""
        if not event.date:
            return ended(self._words.sentences["undated"])
        said = say_date(event.date, self._words.language)
        if said == event.date and not said.isdecimal():
            return f"{one_line(said)}{self._words.colon}"
        return ended(capital(one_line(said)))

    def _happened(self, event: ProvEvent) -> str:
        """Return the sentence that says what happened; an unknown event with the archivist's own words."""
        named = self._named(event)
        if named is not None:
            entity, pattern = named
            return ended(pattern.format(name=self._words.quoted(one_line(_title(entity)))))
        label = self._words.quoted(one_line(plain_label(event.label, event.kind)))
        known = self._words.event_kinds.get(event.kind.casefold())
        if known is not None:
            return self._say("known-event", kind=capital(known), label=label)
        return self._say("event", kind=one_line(event.kind), label=label)

    def _named(self, event: ProvEvent) -> tuple[ProvEntity, str] | None:
        """Return the entity that the sentence about an event names, and the sentence; `None` for others."""
        for name in event.generated or (used for used, _ in event.used):
            entity = self._sentences.entities.get(name)
            pattern = entity and self._words.made.get(f"{event.kind} {entity.kind.value}")
            if entity is not None and pattern:
                return entity, pattern
        return None

    def _used(self, event: ProvEvent, entity: str, role: str | None) -> str:
        name = self._sentences.name(entity)
        if role is not None:
            return self._say("used-in-role", name=name, role=self._sentences.role(role))
        if not event.generated:
            return self._say("subject", name=name)
        return self._say(_MADE_FROM.get(event.kind, "made-from"), name=name)

    def _entity(self, name: str, depth: int, told: Facts | None = None) -> Iterator[AccountLine]:
        """Yield what is known about an entity, unless it was told before."""
        entity = self._sentences.entities.get(name)
        if entity is None or name in self._told:
            return
        self._told.add(name)
        for level, text in self._sentences.details(entity, told or {}):
            yield AccountLine(depth + level, text)

    def _annexes(self) -> Iterator[AccountLine]:
        """Yield the annexes in the order of the inventory, and the enclosures below each.

        Each is listed once, also in a history that makes it a part of several others.
        """
        annexes = [one for one in self._history.entities if one.kind in _ANNEXES]
        if not annexes:
            return
        yield AccountLine(1, f"{self._words.sentences['annexes']}{self._words.colon}")
        inner = {member for one in annexes for member in self._parts[one.id]}
        waiting = [(one, 2) for one in reversed(annexes) if one.id not in inner]
        listed: set[str] = set()
        while waiting:
            annexe, depth = waiting.pop()
            if annexe.id not in listed:
                listed.add(annexe.id)
                yield from self._annexe(annexe, min(depth, MAX_DEPTH))
                below = (self._sentences.entities.get(name) for name in reversed(self._parts[annexe.id]))
                waiting += [(one, depth + 1) for one in below if one is not None]
        self._told.update(one.id for one in self._history.entities if one.kind is EntityKind.INVENTORY)

    def _annexe(self, annexe: ProvEntity, depth: int) -> Iterator[AccountLine]:
        state = "".join(fact_texts(annexe.facts, "status"))
        said = self._words.annexe_states.get(state, state)
        number = "".join(f"{one_line(text)}. " for text in fact_texts(annexe.facts, "number")[:1])
        name = self._sentences.name(annexe.id)
        yield AccountLine(depth, ended(f"{number}{self._words.labelled(name, one_line(said))}"))
        yield from self._entity(annexe.id, depth + 1)

    def _files(self) -> Iterator[AccountLine]:
        files = [one for one in self._history.entities if one.kind in _FILES]
        if not files:
            return
        yield AccountLine(1, f"{self._words.sentences['files']}{self._words.colon}")
        for entity in files[:MAX_TOLD_FILES]:
            path = fact_texts(entity.facts, "path") or fact_texts(entity.facts, "folder") or (entity.label,)
            yield AccountLine(2, one_line(path[0]))
            yield from self._entity(entity.id, 3)
        self._told.update(one.id for one in files)
        if len(files) > MAX_TOLD_FILES:
            yield AccountLine(2, self._say("more-files", count=str(len(files) - MAX_TOLD_FILES)))

    def _others(self) -> Iterator[AccountLine]:
        """Yield the entities that no event, annexe or file led to."""
        claims = {one.claim for one in self._history.attributions}
        others = [one for one in self._history.entities if one.id not in self._told and one.id not in claims]
        if others:
            yield AccountLine(1, f"{self._words.sentences['others']}{self._words.colon}")
        for entity in others:
            kind = capital(self._words.entity_kinds[entity.kind])
            yield AccountLine(2, ended(self._words.labelled(kind, self._sentences.name(entity.id))))
            yield from self._entity(entity.id, 3)


def _title(entity: ProvEntity) -> str:
    return plain_label(entity.label, entity.kind.value)
