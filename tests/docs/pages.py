"""Makes the pages of `docs/` that list what the code defines, so that they always agree with it."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import click

from archtool.cli.main import cli
from archtool.cli.setup.command_tree import all_commands
from archtool.description.table.columns import Column, all_columns
from archtool.operations.catalogue import all_kinds
from archtool.schemas import load_schema


def findings_page() -> str:
    """Return the page of all kinds of findings."""
    lines = [
        "# Findings",
        "",
        "A finding is one result of a check of a package, a description or a signature. Its code never",
        "changes, so scripts may rely on it. An ERROR reports a broken MUST and decides the exit code, a",
        "WARNING a broken SHOULD (`--strict` counts it), a NOTE is information. `archtool explain CODE`",
        "prints the same text on the screen.",
        "",
        "| code | severity | exit | meaning | source |",
        "|---|---|---|---|---|",
    ]
    for kind in all_kinds().values():
        exit_code = int(kind.exit_code) if kind.severity.value == "error" else 0
        clause = kind.clause or ""
        lines.append(f"| `{kind.code}` | {kind.severity.value} | {exit_code} | {kind.summary} | {clause} |")
    return "\n".join(lines) + "\n"


def commands_page() -> str:
    """Return the help of every command, as the terminal shows it."""
    lines = ["# Commands", "", "The output of `--help`, for every command.", ""]
    for named in all_commands(cli):
        path, command = named.path, named.command
        context = click.Context(command, info_name=path, terminal_width=80, max_content_width=80)
        context.help_option_names = ["-h", "--help"]
        lines += [f"## {path}", "", "```", command.get_help(context).rstrip(), "```", ""]
    return "\n".join(lines)


def description_page() -> str:
    """Return the page of all keys of a description."""
    schema = load_schema("description.schema.json")
    lines = [
        "# The description",
        "",
        "YAML or JSON, read strictly: `no` is text, `16:30` a shelfmark, `007` a number as it is written; a",
        "value is a number or a truth value only if this page says so. Duplicate keys, anchors, aliases and",
        "tags are refused. Keys that begin with `x-` are kept in every part and not interpreted; `show`",
        "prints them. `examples/` contains descriptions to start from. In YAML a `#` after a blank begins a",
        'comment: put a value that contains one in quotes (`shelfmark: "F. 17 #3"`).',
        "",
        "## The document",
        "",
        *_table(schema, schema),
    ]
    for name, part in _objects(schema):
        lines += ["", f"## {name}", "", part["description"], "", *_table(part, schema)]
    return "\n".join(lines) + "\n"


def _objects(schema: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield each object that a description can have, with its name."""
    for name, part in schema["properties"].items():
        if "properties" in part:
            yield (_BY_LAYER if name == "rights" else name), part
    for name, part in schema["$defs"].items():
        branches = [branch for branch in part.get("oneOf", ()) if "properties" in branch]
        yield name, branches[0] if branches else part


_BY_LAYER = "rights by layer"


def _table(part: dict[str, Any], schema: dict[str, Any]) -> list[str]:
    lines = ["| key | | meaning | examples |", "|---|---|---|---|"]
    for key, value in part["properties"].items():
        required = "required" if key in part.get("required", ()) else ""
        examples = ", ".join(f"`{_plain(e)}`" for e in _examples(value))
        lines.append(f"| `{key}` | {required} | {_meaning(value, schema)} | {examples} |")
    return lines


def _meaning(value: dict[str, Any], schema: dict[str, Any]) -> str:
    if "properties" in value:
        name = next(name for name, part in _objects(schema) if part is value)
        return f"{value['description']} See *{name}*."
    if "$ref" in value:
        name = value["$ref"].rpartition("/")[2]
        return f"{schema['$defs'][name]['description']} See *{name}*."
    text: str = value["description"]
    if "enum" in value and len(value["enum"]) < 10:
        text += " One of: " + ", ".join(f"`{v}`" for v in value["enum"]) + "."
    if value.get("type") == "boolean":
        text += " `true` or `false`."
    refs = [b["$ref"].rpartition("/")[2] for b in value.get("oneOf", ()) if "$ref" in b]
    items = value.get("items", {})
    refs += [b["$ref"].rpartition("/")[2] for b in (items, *items.get("oneOf", ())) if "$ref" in b]
    return text + (f" See *{', '.join(dict.fromkeys(refs))}*." if refs else "")


def _examples(value: dict[str, Any]) -> list[Any]:
    found = list(value.get("examples", ()))
    for branch in value.get("oneOf", ()):
        found += branch.get("examples", ())
    return found


def _plain(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False).strip('"')


_PROSE = Path(__file__).with_name("tables.md")


def tables_page() -> str:
    """Return the page about tables: how they are read, and all their columns."""
    source = [column for column in all_columns() if column.path[0] == "source"]
    plain = [column for column in source if len(column.path) < 3 and not _is_csl(column)]
    csl = ", ".join(f"`{c.name}`" for c in source if len(c.path) == 2 and _is_csl(c))
    others = [c for c in all_columns() if c.path[0] not in ("source", "annexes")]
    agents = "Instead of one cell for a person or a body there can be columns for `.name`, `.type`, `.id` "
    agents += "and `.note`: `packager.name`, `addressees.1.name`."
    lines = [
        *_PROSE.read_text(encoding="utf-8").splitlines(), "",
        "## Every column of a package", "", *_wrapped(agents), "", *_columns(others), "",
        "The source:", "", *_columns(plain), "",
        *_wrapped(f"All fields of CSL are columns too: {csl}. {_IN_PARTS}"), "",
        "## Every column of an annexe", "", *_columns(all_columns("annexes")),
    ]  # fmt: skip
    return "\n".join(lines) + "\n"


def _wrapped(text: str) -> list[str]:
    return textwrap.wrap(text, 118, break_long_words=False, break_on_hyphens=False)


_IN_PARTS = (
    "A name can also be given in parts: `source.author.1.family`, `source.author.1.given`; "
    "a date as text: `source.date.literal`."
)


def _is_csl(column: Column) -> bool:
    return str(column.schema.get("description", "")).startswith("CSL: ") or column.path[-1] in _CSL_DATES


_CSL_DATES = frozenset(["accessed", "available-date", "event-date", "issued", "original-date", "submitted"])


def _columns(columns: Sequence[Column]) -> list[str]:
    lines = ["| column | meaning | examples |", "|---|---|---|"]
    listed = {column.path for column in columns}
    for column in columns:
        if column.path[:-1] in listed and column.path[-1] in ("name", "type", "id", "note"):
            continue  # a part of a person, whose own column takes the name alone
        meaning = str(column.schema.get("description", ""))
        if "enum" in column.schema and len(column.schema["enum"]) < 10:
            meaning += " One of: " + ", ".join(f"`{one}`" for one in column.schema["enum"]) + "."
        meaning += " `true` or `false`." if "boolean" in column.types else ""
        meaning += " Several, separated by semicolons." if "list" in column.types else ""
        examples = ", ".join(f"`{_plain(one)}`" for one in column.schema.get("examples", ()))
        lines.append(f"| `{column.name}` | {meaning.strip()} | {examples} |")
    return lines
