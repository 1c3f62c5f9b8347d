"""Kinds of findings about the characters of a text, by the names that `accept-text` uses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from archtool.findings import Kind, Severity

_WARNING = Severity.WARNING
_NFC = "Unicode Standard Annex #15"
TEXT_ENCODING = Kind(
    "text.encoding", _WARNING, "A text is not in UTF-8, or not in the encoding that was named.",
    "save it as UTF-8, or name its encoding with --encoding",
)  # fmt: skip
TEXT_MIXED_ENCODINGS = Kind(
    "text.mixed-encodings", _WARNING, "Some lines of a text are in UTF-8 and others in another encoding.",
    "decode the lines that are not UTF-8 apart, and save all as UTF-8",
)  # fmt: skip
TEXT_MOJIBAKE = Kind(
    "text.mojibake", _WARNING, "Parts of a text were decoded in the wrong encoding, such as `Ã©` for é.",
    "decode them again, or make the text anew from its source",
)  # fmt: skip
TEXT_BYTE_ORDER_MARK = Kind(
    "text.byte-order-mark", _WARNING, "A text has a byte-order mark at its start or in the middle.",
    "remove it: UTF-8 needs none, and other programs read it as a character", "Unicode 16.0, §23.8",
)  # fmt: skip
TEXT_NOT_NFC = Kind(
    "text.not-nfc", _WARNING, "A text has characters that are not in normalization form C.",
    "normalize it to NFC, so that a search finds its words", _NFC,
)  # fmt: skip
TEXT_CONTROL_CHARACTERS = Kind(
    "text.control-characters", _WARNING,
    "A text has control characters other than tab, line end and form feed.",
    "remove them; compare the places with the source",
)  # fmt: skip
TEXT_PRIVATE_USE = Kind(
    "text.private-use", _WARNING, "A text has private-use characters, which only one font shows.",
    "write the characters that the source has", "Unicode 16.0, §23.5",
)  # fmt: skip
TEXT_REPLACEMENT_CHARACTERS = Kind(
    "text.replacement-characters", _WARNING,
    "A text has replacement characters (U+FFFD): letters that a program could not decode are lost.",
    "write the letters from the source, or decode the original file again", "Unicode 16.0, §23.8",
)  # fmt: skip
TEXT_ZERO_WIDTH = Kind(
    "text.zero-width", _WARNING, "A text has characters of no width where no script needs them.",
    "remove them: words that have them are not found by a search",
)  # fmt: skip
TEXT_BIDI_CONTROLS = Kind(
    "text.bidi-controls", _WARNING, "A text has characters that change the direction of writing.",
    "remove them: they can show a text in another order than it has", "Unicode Standard Annex #9",
)  # fmt: skip
TEXT_MIXED_SCRIPTS = Kind(
    "text.mixed-scripts", _WARNING,
    "Words have letters of two scripts, such as a Latin `a` in a Russian word.",
    "write each word in one script: a search does not find it otherwise", "Unicode Technical Standard #39",
)  # fmt: skip
TEXT_LINE_ENDS = Kind(
    "text.line-ends", _WARNING, "The lines of a text end in several ways.", "let all lines end in LF"
)  # fmt: skip
TEXT_LIGATURES = Kind(
    "text.ligatures", _WARNING, "A text has ligature characters of old fonts, such as `ﬁ` for fi.",
    "write the letters: a search does not find the words otherwise",
)  # fmt: skip
TEXT_SOFT_HYPHENS = Kind(
    "text.soft-hyphens", _WARNING, "A text has soft hyphens, which are seen only at line ends.",
    "remove them: words that have them are not found by a search",
)  # fmt: skip
TEXT_LINE_END_HYPHENS = Kind(
    "text.line-end-hyphens", _WARNING, "Words are hyphenated over line ends.",
    "join the words, or accept them (`accept-text`) if the line breaks of the source are kept",
)  # fmt: skip
TEXT_PAGE_NUMBERS = Kind(
    "text.page-numbers", _WARNING, "Page numbers stand in the flow of a text.",
    "remove them, or accept them (`accept-text`) if the pages of the source are kept",
)  # fmt: skip
TEXT_RUNNING_HEADS = Kind(
    "text.running-heads", _WARNING, "Running heads of pages stand in the flow of a text.",
    "remove them, or accept them (`accept-text`) if the pages of the source are kept",
)  # fmt: skip
TEXT_DROP_CAPITALS = Kind(
    "text.drop-capitals", _WARNING, "A large first letter stands apart from its paragraph.",
    "put the letter back at the start of the paragraph",
)  # fmt: skip
TEXT_DOUBLE_SPACES = Kind(
    "text.double-spaces", _WARNING, "Several spaces stand between words, as justified lines leave them.",
    "write one space",
)  # fmt: skip
TEXT_EMPTY_PAGES = Kind(
    "text.empty-pages", _WARNING, "A page of a text has no words.",
    "compare the page with the source: its text may not have been recognised",
)  # fmt: skip
TEXT_LANGUAGE = Kind(
    "text.language", _WARNING, "The words of a text are not of its declared language.",
    "correct the declared language, or declare the language of this file", "BCP 47",
)  # fmt: skip
TEXT_ACCENTS = Kind(
    "text.accents", _WARNING,
    "Accents were extracted as separate letters, such as `eé` for é and `aà` for à.",
    "restore the accented letters",
)  # fmt: skip
TEXT_ACCEPTED = Kind(
    "text.accepted", Severity.NOTE, "A text has what its description accepts (`accept-text`).",
    "nothing; delete the kind from `accept-text` to see the places",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class TextKind:
    """A kind of fault in a text."""

    finding: Kind
    noun: str
    """What is counted, as one."""
    plural: str
    rule_set: str | None = None
    """The rule set of `archtool text repair` that mends it; `None` if only a person can."""

    @property
    def name(self) -> str:
        """The name in `accept-text`, such as `line-end-hyphens`."""
        return self.finding.code.partition(".")[2]

    def counted(self, count: int) -> str:
        """Return the noun for a number of places."""
        return self.noun if count == 1 else self.plural


_ALL = (
    TextKind(TEXT_ENCODING, "line in another encoding", "lines in another encoding"),
    TextKind(TEXT_MIXED_ENCODINGS, "line in another encoding", "lines in another encoding"),
    TextKind(TEXT_MOJIBAKE, "wrongly decoded place", "wrongly decoded places", "mojibake/1"),
    TextKind(TEXT_REPLACEMENT_CHARACTERS, "replacement character", "replacement characters"),
    TextKind(TEXT_BYTE_ORDER_MARK, "byte-order mark", "byte-order marks", "characters/1"),
    TextKind(TEXT_NOT_NFC, "character not in NFC", "characters not in NFC", "characters/1"),
    TextKind(TEXT_CONTROL_CHARACTERS, "control character", "control characters", "characters/1"),
    TextKind(TEXT_PRIVATE_USE, "private-use character", "private-use characters"),
    TextKind(TEXT_ZERO_WIDTH, "character of no width", "characters of no width", "characters/1"),
    TextKind(TEXT_BIDI_CONTROLS, "bidirectional control", "bidirectional controls", "characters/1"),
    TextKind(TEXT_LIGATURES, "ligature character", "ligature characters", "characters/1"),
    TextKind(TEXT_SOFT_HYPHENS, "soft hyphen", "soft hyphens", "characters/1"),
    TextKind(
        TEXT_MIXED_SCRIPTS,
        "word with letters of two scripts",
        "words with letters of two scripts",
        "scripts/1",
    ),
    TextKind(TEXT_LANGUAGE, "language that is not the declared one", "language that is not the declared one"),
    TextKind(TEXT_LINE_ENDS, "line with another line end", "lines with another line end", "line-ends/1"),
    TextKind(TEXT_ACCENTS, "accent as a separate letter", "accents as separate letters", "accents/1"),
    TextKind(TEXT_PAGE_NUMBERS, "page number", "page numbers", "pages/1"),
    TextKind(TEXT_RUNNING_HEADS, "running head", "running heads", "pages/1"),
    TextKind(TEXT_EMPTY_PAGES, "page without words", "pages without words"),
    TextKind(
        TEXT_LINE_END_HYPHENS,
        "word hyphenated over a line end",
        "words hyphenated over line ends",
        "hyphens/1",
    ),
    TextKind(TEXT_DROP_CAPITALS, "displaced first letter", "displaced first letters", "drop-capitals/1"),
    TextKind(TEXT_DOUBLE_SPACES, "doubled space", "doubled spaces", "spacing/1"),
)
KINDS: Mapping[str, TextKind] = {kind.name: kind for kind in _ALL}
"""The kinds by their names, in the order in which they are reported and should be repaired."""
