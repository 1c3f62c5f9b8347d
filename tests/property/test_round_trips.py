"""Values written into a tag file are read back unchanged, for all names, values and encodings."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from archtool.bagit.model import KNOWN_VERSIONS, Declaration, Version
from archtool.bagit.tag_files.bag_info import format_info, parse_info
from archtool.bagit.tag_files.declaration import format_declaration, parse_declaration
from archtool.bagit.tag_files.manifest_reader import parse_manifest
from archtool.bagit.tag_files.manifest_writer import format_manifest, read_manifest_name
from archtool.bagit.tag_files.path_encoding import decode_name, encode_name, is_encoded
from archtool.bagit.tag_files.text_lines import decode_tag_file, split_lines
from archtool.files.hashing.digests import Algorithm, digest_bytes
from budgets import examples
from property.strategies import (
    BOUNDED,
    BYTE_NAMES,
    ENCODINGS,
    ESCAPED_BYTES,
    UNICODE_NAMES,
    are_no_twins,
    fits,
)
from unit.bagit.bag_builders import codes, look, write_bag

OLD: Version = (0, 97)
ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"]) | st.sampled_from(ESCAPED_BYTES))
LABELS = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\r\n:\ufeff"), min_size=1, max_size=12
).filter(lambda label: label == label.strip())
VALUES = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\n"), max_size=40)


@settings(BOUNDED, max_examples=examples(300))
@given(BYTE_NAMES | ANY_TEXT)
@example("%250A\r\n%")
def test_any_encoded_name_is_decoded_to_itself(name: str) -> None:
    written = encode_name(name)
    assert decode_name(written, (1, 0)) == name
    assert is_encoded(written)
    assert list(split_lines(written)) == ([written] if written else [])


@settings(BOUNDED, max_examples=examples(200))
@given(BYTE_NAMES)
def test_before_10_only_line_ends_are_encoded(name: str) -> None:
    written = name.replace("\r", "%0D").replace("\n", "%0a")
    assume("%" not in name)
    assert decode_name(written, OLD) == name
    assert decode_name(name + "%25", OLD) == name + "%25"


@settings(BOUNDED, max_examples=examples(250))
@given(
    st.lists(UNICODE_NAMES, unique=True, max_size=6),
    st.sampled_from(ENCODINGS),
    st.sampled_from(list(Algorithm)),
    st.booleans(),
)
def test_a_manifest_in_any_encoding_keeps_its_names_and_digests(
    names: list[str], encoding: str, algorithm: Algorithm, is_tag: bool
) -> None:
    folder = "notes" if is_tag else "data"
    kept = [name for name in names if fits(encode_name(name), encoding)]
    digests = {f"{folder}/{name}": digest_bytes(algorithm, name.encode()) for name in kept}
    text = format_manifest(digests.items())
    assume(fits(text, encoding))
    name = read_manifest_name(f"{'tag' if is_tag else ''}manifest-{algorithm.value}.txt")
    assert name is not None
    manifest, findings = parse_manifest(text.encode(encoding), name, Declaration((1, 0), encoding))
    assert {entry.path: entry.hex for entry in manifest.entries} == {p: d.hex for p, d in digests.items()}
    assert findings == ()


@settings(BOUNDED, max_examples=examples(250))
@given(st.lists(st.tuples(LABELS, VALUES), max_size=6), st.sampled_from(ENCODINGS), st.booleans())
def test_metadata_in_any_encoding_keeps_its_order(
    fields: list[tuple[str, str]], encoding: str, is_old: bool
) -> None:
    kept = [(label, value.strip(" \t")) for label, value in fields if fits(label + value, encoding)]
    text = format_info(kept)
    assume(fits(text, encoding))
    declaration = Declaration(OLD if is_old else (1, 0), encoding)
    info, findings = parse_info(text.encode(encoding), declaration, "bag-info.txt")
    assert [(found.label, found.value) for found in info.fields] == kept
    assert {finding.code for finding in findings} <= {"baginfo.repeated"}
    assert format_info((found.label, found.value) for found in info.fields) == text


@settings(BOUNDED, max_examples=examples(200))
@given(st.text(st.characters(exclude_categories=["Cs"])), st.sampled_from(ENCODINGS))
def test_text_in_any_encoding_is_read_as_it_was_written(text: str, encoding: str) -> None:
    assume(fits(text, encoding) and not text.startswith("\ufeff"))
    assert decode_tag_file(text.encode(encoding), encoding, "notes.txt") == (text, ())


@settings(BOUNDED, max_examples=examples(200))
@given(st.binary(max_size=200), st.sampled_from(ENCODINGS))
def test_any_bytes_in_any_encoding_are_read_and_faults_are_reported(data: bytes, encoding: str) -> None:
    text, findings = decode_tag_file(data, encoding, "notes.txt")
    assert isinstance(text, str)
    assert {finding.code for finding in findings} <= {"bag.tag-file-encoding", "bag.tag-file-bom"}


@pytest.mark.parametrize("version", sorted(KNOWN_VERSIONS))
@pytest.mark.parametrize("encoding", ENCODINGS)
def test_a_declaration_is_read_as_it_was_written(version: Version, encoding: str) -> None:
    declaration, findings = parse_declaration(format_declaration(version, encoding).encode())
    assert (declaration, findings) == (Declaration(version, encoding), ())


@settings(BOUNDED, max_examples=examples(200))
@given(st.binary(max_size=120) | st.text(max_size=80).map(lambda text: text.encode("utf-8", "replace")))
def test_any_declaration_is_read_as_a_usable_one_without_a_traceback(data: bytes) -> None:
    declaration, _ = parse_declaration(data)
    assert declaration.version in KNOWN_VERSIONS
    assert isinstance("".encode(declaration.encoding), bytes)


@settings(BOUNDED, max_examples=examples(120), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(payload=st.dictionaries(UNICODE_NAMES, st.binary(max_size=8), max_size=5).filter(are_no_twins))
@example(payload={"trailing space ": b"", "%0A": b"1", "a\r\nb": b"2", "\u2028": b"3", "e\u0301": b"4"})
def test_a_bag_with_any_names_is_valid_without_findings(payload: dict[str, bytes], tmp_path: Path) -> None:
    digests = {f"data/{name}": digest_bytes(Algorithm.SHA256, data) for name, data in payload.items()}
    files = {f"data/{name}": data for name, data in payload.items()} | {
        "bagit.txt": format_declaration((1, 0)).encode(),
        "manifest-sha256.txt": format_manifest(digests.items()).encode(),
    }
    shutil.rmtree(tmp_path / "bag", ignore_errors=True)
    result = look(write_bag(tmp_path / "bag", files))
    assert (result.verdict["bag"], codes(result)) == ("valid", [])


@settings(BOUNDED, max_examples=examples(60), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=BYTE_NAMES.filter(lambda name: any(c in ESCAPED_BYTES for c in name)))
def test_a_name_that_is_not_utf_8_is_checked_and_its_encoding_refused(name: str, tmp_path: Path) -> None:
    digest = digest_bytes(Algorithm.SHA256, b"letter")
    text = format_manifest([(f"data/{name}", digest)])
    files = {
        f"data/{name}": b"letter",
        "bagit.txt": format_declaration((1, 0)).encode(),
        "manifest-sha256.txt": text.encode("utf-8", "surrogateescape"),
    }
    shutil.rmtree(tmp_path / "bag", ignore_errors=True)
    result = look(write_bag(tmp_path / "bag", files))
    assert (result.verdict["bag"], codes(result)) == ("invalid", ["bag.tag-file-encoding"])
    assert result.facts["checked"]["files"] == 1
