"""The encoding of a page is the one that it names, unless its bytes contradict it; nothing is guessed."""

from __future__ import annotations

import codecs

import pytest

from archtool.pages.decoding import Certainty, decode_page

TEXT = "Été à Genève"
RUSSIAN = "Станок стоит"


def meta(encoding: str) -> bytes:
    return f'<meta http-equiv="Content-Type" content="text/html; charset={encoding}">'.encode()


@pytest.mark.parametrize(
    ("data", "text", "encoding", "certainty"),
    [
        (meta("windows-1252") + TEXT.encode("cp1252"), TEXT, "windows-1252", Certainty.NAMED),
        (meta("iso-8859-1") + TEXT.encode("latin-1"), TEXT, "windows-1252", Certainty.NAMED),
        (meta("ISO-8859-1") + b"\x93Stop\x94", "“Stop”", "windows-1252", Certainty.NAMED),
        (meta("koi8-r") + RUSSIAN.encode("koi8-r"), RUSSIAN, "koi8-r", Certainty.NAMED),
        (meta("windows-1251") + RUSSIAN.encode("cp1251"), RUSSIAN, "windows-1251", Certainty.NAMED),
        (b"<meta charset=utf-8>" + TEXT.encode(), TEXT, "utf-8", Certainty.NAMED),
        (TEXT.encode(), TEXT, "utf-8", Certainty.VALID_UTF8),
        (meta("iso-8859-1") + TEXT.encode(), TEXT, "utf-8", Certainty.CONTRADICTED),
        (codecs.BOM_UTF8 + TEXT.encode(), TEXT, "utf-8", Certainty.VALID_UTF8),
        (RUSSIAN.encode("utf-16"), RUSSIAN, "utf-16-le", Certainty.MARKED),
        (b"<p>plain", "<p>plain", "utf-8", Certainty.ASCII),
        (meta("iso-2022-jp") + "手紙".encode("iso-2022-jp"), "手紙", "iso2022_jp", Certainty.NAMED),
        (b'<?xml encoding="koi8-r"?>' + RUSSIAN.encode("koi8-r"), RUSSIAN, "koi8-r", Certainty.NAMED),
    ],
)  # fmt: skip
def test_a_page_is_read_in_its_encoding(data: bytes, text: str, encoding: str, certainty: Certainty) -> None:
    decoded = decode_page(data)
    assert decoded.text is not None
    assert decoded.text.endswith(text)
    assert "\ufeff" not in decoded.text
    assert (decoded.encoding, decoded.certainty) == (encoding, certainty)


@pytest.mark.parametrize("head", [b"", meta("nonsense"), meta("utf-8"), b"<!-- charset=windows-1252 -->"])
def test_an_encoding_that_is_not_named_or_wrong_is_not_guessed(head: bytes) -> None:
    assert decode_page(head + TEXT.encode("cp1252")).text is None


def test_what_a_person_states_overrides_what_the_page_names() -> None:
    decoded = decode_page(meta("windows-1252") + RUSSIAN.encode("cp1251"), "windows-1251")
    assert decoded.text is not None
    assert decoded.text.endswith(RUSSIAN)


def test_a_damaged_byte_of_utf8_is_counted_and_the_rest_is_read() -> None:
    decoded = decode_page(meta("utf-8") + RUSSIAN.encode() + b"\xff")
    assert decoded.text is not None
    assert decoded.text.endswith(f"{RUSSIAN}\ufffd")
    assert decoded.undefined == 1
