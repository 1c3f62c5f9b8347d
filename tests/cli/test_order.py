"""No output depends on the order of a set: the same material makes the same lines."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from batches import write_letters
from budgets import budget
from command_line import DATE, archtool, archtool_process
from packages import make_package, write_allowed_signers, write_key, write_letter

SEEDS = [str(seed) for seed in range(budget(2, 4))]
ODD_NAMES = ("a:b", "c?d", "e*f", "CON.txt", "z|y", 'g"h', "1<2", "é.tif", "É.tif", "50%", "._x", "Thumbs.db")


@pytest.fixture(scope="module")
def material(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A letter with many unusual names, a package with many faults, and sources of batches."""
    folder = tmp_path_factory.mktemp("material")
    letters = folder / "letters"
    (letters / "scans").mkdir(parents=True)
    for name in ODD_NAMES:
        (letters / "scans" / name).write_text("1")
    (letters / "stray.txt").write_text("x")
    (letters / "notes.txt").write_text("x")
    write_letter(letters, "files: [{ file: scans/, role: facsimile }]\nleft-out: [note.txt, stray.tx]\n")
    package = make_package(folder)
    for number in range(12):
        (package / "data" / f"added-{number}").write_text("x")
        (package / f"tag-{number}.txt").write_text("x")
    (package / "metadata" / "citation.json").write_text("[]")
    for name in ("one", "other"):
        (folder / name / "data").mkdir(parents=True)
    write_letters(folder / "sources", "a", "b", "c")
    write_allowed_signers(folder, "archivist@example.org")
    write_key(folder)
    return folder


COMMANDS = {
    "check": ["check", "letters/description.yaml", "--json"],
    "check for a person": ["check", "letters/description.yaml"],
    "pack": ["pack", "letters/description.yaml", "-o", "new", "--dry-run", "--json", "--date", DATE],
    "verify": ["verify", "package", "--json", "--trust", "allowed_signers"],
    "verify for a person": ["verify", "package", "--strict"],
    "show": ["show", "package", "--json"],
    "diff": ["diff", "package", "package", "--json"],
    "attest": ["attest", "package", "--event", "validation", "--sign", "archivist-key", "--date", DATE],
    "batch": ["batch", "sources", "-o", "out", "--check", "--jobs", "1", "--date", DATE],
    "explain": ["explain", "payload.mising"],
}


@pytest.mark.parametrize("command", COMMANDS)
def test_the_same_material_makes_the_same_lines_with_every_hash_seed(material: Path, command: str) -> None:
    printed = set()
    for seed in SEEDS:
        seen = archtool_process(
            *COMMANDS[command], cwd=material, env={"PYTHONHASHSEED": seed}, is_measured=False
        )
        printed.add((seen.code, _without_times(seen.out), _without_times(seen.err)))
    assert len(printed) == 1
    assert "Traceback" not in next(iter(printed))[2]


def _without_times(text: str) -> str:
    return re.sub(r'\d+\.\d+ s\b|"seconds":[\d.]+', "TIME", text)


def test_the_material_has_enough_findings_to_show_an_order(material: Path) -> None:
    assert len(archtool("check", material / "letters" / "description.yaml", "--json").codes) > 10
