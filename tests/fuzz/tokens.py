"""Values that hostile and careless programs write into tag files and names."""

from __future__ import annotations

import unicodedata
from random import Random

SHA512 = "0" * 128
PATHS = (
    "../outside", "data/../../outside", "../bag-evil/outside", "/etc/passwd", "~/x", "~root/x", "data",
    "data/",
    "data/.", "data/./a", "data//a", "./data/a", "*data/a", "", ".", "..", "data/\0", "C:\\x", "\\\\?\\C:\\x",
    "data\\a", "data/%2e%2e/x", "bagit.txt", "manifest-sha512.txt", "tagmanifest-sha512.txt",
    "data/" + "x" * 5000,
    "data/" + "d/" * 200 + "x", "data/%00", "data/a ", " data/a", "data/\u202ea", "data/\ufeffa",
)  # fmt: skip
PIECES = (
    "\ufeff", "\u2028", "\x85", "\x0c", "\x0b", "\x1c", "\0", "\t", " ", "  ", "\r", "\n", "\r\n", "é",
    "e\u0301",
    "ﬁ", "İ", "\udc80", "%", "%0A", "%0d", "%25", "%250A", "%7E", "*", "\\", "\\\\", "\\n", "#", ":", "/",
    "//",
    "-", "+", ".", "..", "~", "'", '"', "\x1b[2J", "\U0001f4dc", "٣", "0", "9" * 40, "1.1", "-1",
)  # fmt: skip
LINES = (
    f"{SHA512}  ../outside", f"{SHA512}  data/a", f"{SHA512} *./data/a", f"\\{SHA512}  data\\\\a", SHA512, "",
    " ",
    "# a comment", "Payload-Oxum: 13.3", "payload-oxum: 1.1", "Payload-Oxum: 13", "Payload-Oxum:", ": x", "x",
    "  goes on", "Bagging-Date: 1", "BagIt-Version: 1.0", "BagIt-Version: 0.97", "BagIt-Version: 9.9",
    "Tag-File-Character-Encoding: UTF-8", "Tag-File-Character-Encoding: UTF-16",
    "https://example.org/a 1 data/a", "https://example.org/a - ../outside", "file:///etc/passwd - data/a",
    "x y z", "http://[::1 1 data/a",
)  # fmt: skip
ENCODINGS = (
    "UTF-8", "utf-8", "UTF8", "ISO-8859-1", "UTF-16", "UTF-16LE", "UTF-16BE", "UTF-32", "UTF-7", "ascii",
    "cp037",
    "Shift_JIS", "ISO-2022-JP", "HZ", "rot13", "idna", "hex", "utf-8-sig", "klingon", "", "\0", "big5hkscs",
)  # fmt: skip
VERSIONS = (
    "0.93",
    "0.94",
    "0.95",
    "0.96",
    "0.97",
    "0.98",
    "1.0",
    "1.1",
    "2.0",
    "01.0",
    "1",
    "1.0.0",
    "9" * 500,
)
NAMES = (
    "manifest-SHA512.txt", "manifest-sha-512.txt", "manifest-md5.txt", "manifest-sha256.txt",
    "manifest-x.txt",
    "manifest-.txt", "tagmanifest-md5.txt", "tagmanifest-x.txt", "Tagmanifest-sha512.txt", "bagit.txt",
    "BagIt.txt",
    "bag-info.txt", "package-info.txt", "fetch.txt", "manifest-sha512.txt", "data/manifest-sha512.txt",
    "data/new",
    "new", "notes/new", "data/box/new", "data/A", "DATA/a", "data/a ", "data/a/b", "data/.a", ".hidden",
    "data/%41",
    "data/Tche\u0301coslovaquie.txt", "data/\udcff", "data/a\nb", "data/line\u2028", "data/100%",
    "metadata/x",
    "attestations/0001-x/statement.json", "attestations/x", "data/CON", "data/a\\b",
)  # fmt: skip


def reworded(random: Random, text: str) -> str:
    """Return a word in another spelling."""
    ways = (
        str.upper, str.lower, str.swapcase, str.title,
        lambda t: unicodedata.normalize("NFC", t), lambda t: unicodedata.normalize("NFD", t),
        lambda t: t.replace("%", "%25"), lambda t: t.replace("%25", "%").replace("%0A", "%0a"),
        lambda t: "".join(f"%{ord(c):02X}" for c in t), lambda t: "./" + t, lambda t: "*" + t,
        lambda t: t + " ",
        lambda t: t + "/", lambda t: t.replace("/", "//"), lambda t: t.replace("/", "\\"), lambda t: "/" + t,
        lambda t: "../" + t, lambda t: "~" + t, lambda t: t[: len(t) // 2], lambda t: t * 2,
    )  # fmt: skip
    return random.choice(ways)(text)
