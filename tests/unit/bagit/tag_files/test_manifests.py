from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from archtool.bagit import bounded_findings
from archtool.bagit.limits import MAX_LINE_CHARS
from archtool.bagit.model import Declaration, Manifest, ManifestEntry
from archtool.bagit.tag_files.manifest_reader import parse_manifest
from archtool.bagit.tag_files.manifest_writer import format_manifest, manifest_name, read_manifest_name
from archtool.bagit.tag_files.path_encoding import brief, decode_name, encode_name, is_encoded
from archtool.bagit.tag_files.text_lines import split_lines
from archtool.files.hashing.digests import Algorithm, digest_bytes
from archtool.files.paths import PayloadPath, why_unsafe
from archtool.findings import Finding

NOW, OLD = Declaration((1, 0), "UTF-8"), Declaration((0, 97), "UTF-8")
MD5 = digest_bytes(Algorithm.MD5, b"letter")
# every character that a name on disk can have; bytes that are not UTF-8 become DC80 to DCFF
ANY_NAME = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\0/")
    | st.sampled_from([chr(code) for code in range(0xDC80, 0xDD00)] + list("%\r\n \t\\*~\u2028\x85\x0c")),
    min_size=1,
).filter(lambda name: name not in (".", ".."))


def parse(text: str, declaration: Declaration = NOW) -> tuple[Manifest, tuple[Finding, ...]]:
    name = read_manifest_name("manifest-md5.txt")
    assert name is not None
    return parse_manifest(text.encode("utf-8", "surrogateescape"), name, declaration)


@given(st.lists(ANY_NAME, unique=True))
@example(["%0A", "%250a", "a\r\nb", "x ", " x", "\\", "*x", "~"])
def test_every_unicode_name_is_read_back_from_its_manifest(names: list[str]) -> None:
    digests = {f"data/{name}": digest_bytes(Algorithm.MD5, name.encode("utf-8", "replace")) for name in names}
    manifest, findings = parse(format_manifest(digests.items()))
    assert {e.path: e.hex for e in manifest.entries} == {path: d.hex for path, d in digests.items()}
    not_utf8 = any("\udc80" <= c <= "\udcff" for name in names for c in name)
    assert {f.code for f in findings} <= ({"bag.tag-file-encoding"} if not_utf8 else set())


@given(st.text())
def test_a_name_survives_encoding_and_decoding(name: str) -> None:
    written = encode_name(name)
    assert decode_name(written, (1, 0)) == name
    assert is_encoded(written)
    assert not {"\r", "\n"} & set(written)


@given(st.text(alphabet="%025aAdD\r\n"))
def test_decoding_is_one_pass(written: str) -> None:
    assert decode_name(written.replace("%", "%25"), (1, 0)) == written


def test_a_manifest_is_written_in_the_order_of_its_bytes_with_two_spaces() -> None:
    text = format_manifest([("data/é", MD5), ("data/z", MD5), ("data/%", MD5)])
    assert text == "".join(f"{MD5.hex}  data/{name}\n" for name in ("%25", "z", "é"))


@given(st.text(alphabet="ab\r\n\u2028\x0b\x0c\x1c\x85"))
def test_lines_end_at_cr_lf_and_crlf_and_nowhere_else(text: str) -> None:
    naive = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    assert list(split_lines(text)) == (naive[:-1] if naive[-1] == "" else naive)


@pytest.mark.parametrize(
    ("name", "is_tag", "algorithm", "is_proper"),
    [
        ("manifest-sha512.txt", False, Algorithm.SHA512, True),
        ("tagmanifest-sha256.txt", True, Algorithm.SHA256, True),
        ("manifest-SHA512.txt", False, Algorithm.SHA512, False),
        ("manifest-sha-512.txt", False, Algorithm.SHA512, False),
        ("tagManifest-md5.TXT", True, Algorithm.MD5, False),
        ("manifest-blake2b.txt", False, Algorithm.BLAKE2B, True),
        ("manifest-crc32.txt", False, None, True),
        ("manifest-shake_128.txt", False, None, False),
        ("manifest-.txt", False, None, False),
    ],
)
def test_a_manifest_is_known_by_its_name(
    name: str, is_tag: bool, algorithm: Algorithm | None, is_proper: bool
) -> None:
    read = read_manifest_name(name)
    assert read is not None
    assert (read.is_tag, read.algorithm, read.is_proper) == (is_tag, algorithm, is_proper)


@pytest.mark.parametrize(
    "name",
    ["manifest.txt", "manifest-md5.txt.bak", "my-manifest-md5.txt", "manifest-a/b.txt", "x/manifest-md5.txt"],
)
def test_a_file_with_another_name_is_no_manifest(name: str) -> None:
    assert read_manifest_name(name) is None


@pytest.mark.parametrize("algorithm", Algorithm)
def test_the_name_of_a_written_manifest_is_proper(algorithm: Algorithm) -> None:
    for tag in (True, False):
        read = read_manifest_name(manifest_name(algorithm, tag=tag))
        assert read is not None
        assert (read.algorithm, read.is_tag, read.is_proper) == (algorithm, tag, True)


def test_a_repeated_line_has_one_entry_and_a_contradiction_two() -> None:
    other = digest_bytes(Algorithm.MD5, b"other")
    manifest, findings = parse("".join(f"{d.hex}  data/a\n" for d in (MD5, MD5, other)))
    assert [(e.hex, e.line) for e in manifest.entries] == [(MD5.hex, 1), (other.hex, 3)]
    assert [(f.code, f.place.line if f.place else 0) for f in findings] == [
        ("manifest.listed-twice", 2),
        ("manifest.contradiction", 3),
    ]
    assert manifest.by_path()["data/a"].line == 1


def test_a_malformed_digest_leaves_the_file_listed_and_nothing_to_compare() -> None:
    manifest, findings = parse("9f86  data/a\n")
    assert list(manifest.entries) == [ManifestEntry(PayloadPath("data/a"), "", 1)]
    assert "expected 32 hexadecimal digits, found 4 characters" in findings[0].message


def test_an_entry_keeps_the_encoded_path_only_where_it_differs() -> None:
    manifest, _ = parse(f"{MD5.hex}  data/a\n{MD5.hex}  data/x%25\n")
    assert [e.written for e in manifest.entries] == ["", "data/x%25"]


def test_a_line_longer_than_any_path_is_not_read() -> None:
    long = "data/" + "x" * MAX_LINE_CHARS
    manifest, findings = parse(f"{MD5.hex}  {long}\n{MD5.hex}  data/a\n")
    assert [f.code for f in findings] == ["bag.line-too-long"]
    assert [e.path for e in manifest.entries] == ["data/a"]


def test_wrong_lines_beyond_a_number_are_only_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounded_findings, "MAX_OF_ONE_KIND", 3)
    _, findings = parse("rubbish\n" * 10 + f"{MD5.hex}  data//x\n")
    assert [f.code for f in findings] == ["manifest.line-malformed"] * 3 + [
        "manifest.path-malformed",
        "manifest.line-malformed",
    ]
    assert findings[-1].message == "and 7 more of this kind in this file"
    assert findings[-1].place == findings[0].place.__class__("manifest-md5.txt", 10)


def test_a_manifest_with_too_many_errors_is_not_read_to_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounded_findings, "MAX_ERRORS", 5)
    manifest, findings = parse("rubbish\n" * 5 + f"{MD5.hex}  data/a\n")
    assert (list(manifest.entries), findings[-1].code) == ([], "bag.too-many-errors")
    assert findings[-1].message == "5 errors: the file was not read from this line on"
    assert str(findings[-1].place) == "manifest-md5.txt:6"


@given(st.text(max_size=200))
def test_no_manifest_raises_an_error_or_yields_an_unsafe_path(text: str) -> None:
    for declaration in (NOW, OLD):
        manifest, _ = parse(text, declaration)
        assert all(why_unsafe(entry.path) is None for entry in manifest.entries)


def test_a_long_name_is_cut_for_a_message() -> None:
    assert brief("x" * 1000) == "x" * 300 + "…"
    assert brief("a\nb") == "a\\u000ab"
