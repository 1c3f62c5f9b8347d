from __future__ import annotations

from pathlib import Path

import pytest

from archtool.errors import InputError
from archtool.text.repairing.word_lists import plain
from archtool.text.repairing.word_lists.load import WordList, load_word_list


def list_of(tmp_path: Path, data: bytes, name: str = "words.txt") -> WordList:
    path = tmp_path / name
    path.write_bytes(data)
    return load_word_list(path)


def test_a_plain_list_knows_its_words_and_no_others(tmp_path: Path) -> None:
    words = list_of(tmp_path, "été\nParis\nœuvre\n".encode())
    assert [w in words for w in ("été", "Paris", "œuvre")] == [True, True, True]
    assert [w in words for w in ("ét", "té", "Étéé", "oeuvre", "paris", "", "été\nParis")] == [False] * 7
    assert 1932 not in words
    assert (words.name, words.count, len(words.sha512)) == ("words.txt", 3, 128)


@pytest.mark.parametrize("word", ["Été", "ÉTÉ", "PARIS", "JEAN-PAUL", "L'ÉTÉ", "Œuvre", "STRASSE", "GROSSE"])
def test_a_word_is_known_at_the_beginning_of_a_sentence_and_in_capitals(tmp_path: Path, word: str) -> None:
    listed = "été\nParis\nJean-Paul\nl'été\nœuvre\nStraße\nStrasse\ngroße\n"
    assert word in list_of(tmp_path, listed.encode())


def test_a_word_with_capitals_in_its_middle_is_known_only_as_it_is_listed(tmp_path: Path) -> None:
    words = list_of(tmp_path, b"McDonald\nparis\n")
    assert "McDonald" in words
    assert "pAris" not in words


def test_apostrophes_and_composed_letters_are_no_difference(tmp_path: Path) -> None:
    words = list_of(tmp_path, "aujourd’hui\ne\u0301te\u0301\n".encode())
    assert all(w in words for w in ("aujourd'hui", "aujourd’hui", "aujourd\u02bchui", "été", "e\u0301té"))


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "latin-1", "utf-16", "utf-16-le", "utf-16-be", "utf-32"]
)
def test_old_lists_are_read_in_their_encoding(tmp_path: Path, encoding: str) -> None:
    words = list_of(tmp_path, "abaca\nété\nniño\n".encode(encoding))
    assert all(w in words for w in ("abaca", "été", "niño"))


def test_comments_frequencies_columns_and_line_ends_of_other_systems_are_ignored(tmp_path: Path) -> None:
    words = list_of(tmp_path, b"# a list\r\n\r\nde 12345\rla\t99\tdet\r\n  le \ncarte postale\n")
    assert words.count == 4
    assert all(w in words for w in ("de", "la", "le", "carte postale"))
    assert "# a list" not in words


def test_a_long_list_is_looked_up_in_each_of_its_parts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plain, "_PART_BYTES", 1000)
    listed = [f"mot{number}" for number in range(1000, 0, -1)]
    words = list_of(tmp_path, "\n".join(listed).encode())
    assert words.count == 1000
    assert all(w in words for w in listed)
    assert not any(w in words for w in ("mot0", "mot1001", "mo", "mot", "zzz", "aaa"))


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "has no word"),
        (b"# only a comment\n", "has no word"),
        (b"\x89PNG\r\n\0\0\0", "is not a text"),
        (b"\xff\xfe\x00\xd8\x00", "is neither UTF-8 nor Windows-1252"),
        (b"caf\xe9 \x81\n", "is neither UTF-8 nor Windows-1252"),
    ],
)
def test_a_file_that_is_no_list_is_refused_with_its_name(tmp_path: Path, data: bytes, message: str) -> None:
    with pytest.raises(InputError, match=rf"(?s)the word list {message}: .*words.txt") as caught:
        list_of(tmp_path, data)
    assert caught.value.hint


def test_a_missing_list_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="the word list cannot be read"):
        load_word_list(tmp_path / "nowhere.txt")
