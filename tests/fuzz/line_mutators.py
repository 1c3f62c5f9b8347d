"""Changes to the structure of tag files: lines, digests, paths, encodings, line ends."""

from __future__ import annotations

import codecs
import hashlib
import re
from collections.abc import Callable
from random import Random

from fuzz import tokens
from fuzz.folder import Folders

_ENDS = re.compile(r"\r\n|\r|\n")
_DECLARED = re.compile(rb"Encoding:[ \t]*(\S+)")
_MANIFEST = re.compile(r"(?:tag)?manifest-([a-z0-9]+)\.txt")
LINE_ENDS = ("\n", "\r", "\r\n", "\n\r", "\u2028", "\x85", "\x0c", "", "\n\n")


def change_lines(random: Random, items: Folders) -> None:
    """Make one change to the lines of one tag file."""
    name = _some_tag_file(random, items)
    if name is None:
        return
    text = _read(items, name)
    lines = _ENDS.split(text)
    random.choice(_LINE_CHANGES)(random, lines)
    _write(items, name, random.choice(LINE_ENDS[:3]).join(lines))


def change_a_line_end(random: Random, items: Folders) -> None:
    """Replace one line end, or all of them."""
    name = _some_tag_file(random, items)
    if name is not None:
        end = random.choice(LINE_ENDS)
        _write(items, name, _ENDS.sub(lambda _: end, _read(items, name), count=random.choice((0, 1))))


def change_encoding(random: Random, items: Folders) -> None:
    """Declare another encoding, or write a tag file in another one, or both."""
    encoding = random.choice(tokens.ENCODINGS)
    if random.random() < 0.5:
        items["bagit.txt"] = f"BagIt-Version: 1.0\nTag-File-Character-Encoding: {encoding}\n".encode()
    for name in [n for n in items if _is_tag_file(n) and n != "bagit.txt"]:
        if random.random() < 0.7:
            text = _read(items, name)
            try:
                items[name] = text.encode(encoding)
            except (LookupError, ValueError):
                items[name] = random.choice((codecs.BOM_UTF8, codecs.BOM_UTF16_LE)) + text.encode(
                    "utf-8", "surrogateescape"
                )


def change_oxum(random: Random, items: Folders) -> None:
    """Change the label of the oxum, its value, or the number of its lines."""
    for name in [n for n in ("bag-info.txt", "package-info.txt") if n in items]:
        label = random.choice(("Payload-Oxum", "payload-oxum", "PAYLOAD-OXUM", "Payload-Oxum ", "Oxum"))
        value = random.choice(("13.3", "1.1", "13.4", "013.03", "13", "", "13.3 ", "13. 3", "٣.٣"))
        line = f"{label}: {value}\n" * random.choice((1, 1, 1, 2))
        _write(items, name, random.choice(("", "Title: A\n")) + line)


def change_version(random: Random, items: Folders) -> None:
    """Declare another version."""
    version = random.choice(tokens.VERSIONS)
    items["bagit.txt"] = f"BagIt-Version: {version}\nTag-File-Character-Encoding: UTF-8\n".encode()


def rename_in_manifests(random: Random, items: Folders) -> None:
    """Write a name differently in every tag file that lists it."""
    paths = [n for n in items if n.startswith("data/")]
    if paths:
        old = random.choice(paths)
        new = random.choice((tokens.reworded(random, old), random.choice(tokens.PATHS)))
        for name in [n for n in items if _is_tag_file(n)]:
            if random.random() < 0.8:
                _write(items, name, _read(items, name).replace(old, new))


def rename_everywhere(random: Random, items: Folders) -> None:
    """Rename a file on disk and in every tag file, perhaps written differently in both."""
    paths = [n for n in items if n.startswith("data/")]
    if not paths:
        return
    old = random.choice(paths)
    before, after = random.choice(("x", "box/", "")), random.choice(("", "é", "x"))
    new = f"data/{before}{random.choice(tokens.PIECES)}{after}"
    items[new] = items.pop(old)
    written = new.replace("%", "%25").replace("\n", "%0A").replace("\r", "%0D")
    for name in [n for n in items if _is_tag_file(n)]:
        way = random.choice((written, written, written, new, tokens.reworded(random, written)))
        _write(items, name, _read(items, name).replace(old, way))


def make_digests_right(items: Folders, *, tag_only: bool) -> None:
    """Compute the digests in the manifests again, so that wrong ones do not hide other faults."""
    for name in sorted((n for n in items if _MANIFEST.fullmatch(n)), key=lambda n: n.startswith("tag")):
        if tag_only and not name.startswith("tag"):
            continue
        algorithm = _MANIFEST.fullmatch(name)
        if algorithm is None or algorithm[1] not in hashlib.algorithms_guaranteed:
            continue
        lines = _ENDS.split(_read(items, name))
        _write(items, name, "\n".join(_with_right_digest(line, algorithm[1], items) for line in lines))


def _with_right_digest(line: str, algorithm: str, items: Folders) -> str:
    parts = re.fullmatch(r"(\S+)([ \t]+)(.+)", line, re.DOTALL)
    if parts is None:
        return line
    path = parts[3].replace("%0A", "\n").replace("%0d", "\r").replace("%25", "%")
    data = items.get(parts[3], items.get(path))
    if not isinstance(data, bytes):
        return line
    return hashlib.new(algorithm, data, usedforsecurity=False).hexdigest() + parts[2] + parts[3]


def _is_tag_file(name: str) -> bool:
    return "/" not in name and name.endswith(".txt")


def _some_tag_file(random: Random, items: Folders) -> str | None:
    names = [n for n in items if _is_tag_file(n) and isinstance(items[n], bytes)]
    return random.choice(names) if names else None


def _codec(items: Folders, name: str) -> str:
    declaration = items.get("bagit.txt")
    found = _DECLARED.search(declaration) if isinstance(declaration, bytes) and name != "bagit.txt" else None
    try:
        codec = codecs.lookup(found[1].decode("ascii", "replace")).name if found else "utf-8"
        "".encode(codec)
    except (LookupError, ValueError):
        return "utf-8"
    return codec


def _read(items: Folders, name: str) -> str:
    data = items[name]
    if not isinstance(data, bytes):
        return ""
    try:
        return data.decode(_codec(items, name))
    except ValueError:
        return data.decode("utf-8", "surrogateescape")


def _write(items: Folders, name: str, text: str) -> None:
    if not isinstance(items[name], bytes):
        return
    try:
        items[name] = text.encode(_codec(items, name))
    except ValueError:
        items[name] = text.encode("utf-8", "surrogatepass")


def _drop(random: Random, lines: list[str]) -> None:
    del lines[random.randrange(len(lines))]


def _duplicate(random: Random, lines: list[str]) -> None:
    lines.insert(random.randrange(len(lines) + 1), random.choice(lines))


def _swap(random: Random, lines: list[str]) -> None:
    one, other = random.randrange(len(lines)), random.randrange(len(lines))
    lines[one], lines[other] = lines[other], lines[one]


def _shuffle(random: Random, lines: list[str]) -> None:
    random.shuffle(lines)


def _add_token_line(random: Random, lines: list[str]) -> None:
    line = random.choice((random.choice(tokens.LINES), f"{tokens.SHA512}  {random.choice(tokens.PATHS)}"))
    lines.insert(random.randrange(len(lines) + 1), line)


def _add_piece(random: Random, lines: list[str]) -> None:
    at = random.randrange(len(lines))
    where = random.randrange(len(lines[at]) + 1)
    lines[at] = lines[at][:where] + random.choice(tokens.PIECES) + lines[at][where:]


def _drop_a_character(random: Random, lines: list[str]) -> None:
    at = random.randrange(len(lines))
    where = random.randrange(len(lines[at]) + 1)
    lines[at] = lines[at][:where] + lines[at][where + 1 :]


def _change_word(random: Random, lines: list[str]) -> None:
    at = random.randrange(len(lines))
    words = re.split(r"([ \t]+)", lines[at])
    which = random.randrange(len(words))
    words[which] = tokens.reworded(random, words[which])
    lines[at] = "".join(words)


def _change_path(random: Random, lines: list[str]) -> None:
    at = random.randrange(len(lines))
    head, blanks, _ = lines[at].rpartition(" ")
    lines[at] = head + blanks + random.choice(tokens.PATHS)


def _change_digit(random: Random, lines: list[str]) -> None:
    at = random.randrange(len(lines))
    if lines[at]:
        where = random.randrange(min(len(lines[at]), 128))
        lines[at] = lines[at][:where] + random.choice("0123456789abcdefABCDEFg") + lines[at][where + 1 :]


def _trade_first_words(random: Random, lines: list[str]) -> None:
    one, other = random.randrange(len(lines)), random.randrange(len(lines))
    (a, a_blank, a_rest), (b, b_blank, b_rest) = (lines[i].partition(" ") for i in (one, other))
    lines[one], lines[other] = b + a_blank + a_rest, a + b_blank + b_rest


def _change_blanks(random: Random, lines: list[str]) -> None:
    at = random.randrange(len(lines))
    blanks = random.choice((" ", "\t", " \t ", "", "\xa0", "\u3000", "  *", "  ./", "  \\"))
    lines[at] = re.sub(r"[ \t]+", lambda _: blanks, lines[at], count=1)


_LINE_CHANGES: tuple[Callable[[Random, list[str]], None], ...] = (
    _drop, _duplicate, _swap, _shuffle, _add_token_line, _add_piece, _drop_a_character, _change_word,
    _change_path,
    _change_digit, _trade_first_words, _change_blanks,
)  # fmt: skip
