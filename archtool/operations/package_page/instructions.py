"""Writes how a package is checked with common tools, as VERIFY.txt does, but from what was verified.

The package's own VERIFY.txt is not shown: a stranger could have written it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from archtool.bagit.model import Bag
from archtool.files.hashing.digests import Algorithm
from archtool.operations.content.package_reader import OpenPackage
from archtool.operations.pack.verify_txt import PayloadFacts, RepairPaths, SigningFacts, format_instructions

_PART = re.compile(r"(\d{1,6}) of (\d{1,6})", re.ASCII)
_ENCODED = ("%", "\n", "\r")


def make_instructions(package: OpenPackage, facts: Mapping[str, Any]) -> str:
    """Return the instructions; `facts` are those that `verify` found."""
    attestations = facts.get("attestations") or ()
    stated = (facts.get("content") or {}).get("repairs") or ()
    bag = package.bag
    algorithms = _algorithms(bag, tag_manifests=False)
    signing = SigningFacts(
        tuple(_signers(attestations[:1])), tag_algorithms=_algorithms(bag, tag_manifests=True)
    )
    payload = package.layout.payload_as_listed
    has_encoded_names = any(sign in path for path in payload for sign in _ENCODED)
    repairs = tuple(RepairPaths(one["file"], one["original"], one["changes"]) for one in stated)
    about_payload = PayloadFacts(len(payload), has_encoded_names, repairs)
    return format_instructions("", algorithms, about_payload, signing, _part(bag))


def _part(bag: Bag) -> tuple[int, int] | None:
    """Return the number of a part of a group, and that of all parts."""
    found = _PART.fullmatch(bag.info.first("Bag-Count") or "")
    return None if found is None else (int(found[1]), int(found[2]))


def _algorithms(bag: Bag, *, tag_manifests: bool) -> tuple[Algorithm, ...]:
    manifests = bag.tag_manifests if tag_manifests else bag.manifests
    return tuple(manifest.algorithm for manifest in manifests if manifest.algorithm is not None)


def _signers(attestations: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    """Yield the names that the signers of the packaging claim, with the paths of their signatures."""
    for attestation in attestations:
        for signature in attestation["signatures"] if not attestation["beside"] else ():
            for name in (*signature["principals"], *signature["claims_to_be"])[:1]:
                yield name, signature["path"]
