"""One bag of the corpus: how it is made, which rule it keeps or breaks, and its verdict and findings."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from unit.bagit.bag_builders import LETTER, LETTER_NAME, Files, bag_files, digest, write_bag

Build = Callable[[Path], object]

V1 = b"BagIt-Version: 1.0\n"
UTF8 = b"Tag-File-Character-Encoding: UTF-8\n"
OLD = "0.97"
SHA = digest(LETTER)
MANIFEST = "manifest-sha512.txt"
TAG_MANIFEST = "tagmanifest-sha512.txt"
LISTED = f"{SHA}  {LETTER_NAME}\n"


@dataclass(frozen=True, slots=True)
class Case:
    """A bag, named after its fault; a legal bag is named after what other tools misread."""

    name: str
    rule: str
    """One sentence: the rule of RFC 8493, or archtool's decision where the RFC leaves a choice."""
    clause: str
    """Of RFC 8493, unless an older draft is named."""
    build: Build
    """Makes the bag in the given folder, which does not exist yet."""
    verdict: str
    codes: frozenset[str]
    """The codes of exactly the expected findings."""
    loc: str
    """The answer of bagit 1.9.0: `valid`, `invalid`, `crashes` or `hangs`."""
    is_refused_strictly: bool = False
    """Whether `--strict` ends with 1 although the worst finding is a warning."""
    exit_code: int | None = None
    """Set if it is neither 0 for a valid bag nor 1 for another."""


def writes(files: Mapping[str, bytes]) -> Build:
    """Build a bag of these files."""
    return partial(write_bag, files=files)


def then(files: Mapping[str, bytes], change: Callable[[Path], object]) -> Build:
    """Build a bag of these files, then make a change that a set of files cannot express."""

    def build(root: Path) -> None:
        change(write_bag(root, files))

    return build


def legal(name: str, rule: str, clause: str, build: Build, loc: str, notes: str = "") -> Case:
    """Return a valid bag without a warning; notes are allowed."""
    return Case(name, rule, clause, build, "valid", frozenset(notes.split()), loc)


def tolerated(name: str, rule: str, clause: str, build: Build, codes: str, loc: str) -> Case:
    """Return a valid bag with a warning, which `--strict` counts."""
    return Case(name, rule, clause, build, "valid", frozenset(codes.split()), loc, is_refused_strictly=True)


def wrong(name: str, rule: str, clause: str, build: Build, codes: str, loc: str) -> Case:
    """Return an invalid bag."""
    return Case(name, rule, clause, build, "invalid", frozenset(codes.split()), loc)


def incomplete(name: str, rule: str, clause: str, build: Build, codes: str, loc: str) -> Case:
    """Return a bag whose only fault is a missing file."""
    return Case(name, rule, clause, build, "incomplete", frozenset(codes.split()), loc)


def with_manifest(
    text: str | bytes, payload: Mapping[str, bytes] | None = None, version: str = "1.0"
) -> Build:
    """Build a bag with this text as its only manifest."""
    data = text if isinstance(text, bytes) else text.encode("utf-8", "surrogateescape")
    return writes(bag_files(payload, version=version) | {MANIFEST: data})


def listing(written: str, on_disk: str, version: str = "1.0") -> Build:
    """Build a bag of one letter whose name differs between the manifest and the disk."""
    return with_manifest(f"{SHA}  data/{written}\n", {f"data/{on_disk}": LETTER}, version)


def encoded(files: Files, encoding: str, codec: str | None = None) -> Files:
    """Return the files with the manifests in another encoding, which bagit.txt declares."""
    declared = {"bagit.txt": V1 + f"Tag-File-Character-Encoding: {encoding}\n".encode()}
    texts = {n: d.decode().encode(codec or encoding) for n, d in files.items() if n.startswith("manifest-")}
    return files | declared | texts
