"""Decides by which manifests an unsigned package is judged: by its own, if they are intact.

Nothing outside the package vouches for such a manifest. It counts if the tag manifest of the package states
its digest; where the package has no usable tag manifest, if the package and a copy have the same bytes. If
package and copy have different manifests that are intact in themselves, nothing is decided.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from archtool.bagit.fixity import Expectation
from archtool.bagit.model import Declaration, Manifest
from archtool.bagit.tag_files.declaration import FILE_NAME, UNDECLARED, parse_declaration
from archtool.bagit.tag_files.manifest_reader import parse_manifest
from archtool.bagit.tag_files.manifest_writer import read_manifest_name
from archtool.files.hashing.digests import Algorithm, Digest
from archtool.files.paths import shown
from archtool.findings import Finding
from archtool.operations.repair import finding_kinds
from archtool.operations.repair.places import Place, Places

_OWN_TAG_MANIFEST = "the package's own tag manifest; nothing is signed"
_SAME_BYTES = "package and copy have the same manifest; nothing is signed"


@dataclass(frozen=True, slots=True)
class UnsignedChoice:
    """The payload manifests by which an unsigned package is judged."""

    anchors: dict[str, tuple[Expectation, ...]] = field(default_factory=dict)
    voucher: str = ""
    findings: tuple[Finding, ...] = ()


def choose_unsigned(places: Places) -> UnsignedChoice:
    """Choose the payload manifests of an unsigned package."""
    target = places.target
    stated = stated_digests(target)
    names = target.manifest_names(tag=False)
    lost = {name for name in stated if names_payload_manifest(name)} - {*names}
    anchors: dict[str, tuple[Expectation, ...]] = {}
    vouchers = []
    for name in [*names, *sorted(lost)]:
        expected = stated.get(name, ())
        if expected and any(agrees(place, name, expected) for place in places.all):
            anchors[name] = expected
            vouchers.append(_OWN_TAG_MANIFEST)
        elif (digest := _shared_digest(places, name)) is not None:
            anchors[name] = (Expectation("the same file in a copy", 0, digest),)
            vouchers.append(_SAME_BYTES)
    disagreements = tuple(_disagreements(places, anchors))
    if disagreements:
        return UnsignedChoice(findings=disagreements)
    if not anchors:
        message = "no manifest of the package is intact by its tag manifest, or the same in a copy"
        hint = "compare the copies with archtool diff, and replace the package by the right one by hand"
        return UnsignedChoice(findings=(finding_kinds.NOTHING_VOUCHES.at(message, hint=hint),))
    return UnsignedChoice(anchors, " and ".join(dict.fromkeys(vouchers)))


def stated_digests(place: Place) -> dict[str, tuple[Expectation, ...]]:
    """Return the digests that the tag manifests of a place state, by path."""
    stated: dict[str, tuple[Expectation, ...]] = {}
    for _, manifest, _ in parsed_tag_manifests(place, _declaration(place), place.manifest_names(tag=True)):
        for entry in manifest.entries:
            if entry.hex and manifest.algorithm is not None:
                found = Expectation(manifest.name, entry.line, Digest(manifest.algorithm, entry.hex))
                stated[entry.path] = (*stated.get(entry.path, ()), found)
    return stated


def _declaration(place: Place) -> Declaration:
    data = place.read(FILE_NAME)
    return parse_declaration(data)[0] if data is not None else UNDECLARED


def parsed_tag_manifests(
    place: Place, declaration: Declaration, names: Sequence[str]
) -> list[tuple[str, Manifest, bytes]]:
    """Parse tag manifests of a place; return name, manifest and bytes of each that can be read."""
    parsed = []
    for name in names:
        read, data = read_manifest_name(name), place.read(name)
        if read is not None and read.algorithm is not None and data is not None:
            parsed.append((name, parse_manifest(data, read, declaration)[0], data))
    return parsed


def agrees(place: Place, path: str, expected: Sequence[Expectation]) -> bool:
    """Return whether a place has a tag file with all expected digests."""
    for one in expected:
        found = place.digest(path, one.digest.algorithm)
        if found is None or not found.matches(one.digest):
            return False
    return True


def names_payload_manifest(name: str) -> bool:
    """Whether a path is that of a payload manifest, also one such as `manifest-SHA512.txt`."""
    read = read_manifest_name(name)
    return read is not None and not read.is_tag


def _shared_digest(places: Places, name: str) -> Digest | None:
    own = places.target.digest(name, Algorithm.SHA512)
    others = (place.digest(name, Algorithm.SHA512) for place in places.copies)
    return own if own is not None and any(o is not None and o.matches(own) for o in others) else None


def _disagreements(places: Places, anchors: dict[str, tuple[Expectation, ...]]) -> Iterator[Finding]:
    """Report each copy that has other manifests, intact by its own tag manifest."""
    for place in places.copies:
        stated = stated_digests(place)
        for name in place.manifest_names(tag=False):
            expected = stated.get(name, ())
            is_intact = bool(expected) and agrees(place, name, expected)
            if is_intact and not (name in anchors and agrees(place, name, anchors[name])):
                if name not in anchors and name not in places.target.manifest_names(tag=False):
                    continue  # a manifest of another algorithm: no disagreement
                message = (
                    f"{shown(str(place.root))} has another {name} than the package, and no signature decides"
                )
                one, other = shown(str(places.target.root)), shown(str(place.root))
                hint = f"find out which is right: archtool diff {one} {other}; then leave the wrong one out"
                yield finding_kinds.MANIFESTS_DISAGREE.at(message, name, hint=hint)
                break
