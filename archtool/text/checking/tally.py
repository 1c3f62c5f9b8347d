"""Counts the places of one kind, and keeps the first of them."""

from __future__ import annotations

from collections.abc import Iterable

from archtool.text.checking.chunk import Chunk
from archtool.text.checking.limits import MAX_VARIANTS
from archtool.text.checking.model import TextFault, TextPlace


class Tally:
    """The places of one kind, together or by variant; of each variant the first `most` places are kept."""

    __slots__ = ("_counts", "_most", "_places")

    def __init__(self, most: int) -> None:
        self._most = most
        self._counts: dict[str, int] = {}
        self._places: dict[str, list[TextPlace]] = {}

    def add(self, chunk: Chunk, start: int, end: int, variant: str = "") -> None:
        """Count one place of a chunk."""
        self.add_all(chunk, ((start, end),), variant)

    def add_all(self, chunk: Chunk, spans: Iterable[tuple[int, int]], variant: str = "") -> None:
        """Count places of a chunk, in their order."""
        variant = self._known(variant)
        places = self._places.setdefault(variant, [])
        number = 0
        for start, end in spans:
            number += 1
            if len(places) < self._most:
                places.append(chunk.place(start, end))
        self.count(number, variant)

    def add_place(self, place: TextPlace, variant: str = "") -> None:
        """Count a place that was kept before it was known to be a fault."""
        variant = self._known(variant)
        places = self._places.setdefault(variant, [])
        if len(places) < self._most:
            places.append(place)
        self.count(1, variant)

    def count(self, number: int, variant: str = "") -> None:
        """Count places that are not kept."""
        variant = self._known(variant)
        self._counts[variant] = self._counts.get(variant, 0) + number

    def add_from(self, other: Tally, variants: Iterable[str]) -> None:
        """Add what another tally has of some variants."""
        for variant in variants:
            self._counts[variant] = self._counts.get(variant, 0) + other.total(variant)
            self._places.setdefault(variant, []).extend(other._places.get(variant, ()))

    def wants_places(self, variant: str = "") -> bool:
        """Whether another place of this variant would be kept."""
        return self.places_wanted(variant) > 0

    def places_wanted(self, variant: str = "") -> int:
        """Return how many more places of this variant would be kept."""
        return self._most - len(self._places.get(variant, ()))

    def total(self, variant: str | None = None) -> int:
        """Return the number of all places, or of one variant."""
        return sum(self._counts.values()) if variant is None else self._counts.get(variant, 0)

    def variants(self) -> dict[str, int]:
        """Return the counts by variant."""
        return dict(self._counts)

    def fault(self, kind: str, only: Iterable[str] | None = None, detail: str = "") -> TextFault | None:
        """Return what was found, or what was found of some variants; `None` if it is nothing."""
        names = [name for name in (self._counts if only is None else only) if self._counts.get(name)]
        count = sum(self._counts[name] for name in names)
        if not count:
            return None
        places = sorted(
            (place for name in names for place in self._places.get(name, ())),
            key=lambda place: (place.line, place.column),
        )
        named = sorted(((n, self._counts[n]) for n in names if n), key=lambda item: (-item[1], item[0]))
        return TextFault(kind, count, tuple(places[: self._most]), tuple(named), detail)

    def _known(self, variant: str) -> str:
        return variant if variant in self._counts or len(self._counts) < MAX_VARIANTS else "…"
