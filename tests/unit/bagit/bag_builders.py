"""Bags for tests: built as a dictionary of files, changed, written to disk and verified."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path

from archtool.files.workers.concurrency import Concurrency
from archtool.operations.trust.trust_request import TrustRequest
from archtool.operations.verify.verify import VerifyRequest, verify
from archtool.results import Result

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
LETTER = b"Dear friend, the archive is safe.\n"
LETTER_NAME = "data/letter.txt"
Files = dict[str, bytes]


def digest(data: bytes, algorithm: str = "sha512") -> str:
    return hashlib.new(algorithm, data).hexdigest()


def manifest(entries: Mapping[str, bytes], algorithm: str = "sha512") -> bytes:
    """Return a manifest; the names are written without encoding."""
    lines = (f"{digest(data, algorithm)}  {name}\n" for name, data in entries.items())
    return "".join(lines).encode("utf-8", "surrogateescape")


def bag_files(
    payload: Mapping[str, bytes] | None = None,
    *,
    version: str = "1.0",
    algorithms: Iterable[str] = ("sha512",),
    info: str | None = None,
    extra: Mapping[str, bytes] | None = None,
) -> Files:
    """Return all files of a valid bag, without tag manifests."""
    kept = {LETTER_NAME: LETTER} if payload is None else dict(payload)
    files: Files = {
        "bagit.txt": f"BagIt-Version: {version}\nTag-File-Character-Encoding: UTF-8\n".encode(),
        **kept,
    }
    for algorithm in algorithms:
        files[f"manifest-{algorithm}.txt"] = manifest(kept, algorithm)
    if info is not None:
        files["bag-info.txt"] = info.encode()
    return files | dict(extra or {})


def with_tag_manifest(files: Files, algorithm: str = "sha512") -> Files:
    """Return the bag with a tag manifest of all its tag files."""
    tags = {
        name: data
        for name, data in files.items()
        if not name.startswith("data/") and not name.startswith("tagmanifest-")
    }
    return files | {f"tagmanifest-{algorithm}.txt": manifest(tags, algorithm)}


def in_utf_16(files: Files) -> Files:
    """Return the bag with manifests in UTF-16, and with a tag manifest in UTF-16 of all its tag files."""
    declared = files | {"bagit.txt": b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-16\n"}
    wide = {
        name: data.decode().encode("utf-16") if name.startswith(("manifest-", "bag-info")) else data
        for name, data in declared.items()
    }
    listed = with_tag_manifest(wide)
    return listed | {
        name: data.decode().encode("utf-16")
        for name, data in listed.items()
        if name.startswith("tagmanifest-")
    }


def write_bag(root: Path, files: Mapping[str, bytes]) -> Path:
    """Write the files to disk; `data/` is made even if it is empty."""
    (root / "data").mkdir(parents=True, exist_ok=True)
    for name, data in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return root


def look(root: Path, *, jobs: int = 1, second_opinion: bool = False, strict: bool = False) -> Result:
    """Verify a bag as the command does."""
    request = VerifyRequest(
        root, NOW, TrustRequest(), concurrency=Concurrency(jobs), strict=strict, second_opinion=second_opinion
    )
    return verify(request)


def codes(result: Result) -> list[str]:
    """Return the codes of the findings, in reading order, without the note that md5 is weak."""
    return [f.code for f in result.findings if f.code != "manifest.weak-algorithm"]


def judged(root: Path) -> tuple[str, set[str]]:
    """Return the verdict on the bag and the codes of its findings."""
    result = look(root)
    return result.verdict["bag"], set(codes(result))
