"""JSON is parsed strictly, and limits are checked before memory is allocated."""

from __future__ import annotations

import resource
import subprocess
import sys

import pytest

from archtool.errors import InputError
from archtool.strict_json import DoubledKeys, JsonRules, doubled_key_of, is_deeper, parse_json

SMALL = JsonRules(max_bytes=200, max_values=20, max_depth=8)


@pytest.mark.parametrize(
    ("data", "complaint"),
    [
        (b"", "s is not JSON"),
        (b"{", "s is not JSON"),
        (b'{"a": 1, "b": 2, "a": 1}', "the key 'a' occurs twice in one object"),
        (b'[{"a": {"b": 1, "b": 1}}]', "the key 'b' occurs twice"),
        (b'{"a": 1, "\\u0061": 1}', "the key 'a' occurs twice"),
        (b"[NaN]", "NaN is not a number"),
        (b"[-Infinity]", "Infinity is not a number"),
        (b"[1e999]", "the number 1e999 is too large"),
        (b"9" * 201, "too large: 201 bytes"),
        (b"[" * 9 + b"0" + b"]" * 9, "nested more than 8 levels deep"),
        (b'{"a":' * 9 + b"1" + b"}" * 9, "nested more than 8 levels deep"),
        (b"[" + b"1," * 20 + b"1]", "more than 20 values"),
        (b"[" + b"{}," * 20 + b"{}]", "more than 20 values"),
        (b'"\xff"', "not text in UTF-8"),
        (b'"\\ud800"', "half of a surrogate pair"),
        (b'"\\uDFff"', "half of a surrogate pair"),
        (b"\xef\xbb\xbf{}", "not JSON"),
    ],
)
def test_ambiguous_or_unbounded_json_is_refused(data: bytes, complaint: str) -> None:
    with pytest.raises(InputError, match=complaint):
        parse_json(data, "s", SMALL)


@pytest.mark.parametrize("opening", [b"[", b'{"a":'])
def test_a_text_nested_deeper_than_the_recursion_limit_is_refused(opening: bytes) -> None:
    with pytest.raises(InputError, match="more than 64 levels"):
        parse_json(opening * 200_000, "s", JsonRules(2_000_000))


def test_a_number_with_more_digits_than_python_reads_is_refused() -> None:
    with pytest.raises(InputError, match=r"the number 7{80}… is too long"):
        parse_json(b"7" * 5_000, "s", JsonRules(10_000))


def test_brackets_and_commas_inside_strings_are_not_counted() -> None:
    text = '"' + "[,{" * 50 + '\\""'
    assert parse_json(f"[{text}, 0.5]".encode(), "s", SMALL) == ["[,{" * 50 + '"', 0.5]


def test_a_string_that_is_never_closed_is_scanned_once() -> None:
    data = b'"' + b'\\",' * 1_000_000 + b"\\"
    with pytest.raises(InputError, match="not JSON"):
        parse_json(data, "s", JsonRules(4_000_000, max_values=10))


def test_an_escaped_surrogate_pair_is_one_character() -> None:
    assert parse_json(b'"\\ud83d\\ude00"', "s", SMALL) == "\U0001f600"


def test_half_pairs_can_be_allowed_for_file_names_that_are_not_utf_8() -> None:
    assert parse_json(b'"\\udcff"', "s", JsonRules(99, allows_half_pairs=True)) == "\udcff"


def test_a_byte_order_mark_can_be_allowed() -> None:
    assert parse_json(b"\xef\xbb\xbf[]", "s", JsonRules(99, allows_mark=True)) == []


def test_a_duplicate_key_can_be_kept_and_found() -> None:
    value = parse_json(b'[{"a": [{"t": 1, "t": 2}]}, {}]', "s", JsonRules(99, keeps_doubled=True))
    assert isinstance(value[0]["a"][0], DoubledKeys)
    assert (doubled_key_of(value), doubled_key_of(value[1]), doubled_key_of("t")) == ("t", None, None)


@pytest.mark.parametrize(
    ("value", "depth"), [("x", 0), ([], 0), ([1], 1), ({"a": 1}, 1), ([[1]], 2), ([[], {"a": [0]}], 3)]
)
def test_the_depth_of_a_value_counts_non_empty_containers(value: object, depth: int) -> None:
    assert not is_deeper(value, depth)
    assert depth == 0 or is_deeper(value, depth - 1)


def test_values_are_counted_before_memory_is_allocated() -> None:
    # ten million empty objects would take about 700 MB
    program = (
        "from archtool.strict_json import *\n"
        "from archtool.errors import InputError\n"
        "try:\n"
        "    parse_json(b'[' + b'{},' * 10_000_000 + b'{}]', 's', JsonRules(50_000_000))\n"
        "except InputError as error:\n"
        "    print(error.message)\n"
    )
    limit = 400 * 1024 * 1024
    run = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (limit, limit)),
    )  # fmt: skip
    assert run.stdout == "s is not unambiguous JSON: it has more than 2,000,000 values\n"


def test_numbers_of_any_length_can_be_skipped() -> None:
    rules = JsonRules(20_000, skips_numbers=True)
    assert parse_json(b"[" + b"9" * 9_000 + b', 1e999, "1"]', "s", rules) == [None, None, "1"]
