"""The encoding of a table is recognised, stated, or asked for; it never contradicts the bytes."""

from __future__ import annotations

import io
from contextlib import ExitStack

import pytest

from archtool.errors import MaterialRefusedError
from archtool.tables.text_file import TableText, open_table_text

TEXT = "package,title\na,Lettre à la section\nb,Réponse de Genève\n"
CHECK = "check its letters, such as “Réponse” in line 3; another encoding can be given with --encoding"


def read(data: bytes, encoding: str | None = None) -> tuple[str, tuple[str, ...]]:
    with ExitStack() as stack:
        opened: TableText = open_table_text(stack, io.BytesIO(data), "letters.csv", encoding)
        return opened.file.read().decode("utf-8-sig"), opened.notes


def refusal(data: bytes, encoding: str | None = None) -> tuple[str, str, str]:
    with pytest.raises(MaterialRefusedError) as refused:
        read(data, encoding)
    (finding,) = refused.value.findings
    assert finding.code == "table.not-utf8"
    return str(finding.place), finding.message, str(finding.hint)


@pytest.mark.parametrize(
    ("encoding", "note"),
    [
        ("utf-8", None),
        ("utf-8-sig", None),
        ("utf-16", "was read as UTF-16"),
        ("utf-16-le", "was read as UTF-16 without a byte order mark"),
        ("utf-16-be", "was read as UTF-16 without a byte order mark"),
        ("cp1252", f"was read as Windows-1252: {CHECK}"),
        ("mac-roman", f"was read as Mac Roman: {CHECK}"),
    ],
)
def test_an_encoding_without_doubt_is_read_and_noted(encoding: str, note: str | None) -> None:
    assert read(TEXT.encode(encoding)) == (TEXT, () if note is None else (f"letters.csv {note}",))


def test_cyrillic_names_of_columns_in_utf16_without_a_mark_are_read() -> None:
    text = "Шифр\tНазвание\n1\tПисьмо\n"
    for encoding in ("utf-16-le", "utf-16-be"):
        assert read(text.encode(encoding))[0] == text


@pytest.mark.parametrize(
    ("encoding", "text", "example"),
    [
        ("cp850", TEXT, "“Réponse” in line 3"),
        ("mac-roman", TEXT, "“Réponse” in line 3"),
        ("windows-1251", "a,Письмо\n", "“Письмо” in line 1"),
        ("gb18030", "a,中国\n", "“中国” in line 1"),
        ("shift-jis", "a,手紙\n", "“手紙” in line 1"),
    ],
)
def test_a_stated_encoding_is_used_with_a_word_to_check(encoding: str, text: str, example: str) -> None:
    note = f"letters.csv was read as {encoding}: check its letters, such as {example}"
    assert read(text.encode(encoding), encoding) == (text, (note,))


@pytest.mark.parametrize(
    ("encoding", "text"), [("utf-16-be", TEXT), ("cp850", "a,b\n"), ("cp850", "a,5 °\n")]
)
def test_a_stated_encoding_without_letters_in_doubt_is_used_without_a_note(encoding: str, text: str) -> None:
    assert read(text.encode(encoding), encoding) == (text, ())


def test_the_likeliest_reading_is_named_first_with_a_whole_word() -> None:
    text = "a,Lettre à la section\nb,Archives de Genève\nc,« sans date »\n"
    place, message, hint = refusal(text.encode("cp850"))
    assert "read as “Genève" in message
    assert "(cp850), “" in message
    assert (place, "--encoding cp850 (or another)" in hint) == ("letters.csv:2", True)


def test_a_reading_with_frames_instead_of_letters_is_never_proposed() -> None:
    _, message, hint = refusal("a,Письмо товарищам в Барнауле\n".encode("koi8-r"))
    assert message == "the table is not UTF-8; read as koi8-r, this line has “товарищам”"
    assert "--encoding koi8-r" in hint


def test_two_possible_readings_are_shown_and_asked_for() -> None:
    place, message, hint = refusal("package,title\na,x\nb,Genève\n".encode("cp1252"))
    assert place == "letters.csv:3"
    assert message == (
        "the table is not UTF-8, and its letters can be read as"
        " “Genève” (windows-1252), “Genčve” (windows-1250)"
    )
    assert hint == "see which one is right, and give its name: --encoding windows-1252 (or another)"


def test_the_only_possible_reading_in_another_encoding_is_asked_for() -> None:
    _, message, hint = refusal("a,Déjà à Genève\n".encode("cp850"))
    assert message == "the table is not UTF-8; read as cp850, this line has “Déjà”"
    assert hint.startswith("if that is right, add: --encoding cp850; otherwise save")


def test_bytes_without_any_reading_are_refused() -> None:
    place, message, hint = refusal(b"a,b\na\xb1b\xb2c\xcdd,y\n")
    assert (place, hint.endswith("--encoding NAME")) == ("letters.csv:2", True)
    assert message == "the table is not UTF-8, and no other encoding that is tried fits all its words"


def test_bytes_that_are_no_words_are_refused_without_weighing_them() -> None:
    _, message, _ = refusal(b"a,b\n" + b"\xe9" * 1_000_000 + b"\n")
    assert message == "the table is not UTF-8, and no other encoding that is tried fits all its words"


@pytest.mark.parametrize(
    ("data", "encoding", "says"),
    [
        (TEXT.encode("utf-8-sig"), "windows-1252", "the byte order mark of UTF-8, which is not windows-1252"),
        (TEXT.encode("utf-16"), "utf-8", "begins with the byte order mark of UTF-16-LE"),
        (TEXT.encode("utf-16"), "utf-16-be", "begins with the byte order mark of UTF-16-LE"),
        (
            TEXT.encode(),
            "windows-1252",
            "the table is UTF-8, where this line has “Réponse”; as windows-1252 it has “RÃ©ponse”",
        ),
    ],
)
def test_a_stated_encoding_that_contradicts_the_file_is_refused(
    data: bytes, encoding: str, says: str
) -> None:
    _, message, hint = refusal(data, encoding)
    assert says in message
    assert hint == "leave --encoding out; if another table needs it, save that one as UTF-8"


def test_a_stated_encoding_that_agrees_with_the_byte_order_mark_is_used() -> None:
    for encoding, stated in (("utf-16", "utf-16"), ("utf-16", "utf-16-le"), ("utf-8-sig", "utf-8")):
        assert read(TEXT.encode(encoding), stated)[0] == TEXT


def test_line_ends_of_old_macintosh_programs_are_read() -> None:
    data = TEXT.replace("\n", "\r").encode("mac-roman")
    assert read(data) == (TEXT, (f"letters.csv was read as Mac Roman: {CHECK}",))
    assert read(TEXT.replace("\n", "\r").encode()) == (TEXT, ())
    mixed = 'a,b\r1,"x\ny"\r'
    assert read(mixed.encode()) == (mixed, ())


def test_bytes_that_a_stated_encoding_does_not_have_are_reported_with_their_line() -> None:
    place, message, _ = refusal(b"a,b\nc,d\ne,\x8f\n", "windows-1252")
    assert (place, message) == ("letters.csv:3", "not windows-1252: found the byte 0x8f")
