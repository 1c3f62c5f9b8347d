"""The pages of `docs/` that are made from the code itself, so that they cannot grow apart."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import click

from archtool.cli.main import cli
from archtool.operations.catalogue import all_kinds
from archtool.schemas import load_schema


def findings_page() -> str:
    """Every kind of finding."""
    lines = [
        "# Findings",
        "",
        "A finding says what a package, a description or a signature is like. Its code lasts: scripts",
        "may rely on it. An ERROR answers a MUST and decides the exit code, a WARNING a SHOULD",
        "(`--strict` counts it), a NOTE is worth knowing. `archtool explain CODE` says the same on the",
        "screen.",
        "",
        "| code | severity | exit | what it means | it rests on |",
        "|---|---|---|---|---|",
    ]
    for kind in all_kinds().values():
        exit_code = int(kind.exit_code) if kind.severity.value == "error" else 0
        clause = kind.clause or ""
        lines.append(f"| `{kind.code}` | {kind.severity.value} | {exit_code} | {kind.summary} | {clause} |")
    return "\n".join(lines) + "\n"


def commands_page() -> str:
    """The help of every command, as the screen shows it."""
    lines = ["# Commands", "", "What `--help` prints, for every command.", ""]
    for path, command in _commands(cli, "archtool"):
        context = click.Context(command, info_name=path, terminal_width=80, max_content_width=80)
        context.help_option_names = ["-h", "--help"]
        lines += [f"## {path}", "", "```", command.get_help(context).rstrip(), "```", ""]
    return "\n".join(lines)


def _commands(command: click.Command, path: str) -> Iterator[tuple[str, click.Command]]:
    yield path, command
    if isinstance(command, click.Group):
        context = click.Context(command, info_name=path)
        for name in command.list_commands(context):
            inner = command.get_command(context, name)
            assert inner is not None
            yield from _commands(inner, f"{path} {name}")


def description_page() -> str:
    """Every key that a description may have."""
    schema = load_schema("description.schema.json")
    lines = [
        "# The description",
        "",
        "YAML or JSON, read strictly: `no` is a word, `16:30` a shelfmark, `007` a number as written; a",
        "value is a number or a truth value only where this page says so. Duplicate keys, anchors,",
        "aliases and tags are refused. Keys that begin with `x-` are kept and not read. `examples/`",
        "holds descriptions to start from. In YAML a `#` after a blank begins a comment: put a value that",
        'holds one in quotes (`shelfmark: "F. 17 #3"`).',
        "",
        "## The document",
        "",
        *_table(schema, schema),
    ]
    for name, part in schema["$defs"].items():
        if name in ("csl-name", "csl-date"):
            continue
        lines += ["", f"## {name}", "", part["description"], "", *_table(part, schema)]
    return "\n".join(lines) + "\n"


def _table(part: dict[str, Any], schema: dict[str, Any]) -> list[str]:
    lines = ["| key | | what it says | for instance |", "|---|---|---|---|"]
    for key, value in part["properties"].items():
        needed = "needed" if key in part.get("required", ()) else ""
        examples = ", ".join(f"`{_plain(e)}`" for e in _examples(value))
        lines.append(f"| `{key}` | {needed} | {_what(value, schema)} | {examples} |")
    return lines


def _what(value: dict[str, Any], schema: dict[str, Any]) -> str:
    if "$ref" in value:
        name = value["$ref"].rpartition("/")[2]
        return f"{schema['$defs'][name]['description']} See *{name}*."
    text: str = value["description"]
    if "enum" in value and len(value["enum"]) < 10:
        text += " One of: " + ", ".join(f"`{v}`" for v in value["enum"]) + "."
    if value.get("type") == "boolean":
        text += " `true` or `false`."
    refs = [b["$ref"].rpartition("/")[2] for b in value.get("oneOf", ()) if "$ref" in b]
    refs += [value["items"]["$ref"].rpartition("/")[2]] if "$ref" in value.get("items", {}) else []
    return text + (f" See *{', '.join(dict.fromkeys(refs))}*." if refs else "")


def _examples(value: dict[str, Any]) -> list[Any]:
    found = list(value.get("examples", ()))
    for branch in value.get("oneOf", ()):
        found += branch.get("examples", ())
    return found


def _plain(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False).strip('"')
