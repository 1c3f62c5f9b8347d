"""How names are written in manifests, and names that some systems treat as equal."""

from __future__ import annotations

import os

from corpus.case import (
    OLD,
    SHA,
    Case,
    incomplete,
    legal,
    listing,
    tolerated,
    with_manifest,
    writes,
    wrong,
)
from unit.bagit.bag_builders import LETTER, Files, bag_files, manifest

NFC, NFD = "Tchécoslovaquie.txt", "Tche\u0301coslovaquie.txt"
_REST = "A path is the rest of the line after the blanks."
_ENDS = "Only CR, LF and CRLF end a line: {} is part of a name."
_CODED = "CR, LF and % are written %0D, %0A and %25, in either case."
_ORDER = "%25 is decoded last, so that %250A is the name %0A."
_ONLY = "Only %0D, %0A and %25 are decoded."
_RAW = "A name that an old tool did not encode is read literally, if no other line means it."
_FORMS = "Names are compared in one Unicode form; a difference is a warning."
_TWINS = "No two names differ by their Unicode form only."
_CASE = "Names should not differ by upper and lower case only."


def _unusual(name: str, description: str, on_disk: str, loc: str, rule: str = _REST) -> Case:
    return legal(
        f"name-with-{name}",
        rule.format(description),
        "§2.1.3",
        writes(bag_files({f"data/{on_disk}": LETTER})),
        loc,
    )


def _renamed(listed: str, on_disk: str) -> Files:
    files = bag_files({listed: LETTER})
    return {path: data for path, data in files.items() if path != listed} | {on_disk: LETTER}


# fmt: off
CASES: tuple[Case, ...] = (
    _unusual("a-space-at-its-end", "", "letter ", "invalid"),
    _unusual("two-spaces-inside", "", "to  the sections", "valid"),
    _unusual("a-space-at-its-start", "", " letter", "valid"),
    _unusual("a-tab-inside", "", "to\tthe sections", "valid"),
    _unusual("a-line-separator", "U+2028", "one\u2028two", "invalid", _ENDS),
    _unusual("a-next-line", "U+0085", "one\x85two", "invalid", _ENDS),
    _unusual("a-form-feed", "a form feed", "one\x0ctwo", "invalid", _ENDS),
    _unusual("a-unit-separator", "U+001C", "one\x1ctwo", "invalid", _ENDS),
    _unusual("a-backslash", "", "a\\b", "valid", "A backslash and a colon are characters of a name."),
    _unusual("a-drive-letter", "", "C:\\letter.txt", "valid",
         "A backslash and a colon are characters of a name."),
    _unusual("a-star-in-front", "", "*letter", "valid", "A star inside a path is part of it."),
    _unusual("characters-beyond-the-basic-plane", "", "\U0001f4dc", "valid", "Any character is allowed."),

    wrong("name-that-is-not-utf-8", "A name in a manifest is in the declared encoding.", "§2.3",
          writes(bag_files({os.fsdecode(b"data/caf\xe9"): LETTER})), "bag.tag-file-encoding", "crashes"),

    legal("percent-coded", _CODED, "§2.1.3", listing("100%25", "100%"), "invalid"),
    legal("line-feed-coded", _CODED, "§2.1.3", listing("a%0Ab", "a\nb"), "valid"),
    legal("line-feed-coded-in-small-letters", _CODED, "§2.1.3", listing("a%0ab", "a\nb"), "invalid"),
    legal("line-ends-coded-many-times", _CODED, "§2.1.3",
          listing("a%0Ab%0Ac%0Dd%0De%0Af", "a\nb\nc\rd\re\nf"),
          "invalid"),
    legal("percent-coded-before-0A", _ORDER, "§2.1.3", listing("lit%250A", "lit%0A"), "invalid"),
    wrong("tilde-coded", _ONLY, "§2.1.3", listing("a%7Eb", "a~b"),
          "manifest.name-not-encoded complete.file-renamed", "invalid"),
    wrong("dots-coded", _ONLY, "§2.1.3", listing("%2e%2e", "x"),
          "manifest.name-not-encoded complete.file-renamed", "invalid"),
    tolerated("percent-not-coded", _RAW, "§2.1.3", listing("100%", "100%"), "manifest.name-not-encoded",
              "valid"),
    tolerated("percent-25-not-coded", _RAW, "§2.1.3", listing("a%25b", "a%25b"), "manifest.name-not-encoded",
              "valid"),
    incomplete("percent-25-not-coded-and-coded-too", _RAW, "§2.1.3",
               with_manifest(f"{SHA}  data/x%25\n{SHA}  data/x%2525\n", {"data/x%25": LETTER}),
               "complete.file-missing", "invalid"),
    legal("percent-25-in-an-old-bag", "Before 1.0 a % stood for itself.", "draft 0.97",
          listing("x%25", "x%25", OLD), "valid"),
    legal("line-feed-coded-in-an-old-bag", "Before 1.0 line ends were encoded too.", "draft 0.97",
          listing("a%0Ab", "a\nb", OLD), "valid"),

    tolerated("manifest-composed-disk-decomposed", _FORMS, "§6.1.1.3", listing(NFC, NFD), "name.unicode-form",
              "valid"),
    tolerated("manifest-decomposed-disk-composed", _FORMS, "§6.1.1.3", listing(NFD, NFC),
              "name.unicode-form", "invalid"),
    tolerated("manifests-in-two-forms", _FORMS, "§6.1.1.3",
              writes(bag_files({f"data/{NFC}": LETTER})
                     | {"manifest-sha256.txt": manifest({f"data/{NFD}": LETTER}, "sha256")}),
              "name.unicode-form", "invalid"),
    wrong("twins-by-form-both-listed", _TWINS, "§6.1.1.3",
          writes(bag_files({f"data/{NFC}": LETTER, f"data/{NFD}": LETTER})), "name.unicode-twins", "valid"),
    wrong("twin-by-form-not-listed", _TWINS, "§6.1.1.3",
          writes(bag_files({f"data/{NFC}": LETTER}, extra={f"data/{NFD}": LETTER})),
          "name.unicode-twins complete.file-unlisted", "valid"),
    wrong("twins-by-form-of-folders", _TWINS, "§6.1.1.3",
          writes(bag_files({"data/\u00e9/a": LETTER, "data/e\u0301/b": LETTER})), "name.unicode-twins",
          "valid"),
    tolerated("twins-by-case", _CASE, "§6.1.2",
              writes(bag_files({"data/Letter.txt": LETTER, "data/letter.txt": LETTER})), "name.case-twins",
              "valid"),
    *(wrong(f"name-{description}", "A file under another name is reported as one finding.", "§3",
            writes(_renamed(listed, on_disk)), "complete.file-renamed",
            "invalid")
      for description, listed, on_disk in (
          ("in-another-case-on-disk", "data/letter.txt", "data/LETTER.TXT"),
          ("with-a-replaced-character", "data/what? why.txt", "data/what_ why.txt"),
          ("in-another-folder", "data/one/letter.txt", "data/two/letter.txt"),
      )),
    wrong("name-with-backslashes-for-slashes", "The separator in a manifest is /.", "§2.1.3",
          with_manifest(f"{SHA}  data\\one\\letter.txt\n", {"data/one/letter.txt": LETTER}),
          "complete.file-renamed", "invalid"),
    incomplete("name-in-another-case", "A name in another case is another name.", "§2.1.3",
               with_manifest(f"{SHA}  data/letter.txt\n{SHA}  data/Letter.txt\n"),
               "complete.file-missing name.case-twins", "invalid"),
)
# fmt: on
