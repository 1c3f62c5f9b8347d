"""Checks whether a text can name a signer, alone or in the first field of a line of `allowed_signers`.

A key's comment is free text of its sender. As the first field of a line, the comment `*` would trust the key
under every name, `#x` would turn the line into a comment, a quote would join it with the next field, and a
blank would move the key to the place of options.

Source: ssh-keygen(1), "ALLOWED SIGNERS"; ssh_config(5), "PATTERNS".
"""

from __future__ import annotations

import re

from archtool.openssh.limits import MAX_PRINCIPAL_CHARACTERS

_PATTERN_SIGNS = frozenset("*?!,")
_QUOTING = frozenset("\"'\\`$")
_OPTION = re.compile(r"cert-authority$|namespaces=|valid-(after|before)=", re.IGNORECASE)


def why_no_principal(text: str) -> str | None:
    """Return why a text cannot name exactly one signer; `None` if it can."""
    if set(text) & _PATTERN_SIGNS:
        return "it contains a character of patterns and lists (* ? ! ,)"
    return why_no_pattern(text)


def why_no_pattern(text: str) -> str | None:
    """Return why a text cannot be the unquoted first field of a line; `None` if it can.

    Patterns and lists of patterns are allowed: `*@archive.example`.
    """
    reasons = (
        (not text, "it is empty"),
        (text.split() != [text], "it is not one word"),
        (not text.isprintable(), "it contains invisible characters"),
        (
            bool(set(text) & _QUOTING),
            "it contains a quote or another special character of shells and lists (\" ' \\ ` $)",
        ),
        (text.startswith("#"), "it begins with #, which starts a comment in allowed_signers"),
        (_OPTION.match(text) is not None, "it is the name of an option of allowed_signers"),
        (len(text) > MAX_PRINCIPAL_CHARACTERS, f"it is longer than {MAX_PRINCIPAL_CHARACTERS} characters"),
        (all(not part or part.startswith("!") for part in text.split(",")), "it names no principal"),
    )
    return next((reason for applies, reason in reasons if applies), None)
