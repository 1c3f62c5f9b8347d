"""Builds the annexes of a package from table rows; an enclosure names the id of its parent annexe."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from archtool.description import finding_kinds
from archtool.description.limits import MAX_NESTING
from archtool.description.table.cells import CellPlaces, CellValue, Tree
from archtool.findings import Finding, Kind, Place
from archtool.nearest_names import did_you_mean, nearest_name


@dataclass(frozen=True, slots=True)
class AnnexeRow:
    """One row with an annexe of a package."""

    place: Place
    """The row."""
    of: CellValue | None
    """The id of the parent annexe, if the annexe is an enclosure."""
    tree: Tree


@dataclass(slots=True)
class AnnexeRows:
    """The annexe rows of one package, in the order of the inventory."""

    rows: Sequence[AnnexeRow]
    complaints: list[Finding]

    def nest(self, places: CellPlaces) -> list[dict[str, Any]]:
        """Return the annexes with their enclosures inside, as in a description; report unknown parents."""
        children: dict[int | None, list[int]] = {}
        for number, parent in enumerate(self._parents()):
            children.setdefault(parent, []).append(number)
        placed: set[int] = set()
        annexes = [
            self._nested(number, ("annexes", i), children, places, placed)
            for i, number in enumerate(children.get(None, ()))
        ]
        for number in range(len(self.rows)):
            if number not in placed:
                message = "this annexe is an enclosure of itself, directly or through others"
                self._complain(
                    finding_kinds.ID_UNKNOWN,
                    number,
                    message,
                    "leave `of` empty for an annexe that is not an enclosure",
                )
        return annexes

    def _parents(self) -> Iterator[int | None]:
        """Yield for each row the number of its parent row, or `None`."""
        ids: dict[Any, int] = {}
        for number, row in enumerate(self.rows):
            row_id = row.tree.get("id")
            if isinstance(row_id, CellValue):
                ids.setdefault(row_id.value, number)
        for number, row in enumerate(self.rows):
            if row.of is None:
                yield None
            elif row.of.value in ids:
                yield ids[row.of.value]
            else:
                nearest = nearest_name(str(row.of.value), [str(one) for one in ids])
                hint = did_you_mean(nearest) if nearest is not None else f"existing ids: {_some(ids)}"
                message = f"no annexe of this package has the id {row.of.value[:60]!r}"
                self._complain(finding_kinds.ID_UNKNOWN, number, message, hint)
                yield None

    def _nested(
        self, number: int, path: tuple[str | int, ...], children: dict[int | None, list[int]],
        places: CellPlaces, placed: set[int],
    ) -> dict[str, Any]:  # fmt: skip
        placed.add(number)
        row = self.rows[number]
        places.annexes[path] = row.place
        values: dict[str, Any] = places.values_of(row.tree, path)
        inner = children.get(number, ())
        if inner and len(path) >= 2 * MAX_NESTING:
            self._complain(
                finding_kinds.TOO_DEEP, inner[0], f"enclosures are nested more than {MAX_NESTING} levels deep"
            )
            placed.update(range(len(self.rows)))  # no further findings about deeper rows
        elif inner:
            values["enclosures"] = [
                self._nested(one, (*path, "enclosures", i), children, places, placed)
                for i, one in enumerate(inner)
            ]
        return values

    def _complain(self, kind: Kind, number: int, message: str, hint: str | None = None) -> None:
        row = self.rows[number]
        place = row.of.cell if row.of is not None else row.place
        self.complaints.append(replace(kind.at(message, hint=hint), place=place))


def _some(ids: dict[Any, int]) -> str:
    return ", ".join(str(one) for one in list(ids)[:12]) or "none"
