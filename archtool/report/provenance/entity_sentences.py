"""Says in sentences what a history states about one entity: its facts, agents, origin and rights."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from typing import TypeVar

from archtool.provenance.model import (
    Derivation,
    EntityKind,
    Facts,
    History,
    ProvAttribution,
    ProvEntity,
    Rights,
)
from archtool.report.provenance.facts import fact_texts
from archtool.report.provenance.lines import capital, ended, one_line
from archtool.report.provenance.words.dates import say_date
from archtool.report.provenance.words.model import Words
from archtool.report.provenance.words.plurals import counted

_T = TypeVar("_T")

_NOT_TOLD = frozenset({"digest", "manifest-lines", "path", "folder", "number", "status", "agent", "formats"})
"""Technical values, and what the sentence about the entity has told already."""
_AGENT_FACTS = frozenset({"addressee", "held-by"})
_ENTITY_FACTS = frozenset({"of", "according-to-record", "evidence"})
_LANGUAGE_FACTS = frozenset({"language", "from-language"})
_DATE_FACTS = frozenset({"date", "file-system-modified-at"})
_BYTE_FACTS = frozenset({"size-bytes", "total-bytes"})
_VALUE_FACTS = frozenset({"title-status", "role", "evidence-kind", "certainty"})
_CITATION = "csl-"
_NOT_PLACED = "custom-not-placed"
_ORIGINS = {
    "text": "text-from", "derived": "derived-from", "facsimile": "facsimile-of", "adopted": "adopted-from",
    "replacement": "replaces", "normalization": "repaired-from",
}  # fmt: skip


class EntitySentences:
    """Finds what belongs to an entity, and says it in the words of a language."""

    def __init__(self, history: History, words: Words) -> None:
        self._words = words
        self._labels = history.labels()
        self._agents = {agent.id: agent for agent in history.agents}
        self.entities: Mapping[str, ProvEntity] = {entity.id: entity for entity in history.entities}
        self._attributions = _grouped(history.attributions, lambda one: one.entity)
        self._origins = _grouped(history.derivations, lambda one: one.entity)
        self._generals = _grouped(history.specialisations, lambda one: one.entity)
        self._made = {
            (event.id, entity): {used for used, _ in event.used}
            for event in history.events
            for entity in event.generated
        }
        self._rights: dict[str, list[Rights]] = defaultdict(list)
        for rights in history.rights:
            for name in rights.entities:
                self._rights[name].append(rights)

    def name(self, item: str) -> str:
        """Return the label of an entity in quotation marks; of one that the history does not have, its id."""
        entity = self.entities.get(item)
        if entity is not None and entity.kind is EntityKind.TRANSLATION:
            kind = self._words.entity_kinds[entity.kind]
            language = "".join(fact_texts(entity.facts, "language")[:1])
            label = entity.label.partition(": ")[2] or entity.label
            kind = f"{kind} ({one_line(self._words.language_name(language))})" if language else kind
            return f"{self._words.quoted(one_line(label))}, {kind}"
        return self._words.quoted(one_line(self._labels.get(item, item)))

    def role(self, role: str) -> str:
        """Return a role in words; an unknown one as it is stated."""
        return self._words.roles.get(role, one_line(role))

    def agent(self, item: str) -> str:
        """Return the name of an agent, with its kind, version and notes."""
        agent = self._agents.get(item)
        if agent is None:
            return one_line(self._labels.get(item, item))
        name = one_line(f"{agent.name} {agent.version}" if agent.version else agent.name)
        kind = self._words.agent_types.get(agent.type or "", agent.type or "")
        kind = "" if agent.type == "software" else kind
        about = [one_line(part) for part in (kind, *agent.notes, agent.identifier or "") if part]
        return f"{name} ({self._words.separator.join(about)})" if about else name

    def agent_in_role(self, agent: str, role: str) -> str:
        """Return the sentence that an agent has a role."""
        return ended(self._words.labelled(capital(self.role(role)), self.agent(agent)))

    def details(self, entity: ProvEntity, told: Facts) -> Iterator[tuple[int, str]]:
        """Yield the sentences about an entity but those that were told, each with its indentation."""
        for one in self._attributions[entity.id]:
            yield from self._attribution(one)
        yield from ((0, text) for text in self.facts(entity.facts, {"title": entity.label, **told}))
        for special in self._generals[entity.id]:
            if not self._is_told_document(entity, special.general):
                yield 0, self._say("copy-of", name=self.name(special.general))
        for derived in self._origins[entity.id]:
            if derived.event is None or derived.source not in self._made.get((derived.event, entity.id), ()):
                yield 0, self._origin(derived)
        for rights in self._rights[entity.id]:
            yield from self._rights_lines(rights)

    def _is_told_document(self, entity: ProvEntity, general: str) -> bool:
        """Whether the state of an annexe has said already that it is the document itself."""
        original = self.entities.get(general)
        is_original = original is not None and original.kind is EntityKind.ORIGINAL
        return is_original and "this-document" in fact_texts(entity.facts, "status")

    def facts(self, facts: Facts, told: Facts | None = None) -> Iterator[str]:
        """Yield a sentence for each fact that was not told already."""
        told = told or {}
        cited = {name: fact_texts(facts, name) for name in facts if name.startswith(_CITATION)}
        for name in facts:
            values = fact_texts(facts, name)
            if name in _NOT_TOLD or name in cited or values == fact_texts(told, name):
                continue
            yield self._fact(name, values)
        if cited:
            yield self._say("cited", facts=self._words.separator.join(self._cited(cited)))

    def _cited(self, cited: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
        names = self._words.citation
        for name, texts in cited.items():
            variable, text = name.removeprefix(_CITATION), one_line(" / ".join(texts))
            if variable == "id":  # a key of the archivist's library
                continue
            if variable == "type":
                text = names.get(text, text)
            elif variable == "language":
                text = one_line(self._words.language_name(text))
            elif variable == _NOT_PLACED:
                text = self._not_placed(text)
            elif variable in ("issued", "accessed"):
                text = one_line(say_date(text, self._words.language))
            yield self._words.labelled(names.get(variable, variable), text)

    def _not_placed(self, text: str) -> str:
        """Return the fields that an import found no variable for, without the marks of JSON."""
        try:
            fields = json.loads(text)
        except (ValueError, RecursionError):
            return text
        if not isinstance(fields, dict) or not all(isinstance(value, str) for value in fields.values()):
            return text
        listed = (self._words.labelled(one_line(name), one_line(value)) for name, value in fields.items())
        return ", ".join(listed)

    def _say(self, sentence: str, **values: str) -> str:
        return ended(self._words.sentences[sentence].format(**values))

    def _fact(self, name: str, values: tuple[str, ...]) -> str:
        if name == "signed":
            return self._say("signed" if values == ("true",) else "unsigned")
        if name == "first-in-language" and values == ("true",):
            return self._say("first-in-language")
        if name == "enclosures-stated":
            return self._say("enclosures-stated", count=values[0])
        said = self._words.separator.join(self._value(name, text) for text in values)
        return ended(self._words.labelled(self._words.facts.get(name, capital(one_line(name))), said))

    def _value(self, name: str, text: str) -> str:
        if name in _AGENT_FACTS or name in _ENTITY_FACTS:
            return self.agent(text) if name in _AGENT_FACTS else self.name(text)
        if name in _LANGUAGE_FACTS:
            return one_line(self._words.language_name(text))
        if name in _DATE_FACTS:
            return one_line(say_date(text, self._words.language))
        if name in _BYTE_FACTS:
            return counted(self._words.sentences["bytes"], text, self._words.language)
        if name in _VALUE_FACTS or text in ("true", "false"):
            return self._words.values.get(text, one_line(text))
        return one_line(text)

    def _attribution(self, one: ProvAttribution) -> Iterator[tuple[int, str]]:
        role = capital(self.role(one.role))
        if one.status in ("attributed", "disputed", "rejected"):
            yield 0, self._say(one.status, role=role, agent=self.agent(one.agent))
        else:
            yield 0, self.agent_in_role(one.agent, one.role)
        for fact, value in (("evidence-kind", one.evidence), ("certainty", one.certainty)):
            if value:
                yield 1, self._fact(fact, (value,))
        for evidence in one.basis:
            yield 1, self._say("evidence-is", name=self.name(evidence))
        for words in one.basis_in_words:
            yield 1, self._fact("basis-in-words", (words,))
        if one.by:
            yield 1, self._say("claimed-by", agent=self.agent(one.by))
        if one.note:
            yield 1, self._fact("note", (one.note,))

    def _origin(self, derived: Derivation) -> str:
        name = self.name(derived.source)
        if derived.from_line is not None:
            first = str(derived.from_line)
            if derived.to_line is None:
                return self._say("lines-to-end", first=first, name=name)
            return self._say("lines", first=first, last=str(derived.to_line), name=name)
        sentence = _ORIGINS.get(derived.kind)
        if sentence is not None:
            return self._say(sentence, name=name)
        return self._say("derivation", name=name, kind=one_line(derived.kind))

    def _rights_lines(self, rights: Rights) -> Iterator[tuple[int, str]]:
        layer = self._words.rights.get(rights.layer, one_line(rights.layer))
        meaning = self._words.rights_statements.get(rights.statement)
        statement = f"{rights.statement} ({meaning})" if meaning else one_line(rights.statement)
        yield 0, self._say("rights", layer=layer, statement=statement)
        for name in ("holder", "credit", "note"):
            value = getattr(rights, name)
            if value:
                yield 1, self._say(f"rights-{name}", **{name: one_line(value)})


def _grouped(items: tuple[_T, ...], key: Callable[[_T], str]) -> dict[str, list[_T]]:
    groups: dict[str, list[_T]] = defaultdict(list)
    for item in items:
        groups[key(item)].append(item)
    return groups
