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
_WORDS: dict[tuple[str, str], tuple[tuple[str, str], str, str]] = {
    ("bag", "valid"): (_GOOD, "complete and unchanged", "every file is there and has each digest that is listed for it"),
    ("bag", "incomplete"): (_BAD, "incomplete", "files are missing"),
    ("bag", "invalid"): (_BAD, "not as it was packed", "files differ from their digests, or the bag breaks the rules of BagIt"),
    ("bag", "unreadable"): (_BAD, "not readable", "some of it could not be read, so nothing is known about the whole"),
    ("content", "consistent"): (_GOOD, "description and files agree", "what the metadata says about the files is so"),
    ("content", "inconsistent"): (_BAD, "description and files disagree", "the metadata contradicts the files, or itself"),
    ("content", "not-described"): (_QUIET, "not described", "the bag has no description that archtool can read"),
    ("content", "unreadable"): (_BAD, "description not checked", "something that it rests on could not be read"),
    ("trust", "trusted"): (_GOOD, "signed by a trusted signer", "a key on the list of trusted keys signed this package"),
    ("trust", "untrusted"): (_LATE, "signed, but not by a trusted signer", "no key on the list of trusted keys signed this package"),
    ("trust", "unsigned"): (_LATE, "not signed", "nobody vouches for this package"),
    ("trust", "broken"): (_BAD, "not what was signed", "the package differs from what its signers signed"),
    ("trust", "unreadable"): (_BAD, "signatures not checked", "something that they rest on could not be read"),
    ("policy", "met"): (_GOOD, "meets the policy", "every claim that the policy requires is there"),
    ("policy", "not-met"): (_LATE, "does not meet the policy", "a claim that the policy requires is missing"),
    ("profile", "met"): (_GOOD, "meets the profile", "the bag keeps the rules of the BagIt profile"),
    ("profile", "not-met"): (_BAD, "does not meet the profile", "the bag breaks a rule of the BagIt profile"),
}  # fmt: skip
_NAMES = {
    "bag": "Files",
    "content": "Description",
    "trust": "Signatures",
    "policy": "Policy",
    "profile": "Profile",
}


def verdicts(page: PackagePage) -> Iterator[Verdict]:
    """Yield the answers of the check in words."""
    for name, value in page.result.verdict.items():
        if (name, value) == ("trust", "not-asked"):
            yield _trust_not_asked(page)
            continue
        (kind, mark), words, meaning = _WORDS.get((name, value), (_QUIET, value, ""))
        yield Verdict(kind, mark, _NAMES.get(name, name), words, meaning)


def _trust_not_asked(page: PackagePage) -> Verdict:
    attestations = page.result.facts.get("attestations") or ()
    if page.result.verdict.get("bag") == "unreadable":
        return Verdict("quiet", "–", "Signatures", "not checked", "some of the bag could not be read")
    if not attestations:
        return Verdict(
            "quiet", "–", "Signatures", "none", "this package is not signed: nobody vouches for it"
        )
    meaning = (
        "the signatures fit this package; whose keys made them was not checked against a list of trusted keys"
    )
    return Verdict("late", "!", "Signatures", "signers not checked", meaning)


def not_asked(page: PackagePage) -> Iterator[str]:
    """Yield what was not checked, because nothing was given to check it by."""
    asked: Asked = page.asked
    if not asked.keys:
        yield "whose keys the signatures were made with (no list of trusted keys was given)"
    if not asked.revoked:
        yield "whether a key was revoked (no list of revoked keys was given)"
    if not asked.authorities:
        yield "whether timestamps prove a time (no root certificates of authorities were given)"
    if not asked.head:
        yield "whether the newest attestations were removed (no recorded attestation was given to compare with)"
    if not asked.policy:
        yield "whether particular persons made particular claims (no policy was given)"
    if asked.profile is None:
        yield "whether the bag keeps the rules of a BagIt profile (none was given)"
    if not asked.second_opinion:
        yield "what another validator says (no second opinion was asked for)"
    yield "whether what the description says about the document is true: no program can check that"


def checked_words(page: PackagePage) -> str:
    """Return how much was read for the check."""
    checked = page.result.facts.get("checked") or {}
    return f"{counted(int(checked.get('files', 0)), 'file')}, {format_size(int(checked.get('bytes', 0)))}"


def is_bad(page: PackagePage) -> bool:
    """Return whether the check found something that a reader must know before the text."""
    return any(verdict.kind == "bad" for verdict in verdicts(page))
