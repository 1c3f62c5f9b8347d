"""The drafts before 1.0 by their own rules, and versions that do not exist."""

from __future__ import annotations

from pathlib import Path

from corpus.case import (
    LISTED,
    MANIFEST,
    OLD,
    TAG_MANIFEST,
    UTF8,
    Case,
    legal,
    then,
    tolerated,
    with_manifest,
    writes,
    wrong,
)
from unit.bagit.bag_builders import LETTER, LETTER_NAME, Files, bag_files, digest, manifest, with_tag_manifest

DRAFTS = ("0.93", "0.94", "0.95", "0.96", "0.97")
_UNKNOWN = "An unknown version has its own finding and is never valid."
_INFO = "The metadata file was called package-info.txt up to 0.95, and bag-info.txt from 0.96."
_INFO_NAMES = {"0.94": "package-info.txt", "0.95": "package-info.txt", "0.96": "bag-info.txt"}


def _half_listed(version: str) -> Files:
    files = bag_files({"data/a": b"a", "data/b": b"b"}, version=version, algorithms=("sha256", "sha512"))
    return files | {"manifest-sha256.txt": manifest({"data/a": b"a"}, "sha256")}


def _declares(version: str) -> Files:
    return bag_files(extra={"bagit.txt": f"BagIt-Version: {version}\n".encode() + UTF8})


def _lists_declaration(version: str) -> Files:
    files = bag_files(version=version)
    return files | {MANIFEST: LISTED.encode() + manifest({"bagit.txt": files["bagit.txt"]})}


def _tag_manifest_without(version: str, name: str) -> Files:
    files = bag_files(version=version)
    listed = {path: data for path, data in files.items() if path != name and not path.startswith("data/")}
    return files | {TAG_MANIFEST: manifest(listed)}


def _change_declaration(root: Path) -> None:
    (root / "bagit.txt").write_bytes((root / "bagit.txt").read_bytes().replace(b"\n", b"\r\n"))


# fmt: off
CASES: tuple[Case, ...] = (
    *(legal(f"version-{draft}", f"A bag of {draft} is read by the rules of {draft}.", "§3",
            writes(bag_files(version=draft)), "valid") for draft in DRAFTS),
    wrong("version-0.98", _UNKNOWN, "§2.1.1", writes(_declares("0.98")), "declaration.version-unknown",
          "valid"),
    wrong("version-1.7", _UNKNOWN, "§2.1.1", writes(_declares("1.7")), "declaration.version-unknown",
          "valid"),
    wrong("version-2.0", _UNKNOWN, "§2.1.1", writes(_declares("2.0")), "declaration.version-unknown",
          "invalid"),
    wrong("version-0.92", _UNKNOWN, "§2.1.1", writes(_declares("0.92")), "declaration.version-unknown",
          "invalid"),
    wrong("version-01.0", "A version has no leading zeros.", "§2.1.1", writes(_declares("01.0")),
          "declaration.malformed", "valid"),
    *(wrong(f"version-{draft}-oxum-wrong", _INFO, f"draft {draft}",
            writes(bag_files(version=draft, extra={name: b"Payload-Oxum: 1.1\n"})), "oxum.differs", "invalid")
      for draft, name in _INFO_NAMES.items()),
    *(legal(f"version-{draft}-other-file-not-read", _INFO, f"draft {draft}",
            writes(bag_files(version=draft, extra={name: b"Payload-Oxum: 1.1\n"})), "valid")
      for draft, name in (("0.95", "bag-info.txt"), ("0.96", "package-info.txt"))),
    legal("version-0.97-free-blanks-in-bagit-txt", "Before 1.0 blanks in bagit.txt were free.", "draft 0.97",
          writes(bag_files(extra={"bagit.txt": b"BagIt-Version :  0.97 \n" + UTF8.replace(b": ", b":")})),
          "valid"),
    *(legal(f"version-{draft}-one-manifest-of-two", "Before 1.0 a file in one manifest was enough.", "§3",
            writes(_half_listed(draft)), "valid", notes="manifest.omits-file") for draft in ("0.93", OLD)),
    tolerated("version-0.97-file-listed-twice", "Before 1.0 a line could be repeated.", "§2.1.3",
              with_manifest(LISTED * 2, version=OLD), "manifest.repeated-line", "valid"),
    wrong("version-0.97-file-with-two-digests",
          "Two digests of one file contradict each other in any version.",
          "§2.1.3", with_manifest(LISTED + f"{digest(b'other')}  {LETTER_NAME}\n", version=OLD),
          "manifest.contradiction fixity.digest-mismatch", "invalid"),
    tolerated("version-0.97-tag-file-listed-as-payload",
              "Before 1.0 a payload manifest could list a tag file.",
              "§2.1.3", writes(_lists_declaration(OLD)), "manifest.lists-tag-file", "valid"),
    wrong("version-0.97-tag-file-listed-as-payload-and-changed", "A listed file is checked.", "§3",
          then(_lists_declaration(OLD), _change_declaration),
          "manifest.lists-tag-file fixity.digest-mismatch", "invalid"),
    *(legal(f"version-{draft}-tag-manifest-omits-a-manifest",
            "Before 1.0 a tag manifest need not list every payload manifest.", "§2.2.1",
            writes(_tag_manifest_without(draft, MANIFEST)), "valid", notes="tagmanifest.omits-manifest")
      for draft in DRAFTS),
    legal("version-0.97-tag-manifest-omits-bagit.txt", "Before 1.0 tag files could be unlisted.", "§2.2.1",
          writes(_tag_manifest_without(OLD, "bagit.txt")), "valid", notes="tagmanifest.unlisted-file"),
    wrong("version-0.96-tag-file-changed", "A tag manifest is checked in every version.", "§3",
          then(with_tag_manifest(bag_files(version="0.96")), _change_declaration),
          "fixity.digest-mismatch", "valid"),
    wrong("version-0.97-file-under-an-unknown-algorithm-alone",
          "A file that cannot be compared makes the bag invalid.", "§3",
          writes(bag_files(version=OLD, extra={"data/b": b"b", "manifest-crc32.txt": b"71beeff9  data/b\n"})),
          "manifest.algorithm-unknown manifest.omits-file fixity.not-checked", "invalid"),
    wrong("version-0.97-file-listed-nowhere", "In every version each payload file is listed.", "§3",
          writes(bag_files({LETTER_NAME: LETTER}, version=OLD, extra={"data/stray": b""})),
          "complete.file-unlisted", "invalid"),
)
# fmt: on
