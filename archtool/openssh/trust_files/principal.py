"""Which texts can name a signer, alone or in the first field of a line of `allowed_signers`.

A key's comment is free text that its sender can write at will. As the first field of a line the
comment `*` would trust the key under every name, `#x` would hide the line, a quote would join it to the next
field, and a blank would move the key to where options stand.

Source: ssh-keygen(1), "ALLOWED SIGNERS"; ssh_config(5), "PATTERNS".
"""

from __future__ import annotations

import re

MAX_PRINCIPAL_CHARACTERS = 255  # addresses of mail end at 254
_PATTERN_SIGNS = frozenset("*?!,")
_QUOTING = frozenset("\"'\\`$")
_OPTION = re.compile(r"cert-authority$|namespaces=|valid-(after|before)=", re.IGNORECASE)


def why_no_principal(text: str) -> str | None:
    """Return why a text cannot name exactly one signer; `None` where it can."""
    if set(text) & _PATTERN_SIGNS:
        return "it holds a sign of patterns and lists (* ? ! ,)"
    return why_no_pattern(text)


def why_no_pattern(text: str) -> str | None:
    """Return why a text cannot stand unquoted in the first field of a line; `None` where it can.

    Patterns and lists of them are let pass: `*@archive.example`.
    """
    reasons = (
        (not text, "it is empty"),
        (text.split() != [text], "it is not one word"),
        (not text.isprintable(), "it holds characters that cannot be seen"),
        (
            bool(set(text) & _QUOTING),
            "it holds a quote, or another sign that shells and lists read (\" ' \\ ` $)",
        ),
        (text.startswith("#"), "it begins with #, which begins a comment in lists of signers"),
        (_OPTION.match(text) is not None, "it is the name of an option of lists of signers"),
        (len(text) > MAX_PRINCIPAL_CHARACTERS, f"it is longer than {MAX_PRINCIPAL_CHARACTERS} characters"),
        (all(not part or part.startswith("!") for part in text.split(",")), "it names no principal"),
    )
    return next((reason for applies, reason in reasons if applies), None)
