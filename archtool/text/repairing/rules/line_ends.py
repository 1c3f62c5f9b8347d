"""`line-ends/1`: makes the ends of lines uniform."""

from __future__ import annotations

import re

from archtool.text.repairing.changes import Change, Proposal, RepairContext

_LINE_END = re.compile("\r\n|[\n\r\x0b\x85\u2028\u2029]")
_NAMES = {
    "\r": "CR, the line end of old Macintosh computers", "\x0b": "VT, a line break of a word processor",
    "\x85": "NEL, the line end of mainframes", "\u2028": "U+2028, line separator",
    "\u2029": "U+2029, paragraph separator", "\r\n": "CR LF", "\n": "LF",
}  # fmt: skip
_USUAL = ("\n", "\r\n")


class LineEndsRule:
    """Gives all lines the line end that most lines have, LF or CR LF; rarer characters become that one."""

    name = "line-ends/1"
    summary = "make line ends uniform: LF, or CR LF if most lines have it"

    def propose(self, text: str, context: RepairContext) -> Proposal:
        """See `RuleSet`."""
        del context
        cr_lf = text.count("\r\n")
        lf = text.count("\n") - cr_lf
        wanted = "\r\n" if cr_lf > lf else "\n"
        usual, count = ("CR LF", cr_lf) if cr_lf > lf else ("LF", lf)
        return Proposal(
            tuple(
                Change(found.start(), found[0], wanted, f"{_NAMES[found[0]]}; {count} lines end in {usual}")
                for found in _LINE_END.finditer(text)
                if found[0] != wanted
            )
        )

    def may_make(self, before: str, after: str) -> bool:
        """See `RuleSet`."""
        return after in _USUAL and before in _NAMES and before != after
