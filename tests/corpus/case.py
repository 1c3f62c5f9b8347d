"""One bag of the corpus: how it is made, which rule it keeps or breaks, and what is said of it."""

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
    """A bag, named for its fault; a legal bag is named for what other tools stumble over."""

    name: str
    rule: str
    """One sentence: what RFC 8493 asks, or what archtool decided where the RFC leaves it open."""
    clause: str
    """Of RFC 8493; the older drafts where it says so."""
    build: Build
    """Makes the bag; it is given the folder to make."""
    verdict: str
    codes: frozenset[str]
    """Every finding, and no other."""
    loc: str
    """What bagit 1.9.0 does with it: `valid`, `invalid`, `crashes` or `hangs`."""
    is_refused_strictly: bool = False
    """Whether `--strict` ends with 1 where nothing worse than a warning was found."""
    exit_code: int | None = None
    """Where it is neither 0 for a valid bag nor 1 for another."""


def writes(files: Mapping[str, bytes]) -> Build:
    """A bag of these files."""
    return partial(write_bag, files=files)


def then(files: Mapping[str, bytes], change: Callable[[Path], object]) -> Build:
    """A bag of these files, to which something is done that files alone cannot say."""

    def build(root: Path) -> None:
        change(write_bag(root, files))

    return build


def legal(name: str, rule: str, clause: str, build: Build, loc: str, notes: str = "") -> Case:
    """A valid bag without a warning; notes may be there."""
    return Case(name, rule, clause, build, "valid", frozenset(notes.split()), loc)


def tolerated(name: str, rule: str, clause: str, build: Build, codes: str, loc: str) -> Case:
    """A valid bag with a warning, which `--strict` counts."""
    return Case(name, rule, clause, build, "valid", frozenset(codes.split()), loc, is_refused_strictly=True)


def wrong(name: str, rule: str, clause: str, build: Build, codes: str, loc: str) -> Case:
    """A bag that is not valid."""
    return Case(name, rule, clause, build, "invalid", frozenset(codes.split()), loc)


def incomplete(name: str, rule: str, clause: str, build: Build, codes: str, loc: str) -> Case:
    """A bag to which nothing worse happened than that something is not there."""
    return Case(name, rule, clause, build, "incomplete", frozenset(codes.split()), loc)


def with_manifest(
    text: str | bytes, payload: Mapping[str, bytes] | None = None, version: str = "1.0"
) -> Build:
    """A bag whose one manifest reads like this."""
    data = text if isinstance(text, bytes) else text.encode("utf-8", "surrogateescape")
    return writes(bag_files(payload, version=version) | {MANIFEST: data})


def listing(written: str, on_disk: str, version: str = "1.0") -> Build:
    """A bag of one letter whose name is written in one way in the manifest and in another on disk."""
    return with_manifest(f"{SHA}  data/{written}\n", {f"data/{on_disk}": LETTER}, version)


def encoded(files: Files, encoding: str, codec: str | None = None) -> Files:
    """The same bag with its manifests in another encoding, and so declared."""
    declared = {"bagit.txt": V1 + f"Tag-File-Character-Encoding: {encoding}\n".encode()}
    texts = {n: d.decode().encode(codec or encoding) for n, d in files.items() if n.startswith("manifest-")}
    return files | declared | texts
