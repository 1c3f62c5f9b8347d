"""Converts the text of a cell by the rule of its column: several values, meanings, dates in digits."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from archtool.batch.sources.mapping.yaml_words import yaml_word
from archtool.description import finding_kinds as description_kinds
from archtool.description.languages import language_tag_of
from archtool.description.suggestions.date_suggestions import suggest_dates
from archtool.description.table.date_order import (
    AS_EDTF,
    DateOrder,
    date_in_order,
    how_to_write,
    is_date_in_digits,
    means_no_date,
    other_order,
    why_not_in_order,
    why_unclear,
)
from archtool.operations.mapping import finding_kinds
from archtool.operations.mapping.model import ColumnRule
from archtool.operations.mapping.targets import Target
from archtool.tables.model import Fault
from archtool.tables.names import normalised_name

MAX_ITEMS = 999  # of one cell: the number of an item has three digits
_SHOWN = 60  # characters of a text in a message


class _Refused(Exception):  # noqa: N818 - it carries a fault and is not an error of archtool
    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.message)
        self.fault = fault


@dataclass(frozen=True, slots=True)
class CellConverter:
    """The rule of one column, as it is applied to its cells."""

    rule: ColumnRule
    number: int
    """The number of the column, from 1."""
    mapping: str
    """The name of the mapping, for messages."""
    folded: Mapping[str, str]
    """The meanings of the texts as people compare them, where these differ."""

    @classmethod
    def of(cls, rule: ColumnRule, number: int, mapping: str) -> CellConverter:
        """Return the converter for a column."""
        folded: dict[str, str] = {}
        ambiguous = set()
        for text, meaning in rule.values.items():
            plain = normalised_name(text)
            if folded.setdefault(plain, meaning) != meaning:
                ambiguous.add(plain)
        kept = {text: meaning for text, meaning in folded.items() if text and text not in ambiguous}
        return cls(rule, number, mapping, kept)

    def convert(self, text: str, target: Target) -> tuple[list[tuple[str, str]], Fault | None]:
        """Return each value of a cell with the name of its column; or none, and the fault of the cell."""
        try:
            return list(self._values(text, target)), None
        except _Refused as refused:
            return [], refused.fault

    def _values(self, text: str, target: Target) -> Iterator[tuple[str, str]]:
        if not self.rule.separators:
            value = self._value(text, target)
            if value:
                yield target.column_for(None if _is_whole(target) else 1), value
            return
        pattern = "|".join(map(re.escape, self.rule.separators))
        values = [
            self._value(part.strip(), target) for part in re.split(pattern, f" {text} ") if part.strip()
        ]
        values = [value for value in values if value]
        if len(values) > MAX_ITEMS:
            message = f"{len(values):,} values in one cell; at most {MAX_ITEMS} are read"
            raise _Refused(Fault(self.number, message, kind=finding_kinds.WRONG_RULE))
        for number, value in enumerate(values, 1):
            yield target.column_for(number), value

    def _value(self, text: str, target: Target) -> str:
        """Return the meaning of a text; empty if it means that there is no value."""
        rule = self.rule
        if rule.values:
            meaning = rule.values.get(text, rule.values.get(text.strip()))
            meaning = self.folded.get(normalised_name(text)) if meaning is None else meaning
            if meaning is not None:
                return meaning
        if target.is_date:
            return self._date(text)
        if rule.values and text not in rule.values.values():
            raise _Refused(self._unknown(text, target))
        return text

    def _date(self, text: str) -> str:
        order = self.rule.date_order
        if order is None and is_date_in_digits(text):
            raise _Refused(
                Fault(self.number, why_unclear(text), self._ask_order(text), description_kinds.DATE)
            )
        if order is None:
            return text
        date = date_in_order(text.strip(), order)
        if date is None:
            hint = self._how_to_correct(text, order)
            raise _Refused(Fault(self.number, why_not_in_order(text, order), hint, description_kinds.DATE))
        return date

    def _how_to_correct(self, text: str, order: DateOrder) -> str:
        other = other_order(text, order)
        if other is not None:
            return (
                f"it is a date in the order {other.value}: check `date-order` of the column in"
                f" {self.mapping}, and its other dates; {AS_EDTF}"
            )
        dates = () if is_date_in_digits(text) else suggest_dates(text)
        meaning = dates[0] if len(dates) == 1 else '""' if means_no_date(text) else "…"
        line = f"values: {{ {yaml_word(text)}: {meaning} }}"
        joint = " correct the cell, or" if dates else "; or"
        return (
            f"{how_to_write(text)}{joint} write its meaning into {self.mapping}, in the column's rule: {line}"
        )

    def _ask_order(self, text: str) -> str:
        orders = [order.value for order in DateOrder if date_in_order(text, order) is not None]
        if not orders:
            return AS_EDTF
        lines = [
            f"`{yaml_word(self.rule.name)}: {{ to: {self.rule.keys[0]}, date-order: {order} }}`"
            for order in orders
        ]
        return f"state the order of the column in {self.mapping}: {' or '.join(lines)}"

    def _unknown(self, text: str, target: Target) -> Fault:
        message = f"`values` of the column in {self.mapping} does not list {text[:_SHOWN]!r}"
        proposed = language_tag_of(text[:_SHOWN]) if target.is_language else None
        line = f"`{yaml_word(text)}: {proposed or '…'}`"
        hint = f"add to `values`: {line}" + ("" if proposed else f' ("" if it means no {target.key})')
        return Fault(self.number, message, hint, finding_kinds.UNKNOWN_VALUE)


def _is_whole(target: Target) -> bool:
    """Whether one text is the value of the key itself, not the first item of its list."""
    return target.items is None or target.column is None or target.column.name == target.key
