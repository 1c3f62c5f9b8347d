"""RFC 8493, rule by rule: a bag that breaks a rule has its finding, a bag that follows it has none.

Every row changes one thing in a good bag. No bag has a tag manifest, so digests of tag files do not matter.
"""

from __future__ import annotations

import codecs as python_codecs
from pathlib import Path

import pytest

from archtool.exit_codes import ExitCode
from unit.bagit.bag_builders import (
    LETTER,
    LETTER_NAME,
    Files,
    bag_files,
    codes,
    digest,
    judged,
    look,
    manifest,
    with_tag_manifest,
    write_bag,
)

OLD = "0.97"
UTF8 = b"Tag-File-Character-Encoding: UTF-8\n"
V1 = b"BagIt-Version: 1.0\n"
V097 = b"BagIt-Version: 0.97\n"
SHA = digest(LETTER)
OTHER_SHA = digest(b"another letter\n")
NFC, NFD = "data/Tchécoslovaquie.txt", "data/Tche\u0301coslovaquie.txt"


def judge(tmp_path: Path, files: Files) -> tuple[str, set[str]]:
    return judged(write_bag(tmp_path / "bag", files))


# §2.1.1 the declaration

DECLARATIONS = {
    "as the RFC writes it": (V1 + UTF8, "valid", set()),
    "without a final line end": (V1 + UTF8.rstrip(), "valid", set()),
    "with CR as line end": ((V1 + UTF8).replace(b"\n", b"\r"), "valid", set()),
    "with CRLF as line end": ((V1 + UTF8).replace(b"\n", b"\r\n"), "valid", set()),
    "with the label as the RFC's examples write it": (b"BagIt-version: 1.0\n" + UTF8, "valid", set()),
    "with the lines swapped": (UTF8 + V1, "invalid", {"declaration.malformed"}),
    "with a third line": (V1 + UTF8 + b"\n", "invalid", {"declaration.malformed"}),
    "with one line": (V1, "invalid", {"declaration.malformed"}),
    "with nothing in it": (b"", "invalid", {"declaration.malformed"}),
    "1.0 with a blank before the colon": (
        V1.replace(b":", b" :") + UTF8,
        "invalid",
        {"declaration.malformed"},
    ),
    "1.0 with two blanks after it": (V1.replace(b": ", b":  ") + UTF8, "invalid", {"declaration.malformed"}),
    "1.0 with no blank after it": (V1.replace(b": ", b":") + UTF8, "invalid", {"declaration.malformed"}),
    "1.0 with a blank at the end": (b"BagIt-Version: 1.0 \n" + UTF8, "invalid", {"declaration.malformed"}),
    "1.0 with a tab": (V1.replace(b": ", b":\t") + UTF8, "invalid", {"declaration.malformed"}),
    "0.97 with blanks about": (b"BagIt-Version :  0.97 \n" + UTF8.replace(b": ", b":"), "valid", set()),
    "a number that is no version": (b"BagIt-Version: one\n" + UTF8, "invalid", {"declaration.malformed"}),
    "a number with a leading nought": (b"BagIt-Version: 01.0\n" + UTF8, "invalid", {"declaration.malformed"}),
    "another label": (b"Version: 1.0\n" + UTF8, "invalid", {"declaration.malformed"}),
    "a byte-order mark": (python_codecs.BOM_UTF8 + V1 + UTF8, "invalid", {"declaration.bom"}),
    "bytes that are not UTF-8": (
        V1 + UTF8.replace(b"UTF", b"\xff"),
        "invalid",
        {"declaration.encoding-unknown"},
    ),
    "UTF-16 throughout": ((V1 + UTF8).decode().encode("utf-16"), "invalid", {"declaration.malformed"}),
    "version 1.7": (b"BagIt-Version: 1.7\n" + UTF8, "invalid", {"declaration.version-unknown"}),
    "version 0.98": (b"BagIt-Version: 0.98\n" + UTF8, "invalid", {"declaration.version-unknown"}),
}


@pytest.mark.parametrize("case", DECLARATIONS)
def test_a_declaration_is_two_lines_in_their_order(case: str, tmp_path: Path) -> None:
    data, verdict, found = DECLARATIONS[case]
    assert judge(tmp_path, bag_files(extra={"bagit.txt": data})) == (verdict, found)


@pytest.mark.parametrize(
    "name",
    [
        "rot13",
        "idna",
        "undefined",
        "punycode",
        "unicode_escape",
        "hex",
        "klingon",
        "é",
        "utf-8-sig",
        "x" * 300,
    ],
)
def test_an_unregistered_encoding_is_refused(name: str, tmp_path: Path) -> None:
    data = V1 + f"Tag-File-Character-Encoding: {name}\n".encode()
    found = judge(tmp_path, bag_files(extra={"bagit.txt": data}))
    assert found == ("invalid", {"declaration.encoding-unknown"})


@pytest.mark.parametrize("name", ["ISO-8859-1", "UTF-16", "UTF-16BE", "UTF-32", "windows-1251", "Shift_JIS"])
def test_tag_files_in_a_registered_encoding_are_read(name: str, tmp_path: Path) -> None:
    names = {"ISO-8859-1": "data/café.txt", "windows-1251": "data/письмо.txt", "Shift_JIS": "data/手紙.txt"}
    payload = {names.get(name, "data/Þ-手紙.txt"): LETTER}
    files = bag_files(payload)
    files["bagit.txt"] = V1 + f"Tag-File-Character-Encoding: {name}\n".encode()
    files["manifest-sha512.txt"] = files["manifest-sha512.txt"].decode().encode(name)
    assert judge(tmp_path, files) == ("valid", set())


def test_utf_16_without_a_mark_is_read_as_big_endian(tmp_path: Path) -> None:
    files = bag_files(extra={"bagit.txt": V1 + b"Tag-File-Character-Encoding: UTF-16\n"})
    files["manifest-sha512.txt"] = files["manifest-sha512.txt"].decode().encode("utf-16-be")
    assert judge(tmp_path, files) == ("valid", set())


def test_a_folder_without_a_declaration_is_no_valid_bag(tmp_path: Path) -> None:
    files = bag_files()
    del files["bagit.txt"]
    assert judge(tmp_path, files) == ("invalid", {"declaration.missing"})


@pytest.mark.parametrize(("version", "name"), [("0.95", "package-info.txt"), ("0.96", "bag-info.txt")])
def test_the_metadata_file_has_another_name_before_096(version: str, name: str, tmp_path: Path) -> None:
    files = bag_files(version=version, extra={name: b"Payload-Oxum: 1.1\n"})
    assert judge(tmp_path, files) == ("invalid", {"oxum.differs"})


# §2.1.2 the payload folder


def test_a_bag_without_a_payload_folder_is_invalid(tmp_path: Path) -> None:
    root = write_bag(tmp_path / "bag", bag_files({}))
    (root / "data").rmdir()
    assert judged(root) == ("invalid", {"bag.no-payload-folder"})
    (root / "data").write_bytes(b"")
    assert judged(root) == ("invalid", {"bag.no-payload-folder"})


def test_an_empty_payload_with_an_empty_manifest_is_valid(tmp_path: Path) -> None:
    assert judge(tmp_path, bag_files({})) == ("valid", set())


def test_an_empty_folder_is_a_note(tmp_path: Path) -> None:
    root = write_bag(tmp_path / "bag", bag_files())
    (root / "data" / "enclosures").mkdir()
    assert judged(root) == ("valid", {"bag.empty-folder"})


# §2.1.3 payload manifests

NAMES = ["manifest-SHA512.txt", "manifest-sha-512.txt", "Manifest-sha512.txt", "manifest-sha512.TXT"]


@pytest.mark.parametrize("name", NAMES)
def test_a_manifest_whose_name_is_not_normalised_is_read_and_refused(name: str, tmp_path: Path) -> None:
    files = bag_files()
    files[name] = files.pop("manifest-sha512.txt")
    assert judge(tmp_path, files) == ("invalid", {"manifest.name"})


def test_a_bag_without_a_payload_manifest_is_invalid(tmp_path: Path) -> None:
    assert judge(tmp_path, bag_files(algorithms=())) == ("invalid", {"manifest.none"})


def test_an_algorithm_that_cannot_be_computed_is_reported(tmp_path: Path) -> None:
    files = bag_files(extra={"manifest-crc32.txt": b"deadbeef  data/letter.txt\n"})
    root = write_bag(tmp_path / "bag", files)
    assert judged(root) == ("valid", {"manifest.algorithm-unknown"})
    assert look(root, strict=True).exit_code is ExitCode.PROBLEMS_FOUND


@pytest.mark.parametrize("algorithm", ["crc32", "shake128"])
def test_a_bag_that_cannot_be_checked_at_all_is_not_valid(algorithm: str, tmp_path: Path) -> None:
    files = bag_files(algorithms=(), extra={f"manifest-{algorithm}.txt": b"00ff  data/letter.txt\n"})
    found = {"manifest.algorithm-unknown", "manifest.no-known-algorithm"}
    assert judge(tmp_path, files) == ("invalid", found)


def test_malformed_lines_in_a_manifest_of_an_unknown_algorithm_are_found(tmp_path: Path) -> None:
    files = bag_files(extra={"manifest-crc32.txt": b"what? data/letter.txt\n"})
    found = {"manifest.algorithm-unknown", "manifest.digest-malformed"}
    assert judge(tmp_path, files) == ("invalid", found)


def test_in_an_old_bag_a_file_listed_only_under_an_unknown_algorithm_is_not_checked(tmp_path: Path) -> None:
    files = bag_files(version=OLD, extra={"data/b": b"b", "manifest-crc32.txt": b"71beeff9  data/b\n"})
    found = {"manifest.algorithm-unknown", "manifest.omits-file", "fixity.not-checked"}
    assert judge(tmp_path, files) == ("invalid", found)


def half_listed(version: str) -> Files:
    files = bag_files({"data/a": b"a", "data/b": b"b"}, version=version, algorithms=("sha256", "sha512"))
    return files | {"manifest-sha256.txt": manifest({"data/a": b"a"}, "sha256")}


def test_every_payload_manifest_lists_every_payload_file_since_10(tmp_path: Path) -> None:
    assert judge(tmp_path, half_listed("1.0")) == ("invalid", {"complete.file-unlisted"})


@pytest.mark.parametrize("version", ["0.93", "0.96", "0.97"])
def test_before_10_one_manifest_was_enough(version: str, tmp_path: Path) -> None:
    assert judge(tmp_path, half_listed(version)) == ("valid", {"manifest.omits-file"})


@pytest.mark.parametrize("version", ["0.97", "1.0"])
def test_a_file_that_no_manifest_lists_makes_a_bag_invalid(version: str, tmp_path: Path) -> None:
    files = bag_files(version=version, extra={"data/stray": b""})
    assert judge(tmp_path, files) == ("invalid", {"complete.file-unlisted"})


@pytest.mark.parametrize("version", ["0.97", "1.0"])
def test_a_missing_listed_file_makes_a_bag_incomplete(version: str, tmp_path: Path) -> None:
    files = bag_files(version=version)
    del files[LETTER_NAME]
    assert judge(tmp_path, files) == ("incomplete", {"complete.file-missing"})


REPEATS = {
    ("1.0", SHA): ("invalid", {"manifest.listed-twice"}),
    (OLD, SHA): ("valid", {"manifest.repeated-line"}),
    ("1.0", OTHER_SHA): ("invalid", {"manifest.contradiction", "fixity.digest-mismatch"}),
    (OLD, OTHER_SHA): ("invalid", {"manifest.contradiction", "fixity.digest-mismatch"}),
}


@pytest.mark.parametrize(("version", "second"), REPEATS)
def test_a_file_is_listed_once_and_never_with_two_digests(version: str, second: str, tmp_path: Path) -> None:
    files = bag_files(version=version)
    files["manifest-sha512.txt"] += f"{second}  {LETTER_NAME}\n".encode()
    assert judge(tmp_path, files) == REPEATS[version, second]


def test_only_payload_is_listed_in_a_payload_manifest(tmp_path: Path) -> None:
    files = bag_files()
    files["manifest-sha512.txt"] += manifest({"bagit.txt": files["bagit.txt"]})
    assert judge(tmp_path, files) == ("invalid", {"manifest.not-payload"})


def test_an_old_payload_manifest_may_list_a_tag_file_and_it_is_checked(tmp_path: Path) -> None:
    files = bag_files(version=OLD)
    files["manifest-sha512.txt"] += manifest({"bagit.txt": files["bagit.txt"]})
    root = write_bag(tmp_path / "bag", files)
    assert judged(root) == ("valid", {"manifest.lists-tag-file"})
    (root / "bagit.txt").write_bytes(files["bagit.txt"].replace(b"\n", b"\r\n"))
    assert judged(root) == ("invalid", {"manifest.lists-tag-file", "fixity.digest-mismatch"})


LINES = {
    "upper-case digits": (f"{SHA.upper()}  {LETTER_NAME}\n", "valid", set()),
    "one space": (f"{SHA} {LETTER_NAME}\n", "valid", set()),
    "a tab and blanks": (f"{SHA}\t \t{LETTER_NAME}\n", "valid", set()),
    "CRLF": (f"{SHA}  {LETTER_NAME}\r\n", "valid", set()),
    "CR": (f"{SHA}  {LETTER_NAME}\r", "valid", set()),
    "no final line end": (f"{SHA}  {LETTER_NAME}", "valid", set()),
    "a digest of the wrong length": (
        f"{SHA[:-1]}  {LETTER_NAME}\n",
        "invalid",
        {"manifest.digest-malformed"},
    ),
    "a digest that is not hexadecimal": (
        f"{'g' * 128}  {LETTER_NAME}\n",
        "invalid",
        {"manifest.digest-malformed"},
    ),
    "an empty line": (f"{SHA}  {LETTER_NAME}\n\n", "invalid", {"manifest.line-malformed"}),
    "a comment": (
        f"# a comment\n{SHA}  {LETTER_NAME}\n",
        "invalid",
        {"manifest.digest-malformed", "manifest.not-payload", "complete.file-missing"},
    ),
    "a digest alone": (f"{SHA}  {LETTER_NAME}\n{SHA}\n", "invalid", {"manifest.line-malformed"}),
    "a digest and blanks": (f"{SHA}  {LETTER_NAME}\n{SHA}   \n", "invalid", {"manifest.line-malformed"}),
    "md5sum's star": (f"{SHA} *{LETTER_NAME}\n", "valid", {"manifest.md5sum-form"}),
    "a leading ./": (f"{SHA}  ././{LETTER_NAME}\n", "valid", {"manifest.md5sum-form"}),
    "an empty part": (
        f"{SHA}  data//letter.txt\n",
        "invalid",
        {"manifest.path-malformed", "complete.file-unlisted"},
    ),
    "a NUL": (f"{SHA}  data/\0\n", "invalid", {"manifest.path-malformed", "complete.file-unlisted"}),
    "a folder with a slash": (f"{SHA}  {LETTER_NAME}\n{SHA}  data/\n", "invalid", {"manifest.lists-folder"}),
    "a folder without one": (
        f"{SHA}  {LETTER_NAME}\n{SHA}  data\n",
        "invalid",
        {"manifest.lists-folder", "manifest.not-payload"},
    ),
}


@pytest.mark.parametrize("case", LINES)
def test_a_manifest_line_is_a_digest_blanks_and_a_path(case: str, tmp_path: Path) -> None:
    text, verdict, found = LINES[case]
    files = bag_files(extra={"manifest-sha512.txt": text.encode()})
    assert judge(tmp_path, files) == (verdict, found)


def test_a_folder_with_a_file_must_not_be_listed(tmp_path: Path) -> None:
    files = bag_files({"data/box/letter.txt": LETTER})
    files["manifest-sha512.txt"] += f"{SHA}  data/box\n".encode()
    assert judge(tmp_path, files) == ("invalid", {"manifest.lists-folder"})


ODD_NAMES = [
    "trailing space ", "two  spaces", "tab\tinside", "form\x0cfeed", "vertical\x0btab", "line\u2028separator",
    "next\x85line", "unit\x1cseparator", "back\\slash.txt", "~tilde", "*star", "-dash", "quote\"'", "n" * 255,
    " leading", "a:b", "CON", "письмо", "手紙", "\U0001f4dc",
]  # fmt: skip


@pytest.mark.parametrize("name", ODD_NAMES)
def test_a_name_is_everything_after_the_blanks(name: str, tmp_path: Path) -> None:
    assert judge(tmp_path, bag_files({f"data/{name}": LETTER})) == ("valid", set())


CODED = {
    # version, in the manifest, on disk
    ("1.0", "x%25y", "x%y"): ("valid", set()),
    ("1.0", "lit%250A", "lit%0A"): ("valid", set()),
    ("1.0", "a%0Ab%0ac%0Dd", "a\nb\nc\rd"): ("valid", set()),
    ("1.0", "x%2525", "x%25"): ("valid", set()),
    (OLD, "a%0Ab%0d", "a\nb\r"): ("valid", set()),
    (OLD, "x%25y", "x%25y"): ("valid", set()),
    (OLD, "100%", "100%"): ("valid", set()),
    (OLD, "x%7Ey", "x%7Ey"): ("valid", set()),
    # a name that an old tool wrote without encoding
    ("1.0", "100%", "100%"): ("valid", {"manifest.name-not-encoded"}),
    ("1.0", "x%7Ey", "x%7Ey"): ("valid", {"manifest.name-not-encoded"}),
    ("1.0", "x%25y", "x%25y"): ("valid", {"manifest.name-not-encoded"}),
    (OLD, "lit%0A", "lit%0A"): ("valid", {"manifest.name-not-encoded"}),
    # nothing else is decoded
    ("1.0", "x%7Ey", "x~y"): (
        "invalid",
        {"manifest.name-not-encoded", "complete.file-renamed"},
    ),
    (OLD, "x%25y", "x%y"): ("invalid", {"complete.file-renamed"}),
    ("1.0", "%2e%2e", ".x"): (
        "invalid",
        {"manifest.name-not-encoded", "complete.file-renamed"},
    ),
}


@pytest.mark.parametrize(("version", "written", "name"), CODED)
def test_cr_lf_and_percent_are_encoded_and_nothing_else(
    version: str, written: str, name: str, tmp_path: Path
) -> None:
    files = bag_files({f"data/{name}": LETTER}, version=version)
    files["manifest-sha512.txt"] = manifest({f"data/{written}": LETTER})
    assert judge(tmp_path, files) == CODED[version, written, name]


def test_an_unencoded_name_is_not_matched_if_another_line_means_it(tmp_path: Path) -> None:
    files = bag_files({"data/x%25": LETTER})
    files["manifest-sha512.txt"] = manifest({"data/x%25": LETTER, "data/x%2525": LETTER})
    assert judge(tmp_path, files) == ("incomplete", {"complete.file-missing"})


def test_a_backslash_that_md5sum_escaped_is_read_with_a_warning(tmp_path: Path) -> None:
    files = bag_files({"data/a\\b": LETTER, "data/c\nd": LETTER})
    lines = f"\\{SHA}  data/a\\\\b\n\\{SHA}  data/c\\nd\n"
    files["manifest-sha512.txt"] = lines.encode()
    assert judge(tmp_path, files) == ("valid", {"manifest.md5sum-form"})


# §2.2.1 tag manifests


def test_a_tag_manifest_over_all_tag_files_has_no_finding(tmp_path: Path) -> None:
    files = with_tag_manifest(bag_files(extra={"notes/index.json": b"{}"}))
    assert judge(tmp_path, files) == ("valid", set())


def test_a_tag_manifest_must_list_every_payload_manifest(tmp_path: Path) -> None:
    files = with_tag_manifest(bag_files())
    files["tagmanifest-sha512.txt"] = manifest({"bagit.txt": files["bagit.txt"]})
    assert judge(tmp_path, files) == ("invalid", {"tagmanifest.omits-manifest"})


def test_a_tag_manifest_must_not_list_a_tag_manifest(tmp_path: Path) -> None:
    files = with_tag_manifest(bag_files())
    files["tagmanifest-sha256.txt"] = b""
    files["tagmanifest-sha512.txt"] += manifest({"tagmanifest-sha256.txt": b""})
    found = {"tagmanifest.lists-tag-manifest", "tagmanifest.omits-manifest", "tagmanifest.sets-differ"}
    assert judge(tmp_path, files) == ("invalid", found)


def test_a_tag_manifest_must_not_list_payload(tmp_path: Path) -> None:
    files = with_tag_manifest(bag_files())
    files["tagmanifest-sha512.txt"] += manifest({LETTER_NAME: LETTER})
    assert judge(tmp_path, files) == ("invalid", {"tagmanifest.lists-payload"})


def test_a_tag_file_in_no_tag_manifest_is_a_warning(tmp_path: Path) -> None:
    files = with_tag_manifest(bag_files()) | {"notes.txt": b"unguarded", "manifest-x/y.txt": b"no manifest"}
    assert judge(tmp_path, files) == ("valid", {"tagmanifest.unlisted-file"})


def test_tag_manifests_should_list_the_same_files(tmp_path: Path) -> None:
    files = with_tag_manifest(bag_files(extra={"notes.txt": b"n"}))
    files["tagmanifest-sha256.txt"] = manifest(
        {name: files[name] for name in ("bagit.txt", "manifest-sha512.txt")}, "sha256"
    )
    assert judge(tmp_path, files) == ("valid", {"tagmanifest.sets-differ"})


def test_any_listed_tag_file_is_checked(tmp_path: Path) -> None:
    files = with_tag_manifest(bag_files(extra={"metadata/scan.bin": b"\x00\xff"}))
    root = write_bag(tmp_path / "bag", files)
    (root / "metadata" / "scan.bin").write_bytes(b"\x00\xfe")
    assert judged(root) == ("invalid", {"fixity.digest-mismatch"})
    (root / "metadata" / "scan.bin").unlink()
    assert judged(root) == ("incomplete", {"complete.file-missing"})


# §2.2.2 bag-info.txt

INFOS = {
    ("1.0", "Title: A letter\nContact-Name: A\nContact-Name: B\n"): ("valid", set()),
    ("1.0", "Title:\tA letter\n of many\n\twords\n"): ("valid", set()),
    ("1.0", "Test-Tag : 3\n"): ("invalid", {"baginfo.line-malformed"}),
    ("1.0", "Test-Tag:3\n"): ("invalid", {"baginfo.line-malformed"}),
    ("1.0", " Test-Tag: 3\n"): ("invalid", {"baginfo.line-malformed"}),
    ("1.0", ": 3\n"): ("invalid", {"baginfo.line-malformed"}),
    ("1.0", "no label\n  and more of it\n"): ("invalid", {"baginfo.line-malformed"}),
    ("1.0", "Title: A\n\n   \n"): ("valid", {"baginfo.blank-line"}),
    ("1.0", "\n"): ("valid", {"baginfo.blank-line"}),
    ("1.0", "Bagging-Date: 2026-01-01\nbagging-date: 2026-01-02\n"): ("valid", {"baginfo.repeated"}),
    (OLD, "Test-Tag :   3\n\n \t\nBagging-Date: 1\nBagging-Date:2\n"): ("valid", set()),
    (OLD, "no label\n"): ("invalid", {"baginfo.line-malformed"}),
    (OLD, " : 3\n"): ("invalid", {"baginfo.line-malformed"}),
}


@pytest.mark.parametrize(("version", "text"), INFOS)
def test_metadata_is_read_by_the_rules_of_its_version(version: str, text: str, tmp_path: Path) -> None:
    assert judge(tmp_path, bag_files(version=version, info=text)) == INFOS[version, text]


OXUMS = {
    f"Payload-Oxum: {len(LETTER)}.1\n": ("valid", set()),
    f"payload-OXUM: {len(LETTER)}.1\n": ("valid", set()),
    "payload-oxum: 6.1\n": ("invalid", {"oxum.differs"}),
    "Payload-Oxum: 6\n": ("invalid", {"oxum.malformed"}),
    "Payload-Oxum: -\n": ("invalid", {"oxum.malformed"}),
    "Payload-Oxum: \n": ("invalid", {"oxum.malformed"}),
    "Payload-Oxum: ٦.١\n": ("invalid", {"oxum.malformed"}),
    f"Payload-Oxum: {'9' * 5000}.1\n": ("invalid", {"oxum.malformed"}),
    f"Payload-Oxum: {len(LETTER)}.1\nPayload-Oxum: {len(LETTER)}.1\n": ("invalid", {"oxum.repeated"}),
}


@pytest.mark.parametrize("version", [OLD, "1.0"])
@pytest.mark.parametrize("text", OXUMS)
def test_the_oxum_occurs_once_and_is_right(text: str, version: str, tmp_path: Path) -> None:
    assert judge(tmp_path, bag_files(info=text, version=version)) == OXUMS[text]


def test_a_correct_oxum_does_not_make_a_damaged_file_valid(tmp_path: Path) -> None:
    root = write_bag(tmp_path / "bag", bag_files(info=f"Payload-Oxum: {len(LETTER)}.1\n"))
    (root / LETTER_NAME).write_bytes(LETTER.swapcase())
    result = look(root)
    assert (result.verdict["bag"], codes(result)) == ("invalid", ["fixity.digest-mismatch"])
    assert "data/letter.txt (manifest-sha512.txt line 1)" in result.findings[0].message


# §2.2.3 fetch.txt


def holey(line: str, version: str = "1.0") -> Files:
    """Make a bag of two letters, the second of which is to be fetched."""
    files = bag_files(
        {LETTER_NAME: LETTER, "data/b": b"b"}, version=version, extra={"fetch.txt": line.encode()}
    )
    del files["data/b"]
    return files


FETCHES = {
    "https://example.org/b 1 data/b\n": ("incomplete", {"complete.to-fetch"}),
    "https://example.org/b%20c?d=e&f=(g) - data/b\n": ("incomplete", {"complete.to-fetch"}),
    "ark:/57799/b 1 data/b": ("incomplete", {"complete.to-fetch"}),
    "doi:10.1/b\t1\t data/b\r\n": ("incomplete", {"complete.to-fetch"}),
    f"https://example.org/b {'9' * 25} data/b\n": ("incomplete", {"complete.to-fetch"}),
    "https://example.org/b 1 ./data/b\n": ("incomplete", {"complete.to-fetch", "manifest.md5sum-form"}),
    "//example.org/b 1 data/b\n": ("invalid", {"fetch.url-malformed", "complete.file-missing"}),
    "b.txt 1 data/b\n": ("invalid", {"fetch.url-malformed", "complete.file-missing"}),
    "https://example.org/é 1 data/b\n": ("invalid", {"fetch.url-malformed", "complete.file-missing"}),
    "https://example.org/100% 1 data/b\n": ("invalid", {"fetch.url-malformed", "complete.file-missing"}),
    "https://example.org/b#part 1 data/b\n": ("invalid", {"fetch.url-malformed", "complete.file-missing"}),
    "https://example.org/b c 1 data/b\n": ("invalid", {"fetch.url-malformed", "complete.file-missing"}),
    "https://example.org/b\t2 c - data/b\n": ("invalid", {"fetch.url-malformed", "complete.file-missing"}),
    "https://example.org/b abc data/b\n": ("invalid", {"fetch.length-malformed", "complete.file-missing"}),
    "https://example.org/b -1 data/b\n": ("invalid", {"fetch.length-malformed", "complete.file-missing"}),
    "https://example.org/b data/b\n": ("invalid", {"fetch.line-malformed", "complete.file-missing"}),
    "\n": ("invalid", {"fetch.line-malformed", "complete.file-missing"}),
    "https://example.org/b 1 data/b\n\n": ("invalid", {"fetch.line-malformed", "complete.to-fetch"}),
    "https://example.org/b 1 bag-info.txt\n": ("invalid", {"fetch.not-payload", "complete.file-missing"}),
    "https://example.org/b 1 data//b\n": ("invalid", {"fetch.line-malformed", "complete.file-missing"}),
    "https://example.org/b 1 ../b\n": ("invalid", {"fetch.unsafe-path", "complete.file-missing"}),
    "https://example.org/b 1 /etc/passwd\n": ("invalid", {"fetch.unsafe-path", "complete.file-missing"}),
    "https://example.org/b 1 data/c\n": ("invalid", {"fetch.not-in-manifest", "complete.file-missing"}),
}


@pytest.mark.parametrize("line", FETCHES)
def test_a_line_of_fetch_txt_is_a_uri_a_length_and_a_payload_path(line: str, tmp_path: Path) -> None:
    assert judge(tmp_path, holey(line)) == FETCHES[line]


def test_a_fetched_file_is_not_a_hole(tmp_path: Path) -> None:
    files = holey("https://example.org/b 1 data/b\n") | {"data/b": b"b"}
    assert judge(tmp_path, files) == ("valid", set())


def test_files_to_be_fetched_are_counted(tmp_path: Path) -> None:
    lines = "".join(f"https://example.org/{i} - data/{i}\n" for i in range(3))
    files = bag_files({f"data/{i}": LETTER for i in range(4)}, algorithms=("sha256", "sha512"))
    files |= {"fetch.txt": lines.encode(), "bag-info.txt": b"Payload-Oxum: %d.4\n" % (4 * len(LETTER))}
    for i in range(3):
        del files[f"data/{i}"]
    result = look(write_bag(tmp_path / "bag", files))
    holes = [f.message for f in result.findings if f.code == "complete.to-fetch"]
    assert result.verdict["bag"] == "incomplete"
    assert holes == [f"data/{i} is to be fetched ({i + 1} of 3)" for i in range(3)]


@pytest.mark.parametrize(
    ("version", "expected"),
    [("1.0", ("invalid", {"fetch.not-in-manifest"})), (OLD, ("incomplete", set()))],
)
def test_a_file_to_be_fetched_is_listed_in_every_manifest_since_10(
    version: str, expected: tuple[str, set[str]], tmp_path: Path
) -> None:
    files = holey("https://example.org/b 1 data/b\n", version)
    files["manifest-sha256.txt"] = manifest({LETTER_NAME: LETTER}, "sha256")
    assert judge(tmp_path, files) == (expected[0], {"complete.to-fetch"} | expected[1])


# §2.3 text tag files


@pytest.mark.parametrize("name", ["UTF-8", "utf-8", "UTF-16LE"])
@pytest.mark.parametrize("file", ["manifest-sha512.txt", "bag-info.txt", "fetch.txt"])
def test_a_mark_that_the_encoding_does_not_need_is_refused(name: str, file: str, tmp_path: Path) -> None:
    text = {"manifest-sha512.txt": f"{SHA}  {LETTER_NAME}\n", "bag-info.txt": "Title: A\n", "fetch.txt": ""}
    files = bag_files(extra={"bagit.txt": V1 + f"Tag-File-Character-Encoding: {name}\n".encode()})
    files |= {n: t.encode(name) for n, t in text.items()}
    files[file] = ("\ufeff" + text[file]).encode(name)
    assert judge(tmp_path, files) == ("invalid", {"bag.tag-file-bom"})


def test_a_tag_file_that_is_not_in_the_declared_encoding_is_refused(tmp_path: Path) -> None:
    files = bag_files(extra={"bag-info.txt": "Title: café\n".encode("iso-8859-1")})
    result = look(write_bag(tmp_path / "bag", files))
    assert (result.verdict["bag"], codes(result)) == ("invalid", ["bag.tag-file-encoding"])
    assert "byte 11 is not UTF-8: found 0xe9" in result.findings[0].message


def test_a_broken_utf_16_tag_file_is_refused_and_the_rest_of_it_read(tmp_path: Path) -> None:
    files = bag_files(extra={"bagit.txt": V1 + b"Tag-File-Character-Encoding: UTF-16\n"})
    files["manifest-sha512.txt"] = files["manifest-sha512.txt"].decode().encode("utf-16") + b"\n"
    verdict, found = judge(tmp_path, files)
    assert verdict == "invalid"
    assert "bag.tag-file-encoding" in found


# §2.4 algorithms


@pytest.mark.parametrize("algorithm", ["md5", "sha1", "sha224", "sha256", "sha384", "sha512"])
def test_a_damaged_file_is_found_by_every_algorithm(algorithm: str, tmp_path: Path) -> None:
    root = write_bag(tmp_path / "bag", bag_files(algorithms=(algorithm,)))
    assert judged(root) == ("valid", set())
    (root / LETTER_NAME).write_bytes(LETTER + b" ")
    assert judged(root) == ("invalid", {"fixity.digest-mismatch"})


def test_a_bag_with_weak_digests_only_has_a_finding(tmp_path: Path) -> None:
    result = look(write_bag(tmp_path / "bag", bag_files(algorithms=("md5", "sha1"))))
    assert [f.code for f in result.findings] == ["manifest.weak-algorithm"]


# §6.1 names that some systems treat as equal


@pytest.mark.parametrize(("listed", "disk"), [(NFC, NFD), (NFD, NFC)])
def test_a_name_in_another_unicode_form_is_the_same_name(listed: str, disk: str, tmp_path: Path) -> None:
    files = bag_files({disk: LETTER}) | {"manifest-sha512.txt": manifest({listed: LETTER})}
    root = write_bag(tmp_path / "bag", files)
    assert judged(root) == ("valid", {"name.unicode-form"})
    (root / disk).write_bytes(b"damaged")
    assert judged(root) == ("invalid", {"name.unicode-form", "fixity.digest-mismatch"})


def test_two_manifests_can_write_one_name_in_two_forms(tmp_path: Path) -> None:
    files = bag_files({NFC: LETTER})
    files["manifest-sha256.txt"] = manifest({NFD: LETTER}, "sha256")
    assert judge(tmp_path, files) == ("valid", {"name.unicode-form"})


def test_an_unlisted_twin_is_found(tmp_path: Path) -> None:
    files = bag_files({NFC: LETTER}, extra={NFD: b"another"})
    assert judge(tmp_path, files) == ("invalid", {"name.unicode-twins", "complete.file-unlisted"})


def test_twins_are_refused_even_if_both_are_listed_and_a_damaged_one_is_found(tmp_path: Path) -> None:
    root = write_bag(tmp_path / "bag", bag_files({NFC: LETTER, NFD: LETTER}))
    assert judged(root) == ("invalid", {"name.unicode-twins"})
    (root / NFD).write_bytes(b"damaged")
    assert judged(root) == ("invalid", {"name.unicode-twins", "fixity.digest-mismatch"})


def test_listed_twins_are_found_even_if_only_one_exists(tmp_path: Path) -> None:
    files = bag_files({NFC: LETTER, NFD: LETTER})
    del files[NFD]
    assert judge(tmp_path, files) == ("invalid", {"name.unicode-twins", "complete.file-missing"})


def test_names_that_differ_by_case_are_a_warning(tmp_path: Path) -> None:
    files = bag_files({"data/Letter.txt": LETTER, "data/letter.TXT": LETTER})
    assert judge(tmp_path, files) == ("valid", {"name.case-twins"})


def test_case_twins_on_disk_are_reported_once_even_if_another_listed_file_is_missing(tmp_path: Path) -> None:
    files = bag_files({"data/Letter.txt": LETTER, "data/letter.TXT": LETTER, "data/gone": LETTER})
    del files["data/gone"]
    result = look(write_bag(tmp_path / "bag", files))
    assert sorted(codes(result)) == ["complete.file-missing", "name.case-twins"]


def test_a_name_in_another_form_does_not_hide_a_missing_file(tmp_path: Path) -> None:
    files = bag_files({NFC: LETTER}) | {"manifest-sha512.txt": manifest({NFD: LETTER, "data/b": LETTER})}
    assert judge(tmp_path, files) == ("incomplete", {"name.unicode-form", "complete.file-missing"})
