from __future__ import annotations

import shlex
import unicodedata

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from archtool.files.paths import (
    NameTrouble,
    PayloadPath,
    UnsafePathError,
    find_twins,
    normal_form,
    shell_word,
    shown,
    why_not_portable,
    why_unsafe,
)

UNSAFE = {
    "": "empty",
    "/etc/passwd": "absolute",
    "//server/share": "absolute",
    "../letter.txt": "climbs",
    "data/../../letter.txt": "climbs",
    "data/..": "climbs",
    "~/letter.txt": "home folder",
    "~root/letter.txt": "home folder",
    "data/\0": "NUL",
    "data//letter.txt": "plain form",
    "data/./letter.txt": "plain form",
    "data/": "plain form",
    ".": "plain form",
}


@pytest.mark.parametrize("path", UNSAFE)
def test_a_path_that_leads_elsewhere_is_refused_with_its_reason(path: str) -> None:
    assert UNSAFE[path] in (why_unsafe(path) or "")
    with pytest.raises(UnsafePathError, match=UNSAFE[path]):
        PayloadPath.parse(path)


@pytest.mark.parametrize(
    "path",
    [
        "data/letter.txt",
        "bagit.txt",
        "data/~x",
        "data/...",
        "data/ x ",
        "data/a\\b",
        "C:\\x",
        "data/%2e%2e/x",
    ],
)
def test_a_plain_path_is_accepted_unchanged(path: str) -> None:
    parsed = PayloadPath.parse(path)
    assert (parsed, parsed.is_payload) == (path, path.startswith("data/"))


STEPS = st.sampled_from(["", ".", "..", "data", "letter.txt", "a\0b", "~"]) | st.text(max_size=5)


@given(st.lists(STEPS, max_size=4).map("/".join))
def test_a_path_with_a_step_dot_or_dot_dot_is_refused(path: str) -> None:
    assume({"", ".", ".."} & set(path.split("/")) or "\0" in path)
    assert why_unsafe(path) is not None


NFC, NFD, UPPER = "é.txt", "e\u0301.txt", "É.txt"


def test_names_that_differ_by_their_unicode_form_are_twins() -> None:
    assert list(find_twins([NFC, NFD])) == [(NameTrouble.UNICODE_TWIN, NFD, NFC)]


def test_names_that_differ_in_case_are_case_twins() -> None:
    assert list(find_twins(["A.txt", "a.txt", "b.txt"])) == [(NameTrouble.CASE_TWIN, "A.txt", "a.txt")]


def test_of_three_alike_names_the_unicode_twins_are_not_hidden_by_the_third() -> None:
    troubles = [trouble for trouble, _, _ in find_twins([NFC, NFD, UPPER])]
    assert sorted(t.value for t in troubles) == ["case-twin", "unicode-twin"]


def test_folders_can_be_twins_where_the_files_in_them_are_not() -> None:
    twins = list(find_twins(["data/Box/a", "data/box/b"]))
    assert twins == [(NameTrouble.CASE_TWIN, "data/Box", "data/box")]


@given(st.lists(st.text(alphabet="aAéÉßs/", min_size=1, max_size=4), max_size=6))
def test_twins_are_found_only_where_two_names_fold_to_one(names: list[str]) -> None:
    names = [name for name in names if why_unsafe(name) is None]
    every = {"/".join(name.split("/")[: i + 1]) for name in names for i in range(name.count("/") + 1)}
    folded = {normal_form(normal_form(name).casefold()) for name in every}
    assert len(list(find_twins(names))) == len(every) - len(folded)


@given(st.text())
def test_the_normal_form_is_nfc(name: str) -> None:
    assert normal_form(name) == unicodedata.normalize("NFC", name)


TROUBLED = {
    "data/a:b": "':'",
    "data/a\tb": "'\\t'",
    "data/a\\b": "'\\\\'",
    "data/end ": "ends in a space",
    "data/end.": "full stop",
    "data/CON": "device",
    "data/nul.txt": "device",
    "com1 .txt": "device",
}


@pytest.mark.parametrize("path", TROUBLED)
def test_a_name_that_windows_cannot_store_is_reported(path: str) -> None:
    trouble = why_not_portable(path)
    assert trouble is not None
    assert trouble[0] is NameTrouble.WINDOWS
    assert TROUBLED[path] in trouble[1]


def test_a_name_that_is_not_utf8_is_reported() -> None:
    assert why_not_portable("data/\udcff") == (NameTrouble.NOT_UTF8, "is not UTF-8")


def test_a_common_name_is_portable_everywhere() -> None:
    assert why_not_portable("data/Tchécoslovaquie/console.txt") is None


SHOWN = {
    "plain name.txt": "plain name.txt",
    "Tchécoslovaquie письмо": "Tchécoslovaquie письмо",
    "a\x1b[2Jb": "a\\u001b[2Jb",
    "a\nb": "a\\u000ab",
    "\u202etxt.exe": "\\u202etxt.exe",
    "\udcff": "\\xff",
    "\U000e0001": "\\U000e0001",
}


@pytest.mark.parametrize("path", SHOWN)
def test_a_name_cannot_control_the_terminal(path: str) -> None:
    assert shown(path) == SHOWN[path]


@given(st.text())
def test_every_path_becomes_printable(path: str) -> None:
    assert all(c.isprintable() for c in shown(path))


def test_a_name_is_too_long_for_a_system_in_characters_or_in_bytes() -> None:
    assert why_not_portable(f"{'x' * 252}.jpg") == (
        NameTrouble.TOO_LONG, "contains a name of 256 characters; common systems allow at most 255"
    )  # fmt: skip
    assert why_not_portable(f"{'é' * 130}.jpg") == (
        NameTrouble.TOO_LONG, "contains a name of 264 bytes (UTF-8); Linux allows at most 255 bytes"
    )  # fmt: skip
    assert why_not_portable(f"{'é' * 100}.jpg") is None


@given(st.text(st.characters(categories=("L", "N", "P", "S", "Zs")), min_size=1))
def test_a_path_in_a_command_is_one_word_of_the_shell(path: str) -> None:
    assert shlex.split(shell_word(path)) == [shown(path)]


def test_a_path_that_needs_no_quotation_marks_is_shown_without_them() -> None:
    assert shell_word("/shelf/letters-1847.tar") == "/shelf/letters-1847.tar"


def test_invisible_characters_stay_visible_in_a_command() -> None:
    assert shell_word("letter\x1b[2J") == "'letter\\u001b[2J'"
