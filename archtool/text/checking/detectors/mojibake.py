"""Text that was decoded with the wrong encoding: `Ã©` for é, `â€™` for ’, `РџСЂРё` for При; also twice.

A place is reported only if encoding it again gives bytes that decode to likely letters, so `É»` at the end of
a quotation in capitals is none. ftfy (6.3) is not needed for it: each candidate decodes or does not, and ftfy
knows no KOI8-R.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from archtool.text.checking.chunk import Chunk
from archtool.text.checking.detectors.language import Samples
from archtool.text.checking.tally import Tally

# what bytes of UTF-8 look like in windows-1252, with the C1 controls of Latin-1
_HIGH_1252 = "\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ"
_HIGH_1251 = "ЂЃ‚ѓ„…†‡€‰Љ‹ЊЌЋЏђ‘’“”•–—™љ›њќћџ\u00a0ЎўЈ¤Ґ¦§Ё©Є«¬\u00ad®Ї°±Ііґµ¶·ё№є»јЅѕї\u0098"
_WESTERN = re.compile(
    rb"\xc3(?:[\x82-\x8f\x90\x91\xa2\xaf])(?:\xc2[\x80-\xbf]|\xc5[\x92\x93\xa0\xa1\xb8\xbd\xbe]|\xc6\x92|\xcb[\x86\x9c]"
    rb"|\xe2(?:\x80|\x82\xac|\x84\xa2))"
)
_MAC = re.compile(rb"\xe2(?:\x88\x9a|\x94\x9c|\x80\x9a\xc3\x84)")
_ACCENTED_RUN = re.compile(rb"\xc3[\x80-\xbf](?:\xc3[\x80-\xbf]){3}")
# а, е, и and т, the most frequent letters of Russian, as `Р°`, `Рµ`, `Рё`, `С‚`
_CYRILLIC_SEARCHES = (re.compile(rb"\xc2(?<=\xd0\xa0\xc2)"), re.compile(rb"\xe2(?<=\xd0\xa1\xe2)"))
# compiled when a chunk has a candidate: most texts have none
_WESTERN_RUN = f"(?:[Â-ßà-ïð-ô][{_HIGH_1252}]{{1,3}})+"
_MAC_RUN = "(?:[√‚├][\u0080-\uffff]{1,2})+"
_CYRILLIC_RUN = f"(?:[РСТвГ][{_HIGH_1251}]{{1,2}}){{2,}}"
_LATIN1_RUN = "[À-ÖØ-öø-ÿ]{4,}"
_KOI8_RUN = "[а-я][А-Я]{3,}(?![а-я])"
_KOI8_WORD = "[а-я]?[А-Я]{2,}"
_LIKELY = "[À-ÖØ-öø-ſȘ-țƒ\u0400-\u052f\u0370-\u03ff‐-…‹›€™№\u00a0«»°§©®·´¿¡ªº²³½¼¾×÷]+"
_CYRILLIC_WORD = "[А-яЁё]+"
_QUOTES = "‘’‚“”„‹›«»"
_KOI8_WORDS = 3  # in a sample: fewer can be abbreviations
_KOI8_SHARE = 0.05  # of the words of a sample: names and beginnings of sentences


class MojibakeDetector:
    """Finds it."""

    def __init__(self, tally: Tally) -> None:
        self._tally = tally

    def check(self, chunk: Chunk) -> None:
        """Find the mojibake of a chunk."""
        spans: dict[tuple[int, int], str] = {}
        data = chunk.data
        if _WESTERN.search(data):
            spans |= dict(_decoding(chunk.text, _WESTERN_RUN, "windows-1252"))
        if 0xE2 in chunk.rare and _MAC.search(data):
            spans |= dict(_decoding(chunk.text, _MAC_RUN, "mac-roman"))
            spans |= dict(_decoding(chunk.text, _MAC_RUN, "cp850"))
        if any(len(set(found[0].decode().lower())) > 2 for found in _ACCENTED_RUN.finditer(data)):
            spans |= dict(_cyrillic(chunk.text))
        if chunk.has_other_scripts and any(search.search(data) for search in _CYRILLIC_SEARCHES):
            spans |= dict(_decoding(chunk.text, _CYRILLIC_RUN, "windows-1251"))
        for start, end in sorted(spans):
            self._tally.add(chunk, start, end, spans[start, end])


def _encoded(text: str, encoding: str) -> bytes:
    """Return the bytes that a text was; windows-1252 leaves five bytes to Latin-1, as programs do."""
    return b"".join(
        char.encode("latin-1") if "\u0080" <= char <= "\u009f" else char.encode(encoding) for char in text
    )


def _decoding(text: str, search: str, encoding: str) -> Iterator[tuple[tuple[int, int], str]]:
    """Yield the places that are UTF-8, read in an encoding."""
    for found in re.finditer(search, text):
        read = _read_as_utf8(found[0], encoding)
        if read is None or not _is_likely(text, found.start(), found.end(), read):
            continue
        again = _read_as_utf8(read, encoding)
        twice = " twice" if again is not None and re.fullmatch(_LIKELY, again) else ""
        yield found.span(), f"UTF-8 read as {encoding}{twice}"


def _read_as_utf8(run: str, encoding: str) -> str | None:
    try:
        return _encoded(run, encoding).decode("utf-8")
    except UnicodeError:
        return None


def _is_likely(text: str, start: int, end: int, read: str) -> bool:
    """Whether the reading is better than the text: a capital and a sign after capitals are what they are."""
    if not re.fullmatch(_LIKELY, read):
        return False
    is_capital_before = start > 0 and text[start - 1].isupper()
    is_letter_after = end < len(text) and text[end].isalpha()
    if len(read) == 1 and not is_letter_after and text[start].isupper():
        is_quoted = text[end - 1] in _QUOTES  # `‚Ä‘`: a letter in quotation marks
        if is_capital_before or is_quoted:
            return False
    # Greek and Cyrillic letters come in words
    return len(read) > 1 or not "\u0370" <= read <= "\u052f"


def _cyrillic(text: str) -> Iterator[tuple[tuple[int, int], str]]:
    """Yield the words in windows-1251 that were read as Latin-1."""
    for found in re.finditer(_LATIN1_RUN, text):
        read = found[0].encode("latin-1").decode("cp1251")
        if re.fullmatch(_CYRILLIC_WORD, read) and len(set(found[0].lower())) > 2:  # not a cry: `óóóó`
            yield found.span(), "windows-1251 read as Latin-1"


class InvertedCaseDetector:
    """Finds KOI8-R read as windows-1251, in which small and capital letters are exchanged."""

    def __init__(self, tally: Tally) -> None:
        self._tally = tally

    def check(self, chunk: Chunk, samples: Samples) -> None:
        """Find the words of a chunk if its sample has such words."""
        if not chunk.has_other_scripts:
            return
        number = sum(len(re.findall(_KOI8_RUN, sample)) for sample in samples.texts)
        if number >= max(_KOI8_WORDS, _KOI8_SHARE * sum(len(sample.split()) for sample in samples.texts)):
            spans = (found.span() for found in re.finditer(_KOI8_WORD, chunk.text))
            self._tally.add_all(chunk, spans, "KOI8-R read as windows-1251")
