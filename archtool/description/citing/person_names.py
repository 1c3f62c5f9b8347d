"""Splits the name of a person into the parts that a bibliography sorts by.

A description has names as one text. `Family, Given` states the parts. Otherwise the last word is taken as the
family name, with the particles before it, and only if the name looks like one of that form: two or more words
with capitals, no `of`, no number of a king. All other names, and those of organisations, stay one text.
"""

from __future__ import annotations

import re

from archtool.description.model import Agent

PARTICLES = frozenset((
    "af", "al", "bin", "d", "da", "das", "de", "del", "della", "den", "der", "di", "do", "dos", "du",
    "el", "ibn", "la", "le", "ten", "ter", "van", "von", "zu", "zum", "zur",
))  # fmt: skip
"""Words before a family name that belong to it, in lower case."""
_NUMBER = re.compile(r"[IVXL]+\.?")
_UNUSUAL = re.compile(r"[()\[\]<>&/;:\"“”«»0-9]")
_MAX_WORDS = 6


def csl_name(agent: Agent) -> dict[str, str]:
    """Return the name in CSL: family and given name of a person, or the name as written."""
    if agent.type == "person":
        if "," in agent.name:
            return _stated_parts(agent.name)
        words = agent.name.split()
        if _is_usual(agent.name, words):
            return _parts_of(words)
    return {"literal": agent.name}


def _stated_parts(name: str) -> dict[str, str]:
    parts = [part.strip() for part in name.split(",")]
    if len(parts) > 3 or not all(parts):
        return {"literal": name}
    return dict(zip(("family", "given", "suffix"), parts, strict=False))


def _is_usual(name: str, words: list[str]) -> bool:
    if not 2 <= len(words) <= _MAX_WORDS or _UNUSUAL.search(name) or _NUMBER.fullmatch(words[-1]):
        return False
    others = [word for word in words[1:-1] if word.casefold() not in PARTICLES]
    return all(word[0].isupper() for word in (words[0], words[-1], *others)) and not words[-1].endswith(".")


def _parts_of(words: list[str]) -> dict[str, str]:
    at = len(words) - 1
    while at > 1 and words[at - 1].casefold() in PARTICLES:
        at -= 1
    name = {"family": words[-1], "given": " ".join(words[:at])}
    particle = " ".join(words[at:-1])
    return name | ({"non-dropping-particle": particle} if particle else {})
