"""Payload manifests: their names, their lines, and what they list."""

from __future__ import annotations

from pathlib import Path

from corpus.case import (
    LISTED,
    MANIFEST,
    SHA,
    Case,
    incomplete,
    legal,
    then,
    tolerated,
    with_manifest,
    writes,
    wrong,
)
from unit.bagit.bag_builders import LETTER, LETTER_NAME, Files, bag_files, digest, manifest

_NAME = "A manifest's file name is lower case, letters and digits."
_ALL = "Every payload manifest lists every payload file."
_ONCE = "A manifest lists a file once."
_PAYLOAD = "A payload manifest lists nothing outside data/."
_HEX = "A digest is hexadecimal, with the length of its algorithm."
_LINE = "A line is a digest, blanks and a path."
_FILES = "A manifest lists files, never folders."
_SAME = "Every file agrees with each of its digests."
_OPEN = "Any algorithm may be used."
_SILENT = "An algorithm that cannot be computed is always reported."
_MD5SUM = "The output forms of md5sum and find may be accepted, with a warning."
_TWO = bag_files({"data/a": b"a", "data/b": b"b"}, algorithms=("sha256", "sha512"))


def _named(name: str, algorithm: str = "sha512") -> Files:
    files = bag_files(algorithms=(algorithm,))
    return files | {name: files.pop(f"manifest-{algorithm}.txt")}


def _change(root: Path) -> None:
    (root / LETTER_NAME).write_bytes(LETTER.swapcase())


def _swap(root: Path) -> None:
    (root / "data" / "a").write_bytes(b"b")
    (root / "data" / "b").write_bytes(b"a")


# fmt: off
CASES: tuple[Case, ...] = (
    wrong("manifest-missing", "A bag has at least one payload manifest.", "§2.1.3",
          writes(bag_files(algorithms=())), "manifest.none", "invalid"),
    wrong("manifest-name-in-capitals", _NAME, "§2.4", writes(_named("manifest-SHA512.txt")),
          "manifest.name", "invalid"),
    wrong("manifest-name-with-a-hyphen", _NAME, "§2.4", writes(_named("manifest-sha-512.txt")),
          "manifest.name", "invalid"),
    wrong("manifest-beside-one-with-a-wrong-name", _NAME, "§2.4",
          writes(bag_files(extra={"manifest-SHA256.txt": b"rubbish\n"})),
          "manifest.name manifest.line-malformed complete.file-unlisted", "valid"),
    wrong("manifest-name-of-shake-with-underscore", _NAME, "§2.4",
          writes(bag_files(extra={"manifest-shake_128.txt": f"00ff  {LETTER_NAME}\n".encode()})),
          "manifest.name manifest.algorithm-unknown", "crashes"),
    Case("manifests-without-number", "The number of manifests is limited.", "archtool's limit",
         writes(bag_files(extra={f"manifest-{i:03}.txt": b"00  data/letter.txt\n" for i in range(100)})),
         "invalid",
         frozenset(["manifest.too-many", "manifest.algorithm-unknown", "manifest.no-known-algorithm"]),
         "valid", exit_code=3),

    wrong("file-listed-nowhere", _ALL, "§2.1.3", writes(bag_files(extra={"data/stray": b""})),
          "complete.file-unlisted", "invalid"),
    wrong("file-listed-in-one-of-two-manifests", _ALL, "§2.1.3",
          writes(_TWO | {"manifest-sha256.txt": manifest({"data/a": b"a"}, "sha256")}),
          "complete.file-unlisted", "valid"),
    incomplete("file-listed-and-not-there", "Every listed file exists.", "§3",
               with_manifest(LISTED + f"{SHA}  data/gone.txt\n"), "complete.file-missing", "invalid"),
    wrong("file-listed-twice", _ONCE, "§2.1.3", with_manifest(LISTED * 2), "manifest.listed-twice",
          "invalid"),
    wrong("file-listed-with-two-digests", _ONCE, "§2.1.3",
          with_manifest(LISTED + f"{digest(b'other')}  {LETTER_NAME}\n"),
          "manifest.contradiction fixity.digest-mismatch", "invalid"),
    wrong("tag-file-listed-as-payload", _PAYLOAD, "§2.1.3",
          with_manifest(LISTED.encode() + manifest({"bagit.txt": bag_files()["bagit.txt"]})),
          "manifest.not-payload", "valid"),
    wrong("folder-listed", _FILES, "§2.1.3",
          with_manifest(f"{SHA}  data/box/letter.txt\n{SHA}  data/box\n", {"data/box/letter.txt": LETTER}),
          "manifest.lists-folder", "invalid"),
    wrong("folder-listed-with-a-slash", _FILES, "§2.1.3",
          with_manifest(f"{SHA}  data/box/letter.txt\n{SHA}  data/box/\n", {"data/box/letter.txt": LETTER}),
          "manifest.lists-folder", "invalid"),

    wrong("file-changed", _SAME, "§3", then(bag_files(), _change), "fixity.digest-mismatch", "invalid"),
    wrong("file-changed-under-one-of-two-algorithms", _SAME, "§3",
          writes(_TWO | {"manifest-sha256.txt": manifest({"data/a": b"x", "data/b": b"b"}, "sha256")}),
          "fixity.digest-mismatch", "invalid"),
    wrong("file-changed-though-the-oxum-is-right", "A right Payload-Oxum proves nothing.", "§2.2.2",
          then(bag_files(info=f"Payload-Oxum: {len(LETTER)}.1\n"), _change), "fixity.digest-mismatch",
          "invalid"),
    wrong("files-swapped", _SAME, "§3", then(_TWO, _swap), "fixity.digest-mismatch", "invalid"),
    wrong("file-emptied", _SAME, "§3", then(bag_files(), lambda root: (root / LETTER_NAME).write_bytes(b"")),
          "fixity.digest-mismatch", "invalid"),

    legal("digest-in-capitals", "Hexadecimal digits may have either case.", "§2.1.3",
          with_manifest(f"{SHA.upper()}  {LETTER_NAME}\n"), "valid"),
    wrong("digest-too-short", _HEX, "§2.1.3", with_manifest(f"{SHA[:-1]}  {LETTER_NAME}\n"),
          "manifest.digest-malformed", "invalid"),
    wrong("digest-of-another-algorithm", _HEX, "§2.1.3",
          with_manifest(f"{digest(LETTER, 'sha256')}  {LETTER_NAME}\n"), "manifest.digest-malformed",
          "invalid"),
    wrong("digest-not-hexadecimal", _HEX, "§2.1.3", with_manifest(f"{'g' * 128}  {LETTER_NAME}\n"),
          "manifest.digest-malformed", "invalid"),
    legal("line-with-one-space", "One or more spaces or tabs precede the path.", "§2.1.3",
          with_manifest(f"{SHA} {LETTER_NAME}\n"), "valid"),
    legal("line-with-tabs", "One or more spaces or tabs precede the path.", "§2.1.3",
          with_manifest(f"{SHA}\t \t{LETTER_NAME}\n"), "valid"),
    legal("lines-end-with-cr", "A line ends at CR, LF or CRLF.", "§2.3",
          writes(_TWO | {MANIFEST: _TWO[MANIFEST].replace(b"\n", b"\r")}), "valid"),
    legal("lines-end-with-crlf", "A line ends at CR, LF or CRLF.", "§2.3",
          writes(_TWO | {MANIFEST: _TWO[MANIFEST].replace(b"\n", b"\r\n")}), "valid"),
    legal("last-line-without-end", "The last line need not have an end.", "§2.3",
          with_manifest(LISTED.rstrip()),
          "valid"),
    wrong("line-empty", _LINE, "§2.1.3", with_manifest(LISTED + "\n"), "manifest.line-malformed", "valid"),
    wrong("line-is-a-comment", _LINE, "§2.1.3", with_manifest("# by hand\n" + LISTED),
          "manifest.digest-malformed manifest.not-payload complete.file-missing", "valid"),
    wrong("line-is-a-digest-alone", _LINE, "§2.1.3", with_manifest(LISTED + SHA + "\n"),
          "manifest.line-malformed", "valid"),
    wrong("path-with-an-empty-part", "A path is written in its shortest form.", "§2.1.3",
          with_manifest(f"{SHA}  data//letter.txt\n"), "manifest.path-malformed complete.file-unlisted",
          "valid"),
    wrong("path-with-a-nul", "A path is written in its shortest form.", "§2.1.3",
          with_manifest(LISTED + f"{SHA}  data/\0\n"), "manifest.path-malformed", "crashes"),
    Case("line-without-end", "A path has at most 128 Ki characters; longer ones cannot be opened.",
         "archtool's limit",
         with_manifest(LISTED + f"{SHA}  data/{'x' * 140_000}\n"), "unreadable",
         frozenset(["bag.line-too-long"]),
         "invalid", exit_code=3),

    tolerated("path-after-a-star", _MD5SUM, "§6.1.3", with_manifest(f"{SHA} *{LETTER_NAME}\n"),
              "manifest.md5sum-form", "valid"),
    tolerated("path-after-dot-slash", _MD5SUM, "§6.1.3", with_manifest(f"{SHA}  ./{LETTER_NAME}\n"),
              "manifest.md5sum-form", "valid"),
    tolerated("digest-after-a-backslash", _MD5SUM, "§6.1.3",
              with_manifest(f"\\{SHA}  data/a\\\\b\n", {"data/a\\b": LETTER}), "manifest.md5sum-form",
              "invalid"),

    tolerated("algorithm-unknown-beside-a-known-one", _SILENT, "§2.4",
              writes(bag_files(extra={"manifest-crc32.txt": f"deadbeef  {LETTER_NAME}\n".encode()})),
              "manifest.algorithm-unknown", "valid"),
    wrong("algorithm-unknown-and-no-other", _SILENT, "§2.4",
          writes(bag_files(algorithms=(),
          extra={"manifest-crc32.txt": f"deadbeef  {LETTER_NAME}\n".encode()})),
          "manifest.algorithm-unknown manifest.no-known-algorithm", "invalid"),
    wrong("algorithm-unknown-and-its-manifest-rubbish", _SILENT, "§2.4",
          writes(bag_files(extra={"manifest-crc32.txt": f"what?  {LETTER_NAME}\n".encode()})),
          "manifest.algorithm-unknown manifest.digest-malformed", "valid"),
    legal("algorithm-md5-alone", "MD5 and SHA-1 are accepted; they detect accidental damage only.", "§2.4",
          writes(bag_files(algorithms=("md5",))), "valid", notes="manifest.weak-algorithm"),
    legal("algorithm-sha3", _OPEN, "§2.4", writes(_named("manifest-sha3256.txt", "sha256")
          | {"manifest-sha3256.txt": manifest({LETTER_NAME: LETTER}, "sha3_256")}), "invalid"),
    legal("algorithms-sha224-and-sha384", _OPEN, "§2.4", writes(bag_files(algorithms=("sha224", "sha384"))),
          "valid"),
)
# fmt: on
