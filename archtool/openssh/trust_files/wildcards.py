"""OpenSSH's patterns: `*` for any characters, `?` for one, `!` for not, lists with commas.

Source: ssh_config(5), "PATTERNS".
"""

from __future__ import annotations


def matches_pattern_list(text: str, patterns: str) -> bool:
    """Whether a pattern of the list fits and no negated one does; capitals count."""
    is_named = False
    for part in patterns.split(","):
        if part.startswith("!"):
            if matches_pattern(text, part[1:]):
                return False
        elif matches_pattern(text, part):
            is_named = True
    return is_named


def matches_pattern(text: str, pattern: str) -> bool:
    """Whether one pattern fits the whole text.

    Goes back to the last `*` only, so that the time grows with the product of the two lengths and no
    pattern can make it run for ever.
    """
    if "*" not in pattern and "?" not in pattern:
        return text == pattern
    at, place, star, resume = 0, 0, -1, 0
    while at < len(text):
        if place < len(pattern) and pattern[place] == "*":
            star, resume, place = place, at, place + 1
        elif place < len(pattern) and pattern[place] in ("?", text[at]):
            at, place = at + 1, place + 1
        elif star >= 0:
            resume += 1
            at, place = resume, star + 1
        else:
            return False
    return not pattern[place:].strip("*")


def is_pattern(text: str) -> bool:
    """Whether it may stand for more than one name, or for none."""
    return any(c in text for c in "*?!,")
