"""Recognises names of character encodings, and reads texts that begin with a byte order mark.

Notepad, PowerShell and Excel write such a mark. It is never part of the text: not of the first name in a
list of signers, nor of a passphrase, nor of the first column of a table.

Source: The Unicode Standard 16.0, §23.8 (byte order mark).
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from typing import BinaryIO

from archtool.errors import InputError

DEFAULT_ENCODING = "utf-8"
UTF8_MARK = codecs.BOM_UTF8
_UTF16_MARKS = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
_UTF32_MARKS = (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)
_CHUNK_BYTES = 1024 * 1024
SAVE_AS_UTF8 = "save it as UTF-8 (in an editor: Save as, encoding UTF-8)"
COMMON_ENCODINGS = (
    "utf-8", "utf-16", "utf-16-le", "utf-16-be", "windows-1252", "windows-1250", "windows-1251",
    "windows-1253", "windows-1254", "windows-1255", "windows-1256", "windows-1257", "windows-1258",
    "mac-roman", "mac-latin2", "mac-cyrillic", "mac-greek", "mac-turkish", "mac-iceland",
    "cp437", "cp850", "cp852", "cp855", "cp857", "cp858", "cp860", "cp861", "cp863", "cp865", "cp866",
    "cp737", "cp775", "cp874", "iso-8859-1", "iso-8859-2", "iso-8859-3", "iso-8859-4", "iso-8859-5",
    "iso-8859-7", "iso-8859-8", "iso-8859-9", "iso-8859-10", "iso-8859-13", "iso-8859-14", "iso-8859-15",
    "iso-8859-16", "koi8-r", "koi8-u", "gb18030", "big5", "shift-jis", "euc-jp", "euc-kr",
)  # fmt: skip
"""Encodings of texts that people have, by their usual names."""
_OTHER_NAMES = {
    "utf-8-sig": "utf-8", "macintosh": "mac-roman", "macroman": "mac-roman", "apple-roman": "mac-roman",
    "mac-ce": "mac-latin2", "mac-centraleurope": "mac-latin2",
}  # fmt: skip
# Python codecs that are in no registry of character encodings; some cannot decode every file
_NOT_REGISTERED = frozenset(
    ["charmap", "idna", "punycode", "raw-unicode-escape", "undefined", "unicode-escape", "utf-8-sig"]
)


def is_text_encoding(name: str) -> bool:
    """Whether `name` is a character encoding (`rot13` is a Python codec, but not a character encoding)."""
    try:
        "".encode(name)
        known = codecs.lookup(name).name
    except (LookupError, ValueError):
        return False
    return name.isascii() and known not in _NOT_REGISTERED


def find_encoding(name: str) -> str | None:
    """Return a name for `--encoding` as this module writes it, or `None` if it is no character encoding."""
    bare = name.strip().lower().replace("_", "-").replace(" ", "-")
    bare = _OTHER_NAMES.get(bare, bare)
    if not is_text_encoding(bare):
        return None
    codec = codecs.lookup(bare).name
    return next((one for one in COMMON_ENCODINGS if codecs.lookup(one).name == codec), codec)


def mark_of(start: bytes) -> str | None:
    """Return the encoding whose byte order mark a text begins with: utf-8, utf-16-le, utf-16-be or utf-32."""
    if start.startswith(_UTF32_MARKS):
        return "utf-32"
    if start.startswith(UTF8_MARK):
        return DEFAULT_ENCODING
    return _UTF16_MARKS.get(start[:2])


def wide_encoding_of(start: bytes) -> str | None:
    """Return `UTF-16` or `UTF-32` if the first four bytes of a text show it, with or without a mark."""
    if start.startswith(_UTF32_MARKS):
        return "UTF-32"
    if start.startswith(tuple(_UTF16_MARKS)):
        return "UTF-16"
    zeros = [byte == 0 for byte in start[:4]]
    return "UTF-16" if zeros in ([False, True] * 2, [True, False] * 2) else None


def as_utf8(data: bytes, where: str, *, reads_utf16: bool = False) -> bytes:
    """Return a text as UTF-8 without a byte order mark.

    With `reads_utf16`, UTF-16 with a mark is converted. Otherwise it is refused: other programs that read the
    file (keys, lists of signers, certificates) would not understand it. Data without a mark is returned
    unchanged: it can be in another encoding, or not be text.

    Raises:
        InputError: UTF-32, UTF-16 without a mark, damaged UTF-16, or any UTF-16 without `reads_utf16`.
    """
    wide = wide_encoding_of(data[:4])
    if wide is None:
        return data.removeprefix(UTF8_MARK)
    encoding = _UTF16_MARKS.get(data[:2])
    if not reads_utf16 or wide != "UTF-16" or encoding is None:
        raise not_utf8(where, wide)
    try:
        return data[2:].decode(encoding).encode()
    except UnicodeError:
        raise not_utf8(where, "damaged UTF-16") from None


def not_utf8(where: str, encoding: str) -> InputError:
    """Return the error for a text in an unsupported encoding."""
    return InputError(f"{where} is {encoding}, not UTF-8", hint=SAVE_AS_UTF8)


def open_as_utf8(file: BinaryIO, where: str) -> BinaryIO:
    """Return the file itself, or a temporary copy in UTF-8 if it is UTF-16 with a byte order mark.

    The file must be seekable. A UTF-8 byte order mark is kept.

    Raises:
        InputError: UTF-32, UTF-16 without a mark, or damaged UTF-16.
    """
    start = file.read(4)
    file.seek(0)
    if wide_encoding_of(start) is None:
        return file
    encoding = _UTF16_MARKS.get(start[:2])
    if encoding is None or start.startswith(_UTF32_MARKS):
        raise not_utf8(where, wide_encoding_of(start) or "")
    import tempfile  # lazy: 4 ms, only UTF-16 files need it

    copy = tempfile.TemporaryFile()  # noqa: SIM115 - the caller reads it
    try:
        for text in _decoded(file, encoding):
            copy.write(text.encode())
    except UnicodeError:
        copy.close()
        raise not_utf8(where, "damaged UTF-16") from None
    copy.seek(0)
    return copy


def _decoded(file: BinaryIO, encoding: str) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder(encoding)()
    file.seek(2)
    while chunk := file.read(_CHUNK_BYTES):
        yield decoder.decode(chunk)
    yield decoder.decode(b"", final=True)
