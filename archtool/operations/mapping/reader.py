"""Reads a mapping strictly from YAML or JSON, and checks what can be checked without its table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from typing import Any

from archtool.description import finding_kinds as description_kinds
from archtool.description.document.json_reader import read_json
from archtool.description.document.nodes import FindingCollector, TextPosition, TextRefused
from archtool.description.document.schema_messages import report_schema_faults
from archtool.description.document.typing import TypedValues, type_values
from archtool.description.document.yaml_reader import read_yaml
from archtool.description.languages import language_tag_of
from archtool.description.limits import MAX_DEFAULTS_BYTES
from archtool.description.table.columns import ANNEXES_KEY
from archtool.description.table.date_order import DateOrder
from archtool.findings import Kind, has_errors
from archtool.operations.mapping import finding_kinds
from archtool.operations.mapping.meanings import nearest_key
from archtool.operations.mapping.model import ColumnRule, Constant, TableMapping, TableMappings
from archtool.operations.mapping.targets import Target, find_target
from archtool.operations.mapping.templates import Template
from archtool.operations.mapping.value_checks import value_fault
from archtool.operations.mapping.well_formed import has_columns, well_formed_table
from archtool.schemas import SchemaPath, schema_faults

SCHEMA_NAME = "mapping.schema.json"
_START = TextPosition(1, 1)
_EMPTY_HINT = "archtool batch template --from TABLE drafts a mapping"


class MappingFindings:
    """The findings about one mapping, with the place of each."""

    def __init__(self, file: str) -> None:
        self.collector = FindingCollector(file, [])
        self.keys: Mapping[SchemaPath, TextPosition] = {}
        self.values: Mapping[SchemaPath, TextPosition] = {}
        self.has_wrong_shape = False
        """Whether parts of the mapping could not be read, so that it is not known what they give."""
        self.meant: set[tuple[str | None, str]] = set()
        """The keys that were proposed for unknown ones, each after the table that it is for."""

    def add(self, kind: Kind, message: str, path: SchemaPath, hint: str | None = None) -> None:
        """Add a finding at a key of the mapping."""
        self.collector.add(kind, message, self.keys.get(path, _START), hint)

    def add_at_value(self, kind: Kind, message: str, path: SchemaPath, hint: str | None = None) -> None:
        """Add a finding at a value of the mapping, or at the nearest value around it."""
        while path and path not in self.values:
            path = path[:-1]
        self.collector.add(kind, message, self.values.get(path, _START), hint)


def read_mapping(
    data: bytes, file: str, own: Sequence[str], own_of_annexes: Sequence[str], *, is_json: bool = False
) -> tuple[TableMappings | None, MappingFindings]:
    """Read a mapping; `own` are the keys that are not part of the description, such as `package`.

    There is no mapping if its text cannot be read; then the findings state why. Parts of a wrong shape are
    reported and left out, so that everything else is checked as well.
    """
    findings = MappingFindings(file)
    typed = _typed(data, findings.collector, is_json=is_json)
    if typed is None or not has_columns(typed.data):
        return None, findings
    findings.keys, findings.values = typed.keys, typed.values
    findings.has_wrong_shape = has_errors(findings.collector)
    packages = well_formed_table(typed.data)
    given = typed.data.get(ANNEXES_KEY)
    annexes = well_formed_table(given) if has_columns(given) else None
    mappings = TableMappings(
        file,
        _table_mapping((), packages),
        None if annexes is None else _table_mapping((ANNEXES_KEY,), annexes),
        typed.keys,
        typed.values,
    )
    for mapping, values, names, of in (
        (mappings.packages, packages, own, None),
        (mappings.annexes, annexes, own_of_annexes, ANNEXES_KEY),
    ):
        if mapping is not None:
            _check(mapping, values or {}, names, of, findings)
    return mappings, findings


def _typed(data: bytes, collector: FindingCollector, *, is_json: bool) -> TypedValues | None:
    """Return the typed values, and report those of a wrong shape; `None` if the text cannot be read."""
    try:
        if len(data) > MAX_DEFAULTS_BYTES:
            message = f"larger than {MAX_DEFAULTS_BYTES:,} bytes"
            raise collector.stop(description_kinds.TOO_LARGE, message, _START)
        text = data.decode("utf-8").removeprefix("\ufeff")
        if not is_json and all(line.lstrip()[:1] in ("", "#") for line in text.splitlines()):
            message = "the file contains no mapping"
            raise collector.stop(description_kinds.SYNTAX, message, _START, _EMPTY_HINT)
        node = read_json(text, collector) if is_json else read_yaml(text, collector)
    except UnicodeDecodeError as error:
        message = f"byte {error.start + 1} is not UTF-8"
        collector.add(description_kinds.NOT_TEXT, message, _START)
        return None
    except TextRefused as refused:
        collector.findings.append(refused.finding)
        return None
    typed = type_values(node, SCHEMA_NAME, collector)
    report_schema_faults(schema_faults(SCHEMA_NAME, typed.data), typed, collector)
    return typed


def _table_mapping(path: SchemaPath, values: Mapping[str, Any]) -> TableMapping:
    rules = [_rule(name, value) for name, value in values["columns"].items()]
    constants = [Constant(key, text or "") for key, text in values.get("constants", {}).items()]
    return TableMapping(path, tuple(rules), tuple(constants))


def _rule(name: str, value: Any) -> ColumnRule:
    if not isinstance(value, dict):
        return ColumnRule(name, _texts(value))
    order = value.get("date-order")
    values = {text: meaning for text, meaning in value.get("values", {}).items() if meaning is not None}
    return ColumnRule(
        name, _texts(value["to"]), order and DateOrder(order), values, _texts(value.get("split"))
    )


def _texts(value: Any) -> tuple[str, ...]:
    if value is None:
        return ()
    return (value,) if isinstance(value, str) else tuple(value)


def _check(
    mapping: TableMapping, values: Mapping[str, Any], own: Sequence[str], of: str | None,
    findings: MappingFindings,
) -> None:  # fmt: skip
    givers: dict[str, str] = {}
    for rule in mapping.columns:
        path = mapping.path_of_column(rule.name)
        targets = [
            _target(key, path_of_key, own, of, findings) for key, path_of_key in _keys(rule, values, path)
        ]
        known = [target for target in targets if target is not None]
        _check_rule(rule, known, path, findings)
        _check_meanings(rule, known, path, findings)
        _check_open_values(values["columns"][rule.name], known, path, findings)
        for target in known:
            _check_giver(target, f"the column `{rule.name}`", givers, path, findings)
    for constant in mapping.constants:
        path = mapping.path_of_constant(constant.key)
        found = _target(constant.key, path, own, of, findings, is_constant=True)
        if found is not None:
            _check_giver(found, f"the constant `{constant.key}`", givers, path, findings)
        if not constant.template:
            message = f"the constant `{constant.key}` has no text yet"
            findings.add(finding_kinds.OPEN_VALUE, message, path, "write its text, or delete the line")
        try:
            template = Template.parse(constant.template)
        except ValueError as error:
            findings.add_at_value(finding_kinds.PLACEHOLDER, str(error), path)
            continue
        if found is not None and constant.template and not template.names:
            fault = value_fault(template.fill(str), found)
            if fault is not None:
                findings.add_at_value(fault.kind, fault.message, path, fault.hint)


def _keys(rule: ColumnRule, values: Mapping[str, Any], path: SchemaPath) -> Iterator[tuple[str, SchemaPath]]:
    value = values["columns"][rule.name]
    above = (*path, "to") if isinstance(value, dict) else path
    is_list = isinstance(value["to"] if isinstance(value, dict) else value, list)
    for number, key in enumerate(rule.keys):
        yield key, (*above, number) if is_list else above


def _target(
    key: str, path: SchemaPath, own: Sequence[str], of: str | None, findings: MappingFindings,
    *, is_constant: bool = False,
) -> Target | None:  # fmt: skip
    target = find_target(key, own, of)
    if target is None:
        nearest = nearest_key(key, own, of)
        findings.meant |= set() if nearest is None else {(of, nearest)}
        hint = f"did you mean `{nearest}`?" if nearest is not None else None
        add = findings.add if is_constant else findings.add_at_value
        add(finding_kinds.UNKNOWN_KEY, f"there is no key `{key[:100]}`", path, hint)
    return target


def _check_rule(
    rule: ColumnRule, targets: Sequence[Target], path: SchemaPath, findings: MappingFindings
) -> None:
    for target in targets:
        if rule.date_order is not None and not target.is_date:
            message = f"`date-order` is for dates, and `{target.key}` is none"
            findings.add(finding_kinds.WRONG_RULE, message, (*path, "date-order"))
        if rule.separators and target.items is None:
            message = f"`split` gives several values, and `{target.key}` has only one"
            findings.add(finding_kinds.WRONG_RULE, message, (*path, "split"))

    for one, other in combinations(targets, 2):
        if not rule.separators and _exclude_each_other(one, other):
            message = f"`{one.key}` and `{other.key}` exclude each other, and one column gives both"
            findings.add_at_value(finding_kinds.WRONG_RULE, message, path, "keep one of the two")


def _exclude_each_other(one: Target, other: Target) -> bool:
    first, second = sorted((one.column_for(None), other.column_for(None)), key=len)
    return first == second or second.startswith(f"{first}.")


def _check_meanings(
    rule: ColumnRule, targets: Sequence[Target], path: SchemaPath, findings: MappingFindings
) -> None:
    for text, meaning in rule.values.items():
        faults = (value_fault(meaning, target) for target in targets if meaning)
        fault = next((fault for fault in faults if fault is not None), None)
        if fault is not None:
            findings.add_at_value(fault.kind, fault.message, (*path, "values", text), fault.hint)


def _check_open_values(
    value: Any, targets: Sequence[Target], path: SchemaPath, findings: MappingFindings
) -> None:
    for text, meaning in (value.get("values", {}) if isinstance(value, dict) else {}).items():
        if meaning is None:
            proposed = language_tag_of(text) if any(target.is_language for target in targets) else None
            hint = f"did you mean `{proposed}`?" if proposed is not None else None
            keys = " and ".join(f"`{target.key}`" for target in targets) or "the key"
            message = f"`{text[:60]}` has no meaning yet, for {keys}"
            findings.add(finding_kinds.OPEN_VALUE, message, (*path, "values", text), hint)


def _check_giver(
    target: Target, giver: str, givers: dict[str, str], path: SchemaPath, findings: MappingFindings
) -> None:
    name = target.items or target.column_for(None)
    other = givers.setdefault(name, giver)
    if other != giver:
        message = f"{giver} and {other} both give `{target.key}`"
        hint = None
        if "constant" in giver:
            hint = "delete one of the two; a value for rows with an empty cell belongs in --defaults"
        findings.add(finding_kinds.KEY_TWICE, message, path, hint)
