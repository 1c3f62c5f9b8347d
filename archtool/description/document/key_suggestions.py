"""Suggests the key that an author meant by one that is not known; following the hint causes no new fault."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from archtool.description.document.examples import (
    Style,
    accepts,
    format_example,
    format_inner,
    format_nested,
    resolved,
    with_example,
)
from archtool.description.languages import nearest_language
from archtool.description.suggestions.date_suggestions import suggest_dates
from archtool.description.suggestions.meanings import words_for_keys
from archtool.description.suggestions.value_meanings import words_for_values
from archtool.nearest_names import did_you_mean, fold, nearest_name
from archtool.schemas import SchemaPath, load_schema

Schema = Mapping[str, Any]
_SCHEMA_NAME = "description.schema.json"
_KEYS_SHOWN = 12
_OWN_PREFIX = "x-"
# keys of which an object can have only one
_EXCLUSIVE = (("date", "issued"), ("place", "publisher-place"), ("pages", "page"), ("file", "within"))
_TYPES: Mapping[type, str] = {str: "string", int: "integer", bool: "boolean", list: "array", dict: "object"}
_PLACES = {
    "annexe": "an annexe",
    "other-file": "an item of `files`",
    "transcription-file": "an item of `transcription`",
    "text-repair": "`repair` in an item of `transcription`",
    "creator": "a creator",
    "custody-event": "an event of `custody`",
    "within": "`within` in an annexe",
    "source": "`source`",
}
_YEARS = frozenset(map(fold, ["year", "annee", "année", "jahr", "ano", "año", "год"]))
"""Words for a date of the document as well as of its source."""
# names of objects that are not definitions of their own
_INLINE = ("original", "translation", "rights")


@dataclass(slots=True)
class KeySuggester:
    """Suggests keys for the unknown keys of one object."""

    path: SchemaPath
    """The path of the object."""
    schema: Schema
    values: Mapping[str, Any]
    """The object."""
    root: Any
    """The whole description."""
    style: Style = Style.YAML
    suggested: set[str] = field(default_factory=set)
    """Keys of this object, and of those in it, that are suggested already: each can be given once."""
    blocks: set[str] = field(default_factory=set)
    """Objects that a hint shows already with their key: a second hint adds to them."""

    def find(self, word: str) -> tuple[str, ...] | None:
        """Return the path of the key that is meant, from this object; `None` if there is none.

        The path of a key at the top level begins with an empty text, if the object is not the top level.
        """
        known = self._known()
        meant = nearest_name(word, known, self._meanings(), cutoff=1.0)
        if meant is None and self.path:
            top = _top_properties()
            same = nearest_name(word, top, cutoff=1.0)
            if same is not None and isinstance(self.root, dict) and same not in self.root:
                return "", same
        meant = meant or nearest_name(word, [key for key in known if "." not in key])
        return tuple(meant.split(".")) if meant is not None else None

    def hint(self, word: str) -> str:
        """Return the hint for an unknown key."""
        found = self.find(word)
        own = f"; or keep it as `{_OWN_PREFIX}{fold(word)[:40]}`" if not self.path else ""
        if found is None:
            names = [*self.schema.get("properties", {})]
            more = " …" if len(names) > _KEYS_SHOWN else ""
            place = self._place_of_key(word)
            return f"{place}use one of: {', '.join(names[:_KEYS_SHOWN])}{more}{own}"
        if found[0] == "":
            return (
                f"{did_you_mean(found[1])} It is a key of the description itself, not of {_named(self.path)}"
            )
        if found == ("source", "date") and fold(word) in _YEARS:
            return self._hint_for_year(word, own)
        if self._is_given(found):
            return self._hint_for_given(found, own)
        self.suggested |= {found[0], ".".join(found)}
        return self._hint_with_example(word, found)

    def _place_of_key(self, word: str) -> str:
        """Return where a key belongs that this object does not have; an empty text if nowhere."""
        for name, where in _PLACES.items():
            if nearest_name(word, load_schema(_SCHEMA_NAME)["$defs"][name]["properties"], cutoff=1.0):
                return f"it is a key of {where}; here, "
        return ""

    def _known(self) -> list[str]:
        words = words_for_keys(place_of(self.schema, self.path))
        inner = {target for target in words.values() if "." in target and self._can_have(target)}
        return [*self.schema.get("properties", {}), *sorted(inner)]

    def _can_have(self, target: str) -> bool:
        """Return whether the outer key of a nested one is absent, or has values by keys."""
        outer = self.values.get(target.partition(".")[0])
        return outer is None or isinstance(outer, dict) or self._is_text_of_source(target)

    def _is_text_of_source(self, target: str) -> bool:
        return target.startswith("source.") and isinstance(self.values.get("source"), str)

    def _meanings(self) -> Mapping[str, str]:
        return words_for_keys(place_of(self.schema, self.path))

    def _is_given(self, found: tuple[str, ...]) -> bool:
        name = found[0]
        if len(found) == 2:
            outer = self.values.get(name)
            is_whole = name in self.suggested - self.blocks  # another word means the whole object
            is_there = isinstance(outer, dict) and found[1] in outer
            return isinstance(outer, str) or is_whole or is_there or ".".join(found) in self.suggested
        taken: Collection[str] = {*self.values, *self.suggested}
        return name in taken or any(
            name in pair and any(other in taken for other in pair if other != name) for pair in _EXCLUSIVE
        )

    def _hint_for_year(self, word: str, own: str) -> str:
        """Return the hint for a year: of the document first, or of the publication that it was taken from."""
        source = ("source", "date")
        if self._is_given(("date",)):
            if not self._is_given(source):
                self.suggested |= {"source", "source.date"}
                return self._hint_with_example(word, source)
            other = "the text of `source`" if isinstance(self.values.get("source"), str) else "`source.date`"
            return (
                f"`date` of the document is there already, and the year of a publication is in {other}{own}"
            )
        self.suggested.add("date")
        hint = self._hint_with_example(word, ("date",))
        is_text = isinstance(self.values.get("source"), str)
        other = "belongs to the text of `source`" if is_text else "is `source.date`"
        return f"{hint} It is the date of the document; the year of a publication {other}"

    def _hint_for_given(self, found: tuple[str, ...], own: str) -> str:
        name = ".".join(found)
        outer = self.values.get(found[0])
        if len(found) == 2 and isinstance(outer, str):
            return f"{_in_text(found)}{own}"
        schema = resolved(self.schema["properties"].get(found[0], {})) if len(found) == 1 else {}
        if schema.get("type") == "array":
            return f"`{name}` is there already: write it as one more item of that list{own}"
        others = [other for pair in _EXCLUSIVE if name in pair for other in pair if other in self.values]
        if not others and (name in self.suggested or found[0] not in self.values):
            return f"another key means `{name}` already: write one of the two{own}"
        given = others[0] if others and name not in self.values else name
        return f"`{given}` is there already: keep one of the two{own}"

    def _hint_with_example(self, word: str, found: tuple[str, ...]) -> str:
        schema: Schema = self.schema["properties"][found[0]]
        value = self.values.get(word)
        name = ".".join(found)
        if len(found) == 1 and _fits(value, schema):
            return did_you_mean(name)
        inner = schema if len(found) == 1 else _object_of(schema)["properties"][found[1]]
        own = _corrected(value, inner)
        if len(found) == 1:
            example = format_example((*self.path, name), schema, self.style, own)
        else:
            return self._hint_in_object(found, _object_of(schema), own)
        lead = did_you_mean(name)
        return with_example(f"{lead} For instance:", example) if example else lead

    def _hint_in_object(self, found: tuple[str, ...], schema: Schema, own: str | None) -> str:
        outer, inner = found
        lead = did_you_mean(".".join(found))
        is_new = outer not in self.values and outer not in self.blocks
        self.blocks.add(outer)
        if is_new or self.style is Style.COLUMNS:
            example = format_nested(outer, inner, schema, self.style, own, is_new=is_new)
            return with_example(f"{lead} For instance:", example) if example else lead
        example = format_inner(inner, schema, self.style, own)
        return with_example(f"{lead} Add to the keys of `{outer}`:", example) if example else lead


def _in_text(found: tuple[str, ...]) -> str:
    outer, inner = found
    return (
        f"it belongs to `{outer}`, which is given as one text: write it there, or divide the text into keys "
        f"(`type`, `title`, `{inner}` …)"
    )


def suggest_value(word: str, allowed: Collection[Any]) -> str | None:
    """Return the allowed value that an author meant, or `None`."""
    texts = [str(value) for value in allowed]
    same = nearest_name(word, texts, cutoff=1.0)
    if same is not None:
        return same
    by_meaning = (value for value in words_for_values().get(fold(word), ()) if value in texts)
    return next(by_meaning, None) or nearest_name(word, texts, cutoff=0.6)


def suggest_truth(word: str) -> str | None:
    """Return `true` or `false` for a word such as `yes` or `nein`."""
    return next(
        (value for value in words_for_values().get(fold(word), ()) if value in ("true", "false")), None
    )


def place_of(schema: Schema, path: SchemaPath) -> str:
    """Return the name of an object's place in the schema: that of its definition, or of its key."""
    root = load_schema(_SCHEMA_NAME)
    keys = [*schema.get("properties", {})]
    if not path:
        return "description"
    for name, definition in root["$defs"].items():
        if [*definition.get("properties", {})] == keys:
            return str(name)
    for name in _INLINE:
        if [*root["properties"][name]["properties"]] == keys:
            return "rights-by-layer" if name == "rights" else name
    return ""


def _top_properties() -> Mapping[str, Schema]:
    properties: Mapping[str, Schema] = load_schema(_SCHEMA_NAME)["properties"]
    return properties


def _object_of(schema: Schema) -> Schema:
    schema = resolved(schema)
    branches = [resolved(branch) for branch in schema.get("oneOf", (schema,))]
    return next(branch for branch in branches if "properties" in branch)


def _fits(value: Any, schema: Schema) -> bool:
    """Return whether a schema allows a value, as far as its type and its form can be seen."""
    schema = resolved(schema)
    if "oneOf" in schema:
        return any(_fits(value, branch) for branch in schema["oneOf"])
    types = schema.get("type", ())
    if _TYPES.get(type(value), "null") not in ([types] if isinstance(types, str) else types):
        return False
    if isinstance(value, list):
        return all(_fits(item, schema.get("items", {})) for item in value)
    return not isinstance(value, str) or accepts(schema, value)


def _corrected(value: Any, schema: Schema) -> str | None:
    """Return an author's text, or what it probably means, for an example of a value."""
    text = value[0] if isinstance(value, list) and value else value
    if not isinstance(text, str):
        return None
    schema = resolved(schema)
    match schema.get("format"):
        case "edtf":
            return next(iter(suggest_dates(text)), text)
        case "bcp47":
            return nearest_language(text) or text
    return (suggest_value(text, schema["enum"]) or text) if "enum" in schema else text


def _named(path: SchemaPath) -> str:
    text = "".join(f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in path)
    return f"`{text.removeprefix('.')}`"
