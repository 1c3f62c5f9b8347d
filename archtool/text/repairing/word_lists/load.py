"""Loads a word list that a person names: a plain list, or a dictionary of hunspell."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from archtool.encodings import mark_of, wide_encoding_of
from archtool.errors import InputError
from archtool.files.named_files import read_input
from archtool.files.paths import shell_word, shown
from archtool.text.repairing.word_lists.aff_file import parse_aff
from archtool.text.repairing.word_lists.dic_file import parse_dic
from archtool.text.repairing.word_lists.hunspell import HunspellWords
from archtool.text.repairing.word_lists.limits import MAX_AFF_BYTES, MAX_DIC_BYTES, MAX_PLAIN_BYTES
from archtool.text.repairing.word_lists.plain import PlainWords, parse_plain_list

_WHAT = "the word list"


@dataclass(frozen=True, slots=True)
class ListFile:
    """A file of a word list, for the record."""

    name: str
    sha512: str


@dataclass(frozen=True, slots=True)
class WordList:
    """A word list, and what it is known by."""

    files: tuple[ListFile, ...]
    """The file that was named; after a `.dic`, its `.aff`."""
    words: PlainWords | HunspellWords
    left_out: tuple[str, ...] = ()
    """Words of the language that the list cannot recognise, such as compound words."""

    @property
    def name(self) -> str:
        """The name of its first file, without folders."""
        return self.files[0].name

    @property
    def sha512(self) -> str:
        """The digest of its first file."""
        return self.files[0].sha512

    @property
    def count(self) -> int:
        """How many words are listed; hunspell makes several forms of most of them."""
        return self.words.count

    def __contains__(self, word: object, /) -> bool:
        """Return whether a word is known, also at the beginning of a sentence or in capitals."""
        return word in self.words


def load_word_list(path: Path) -> WordList:
    """Load a plain list (UTF-8, UTF-16 or Windows-1252) or a `.dic` with the `.aff` of that name beside it.

    Raises:
        InputError: a file is missing, unreadable, too large or no word list.
        StorageError: the system failed while it was read.
    """
    if path.suffix.lower() in (".dic", ".aff"):
        return _load_hunspell(path)
    data = read_input(path, MAX_PLAIN_BYTES, _WHAT)
    name = shown(str(path))
    words = _parse_plain(data, name)
    if not words.count:
        raise InputError(f"the word list has no word: {name}", hint="write one word in each line")
    return WordList((_file(path, data),), words)


def _load_hunspell(path: Path) -> WordList:
    dic_path, aff_path = (_beside(path, suffix) for suffix in (".dic", ".aff"))
    if not aff_path.exists():
        plain = shell_word(f"{path.stem}.txt")
        raise InputError(
            f"a dictionary of hunspell needs {shown(aff_path.name)} beside {shown(str(dic_path))}",
            hint=f"put it there; if this is a plain list, give it another name, such as {plain}",
        )
    aff_data = read_input(aff_path, MAX_AFF_BYTES, _WHAT)
    dic_data = read_input(dic_path, MAX_DIC_BYTES, _WHAT)
    rules = parse_aff(aff_data, shown(str(aff_path)))
    words = HunspellWords(rules, parse_dic(dic_data, rules, shown(str(dic_path))))
    if not words.count:
        raise InputError(f"the dictionary has no word: {shown(str(dic_path))}", hint="install it again")
    return WordList((_file(dic_path, dic_data), _file(aff_path, aff_data)), words, rules.left_out)


def _beside(path: Path, suffix: str) -> Path:
    """Return the path with another suffix, written in capitals if the named one is."""
    return path.with_suffix(suffix.upper() if path.suffix.isupper() else suffix)


def _parse_plain(data: bytes, name: str) -> PlainWords:
    encoding = mark_of(data) or "utf-8"
    if encoding == "utf-8" and wide_encoding_of(data) == "UTF-16":
        encoding = "utf-16-be" if data.startswith(b"\0") else "utf-16-le"
    if encoding == "utf-8" and b"\0" in data[:4096]:
        raise InputError(
            f"the word list is not a text: {name}", hint="name a list with one word in each line"
        )
    for one in (encoding, "windows-1252") if encoding == "utf-8" else (encoding,):
        try:
            return parse_plain_list(data, one)
        except UnicodeDecodeError:
            pass
    raise InputError(
        f"the word list is neither UTF-8 nor Windows-1252: {name}",
        hint="save it as UTF-8 (in an editor: Save as, encoding UTF-8)",
    )


def _file(path: Path, data: bytes) -> ListFile:
    return ListFile(shown(path.name), hashlib.sha512(data).hexdigest())
