"""The house: rooms import downwards only, and only the screen touches the outside."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from packages import REPOSITORY

PACKAGE = REPOSITORY / "archtool"
GROUND = frozenset(
    [
        "",
        "canonical",
        "csl_dates",
        "encodings",
        "errors",
        "findings",
        "installing",
        "json_reading",
        "progress",
        "results",
        "schemas",
        "visible",
    ]
)
NOUNS = frozenset(["bag", "serialisation", "description", "text", "provenance", "remote", "tables", "trust"])
READERS = frozenset(["export", "report"])  # they read the models of the nouns and nothing else of them
MODELS = frozenset(["bag.model", "description.model", "provenance.model", "trust.report", "trust.statement"])
LOWER = GROUND | {"fixity"}
MAY_IMPORT = {
    "fixity": LOWER,
    **{noun: LOWER | {noun} for noun in NOUNS},
    **{reader: LOWER | {reader} for reader in READERS},
    "operations": LOWER | NOUNS | READERS | {"operations"},
    "batch": LOWER | NOUNS | READERS | {"operations", "batch"},
    "cli": LOWER | NOUNS | READERS | {"operations", "batch", "cli"},
    "__main__": frozenset(["cli"]),
}
MODULES = sorted(PACKAGE.rglob("*.py"))
OUTSIDE = frozenset(
    ["print", "input", "sys.exit", "os.environ", "os.getenv", "os.chdir", "sys.stdout", "sys.stderr"]
)
# a program of its own that talks to its parent by what it prints
OWN_PROGRAM = PACKAGE / "bag" / "loc_opinion.py"


def room_of(path: Path) -> str:
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return "" if parts == ("__init__",) else parts[0]


def imports_of(path: Path) -> Iterator[str]:
    """The modules of archtool that a file imports, as `room.module`."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("archtool"):
            base = node.module.removeprefix("archtool").removeprefix(".")
            for alias in node.names:
                is_module = (PACKAGE / base.replace(".", "/") / f"{alias.name}.py").is_file()
                yield f"{base}.{alias.name}".strip(".") if is_module else base
        elif isinstance(node, ast.Import):
            for alias in node.names:
                if alias.name.startswith("archtool"):
                    yield alias.name.removeprefix("archtool").removeprefix(".")


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_a_room_imports_downwards_only(path: Path) -> None:
    room = room_of(path)
    allowed = MAY_IMPORT.get(room, GROUND)
    models = MODELS if room in READERS else ()
    upwards = [m for m in imports_of(path) if m.partition(".")[0] not in allowed and m not in models]
    assert upwards == [], f"{room} must not import these"


def outside_calls(path: Path) -> Iterator[str]:
    """What a file does that only the command line may: print, ask, exit, environment, working folder."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        match node:
            case ast.Name(id=name):
                called = name
            case ast.Attribute(value=ast.Name(id=module), attr=name):
                called = f"{module}.{name}"
            case _:
                continue
        if called in OUTSIDE:
            yield f"{path.relative_to(PACKAGE)}:{node.lineno} {called}"


def test_only_the_command_line_touches_the_outside() -> None:
    rooms = [p for p in MODULES if room_of(p) != "cli" and p != OWN_PROGRAM]
    assert [call for path in rooms for call in outside_calls(path)] == []


def test_only_one_file_of_the_command_line_prints() -> None:
    files = [p for p in MODULES if room_of(p) == "cli" and p.name not in ("screen.py", "main.py", "entry.py")]
    calls = [call for path in files for call in outside_calls(path)]
    allowed = ("os.environ", "sys.stderr")  # the clock's and the trust's variables; where the bar is drawn
    assert [call for call in calls if call.split()[1] not in allowed] == []


def test_no_file_has_outgrown_its_room() -> None:
    long = [str(p.relative_to(PACKAGE)) for p in MODULES if p.read_text(encoding="utf-8").count("\n") > 350]
    assert long == []
