"""Lines that separate the parts of a text, headings of annexes, and lines in other encodings."""

from __future__ import annotations

import pytest

from archtool.text.lines import LineSink, is_annexe_heading, is_blank_or_separator


class Collected(LineSink):
    """Keeps the texts of all lines."""

    def __init__(self, encoding: str | None = None) -> None:
        super().__init__(encoding)
        self.texts: list[str] = []

    def line(self, number: int, line: bytes) -> None:
        self.texts.append(self.decode(number, line))


def texts_of(data: bytes, encoding: str | None = None, block: int = 7) -> list[str]:
    sink = Collected(encoding)
    for at in range(0, len(data), block):
        sink.update(memoryview(data)[at : at + block])
    sink.finish()
    return sink.texts


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \t",
        "\u00a0",
        "\f",
        "***",
        "* * *",
        "---",
        "- - -",
        "____",
        "⁂",
        "=====",
        "…".replace("…", "..."),
    ],
)
def test_empty_lines_and_rows_of_signs_separate(text: str) -> None:
    assert is_blank_or_separator(text)


@pytest.mark.parametrize("text", ["a", "1.", "-", "--", "* a *", "- item", "** note **", "3"])
def test_lines_with_words_do_not_separate(text: str) -> None:
    assert not is_blank_or_separator(text)


@pytest.mark.parametrize(
    "text",
    ["Annexe :", "ANNEXE", "Annexe 2", "Annexe n° 2 : lettre", "Annex I", "Annexe I – Note de B",
     "Appendix A. Letters", "Приложение № 1", "ПРИЛОЖЕНИЕ 2. Письмо", "Anlage 3", "Beilage:",
     "Pièce jointe n° 1", "Allegato B"],
)  # fmt: skip
def test_headings_of_an_annexe_are_recognised(text: str) -> None:
    assert is_annexe_heading(text)


@pytest.mark.parametrize(
    "text",
    ["Annexes :", "Приложения:", "Anlagen: 3", "Annexation of the country", "Annexe à la lettre du bureau",
     "Anlage zum Brief", "annexe 2.", "Annexe: " + "a" * 200, ""],
)  # fmt: skip
def test_lists_and_sentences_are_no_headings(text: str) -> None:
    assert not is_annexe_heading(text)


@pytest.mark.parametrize("block", [1, 7, 1000])
def test_lines_do_not_depend_on_the_blocks_of_the_file(block: int) -> None:
    assert texts_of(b"one\r\n\ntwo\nthree", block=block) == ["one", "", "two", "three"]


@pytest.mark.parametrize(
    ("encoding", "mark"),
    [("utf-8", ""), ("utf-8", "\ufeff"), ("utf-16", "\ufeff"), ("utf-16-le", ""), ("utf-16-be", ""),
     ("utf-32-le", ""), ("cp1251", ""), ("koi8-r", "")],
)  # fmt: skip
def test_lines_are_decoded_in_the_encoding_of_the_file(encoding: str, mark: str) -> None:
    text = "Приложение\nписьмо"
    data = text.encode(encoding) if encoding == "utf-16" else f"{mark}{text}".encode(encoding)
    assert texts_of(data, encoding) == ["Приложение", "письмо"]


def test_utf_16_in_the_other_order_of_bytes_is_recognised_by_its_mark() -> None:
    assert texts_of(b"\xfe\xff" + "один\nдва".encode("utf-16-be"), "utf-16") == ["один", "два"]


def test_bytes_that_are_not_in_the_encoding_are_shown_as_such() -> None:
    assert texts_of(b"caf\xe9\n") == ["caf\ufffd"]


def test_a_line_of_any_length_takes_little_memory() -> None:
    sink = Collected()
    for _ in range(300):
        sink.update(memoryview(b"a" * 100_000))
    sink.update(memoryview(b" end\n"))
    assert len(sink.texts[0]) < 10_000
    assert sink.texts[0].endswith(" end")
