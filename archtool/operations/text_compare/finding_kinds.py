"""The kinds of findings of a comparison of two texts."""

from __future__ import annotations

from archtool.findings import Kind, Severity

TEXTS_DIFFER = Kind(
    "compare.texts-differ", Severity.ERROR, "The two texts have different words, signs or capitals.",
    "compare each place with the source; --ignore-case and --ignore-punctuation ignore such differences",
)  # fmt: skip
ENCODING = Kind(
    "compare.encoding", Severity.NOTE, "A text is not UTF-8, and was read in another encoding.",
    "if words are wrong, name the encoding with --encoding-a or --encoding-b",
)  # fmt: skip
