"""Reads YAML strictly: from PyYAML's events, so that nothing is typed, expanded or lost on the way.

Anchors, aliases, tags, duplicate keys and second documents are complained of, each where it stands.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from archtool.description import kinds
from archtool.description.nodes import MAX_DEPTH, Complaints, Fields, Items, Mark, Node, Scalar


def read_yaml(text: str, complaints: Complaints) -> Node:
    """Build the tree of one YAML document.

    Raises:
        TextRefused: not YAML, empty, nested too deeply.
    """
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    builder = _Builder(_events(yaml.parse(text, Loader=loader), complaints, yaml.MarkedYAMLError), complaints)
    return builder.document()


def _events(events: Iterator[Any], complaints: Complaints, error_class: type[Exception]) -> Iterator[Any]:
    """Pass PyYAML's events on; turn its error into ours."""
    try:
        yield from events
    except error_class as error:
        raise _syntax_error(error, complaints) from error
    except ValueError as error:  # a character that YAML does not allow (libyaml: yaml.reader.ReaderError)
        raise complaints.stop(kinds.SYNTAX, f"not YAML: {error}", Mark(1, 1)) from error


def _syntax_error(error: Any, complaints: Complaints) -> Exception:
    place = error.problem_mark or error.context_mark
    mark = Mark(place.line + 1, place.column + 1) if place is not None else Mark(1, 1)
    problem = str(error.problem or error).strip()
    hint = None
    if "mapping values are not allowed" in problem:
        hint = "a value that holds `: ` must stand in quotes"
    elif "cannot start any token" in problem and "\\t" in problem:
        hint = "indent with spaces, not with tabs"
    return complaints.stop(kinds.SYNTAX, f"not YAML: {problem}", mark, hint)


class _Builder:
    """Turns events into nodes."""

    def __init__(self, events: Iterator[Any], complaints: Complaints) -> None:
        self.events = events
        self.complaints = complaints

    def document(self) -> Node:
        """Read the one document."""
        root: Node | None = None
        for event in self.events:
            name = type(event).__name__
            if name in ("StreamStartEvent", "StreamEndEvent", "DocumentStartEvent", "DocumentEndEvent"):
                continue
            if root is not None:
                raise self.complaints.stop(
                    kinds.SYNTAX, "a second document begins here", _mark(event), "one description a file"
                )
            root = self._node(event, 0)
        if root is None:
            raise self.complaints.stop(kinds.SYNTAX, "the file is empty", Mark(1, 1))
        return root

    def _node(self, event: Any, depth: int) -> Node:
        mark = _mark(event)
        if depth > MAX_DEPTH:
            message = f"more than {MAX_DEPTH} levels inside each other"
            raise self.complaints.stop(kinds.TOO_DEEP, message, mark)
        name = type(event).__name__
        if name == "AliasEvent":
            self.complaints.add(kinds.ANCHOR, f"the alias *{event.anchor} stands here", mark)
            return Scalar("", is_plain=False, mark=mark)
        self._refuse_decoration(event, mark)
        if name == "ScalarEvent":
            is_plain = not event.style  # None from PyYAML, an empty text from libyaml
            return Scalar(None if is_plain and event.value == "" else event.value, is_plain, mark)
        if name == "SequenceStartEvent":
            return Items(tuple(self._items(depth)), mark)
        return self._fields(mark, depth)

    def _refuse_decoration(self, event: Any, mark: Mark) -> None:
        if event.anchor is not None:
            self.complaints.add(kinds.ANCHOR, f"the anchor &{event.anchor} stands here", mark)
        if event.tag is not None:
            self.complaints.add(kinds.ANCHOR, f"the tag {event.tag} stands here", mark)

    def _items(self, depth: int) -> Iterator[Node]:
        for event in self.events:
            if type(event).__name__ == "SequenceEndEvent":
                return
            yield self._node(event, depth + 1)

    def _fields(self, mark: Mark, depth: int) -> Fields:
        pairs: dict[str, tuple[Scalar, Node]] = {}
        for event in self.events:
            if type(event).__name__ == "MappingEndEvent":
                break
            key = self._node(event, depth + 1)
            value = self._node(next(self.events), depth + 1)
            if not isinstance(key, Scalar) or key.text is None:
                self.complaints.add(kinds.SYNTAX, "a key must be a single word", key.mark)
            elif key.text in pairs:
                first = pairs[key.text][0].mark.line
                message = f"`{key.text}` is given on line {first} already"
                self.complaints.add(kinds.DUPLICATE_KEY, message, key.mark)
            else:
                pairs[key.text] = key, value
        return Fields(tuple(pairs.values()), mark)


def _mark(event: Any) -> Mark:
    return Mark(event.start_mark.line + 1, event.start_mark.column + 1)
