"""bag-info.txt and Payload-Oxum."""

from __future__ import annotations

from corpus.case import OLD, Build, Case, legal, tolerated, writes, wrong
from unit.bagit.bag_builders import LETTER, bag_files

_SIZE = len(LETTER)
_FORM = "In 1.0 an element is a label without outer blanks, a colon, one blank and a value."
_ONCE = "Payload-Oxum is given once."
_OXUM = "Payload-Oxum is the bytes, a full stop, and the number of files."
_RIGHT = "Payload-Oxum, in upper or lower case, agrees with the payload."


def _info(text: str, version: str = "1.0") -> Build:
    return writes(bag_files(version=version, info=text))


# fmt: off
CASES: tuple[Case, ...] = (
    legal("metadata-repeated-in-an-order", "Elements have an order and may be repeated.", "§2.2.2",
          _info("Title: A\nContact-Name: B\nTitle: C\nContact-Name: D\n"), "valid"),
    legal("metadata-folded", "A long value continues in a line that begins with a blank.", "§2.2.2",
          _info("Title: A letter\n  of many\n\twords\n"), "valid"),
    legal("metadata-tab-after-colon", "A space or a tab follows the colon.", "§2.2.2",
          _info("Title:\tA\n"), "valid"),
    legal("metadata-colon-in-a-value", "The first colon ends the label.", "§2.2.2",
          _info("Source: p. 1: a\n"), "valid"),
    wrong("metadata-blank-before-colon", _FORM, "§2.2.2", _info("Title : A\n"), "baginfo.line-malformed",
          "valid"),
    wrong("metadata-no-blank-after-colon", _FORM, "§2.2.2", _info("Title:A\n"), "baginfo.line-malformed",
          "valid"),
    wrong("metadata-begins-with-a-blank", _FORM, "§2.2.2", _info(" Title: A\n"), "baginfo.line-malformed",
          "valid"),
    wrong("metadata-without-a-label", _FORM, "§2.2.2", _info(": A\n"), "baginfo.line-malformed", "valid"),
    wrong("metadata-without-a-colon", _FORM, "§2.2.2", _info("Title\n"), "baginfo.line-malformed", "invalid"),
    tolerated("metadata-empty-line", "bag-info.txt contains elements, and no empty lines.", "§2.2.2",
              _info("Title: A\n\nDate: B\n"), "baginfo.blank-line", "valid"),
    tolerated("metadata-bagging-date-twice", "Some reserved elements should not be repeated.", "§2.2.2",
              _info("Bagging-Date: 2026-01-01\nbagging-date: 2026-01-02\n"), "baginfo.repeated", "valid"),
    legal("metadata-free-blanks-in-an-old-bag", "Before 1.0 blanks around the colon were free.", "§2.2.2",
          _info("Title  :\t A\nDate:B\n", OLD), "valid"),

    legal("oxum-right", _RIGHT, "§2.2.2", _info(f"Payload-Oxum: {_SIZE}.1\n"), "valid"),
    legal("oxum-right-in-small-letters", _RIGHT, "§2.2.2", _info(f"payload-oxum: {_SIZE}.1\n"), "valid"),
    wrong("oxum-wrong", _RIGHT, "§2.2.2", _info(f"Payload-Oxum: {_SIZE + 1}.1\n"), "oxum.differs", "invalid"),
    wrong("oxum-wrong-number-of-files", _RIGHT, "§2.2.2", _info(f"Payload-Oxum: {_SIZE}.2\n"),
          "oxum.differs", "invalid"),
    wrong("oxum-wrong-in-small-letters", _RIGHT, "§2.2.2", _info("payload-oxum: 6.1\n"), "oxum.differs",
          "valid"),
    wrong("oxum-twice", _ONCE, "§2.2.2", _info(f"Payload-Oxum: {_SIZE}.1\n" * 2), "oxum.repeated", "valid"),
    wrong("oxum-twice-and-different", _ONCE, "§2.2.2", _info(f"Payload-Oxum: {_SIZE}.1\npayload-oxum: 6.1\n"),
          "oxum.repeated", "valid"),
    wrong("oxum-without-a-full-stop", _OXUM, "§2.2.2", _info(f"Payload-Oxum: {_SIZE}\n"), "oxum.malformed",
          "crashes"),
    wrong("oxum-in-words", _OXUM, "§2.2.2", _info("Payload-Oxum: one.1\n"), "oxum.malformed", "invalid"),
    wrong("oxum-in-arabic-digits", _OXUM, "§2.2.2", _info("Payload-Oxum: ٣٤.١\n"), "oxum.malformed", "valid"),
    wrong("oxum-empty", _OXUM, "§2.2.2", _info("Payload-Oxum: \n"), "oxum.malformed", "crashes"),
)
# fmt: on
