"""Joins a mapping with the header of its table, and reports everything that does not fit in one round."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from archtool.batch.sources.mapping.cell_values import CellConverter
from archtool.batch.sources.mapping.mapped_columns import BoundColumn, BoundConstant, MappedColumns
from archtool.batch.sources.mapping.yaml_words import yaml_word
from archtool.batch.sources.table_columns import PACKAGE, known_name
from archtool.description.table.columns import ANNEXES_KEY, ITEM, Column, find_column, required_beside
from archtool.files.paths import shown
from archtool.findings import Finding
from archtool.operations.mapping import finding_kinds
from archtool.operations.mapping.meanings import certain_key, possible_key
from archtool.operations.mapping.model import ColumnRule, Constant, TableMapping
from archtool.operations.mapping.reader import MappingFindings
from archtool.operations.mapping.targets import Target, find_target, numbered
from archtool.operations.mapping.templates import Template
from archtool.schemas import SchemaPath, load_schema
from archtool.tables.limits import MAX_NAME_CHARACTERS
from archtool.tables.model import Fault, Table, fault_finding
from archtool.tables.names import normalised_name

_NUMBER = re.compile(r"(?<=\.)[0-9]+(?=\.)")
_NAMED = 12  # columns in a message


@dataclass(frozen=True, slots=True)
class BoundTable:
    """A table that was joined with its mapping."""

    columns: MappedColumns
    keys: tuple[tuple[int, Column], ...]
    """The columns of a description that its columns give, each with the number of the table's column."""
    notes: tuple[str, ...]
    """Which columns are not used."""


class Binding:
    """Joins the columns of one table with the rules of its mapping."""

    def __init__(
        self, table: Table, mapping: TableMapping, own: Sequence[str], of: str | None,
        findings: MappingFindings,
    ) -> None:  # fmt: skip
        self._table = table
        self._mapping = mapping
        self._own = own
        self._of = of
        self._findings = findings
        self._numbers: dict[str, int | None] = {}
        """The number of the column for each name as people compare it; `None` if several are equal."""
        self._proposed: set[str] = set()
        """The keys that were proposed for columns which the mapping does not name."""
        for number, name in enumerate(table.names, 1):
            plain = normalised_name(name)
            self._numbers[plain] = None if plain in self._numbers else number

    def join(self, given_elsewhere: Collection[str]) -> tuple[BoundTable, list[Finding]]:
        """Return the joined table and the findings about the header; the others are added to the mapping's.

        `given_elsewhere` are the keys that the defaults give.
        """
        rules = dict(self._found_rules())
        given = {key for rule in rules.values() for key in rule.keys}
        given |= {constant.key for constant in self._mapping.constants}
        header: list[Finding] = []
        for number, name in enumerate(self._table.names, 1):
            if number not in rules:
                key = known_name(name, self._own, self._of)
                is_clear = key is not None and key not in given
                rules[number] = ColumnRule(name, (key,) if key is not None and is_clear else ())
                header += [] if is_clear else [self._unmapped(number, name, given)]
        columns = [self._column(number, rule) for number, rule in sorted(rules.items())]
        constants = [one for constant in self._mapping.constants for one in self._constant(constant)]
        targets = [target for column in columns for target in column.targets]
        targets += [constant.target for constant in constants]
        self._check_required(targets, given_elsewhere)
        unused = [rule.name for rule in self._mapping.columns if not rule.keys and self._number_of(rule.name)]
        bound = BoundTable(
            MappedColumns(self._table, columns, constants, self._of),
            tuple(
                (column.number, target.column)
                for column in columns
                for target in column.targets
                if target.column is not None
            ),
            tuple(self._notes(unused)),
        )
        return bound, header

    def _found_rules(self) -> Iterator[tuple[int, ColumnRule]]:
        used: dict[int, str] = {}
        for rule in self._mapping.columns:
            number = self._number_of(rule.name)
            path = self._mapping.path_of_column(rule.name)
            if number is None:
                self._report_no_column(rule.name, path)
            elif number in used:
                message = f"`{rule.name}` and `{used[number]}` are the same column of the table"
                self._findings.add(finding_kinds.KEY_TWICE, message, path, "delete one of the two")
            else:
                used[number] = rule.name
                yield number, rule

    def _report_no_column(self, name: str, path: SchemaPath) -> None:
        brief, file = shown(name[:MAX_NAME_CHARACTERS]), shown(self._table.file)
        if normalised_name(name) in self._numbers:
            message = f"{file} has several columns `{brief}`, which differ in case, accents or blanks only"
            hint = "write the name exactly as in the first row of the table"
        else:
            message, hint = f"{file} has no column `{brief}`", self._similar(name)
        self._findings.add(finding_kinds.NO_COLUMN, message, path, hint)

    def _number_of(self, name: str) -> int | None:
        """Return the number of a column: by its exact name, otherwise as people compare names."""
        if name in self._table.names:
            return self._table.names.index(name) + 1
        return self._numbers.get(normalised_name(name))

    def _similar(self, name: str) -> str:
        """Return a hint with the most similar column that the mapping does not name, or with all columns."""
        named = {self._number_of(rule.name) for rule in self._mapping.columns}
        free = {normalised_name(one): one for i, one in enumerate(self._table.names, 1) if i not in named}
        close = difflib.get_close_matches(normalised_name(name[:MAX_NAME_CHARACTERS]), free, n=1, cutoff=0.75)
        return f"did you mean `{shown(free[close[0]])}`?" if close else self._existing()

    def _existing(self) -> str:
        names = ", ".join(f"`{name[:60]}`" for name in self._table.names[:_NAMED])
        return f"its columns are: {names}{' …' if len(self._table.names) > _NAMED else ''}"

    def _unmapped(self, number: int, name: str, given: Collection[str]) -> Finding:
        brief = name[:MAX_NAME_CHARACTERS]
        meant = certain_key(name) or possible_key(name)
        is_free = meant is not None and meant not in given and find_target(meant, self._own, self._of)
        part = ".".join(map(str, (*self._mapping.path, "columns")))
        if meant is not None and is_free:
            self._proposed.add(meant)
        line = f"{yaml_word(brief)}: {meant if is_free else 'KEY'}"
        hint = (
            f"add to `{part}` in {shown(self._findings.collector.file)}: `{line}`,"
            f" or `{yaml_word(brief)}:` if it is not used"
        )
        message = f"the mapping does not name the column `{shown(brief)}`"
        return fault_finding(self._table, 1, Fault(number, message, hint, finding_kinds.UNMAPPED_COLUMN))

    def _column(self, number: int, rule: ColumnRule) -> BoundColumn:
        found = (find_target(key, self._own, self._of) for key in rule.keys)
        targets = tuple(target for target in found if target is not None)
        return BoundColumn(number, targets, CellConverter.of(rule, number, self._findings.collector.file))

    def _constant(self, constant: Constant) -> Iterator[BoundConstant]:
        target = find_target(constant.key, self._own, self._of)
        try:
            template = Template.parse(constant.template)
        except ValueError:
            return  # the reader reports it
        numbers = {}
        for name in template.names:
            number = self._number_of(name)
            if name == PACKAGE and constant.key != PACKAGE:
                continue
            if number is not None:
                numbers[name] = number
                continue
            path = self._mapping.path_of_constant(constant.key)
            message = f"`{{{name[:60]}}}` names no column of {shown(self._table.file)}"
            self._findings.add_at_value(finding_kinds.PLACEHOLDER, message, path, self._existing())
        if target is not None:
            yield BoundConstant(target, template, numbers)

    def _check_required(self, targets: Sequence[Target], given_elsewhere: Collection[str]) -> None:
        if self._findings.has_wrong_shape:
            return  # the parts that could not be read can give what is missing
        keys = {target.key for target in targets} | self._proposed
        keys |= {key for of, key in self._findings.meant if of == self._of}
        keys |= {key for rule in self._mapping.columns for key in rule.keys}
        given = {key.partition(".")[0] for key in keys} | set(given_elsewhere)
        for key, meaning in self._required().items():
            if key not in given:
                place = self._mapping.path
                message = f"no column and no constant gives `{key}`: {meaning}"
                hint = f"name a column for it, or add it under `constants`: `{key}: …`"
                self._findings.add_at_value(finding_kinds.REQUIRED_KEY, message, place, hint)

        for names in self._missing_in_items(targets, given_elsewhere):
            message = f"no column and no constant gives {' or '.join(f'`{name}`' for name in names)}"
            self._findings.add_at_value(
                finding_kinds.REQUIRED_KEY,
                message,
                self._mapping.path,
                _proposed_constant(names[0], self._of),
            )

    def _missing_in_items(
        self, targets: Sequence[Target], given_elsewhere: Collection[str]
    ) -> list[tuple[str, ...]]:
        """Return the keys that the items of a list need, each with its alternatives; `N` is the number."""
        keys = {name for target in targets for name in (target.column_for(None), target.items, target.key)}
        keys |= {key for of, key in self._findings.meant if of == self._of} | self._proposed
        missing: dict[tuple[str, ...], None] = {}
        for target in targets:
            for names in required_beside(target.column, self._of) if target.column is not None else ():
                of_any_item = tuple(_NUMBER.sub(ITEM, name) for name in names)
                # lists replace those of the defaults, objects are merged with them
                is_given = of_any_item == names and names[0].partition(".")[0] in given_elsewhere
                if not is_given and keys.isdisjoint((*names, *of_any_item)):
                    missing[of_any_item] = None
        return [*missing]

    def _required(self) -> Mapping[str, str]:
        schema = load_schema("description.schema.json")
        if self._of == ANNEXES_KEY:
            schema = schema["$defs"]["annexe"]
        described = {
            key: str(schema["properties"][key].get("description", "")).rstrip(".")
            for key in schema["required"]
            if key != "archtool"
        }
        return {PACKAGE: "the name of the package of each row", **described}

    def _notes(self, unused: Sequence[str]) -> Iterator[str]:
        if unused:
            names = ", ".join(shown(name[:60]) for name in unused[:_NAMED])
            more = " …" if len(unused) > _NAMED else ""
            file = shown(self._findings.collector.file)
            noun = "column" if len(unused) == 1 else "columns"
            yield f"not used, according to {file}: the {noun} {names}{more} of {shown(self._table.file)}"


def _proposed_constant(name: str, of: str | None) -> str:
    """Return a hint with the constant that gives a key."""
    column = find_column(numbered(name, 1), of)
    schema = column.schema if column is not None else {}
    values = [*schema.get("examples", ()), *schema.get("enum", ())]
    line = f"for instance: `{name}: {values[0]}`" if values else f"`{name}: …`"
    return f"add it under `constants`, {line}; or name a column for it"
