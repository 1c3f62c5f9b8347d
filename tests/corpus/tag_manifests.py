"""Tag manifests: the files that they must, must not and should list."""

from __future__ import annotations

from pathlib import Path

from corpus.case import SHA, TAG_MANIFEST, Case, incomplete, legal, then, tolerated, writes, wrong
from unit.bagit.bag_builders import LETTER, LETTER_NAME, bag_files, manifest, with_tag_manifest

_NOTES = with_tag_manifest(bag_files(extra={"notes/index.json": b"{}"}))
_PLAIN = with_tag_manifest(bag_files())
_SHA256 = with_tag_manifest(bag_files(), "sha256")["tagmanifest-sha256.txt"]
_LISTED = "A listed tag file is checked, whatever its content."
_SHOULD = "A tag manifest should list every tag file."


def _add_line(path: str, data: bytes) -> dict[str, bytes]:
    return _PLAIN | {TAG_MANIFEST: _PLAIN[TAG_MANIFEST] + manifest({path: data})}


def _change_notes(root: Path) -> None:
    (root / "notes" / "index.json").write_bytes(b"[]")


# fmt: off
CASES: tuple[Case, ...] = (
    legal("tag-manifest-of-all-tag-files", _SHOULD, "§2.2.1", writes(_NOTES), "valid"),
    legal("tag-manifest-absent", "A bag needs no tag manifest.", "§2.2.1",
          writes(bag_files(extra={"notes.txt": b"n"})), "valid"),
    wrong("tag-manifest-omits-a-payload-manifest", "A tag manifest lists every payload manifest.", "§2.2.1",
          writes(_PLAIN | {TAG_MANIFEST: manifest({"bagit.txt": _PLAIN["bagit.txt"]})}),
          "tagmanifest.omits-manifest", "valid"),
    wrong("tag-manifest-empty", "A tag manifest lists every payload manifest.", "§2.2.1",
          writes(_PLAIN | {TAG_MANIFEST: b""}), "tagmanifest.omits-manifest tagmanifest.unlisted-file",
          "valid"),
    wrong("tag-manifest-lists-a-tag-manifest", "A tag manifest lists no tag manifest.", "§2.2.1",
          writes(_add_line("tagmanifest-sha256.txt", _SHA256) | {"tagmanifest-sha256.txt": _SHA256}),
          "tagmanifest.lists-tag-manifest", "valid"),
    wrong("tag-manifest-lists-payload", "A tag manifest lists nothing below data/.", "§2.2.1",
          writes(_add_line(LETTER_NAME, LETTER)), "tagmanifest.lists-payload", "invalid"),
    wrong("tag-manifest-lists-a-file-twice", "A tag manifest lists a file once.", "§2.2.1",
          writes(_add_line("bagit.txt", _PLAIN["bagit.txt"])), "manifest.listed-twice", "invalid"),
    wrong("tag-file-changed", _LISTED, "§2.2.4", then(_NOTES, _change_notes), "fixity.digest-mismatch",
          "invalid"),
    incomplete("tag-file-gone", "Every file that a tag manifest lists exists.", "§3",
               then(_NOTES, lambda root: (root / "notes" / "index.json").unlink()),
               "complete.file-missing", "invalid"),
    wrong("tag-manifest-digest-too-short", "A tag manifest has the form of a payload manifest.", "§2.2.1",
          writes(_PLAIN | {TAG_MANIFEST: _PLAIN[TAG_MANIFEST].replace(SHA[:1].encode(), b"", 1)}),
          "manifest.digest-malformed", "invalid"),
    tolerated("tag-file-in-no-tag-manifest", _SHOULD, "§2.2.1", writes(_PLAIN | {"notes.txt": b"n"}),
              "tagmanifest.unlisted-file", "valid"),
    tolerated("tag-file-in-one-of-two-tag-manifests", "Each tag manifest should list the same files.",
              "§2.2.1",
              writes(_NOTES | {"tagmanifest-sha256.txt": _SHA256}),
              "tagmanifest.sets-differ", "valid"),
    tolerated("tag-manifest-of-an-unknown-algorithm", "Its digests cannot be checked, which is reported.",
              "§2.4",
              writes(bag_files(extra={"tagmanifest-crc32.txt": b"00  bagit.txt\n00  manifest-sha512.txt\n"})),
              "manifest.algorithm-unknown", "valid"),
)
# fmt: on
