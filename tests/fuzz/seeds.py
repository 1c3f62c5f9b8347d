"""The good bags from which cases start: versions, algorithms, encodings, holes, tag files."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from archtool.openssh.trust_files.allowed_signers import AllowedSigners
from archtool.operations.trust.trust_request import TrustRequest
from fuzz.folder import Folders
from packages import make_package, tree_bytes, write_allowed_signers
from unit.bagit.bag_builders import Files, bag_files, manifest, with_tag_manifest

_TAGS = "tagmanifest-sha512.txt"
_PAYLOAD = {"data/a": b"a", "data/box/letter.txt": b"Dear friend\n", "data/empty": b""}
_ODD = {
    "data/Tchécoslovaquie.txt": b"1",
    "data/100%25": b"2",
    "data/a\nb\rc": b"3",
    "data/to  the sections ": b"4",
    "data/one\u2028two\x85three": b"5",
    "data/letter": b"6",
    "data/LETTER": b"6",
}
_INFO = "Title: A letter\n  of many\nContact-Name: A\nContact-Name: B\nPayload-Oxum: 13.3\n"


@dataclass(frozen=True, slots=True)
class Seed:
    """A bag to start from; `is_signed` if trust is checked too."""

    name: str
    items: Folders
    is_signed: bool = False


def _encoded(files: Files, encoding: str) -> Files:
    texts = {n: d.decode().encode(encoding) for n, d in files.items() if "/" not in n and n != "bagit.txt"}
    declaration = f"BagIt-Version: 1.0\nTag-File-Character-Encoding: {encoding}\n".encode()
    return files | texts | {"bagit.txt": declaration}


def _utf_16() -> Files:
    files = with_tag_manifest(_encoded(bag_files(_PAYLOAD, info=_INFO), "UTF-16"))
    return files | {_TAGS: files[_TAGS].decode().encode("UTF-16")}


def _unusual_names() -> Files:
    written = {n.replace("%", "%25").replace("\n", "%0A").replace("\r", "%0d"): d for n, d in _ODD.items()}
    files = bag_files(_ODD) | {"manifest-sha512.txt": manifest(written)}
    return with_tag_manifest(files)


def _holey(version: str) -> Files:
    files = bag_files(_PAYLOAD, version=version, algorithms=("sha256", "sha512"), info=_INFO)
    files["fetch.txt"] = b"https://example.org/a 1 data/a\nark:/1/b - data/box/letter.txt\n"
    del files["data/a"]
    return files


def _plain() -> dict[str, Files]:
    tags = {"notes/index.json": b"{}", "notes.txt": b"n"}
    drafts = ("0.93", "0.94", "0.95", "0.96", "0.97")
    every = ("md5", "sha1", "sha256", "sha512")
    return {
        "1.0": with_tag_manifest(bag_files(_PAYLOAD, info=_INFO, extra=tags)),
        "1.0, no tag manifest": bag_files(_PAYLOAD, info=_INFO),
        "1.0, four algorithms": bag_files(_PAYLOAD, algorithms=every, info=_INFO),
        "1.0, an unknown algorithm": bag_files({"data/a": b"a"}, extra={"manifest-x1.txt": b"00  data/a\n"}),
        "1.0, odd names": _unusual_names(),
        "1.0, two tag manifests": with_tag_manifest(with_tag_manifest(bag_files(_PAYLOAD)), "sha256"),
        "1.0, empty": with_tag_manifest(bag_files({"data/.keep": b""})),
        "1.0, UTF-16": _utf_16(),
        "1.0, ISO-8859-1": _encoded(bag_files({"data/café": b"1"}, info="Title: é\n"), "ISO-8859-1"),
        "1.0, holes": with_tag_manifest(_holey("1.0")),
        "0.97, holes": _holey("0.97"),
        **{v: with_tag_manifest(bag_files(_PAYLOAD, version=v)) for v in drafts},
    }


def _signed() -> tuple[Seed, TrustRequest]:
    with tempfile.TemporaryDirectory() as folder:
        items: Folders = dict(tree_bytes(make_package(Path(folder))))
        listed = write_allowed_signers(Path(folder), "archivist@example.org")
        trust = TrustRequest(AllowedSigners.parse(listed.read_text(), listed.name))
    return Seed("a signed package", items, is_signed=True), trust


@cache
def signed_seed() -> tuple[Seed, TrustRequest]:
    """Return a signed package of archtool's own, with its allowed_signers file."""
    return _signed()


@cache
def seeds() -> tuple[Seed, ...]:
    """Return all seeds; the signed one takes far longer to verify, and is used rarely."""
    return tuple(Seed(name, dict(files)) for name, files in _plain().items())
