"""Checks a text while it is read: one pass, in chunks, with memory that does not grow with the text.

Each detector first asks a question of a whole chunk that Python answers at the speed of memory (does a byte
occur, how often does a pair), and looks for places only where the answer is yes.
"""

from __future__ import annotations

import codecs

from archtool.encodings import UTF8_MARK, mark_of, wide_encoding_of
from archtool.text.checking.decoding import ChunkCutter, OtherDecoder, Utf8Decoder
from archtool.text.checking.detectors import characters, line_breaks
from archtool.text.checking.detectors.accents import AccentDetector
from archtool.text.checking.detectors.characters import CharacterDetector
from archtool.text.checking.detectors.language import KIND as LANGUAGE
from archtool.text.checking.detectors.language import LanguageCounter, language_name, primary
from archtool.text.checking.detectors.line_breaks import LineBreaks
from archtool.text.checking.detectors.line_ends import LineEndDetector
from archtool.text.checking.detectors.lines import LineDetector
from archtool.text.checking.detectors.mojibake import InvertedCaseDetector, MojibakeDetector
from archtool.text.checking.detectors.normalization import NormalizationDetector
from archtool.text.checking.detectors.pages import Pages
from archtool.text.checking.detectors.scripts import ScriptDetector
from archtool.text.checking.detectors.spaces import SpaceDetector
from archtool.text.checking.finding_kinds import KINDS
from archtool.text.checking.limits import FIRST_PLACES, MAX_PLACES
from archtool.text.checking.model import TextFault, TextPlace, TextReport
from archtool.text.checking.tally import Tally

MOJIBAKE, NOT_NFC, MIXED_SCRIPTS = "mojibake", "not-nfc", "mixed-scripts"
_START = TextPlace(1, 1, "", "\ufeff", "")


class TextScanner:
    """Receives the bytes of a text, and reports what is wrong with it."""

    def __init__(
        self, encoding: str | None = None, language: str | None = None, *, keeps_all_places: bool = False
    ) -> None:
        """`encoding` and `language` (BCP 47) are what is declared; UTF-8 is assumed."""
        self._declared = language
        self._declared_language = frozenset([primary(language)] if language is not None else [])
        self._encoding = encoding
        self._most = most = MAX_PLACES if keeps_all_places else FIRST_PLACES
        self._tallies: dict[str, Tally] = {}
        self._decoder: Utf8Decoder | OtherDecoder | None = None
        self._cutter = ChunkCutter()
        self._size_bytes = self._characters = self._line_ends = 0
        self._column = 0  # characters so far of a line that is not at its end
        self._language = LanguageCounter()
        self._line_end_detector = LineEndDetector(most)
        self._accents = AccentDetector(most)
        self._spaces = SpaceDetector(most)
        self._pages = Pages(most)
        mojibake = self._tally(MOJIBAKE)
        self._inverted = InvertedCaseDetector(mojibake)
        self._detectors = (
            CharacterDetector(self._tally),
            NormalizationDetector(self._tally(NOT_NFC)),
            MojibakeDetector(mojibake),
            ScriptDetector(self._tally(MIXED_SCRIPTS)),
            self._line_end_detector,
            LineDetector(
                self._pages, LineBreaks(self._tally(line_breaks.HYPHENS), self._tally(line_breaks.CAPITALS))
            ),
            self._spaces,
        )

    def update(self, data: memoryview | bytes, /) -> None:
        """Process the next bytes of the text."""
        self._size_bytes += len(data)
        for part in self._cutter.add(bytes(data)):
            self._check(part, is_last=False)

    def finish(self) -> TextReport:
        """End the text, and return what was found."""
        rest = self._cutter.rest()
        if len(rest) > 1 or self._decoder is None:
            self._check(rest, is_last=True)
        language = self._language.guess()
        faults = {fault.kind: fault for fault in self._faults(language)}
        ordered = tuple(faults[kind] for kind in KINDS if kind in faults)
        lines = self._line_ends + bool(self._column)
        assert self._decoder is not None  # noqa: S101 - made for the first chunk
        are_left_out = self._most > FIRST_PLACES and any(f.count > len(f.places) for f in ordered)
        return TextReport(
            self._decoder.encoding, self._size_bytes, lines, self._characters, language, ordered, are_left_out
        )

    def _tally(self, kind: str) -> Tally:
        if kind not in self._tallies:
            self._tallies[kind] = Tally(self._most)
        return self._tallies[kind]

    def _check(self, data: bytes, *, is_last: bool) -> None:
        if self._decoder is None:
            data = self._start(data)
        assert self._decoder is not None  # noqa: S101 - `_start` made it
        chunk = self._decoder.decode(data, (self._line_ends + 1, self._column + 1), is_last=is_last)
        if len(chunk.text) == 1:
            return
        samples = self._language.check(chunk)
        for detector in self._detectors:
            detector.check(chunk)
        self._inverted.check(chunk, samples)
        self._accents.check(chunk, samples.languages or self._declared_language)
        self._characters += len(chunk.text) - 1
        self._line_ends += chunk.line_ends
        last_line = len(chunk.text) - 1 - chunk.text.rfind("\n")
        self._column = last_line + (0 if chunk.line_ends else self._column)

    def _start(self, data: bytes) -> bytes:
        """Choose the decoder from what is declared and from the first bytes; return them without a mark."""
        head = data[1:5]
        mark = mark_of(head)
        encoding = self._encoding
        if encoding is None and mark != "utf-8" and wide_encoding_of(head) is not None:
            encoding = mark[:6] if mark is not None else "utf-16-be" if head[0] == 0 else "utf-16-le"
        name = "utf-8" if encoding is None else codecs.lookup(encoding).name
        if name in ("utf-8", "ascii"):
            self._decoder = Utf8Decoder(self._most)
            if mark == "utf-8":
                self._tally(characters.MARK).add_place(_START, "at the start")
                return data.replace(UTF8_MARK, b"", 1)
            return data
        is_declared = self._encoding is not None
        self._decoder = OtherDecoder(encoding or name, self._most, is_declared=is_declared)
        return data

    def _faults(self, language: str | None) -> list[TextFault]:
        found = [tally.fault(kind) for kind, tally in self._tallies.items()]
        found += [self._decoder.fault() if self._decoder is not None else None]
        languages = [primary(one) for one in (self._declared, language) if one is not None]
        found += [self._line_end_detector.fault(), self._spaces.fault(), self._accents.fault(languages)]
        if self._declared is not None:
            found.append(self._language_fault(self._declared))
        return [fault for fault in (*found, *self._pages.faults()) if fault is not None]

    def _language_fault(self, declared: str) -> TextFault | None:
        other = self._language.contradicts(declared)
        if other is None:
            return None
        detail = f"declared as {language_name(declared)}, but its words are {language_name(other)}"
        return TextFault(LANGUAGE, 1, detail=detail)
