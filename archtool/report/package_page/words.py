"""The words of the page for verdicts, states, and what was not asked."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from archtool.report.numbers import counted, format_size
from archtool.report.package_page.model import Asked, PackagePage

STATES = {
    "reproduced": "reproduced here",
    "listed": "listed, not in this text",
    "not-reproduced": "not reproduced in the source",
    "lost": "lost",
    "this-document": "this document itself",
    "unknown": "unknown",
}
"""The words for the state of an annexe."""


class Verdict(NamedTuple):
    """One answer of the check."""

    kind: str
    """good | late | bad | quiet: how it is marked."""
    mark: str
    """A sign for readers who do not see the colour."""
    name: str
    """What was checked: bag, content, trust …"""
    words: str
    meaning: str


_GOOD, _LATE, _BAD, _QUIET = ("good", "✓"), ("late", "!"), ("bad", "✗"), ("quiet", "–")
_UNREAD = "something that it rests on could not be read"
_WORDS: dict[str, dict[str, tuple[tuple[str, str], str, str]]] = {
    "bag": {
        "valid": (_GOOD, "complete and unchanged", "every file is there and has each digest that is listed"),
        "complete": (
            _QUIET,
            "all there, not compared",
            "every file is there; only tag files and what is shown here were compared with digests",
        ),
        "incomplete": (_BAD, "incomplete", "files are missing"),
        "invalid": (_BAD, "not as it was packed", "files differ, or the bag breaks the rules of BagIt"),
        "unreadable": (_BAD, "not readable", "some of it could not be read: the whole is not known"),
    },
    "content": {
        "consistent": (_GOOD, "agrees with the files", "what the metadata says about the files is so"),
        "inconsistent": (_BAD, "contradictory", "the metadata contradicts the files, or itself"),
        "not-described": (_QUIET, "none", "the bag has no description that archtool can read"),
        "unreadable": (_BAD, "not checked", _UNREAD),
    },
    "trust": {
        "trusted": (_GOOD, "by a trusted signer", "a key on the list of trusted keys signed this package"),
        "untrusted": (
            _LATE,
            "by no trusted signer",
            "no key on the list of trusted keys signed this package",
        ),
        "unsigned": (_LATE, "none", "this package is not signed: nobody vouches for it"),
        "broken": (_BAD, "broken", "the package differs from what its signers signed"),
        "unreadable": (_BAD, "not checked", _UNREAD),
    },
    "policy": {
        "met": (_GOOD, "met", "every claim that the policy requires is there"),
        "not-met": (_LATE, "not met", "a claim that the policy requires is missing"),
    },
    "profile": {
        "met": (_GOOD, "met", "the bag keeps the rules of the BagIt profile"),
        "not-met": (_BAD, "not met", "the bag breaks a rule of the BagIt profile"),
    },
}
_BY_TRUSTED = "by a trusted signer"
_CHANGED = Verdict(
    *_LATE, "Signatures", _BY_TRUSTED, "but the package is not as it was then: see the answer about the files"
)
_NOT_AS_SIGNED = {
    "complete": Verdict(
        *_QUIET,
        "Signatures",
        _BY_TRUSTED,
        "the tag files are as they were then; no others were compared",
    ),
    "incomplete": _CHANGED,
    "invalid": _CHANGED,
    "unreadable": _CHANGED,
}
"""What a trusted signature means, by the answer about the files."""
_NAMES = {
    "bag": "Files",
    "content": "Description",
    "trust": "Signatures",
    "policy": "Policy",
    "profile": "Profile",
}


def verdicts(page: PackagePage) -> Iterator[Verdict]:
    """Yield the answers of the check in words."""
    is_partial = page.result.facts.get("depth") == "complete"
    for name, value in page.result.verdict.items():
        if (name, value) == ("content", "consistent") and is_partial:
            meaning = (
                "what the metadata says fits the lists of files; the files themselves were not read for it"
            )
            yield Verdict(*_GOOD, _NAMES[name], "agrees with itself", meaning)
            continue
        if (name, value) == ("trust", "not-asked"):
            yield _trust_not_asked(page)
            continue
        if (name, value) == ("trust", "trusted") and page.result.verdict.get("bag") in _NOT_AS_SIGNED:
            # the signature covers digests: of files that were not read, or that no longer have them
            yield _NOT_AS_SIGNED[page.result.verdict["bag"]]
            continue
        (kind, mark), words, meaning = _WORDS.get(name, {}).get(value, (_QUIET, value, ""))
        yield Verdict(kind, mark, _NAMES.get(name, name), words, meaning)


def _trust_not_asked(page: PackagePage) -> Verdict:
    if page.result.verdict.get("bag") == "unreadable":
        return Verdict(*_QUIET, "Signatures", "not checked", "some of the bag could not be read")
    attestations = page.result.facts.get("attestations") or ()
    if not any(one["is_good"] for attestation in attestations for one in attestation["signatures"]):
        return Verdict(*_QUIET, "Signatures", "none", "this package is not signed: nobody vouches for it")
    fits = {
        "valid": "they fit this package",
        "complete": "they fit the tag files, and the other files were not compared",
    }
    fit = fits.get(page.result.verdict.get("bag", ""), "the package is not as it was when it was signed")
    meaning = f"{fit}; whose keys they are was not checked against a list of trusted keys"
    return Verdict(*_LATE, "Signatures", "signers not checked", meaning)


def not_asked(page: PackagePage) -> Iterator[str]:
    """Yield what was not checked, because nothing was given to check it by."""
    asked = page.asked
    if page.result.facts.get("depth") == "complete":
        yield "whether each file has the digests that are listed for it: only tag files and the texts here"
    if page.result.facts.get("attestations"):
        yield from _not_asked_about_signatures(asked)
    elif not asked.head:
        yield "whether it was signed once, and that was removed (no recorded attestation was given)"
    if not asked.policy:
        yield "whether particular persons made particular claims (no policy was given)"
    if asked.profile is None:
        yield "whether the bag keeps the rules of a BagIt profile (none was given)"
    if not asked.second_opinion:
        yield "what another validator says (no second opinion was asked for)"
    repairs = (page.result.facts.get("content") or {}).get("repairs") or ()
    if any(repair["replay"] == "not-asked" for repair in repairs):
        yield "whether the repair of a text leads from the text as it arrived to this one (--replay)"
    if page.result.verdict.get("content") != "not-described":
        yield "whether what the description says about the document is true: no program can check that"


def _not_asked_about_signatures(asked: Asked) -> Iterator[str]:
    if not asked.keys:
        yield "whose keys the signatures were made with (no list of trusted keys was given)"
    if not asked.revoked:
        yield "whether a key was revoked (no list of revoked keys was given)"
    if not asked.authorities:
        yield "whether timestamps prove a time (no root certificates of authorities were given)"
    if not asked.head:
        yield "whether the newest attestations were removed (no recorded one was given to compare with)"


def checked_words(page: PackagePage) -> str:
    """Return how much was read for the check."""
    checked = page.result.facts.get("checked") or {}
    return f"{counted(int(checked.get('files', 0)), 'file')}, {format_size(int(checked.get('bytes', 0)))}"


def is_bad(page: PackagePage) -> bool:
    """Return whether the check found something that a reader must know before the text."""
    return any(verdict.kind == "bad" for verdict in verdicts(page))
