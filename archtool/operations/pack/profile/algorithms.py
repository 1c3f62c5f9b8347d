"""Chooses the digest algorithms of a package's manifests by the lists of a BagIt profile."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from archtool.bagit import finding_kinds
from archtool.bagit.profile import Profile
from archtool.bagit.tag_files.manifest_writer import manifest_name, read_manifest_name
from archtool.files.hashing.digests import DEFAULT_ALGORITHM, Algorithm
from archtool.findings import Finding

WEAK = frozenset([Algorithm.MD5, Algorithm.SHA1])
_PREFERRED = (
    DEFAULT_ALGORITHM, Algorithm.SHA256, Algorithm.SHA384, Algorithm.SHA3_512, Algorithm.SHA3_256,
    Algorithm.BLAKE2B, Algorithm.BLAKE2S, Algorithm.SHA224,
)  # fmt: skip
"""Algorithms without known collisions, the ones that most programs read first."""


@dataclass(frozen=True, slots=True)
class AlgorithmChoice:
    """The algorithms of the manifests; the first is one against deliberate changes, if possible."""

    payload: tuple[Algorithm, ...]
    tags: tuple[Algorithm, ...]
    findings: tuple[Finding, ...] = ()
    """Notes about weak algorithms that the profile requires."""


def choose_algorithms(profile: Profile, wanted: Sequence[Algorithm]) -> AlgorithmChoice:
    """Return the algorithms that a profile requires, and those that were asked for.

    If none was asked for, one against deliberate changes is added where the profile requires only weak ones.
    What the profile does not allow is not left out here: the check of the plan reports it.
    """
    payload = _choose(profile, "Manifests", wanted, ())
    # the strong ones of the payload, so that both kinds of manifests can be checked with one program
    strong = [algorithm for algorithm in payload if algorithm not in WEAK]
    tags = _choose(profile, "Tag-Manifests", wanted, strong)
    return AlgorithmChoice(payload, tags, tuple(_notes(payload, tags, wanted)))


def _choose(
    profile: Profile, rule: str, wanted: Sequence[Algorithm], usual: Sequence[Algorithm]
) -> tuple[Algorithm, ...]:
    required = [found for name in profile.listed(f"{rule}-Required") or () if (found := _named(name))]
    chosen = [*required, *wanted]
    if not wanted:
        chosen += [algorithm for algorithm in usual if _is_allowed(profile, rule, algorithm)]
        if all(algorithm in WEAK for algorithm in chosen):
            chosen += [one for one in _PREFERRED if _is_allowed(profile, rule, one)][:1]
        if not chosen:
            chosen += [one for one in Algorithm if _is_allowed(profile, rule, one)][:1]
    chosen.sort(key=lambda algorithm: algorithm in WEAK)
    return tuple(dict.fromkeys(chosen)) or (DEFAULT_ALGORITHM,)


def _named(name: str) -> Algorithm | None:
    """Return the algorithm of a name in a profile, if a manifest of archtool would have this name."""
    found = read_manifest_name(f"manifest-{name}.txt")
    if found is None or found.algorithm is None or found.algorithm.value != name:
        return None
    return found.algorithm


def _is_allowed(profile: Profile, rule: str, algorithm: Algorithm) -> bool:
    allowed = profile.listed(f"{rule}-Allowed")
    return allowed is None or algorithm.value in allowed


def _notes(
    payload: Sequence[Algorithm], tags: Sequence[Algorithm], wanted: Sequence[Algorithm]
) -> Iterator[Finding]:
    for algorithms, is_tag in ((payload, False), (tags, True)):
        for algorithm in algorithms:
            if algorithm in WEAK and algorithm not in wanted:
                name = manifest_name(algorithm, tag=is_tag)
                beside = [one.value for one in algorithms if one not in WEAK]
                others = f"; {', '.join(beside)} is written beside it" if beside else ""
                message = f"{name} is written because of the profile{others}"
                yield finding_kinds.PROFILE_WEAK_ALGORITHM.at(message, name)
