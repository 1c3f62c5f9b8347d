"""Small dictionaries, each with one option of hunspell(5)."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from archtool.errors import InputError
from archtool.text.repairing.word_lists import dic_file
from archtool.text.repairing.word_lists.load import WordList, load_word_list


def dictionary(tmp_path: Path, aff: str, dic: str, encoding: str = "utf-8") -> WordList:
    (tmp_path / "xx.aff").write_bytes(
        (f"SET {encoding}\n" if encoding else "").encode() + aff.encode(encoding or "latin-1")
    )
    (tmp_path / "xx.dic").write_bytes(dic.encode(encoding or "latin-1"))
    return load_word_list(tmp_path / "xx.dic")


def known(words: WordList, text: str) -> list[str]:
    return [word for word in text.split() if word in words]


def test_suffixes_are_added_where_their_condition_is_fulfilled(tmp_path: Path) -> None:
    aff = "SFX S Y 3\nSFX S y ies [^aeiou]y\nSFX S 0 s [aeiou]y\nSFX S 0 s [^y]\n"
    words = dictionary(tmp_path, aff, "3\nberry/S\nboy/S\ncat/S po:noun\nfish\n")
    assert known(words, "berry berries boys cats fish") == ["berry", "berries", "boys", "cats", "fish"]
    assert known(words, "berrys boies fishs cat's s ies") == []
    assert words.count == 4


def test_a_stem_that_is_shorter_than_a_condition_has_no_such_form(tmp_path: Path) -> None:
    words = dictionary(tmp_path, "SFX S Y 2\nSFX S 0 s abc\nSFX S 0 t [^c]\n", "2\nc/S\nabc/S\n")
    assert known(words, "abcs cs ct abct") == ["abcs"]


def test_prefixes_and_suffixes_cross_only_if_both_allow_it(tmp_path: Path) -> None:
    aff = "PFX A Y 1\nPFX A 0 re .\nPFX N N 1\nPFX N 0 un .\nSFX B Y 1\nSFX B 0 ed k\n"
    aff += "SFX C N 1\nSFX C 0 ing .\n"
    words = dictionary(tmp_path, aff, "1\nwork/ANBC\n")
    assert known(words, "work rework unwork worked working reworked") == (
        ["work", "rework", "unwork", "worked", "working", "reworked"]
    )
    assert known(words, "reworking unworked unworking re ed") == []


def test_a_suffix_can_follow_a_suffix_that_names_it(tmp_path: Path) -> None:
    aff = "SFX Y Y 1\nSFX Y 0 s .\nSFX X Y 1\nSFX X 0 able/Y .\nPFX P Y 1\nPFX P 0 un .\n"
    words = dictionary(tmp_path, aff, "1\ndrink/XP\n")
    assert known(words, "drinkable drinkables undrinkables") == ["drinkable", "drinkables", "undrinkables"]
    assert known(words, "drinks undrinks") == []


def test_an_affix_can_name_a_prefix_or_need_another_affix(tmp_path: Path) -> None:
    aff = "NEEDAFFIX X\nPFX P Y 1\nPFX P 0 pre/S .\nSFX S Y 1\nSFX S 0 suf .\n"
    aff += "SFX T Y 1\nSFX T 0 t/XU .\nSFX U Y 1\nSFX U 0 u .\n"
    words = dictionary(tmp_path, aff, "3\nfoo/P\nbar/X\nbaz/XS\nqux/T\n")
    assert known(words, "foo prefoo prefoosuf bazsuf quxtu") == (
        ["foo", "prefoo", "prefoosuf", "bazsuf", "quxtu"]
    )
    assert known(words, "bar baz quxt foosuf") == []


def test_a_circumfix_needs_both_of_its_sides(tmp_path: Path) -> None:
    aff = "CIRCUMFIX X\nPFX A Y 1\nPFX A 0 ge/X .\nSFX B Y 2\nSFX B 0 t/X .\nSFX B 0 en .\n"
    words = dictionary(tmp_path, aff, "1\nmach/AB\n")
    assert known(words, "gemacht machen") == ["gemacht", "machen"]
    assert known(words, "gemach macht gemachen") == []


def test_forbidden_words_and_parts_of_compounds_are_unknown(tmp_path: Path) -> None:
    aff = "FORBIDDENWORD !\nONLYINCOMPOUND o\nCOMPOUNDFLAG c\nSFX S Y 2\nSFX S 0 s .\nSFX S 0 fugen/o .\n"
    words = dictionary(tmp_path, aff, "3\nfoo/S\nfoos/!\nbar/oS\nAnalen/!\nanale\nanalen\n")
    assert known(words, "foo anale") == ["foo", "anale"]
    assert known(words, "foos bar bars foofugen FOOS ANALEN foobar") == []
    assert words.left_out == ("compound words",)


@pytest.mark.parametrize(
    ("form", "flags"), [("long", ("Aa", "AaBb")), ("num", ("1200", "1200,7")), ("UTF-8", ("é", "éж"))]
)
def test_flags_have_four_forms(tmp_path: Path, form: str, flags: tuple[str, str]) -> None:
    first, both = flags
    second = both.replace(first, "").strip(",")
    aff = f"FLAG {form}\nSFX {first} Y 1\nSFX {first} 0 s .\nSFX {second} Y 1\nSFX {second} 0 t .\n"
    words = dictionary(tmp_path, aff, f"2\nmot/{both}\nrue/{first}\n")
    assert known(words, "mots mott rues ruet") == ["mots", "mott", "rues"]


def test_flags_of_one_byte_can_be_no_characters(tmp_path: Path) -> None:
    (tmp_path / "xx.aff").write_bytes(
        b"SET UTF-8\nAF 1\nAF \xcb\xe9\nSFX \xe9 Y 1\nSFX \xe9 0 s .\nSFX \xcb Y 1\nSFX \xcb 0 t .\n"
    )
    (tmp_path / "xx.dic").write_bytes("3\nété/1\nrue/".encode() + b"\xcb\nmot/9\n")
    words = load_word_list(tmp_path / "xx.aff")
    assert known(words, "étés étét ruet mot") == ["étés", "étét", "ruet", "mot"]
    assert known(words, "rues mots") == []
    assert [file.name for file in words.files] == ["xx.dic", "xx.aff"]


@pytest.mark.parametrize("encoding", ["iso8859-2", "", "koi8-r", "microsoft-cp1251"])
def test_a_dictionary_is_read_in_the_encoding_that_it_names(tmp_path: Path, encoding: str) -> None:
    letters = {"": "été", "iso8859-2": "żółć"}.get(encoding, "пень")
    python_name = encoding.removeprefix("microsoft-")
    (tmp_path / "xx.aff").write_bytes(f"# rules\n{'SET ' + encoding if encoding else ''}\n".encode())
    (tmp_path / "xx.dic").write_bytes(f"1\n{letters}\n".encode(python_name or "latin-1"))
    words = load_word_list(tmp_path / "xx.dic")
    assert known(words, f"{letters} {letters.upper()} {letters.capitalize()}") == (
        [letters, letters.upper(), letters.capitalize()]
    )


def test_capitals_follow_the_rules_of_the_dictionary(tmp_path: Path) -> None:
    aff = "KEEPCASE k\nCHECKSHARPS\nSFX S Y 1\nSFX S 0 's .\n"
    words = dictionary(tmp_path, aff, "5\nParis\nMcDonald/S\nkm/k\ngroß\nFuß\ngrüße/k\nOTAN\nSant'Elia\n")
    right = "PARIS McDonald MCDONALD MCDONALD'S km GROSS FUSS Groß Grüße OTAN SANT'ELIA"
    assert known(words, right) == right.split()
    assert known(words, "paris Mcdonald Km KM Otan otan fuß GRÜSSE") == []


def test_turkish_has_two_letters_i(tmp_path: Path) -> None:
    words = dictionary(tmp_path, "LANG tr_TR\n", "2\nişık\nılık\n")
    assert known(words, "İŞIK İşık ILIK Ilık") == ["İŞIK", "İşık", "ILIK", "Ilık"]
    assert known(words, "ILİK Işık") == []


def test_characters_are_converted_or_ignored_before_a_word_is_looked_up(tmp_path: Path) -> None:
    aff = "ICONV 2\nICONV ﬁ fi\nICONV ﬁt fît\nIGNORE \u064b\u064e\n"
    words = dictionary(tmp_path, aff, "3\nfin\nfît\nك\u064eتاب\n")
    assert known(words, "fin ﬁn ﬁt كتاب كت\u064bاب") == ["fin", "ﬁn", "ﬁt", "كتاب", "كت\u064bاب"]
    assert "\u064e" not in words


def test_an_affix_can_replace_a_whole_stem_only_with_fullstrip(tmp_path: Path) -> None:
    rules = "SFX A Y 1\nSFX A aller vais aller\n"
    assert "vais" not in dictionary(tmp_path, rules, "1\naller/A\n")
    assert "vais" in dictionary(tmp_path, f"FULLSTRIP\n{rules}", "1\naller/A\n")


def test_slashes_and_remarks_of_entries_are_no_part_of_the_word(tmp_path: Path) -> None:
    words = dictionary(
        tmp_path, "SFX S Y 1\nSFX S 0 s .\n", "4\nkm\\/h/S\n/etc\nmot/S\tnoun\nun deux\na:b\n\n"
    )
    assert [w in words for w in ("km/h", "km/hs", "/etc", "mots", "un deux", "a:b")] == [True] * 6
    assert words.count == 5


def test_homonyms_have_each_their_flags(tmp_path: Path) -> None:
    aff = "SFX A Y 1\nSFX A 0 a .\nSFX B Y 1\nSFX B 0 b/A .\n"
    words = dictionary(tmp_path, aff, "3\nmot/A\nmot/B\nmot/A\n")
    assert known(words, "mot mota motb motba motab") == ["mot", "mota", "motb", "motba"]


def test_options_that_are_not_supported_are_named(tmp_path: Path) -> None:
    words = dictionary(
        tmp_path, "COMPLEXPREFIXES\nCOMPOUNDRULE 1\nTRY abc\nREP 1\nSET\nFLAG\nAF\n", "1\nmot\n"
    )
    assert words.left_out == ("words with two prefixes", "compound words")


@pytest.mark.parametrize(
    ("aff", "dic", "message"),
    [
        ("SET klingon\n", "1\nmot\n", r"xx.aff: there is no encoding 'klingon' \(line SET\)"),
        ("SET UTF-8\nSFX A\n", "1\nmot\n", r"xx.aff \(line 2\): a rule SFX has too few parts: 'A'"),
        ("SET UTF-8\n", "1\nmot\n\udce9t\udce9\n", r"xx.dic \(line 3\) is not utf-8"),
        ("SET UTF-8\n", "0\n", "the dictionary has no word"),
    ],
)
def test_a_damaged_dictionary_is_refused_with_the_place(
    tmp_path: Path, aff: str, dic: str, message: str
) -> None:
    (tmp_path / "xx.aff").write_text(aff, encoding="utf-8")
    (tmp_path / "xx.dic").write_text(dic, encoding="utf-8", errors="surrogateescape")
    with pytest.raises(InputError, match=message) as caught:
        load_word_list(tmp_path / "xx.dic")
    assert caught.value.hint


def test_a_dictionary_without_its_rules_is_refused(tmp_path: Path) -> None:
    (tmp_path / "my list.DIC").write_text("1\nmot\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"needs my list.AFF beside .*my list.DIC") as caught:
        load_word_list(tmp_path / "my list.DIC")
    assert (
        caught.value.hint
        == "put it there; if this is a plain list, give it another name, such as 'my list.txt'"
    )


def test_a_dictionary_with_too_many_entries_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dic_file, "MAX_DIC_ENTRIES", 2)
    with pytest.raises(InputError, match=r"more than 2 entries in .*xx\.dic"):
        dictionary(tmp_path, "", "3\na\nb\nc\n")
    many = "".join(f"mot/{chr(code)}\n" for code in range(0x100, 0x500))
    with pytest.raises(InputError, match="more than 256 entries of one spelling"):
        dictionary(tmp_path, "FLAG UTF-8\n", many)


def test_hostile_rules_take_a_word_apart_in_limited_time(tmp_path: Path) -> None:
    rules = "".join(f"SFX A {'b' * (n % 50)} b/A .\nSFX A 0 0/A .\n" for n in range(20_000))
    words = dictionary(tmp_path, f"SFX A Y 1\nPFX P Y 1\nPFX P 0 b/A .\n{rules}", "1\nmot/AP\n")
    started = time.process_time()
    assert "b" * 100 not in words
    assert time.process_time() - started < 1
    assert "b" * 101 not in words
