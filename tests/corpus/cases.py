"""All cases of the corpus, by family."""

from __future__ import annotations

from corpus import declaration, fetching, hostile, manifests, metadata, names, tag_manifests, versions
from corpus.case import Case

FAMILIES: dict[str, tuple[Case, ...]] = {
    "The declaration, encodings and the payload folder": declaration.CASES,
    "Payload manifests": manifests.CASES,
    "Names": names.CASES,
    "Tag manifests": tag_manifests.CASES,
    "bag-info.txt and Payload-Oxum": metadata.CASES,
    "fetch.txt": fetching.CASES,
    "Versions": versions.CASES,
    "Paths that leave the bag, links and FIFOs": hostile.CASES,
}
CASES: dict[str, Case] = {case.name: case for family in FAMILIES.values() for case in family}
