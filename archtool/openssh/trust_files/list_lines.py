"""Splits trust lists into lines as OpenSSH does: lines end in LF or CR LF.

Other programs also end a line at CR, VT, FF, NEL, LS or PS. For OpenSSH these are part of a line, and the
text after them is a comment or ignored. A list that shows many lines in an editor would count as one line, so
these characters are refused everywhere, also in comments. All control characters except TAB are refused too.

Source: ssh-keygen(1), "ALLOWED SIGNERS", "KEY REVOCATION LISTS"; sshd(8), "AUTHORIZED_KEYS FILE FORMAT".
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from archtool.errors import InputError

BLANKS = " \t"
"""The only characters that separate the words of a line."""
_REFUSED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]")
_LINE_BREAKS = frozenset("\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029")


def split_list(text: str, where: str) -> Iterator[tuple[int, str]]:
    """Yield the lines that are neither empty nor comments, stripped, with their numbers from 1.

    Raises:
        InputError: a line contains a control character or a line break that OpenSSH ignores; the message
            names `file:line`.
    """
    for number, line in enumerate(text.split("\n"), start=1):
        found = _REFUSED.search(line.removesuffix("\r"))
        if found is not None:
            code = f"U+{ord(found[0]):04X}"
            is_break = found[0] in _LINE_BREAKS
            what = f"{code}, which does not end a line here" if is_break else f"the control character {code}"
            raise InputError(
                f"{where}:{number}: not a line of text: it contains {what}",
                hint="save the file as plain text in UTF-8, with one entry per line and LF line ends",
            )
        stripped = line.removesuffix("\r").strip(BLANKS)
        if stripped and not stripped.startswith("#"):
            yield number, stripped
