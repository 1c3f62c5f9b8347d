"""Annexes that stand in rows of their own: each names the annexe whose enclosure it is, if it is one."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from archtool.description import finding_kinds
from archtool.description.table.cells import CellPlaces, CellValue, Tree
from archtool.findings import Finding, Kind, Place

MAX_NESTING = 24  # an enclosure of an enclosure of …: each takes two levels of a text that may have 64


@dataclass(frozen=True, slots=True)
class AnnexeRow:
    """One row of the annexes of a package."""

    place: Place
    """The row."""
    of: CellValue | None
    """The id of the annexe whose enclosure it is."""
    tree: Tree


@dataclass(slots=True)
class AnnexeRows:
    """The rows of one package, in the order of the inventory."""

    rows: Sequence[AnnexeRow]
    complaints: list[Finding]

    def settle(self, places: CellPlaces) -> list[dict[str, Any]]:
        """The annexes as a description has them, enclosures inside; an `of` that leads nowhere is told."""
        inside: dict[int | None, list[int]] = {}
        for number, above in enumerate(self._above()):
            inside.setdefault(above, []).append(number)
        placed: set[int] = set()
        annexes = [
            self._settled(number, ("annexes", i), inside, places, placed)
            for i, number in enumerate(inside.get(None, ()))
        ]
        for number in range(len(self.rows)):
            if number not in placed:
                message = "this annexe is an enclosure of itself, at once or by way of others"
                self._complain(
                    finding_kinds.ID_UNKNOWN, number, message, "leave `of` empty where an annexe is none"
                )
        return annexes

    def _above(self) -> Iterator[int | None]:
        """For each row the number of the row whose enclosure it is."""
        ids: dict[Any, int] = {}
        for number, row in enumerate(self.rows):
            said = row.tree.get("id")
            if isinstance(said, CellValue):
                ids.setdefault(said.value, number)
        for number, row in enumerate(self.rows):
            if row.of is None:
                yield None
            elif row.of.value in ids:
                yield ids[row.of.value]
            else:
                close = difflib.get_close_matches(row.of.value, [str(one) for one in ids][:1000], n=1)
                hint = f"did you mean `{close[0]}`?" if close else f"ids that are there: {_some(ids)}"
                what = f"no annexe of this package has the id {row.of.value[:60]!r}"
                self._complain(finding_kinds.ID_UNKNOWN, number, what, hint)
                yield None

    def _settled(
        self, number: int, path: tuple[str | int, ...], inside: dict[int | None, list[int]],
        places: CellPlaces, placed: set[int],
    ) -> dict[str, Any]:  # fmt: skip
        placed.add(number)
        row = self.rows[number]
        places.annexes[path] = row.place
        values: dict[str, Any] = places.settle(row.tree, path)
        inner = inside.get(number, ())
        if inner and len(path) >= 2 * MAX_NESTING:
            self._complain(
                finding_kinds.TOO_DEEP, inner[0], f"more than {MAX_NESTING} enclosures inside each other"
            )
            placed.update(range(len(self.rows)))  # of those further inside nothing more is to be said
        elif inner:
            values["enclosures"] = [
                self._settled(one, (*path, "enclosures", i), inside, places, placed)
                for i, one in enumerate(inner)
            ]
        return values

    def _complain(self, kind: Kind, number: int, message: str, hint: str | None = None) -> None:
        row = self.rows[number]
        place = row.of.cell if row.of is not None else row.place
        self.complaints.append(replace(kind.at(message, hint=hint), place=place))


def _some(ids: dict[Any, int]) -> str:
    return ", ".join(str(one) for one in list(ids)[:12]) or "none"
