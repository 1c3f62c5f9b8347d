"""Writes the tag files of bags without archtool or bagit.

Source: RFC 8493 §2.1.1 (bagit.txt), §2.1.3 (manifests), §2.2.1 (tag manifests), §2.2.2 (Payload-Oxum).
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Sequence
from pathlib import Path

DECLARATION = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"


def write_tag_files(bag: Path, lists: Sequence[Path], *, files: int, size_bytes: int) -> None:
    """Replace the manifests of a bag with the given lists (`ALGORITHM.txt`), and write matching tag files."""
    for old in (*bag.glob("manifest-*.txt"), *bag.glob("tagmanifest-*.txt")):
        old.unlink()
    (bag / "bagit.txt").write_text(DECLARATION, encoding="utf-8")
    (bag / "bag-info.txt").write_text(f"Payload-Oxum: {size_bytes}.{files}\n", encoding="utf-8")
    for digests in lists:
        shutil.copyfile(digests, bag / f"manifest-{digests.stem}.txt")
    tag_files = sorted(path for path in bag.iterdir() if path.is_file())
    for digests in lists:
        write_tag_manifest(bag, digests.stem, tag_files)


def write_tag_manifest(bag: Path, algorithm: str, tag_files: Sequence[Path]) -> None:
    """Write one line for each tag file, with one blank between digest and name, as bagit.py does."""
    lines = []
    for path in tag_files:
        with path.open("rb") as file:
            lines.append(f"{hashlib.file_digest(file, algorithm).hexdigest()} {path.name}\n")
    (bag / f"tagmanifest-{algorithm}.txt").write_text("".join(lines), encoding="utf-8")


def read_list(path: Path, prefix: str = "") -> dict[str, str]:
    """Return the digests of a list by path."""
    digests = {}
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            digest, _, name = line.rstrip("\n").partition("  ")
            digests[prefix + name] = digest
    return digests
