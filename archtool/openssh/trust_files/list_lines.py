"""The lines of a list about trust, as OpenSSH reads them: they end in LF, or in CR and LF.

Other programs also end a line at CR, VT, FF, NEL, LS or PS. To OpenSSH these are parts of a line: what stands
behind them is a comment, or nothing. A list that looks like many lines in an editor would count as one, so
such a character is refused wherever it stands, in comments too. So are all control characters but TAB.

Source: ssh-keygen(1), "ALLOWED SIGNERS", "KEY REVOCATION LISTS"; sshd(8), "AUTHORIZED_KEYS FILE FORMAT".
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from archtool.errors import InputError

BLANKS = " \t"
"""What parts the words of a line; no other white space does."""
_REFUSED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]")
_LINE_BREAKS = frozenset("\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029")


def split_list(text: str, where: str) -> Iterator[tuple[int, str]]:
    """Yield the lines that say something, with their numbers from 1, without blanks at their ends.

    Raises:
        InputError: a line break that OpenSSH takes for none, or a control character; with `file:line`.
    """
    for number, line in enumerate(text.split("\n"), start=1):
        found = _REFUSED.search(line.removesuffix("\r"))
        if found is not None:
            code = f"U+{ord(found[0]):04X}"
            is_break = found[0] in _LINE_BREAKS
            what = f"{code}, which does not end a line here" if is_break else f"the control character {code}"
            raise InputError(
                f"{where}:{number}: not a line of text: it holds {what}",
                hint="save the file as plain text in UTF-8 with one entry on each line and LF at its end",
            )
        stripped = line.removesuffix("\r").strip(BLANKS)
        if stripped and not stripped.startswith("#"):
            yield number, stripped
