"""Writes what makes a folder a bag, by hand: neither archtool nor bagit has a part in it.

Source: RFC 8493 §2.1.1 (bagit.txt), §2.1.3 (manifests), §2.2.1 (tag manifests), §2.2.2 (Payload-Oxum).
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Sequence
from pathlib import Path

DECLARATION = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"


def dress(bag: Path, lists: Sequence[Path], *, files: int, size_bytes: int) -> None:
    """Give a bag exactly these manifests (each named `ALGORITHM.txt`), and tag files that agree with them."""
    for old in (*bag.glob("manifest-*.txt"), *bag.glob("tagmanifest-*.txt")):
        old.unlink()
    (bag / "bagit.txt").write_text(DECLARATION, encoding="utf-8")
    (bag / "bag-info.txt").write_text(f"Payload-Oxum: {size_bytes}.{files}\n", encoding="utf-8")
    for one in lists:
        shutil.copyfile(one, bag / f"manifest-{one.stem}.txt")
    tag_files = sorted(path for path in bag.iterdir() if path.is_file())
    for one in lists:
        write_tag_manifest(bag, one.stem, tag_files)


def write_tag_manifest(bag: Path, algorithm: str, tag_files: Sequence[Path]) -> None:
    """One line for each tag file, with one blank between digest and name, as bagit.py writes it."""
    lines = []
    for path in tag_files:
        with path.open("rb") as file:
            lines.append(f"{hashlib.file_digest(file, algorithm).hexdigest()} {path.name}\n")
    (bag / f"tagmanifest-{algorithm}.txt").write_text("".join(lines), encoding="utf-8")


def read_list(path: Path, prefix: str = "") -> dict[str, str]:
    """The digests of a list by their paths."""
    found = {}
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            digest, _, name = line.rstrip("\n").partition("  ")
            found[prefix + name] = digest
    return found
