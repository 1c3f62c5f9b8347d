"""The tree: what each package may import, no circular imports, and what only the command line does."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from packages import REPOSITORY

PACKAGE = REPOSITORY / "archtool"
GROUND = frozenset(
    [
        "",
        "canonical_json",
        "csl_dates",
        "encodings",
        "errors",
        "exit_codes",
        "findings",
        "free_names",
        "installation",
        "month_names",
        "nearest_names",
        "printable",
        "progress",
        "results",
        "schemas",
        "strict_json",
        "xml_text",
    ]
)
FORMATS = frozenset(
    [
        "archives",
        "bagit",
        "description",
        "download",
        "file_metadata",
        "formats",
        "holdings",
        "openssh",
        "pages",
        "provenance",
        "records",
        "tables",
        "text",
        "timestamps",
    ]
)
"""Packages for one format or subject each: none of them imports another."""
READERS = frozenset(["exports", "report"])
"""Packages that import only the models of other packages."""
MODELS = frozenset(
    [
        "attestations.report",
        "attestations.statements.statement",
        "bagit.model",
        "description.citing.model",
        "description.model",
        "holdings.audit_report",
        "holdings.copy_state",
        "holdings.event",
        "holdings.event_types",
        "holdings.model",
        "holdings.reporting.model",
        "provenance.model",
        "provenance.vocabulary",
        "text.comparing.model",
        "timestamps.report",
    ]
)
LOWER = GROUND | {"files"}
ATTESTATIONS = LOWER | {"attestations", "openssh", "timestamps"}
NOUNS = LOWER | FORMATS | READERS | {"attestations"}
MAY_IMPORT = {
    "files": LOWER,
    **{package: LOWER | {package} for package in FORMATS | READERS},
    "attestations": ATTESTATIONS,  # they consist of OpenSSH signatures and timestamps
    "operations": NOUNS | {"operations"},
    "batch": NOUNS | {"operations", "batch"},
    "cli": NOUNS | {"operations", "batch", "cli"},
    "api": NOUNS | {"operations", "batch", "api"},
    "": NOUNS | {"operations", "api"},  # the names of the public API, which are imported when they are used
    "__main__": frozenset(["cli"]),
}
OPERATIONS_IN_ORDER = (
    "finding_kinds",
    "limits",
    "open_package",
    "describe",
    "mapping",
    "trust",
    "sources",
    "repaired_texts",
    "history",
    "formats",
    "text_check",
    "content",
    "package_description",
    "cite",
    "provenance",
    "show_lines",
    "show",
    "list_packages",
    "verify",
    "pack",
    "importing",
    "attest",
    "timestamp",
    "diff",
    "text_compare",
    "unpack",
    "unpack_payload",
    "export",
    "holdings",
    "audit",
    "repair",
    "package_page",
    "site",
    "text_repair",
    "doctor",
)
"""An operation imports only operations that come before it here: steps call down and never back up."""
MODULES = sorted(PACKAGE.rglob("*.py"))
OUTSIDE = frozenset(
    ["print", "input", "sys.exit", "os.environ", "os.getenv", "os.chdir", "sys.stdout", "sys.stderr"]
)
# separate programs that report to their parent on stdout
OWN_PROGRAMS = (
    PACKAGE / "bagit" / "loc_opinion.py",
    PACKAGE / "file_metadata" / "pdf_program.py",
    PACKAGE / "formats" / "fido_process.py",
)


def package_of(path: Path) -> str:
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return "" if parts == ("__init__",) else parts[0]


def imports_of(path: Path) -> Iterator[str]:
    """Yield the modules of archtool that a file imports, as `package.module`."""
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
def test_a_package_imports_only_packages_below_it(path: Path) -> None:
    package = package_of(path)
    allowed = MAY_IMPORT.get(package, GROUND)
    models = MODELS if package in READERS else ()
    upwards = [m for m in imports_of(path) if m.partition(".")[0] not in allowed and m not in models]
    assert upwards == [], f"{package} must not import these"


def test_no_operation_imports_an_operation_above_it() -> None:
    positions = {name: number for number, name in enumerate(OPERATIONS_IN_ORDER)}
    climbs = []
    for path in sorted((PACKAGE / "operations").rglob("*.py")):
        own = positions.get(path.relative_to(PACKAGE).with_suffix("").parts[1], len(positions))
        for module in imports_of(path):
            parts = module.split(".")
            if parts[0] == "operations" and len(parts) > 1 and positions.get(parts[1], len(positions)) > own:
                climbs.append(f"{path.relative_to(PACKAGE)} imports {module}")
    assert climbs == []


def test_no_modules_import_each_other_in_a_circle() -> None:
    names = {".".join(p.relative_to(PACKAGE).with_suffix("").parts): p for p in MODULES}
    remaining = {name: {m for m in imports_of(path) if m in names} - {name} for name, path in names.items()}
    while free := [name for name, imported in remaining.items() if not imported]:
        for name in free:
            del remaining[name]
        for imported in remaining.values():
            imported.difference_update(free)
    assert remaining == {}, "these import each other, directly or indirectly, or import such modules"


def test_the_map_of_the_code_has_each_package_once() -> None:
    page = (REPOSITORY / "docs" / "architecture.md").read_text(encoding="utf-8")
    tree = page.partition("## The tree")[2].partition("\n## ")[0]
    named = re.findall(r"`([a-z_/]+)/`", "\n".join(line.split(" | ")[0] for line in tree.splitlines()))
    packages = {path.parent.relative_to(PACKAGE).as_posix() for path in MODULES} - {"."}
    only_folders = {path for path in packages if not [*(PACKAGE / path).glob("[!_]*.py")]}
    assert sorted(named) == sorted(packages - only_folders)


def test_no_folder_has_too_many_files() -> None:
    folders = {path.parent for path in MODULES}
    crowded = {str(f.relative_to(PACKAGE)): n for f in folders if (n := len(list(f.glob("*.py")))) > 18}
    assert crowded == {}


def outside_calls(path: Path) -> Iterator[str]:
    """Yield what only the command line may do: print, read input, exit, use environment or working folder."""
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


def test_only_the_command_line_prints_or_reads_the_environment() -> None:
    others = [p for p in MODULES if package_of(p) != "cli" and p not in OWN_PROGRAMS]
    assert [call for path in others for call in outside_calls(path)] == []


def test_only_one_file_of_the_command_line_prints() -> None:
    files = [
        p for p in MODULES if package_of(p) == "cli" and p.name not in ("output.py", "main.py", "entry.py")
    ]
    calls = [call for path in files for call in outside_calls(path)]
    allowed = ("os.environ", "sys.stderr")  # the variables of clock and trust; the stream of the progress bar
    assert [call for call in calls if call.split()[1] not in allowed] == []


def test_no_file_is_too_long() -> None:
    long = [str(p.relative_to(PACKAGE)) for p in MODULES if p.read_text(encoding="utf-8").count("\n") > 350]
    assert long == []


def lazy_imports(path: Path) -> Iterator[tuple[int, bool]]:
    """The lines of imports inside functions, and whether a comment gives the reason, there or just above."""
    lines = path.read_text(encoding="utf-8").splitlines()
    tree = ast.parse("\n".join(lines))
    blocks = [tree.body, *(node.body for node in tree.body if isinstance(node, ast.If))]
    top = {id(node) for block in blocks for node in block}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom) and id(node) not in top:
            first = node.lineno - 1
            while lines[first - 1].strip().startswith(("from ", "import ", "#")):
                first -= 1
            yield node.lineno, any("# lazy:" in line for line in lines[first : node.end_lineno])


def test_an_import_inside_a_function_says_why_it_is_not_at_the_top() -> None:
    unexplained = [
        f"{path.relative_to(PACKAGE)}:{line}"
        for path in MODULES
        for line, has_reason in lazy_imports(path)
        if not has_reason
    ]
    assert unexplained == []


def test_a_command_in_a_hint_can_be_copied_into_a_shell() -> None:
    shown_only = re.compile(r"archtool [a-z][a-z -]*\{shown\(")
    unquoted = [
        f"{path.relative_to(PACKAGE)}:{number}"
        for path in MODULES
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if shown_only.search(line) and "is not a report that" not in line
    ]
    assert unquoted == []
