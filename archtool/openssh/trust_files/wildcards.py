"""Matches OpenSSH's patterns: `*` for any characters, `?` for one, `!` for negation, comma-separated lists.

Source: ssh_config(5), "PATTERNS".
"""

from __future__ import annotations


def matches_pattern_list(text: str, patterns: str) -> bool:
    """Whether a pattern of the list matches and no negated one does; case-sensitive."""
    is_named = False
    for part in patterns.split(","):
        if part.startswith("!"):
            if matches_pattern(text, part[1:]):
                return False
        elif matches_pattern(text, part):
            is_named = True
    return is_named


def matches_pattern(text: str, pattern: str) -> bool:
    """Whether one pattern matches the whole text.

    The search backtracks only to the last `*`, so its time is at most the product of the two lengths.
    """
    if "*" not in pattern and "?" not in pattern:
        return text == pattern
    text_index, index, star_index, star_text_index = 0, 0, -1, 0
    while text_index < len(text):
        if index < len(pattern) and pattern[index] == "*":
            star_index, star_text_index, index = index, text_index, index + 1
        elif index < len(pattern) and pattern[index] in ("?", text[text_index]):
            text_index, index = text_index + 1, index + 1
        elif star_index >= 0:
            star_text_index += 1
            text_index, index = star_text_index, star_index + 1
        else:
            return False
    return not pattern[index:].strip("*")


def is_pattern(text: str) -> bool:
    """Whether the text contains characters of patterns or lists, so that it is not a single name."""
    return any(c in text for c in "*?!,")
