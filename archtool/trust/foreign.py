"""Signatures in other formats beside the tag files: named, with the command that checks them, never trusted.

A detached PGP signature is called like its file with `.asc` at the end, a detached CMS one with `.p7s`. It
lies beside the file, or in another folder of the package while the file is at its root.

Source: RFC 9580 (OpenPGP), RFC 5652 (CMS), RFC 8551 §3.2.1 (file names).
"""

from __future__ import annotations

import shlex
from collections.abc import Collection, Iterator, Mapping

from archtool.findings import Finding
from archtool.trust import kinds
from archtool.trust.layout import is_tag_manifest

SUFFIXES = (".asc", ".p7s")
MAX_FOREIGN_BYTES = 1024 * 1024  # a signature with a long chain of certificates
_DER_SEQUENCE = b"\x30"  # X.690 §8.9: what every CMS file in DER begins with
_PEM = b"-----BEGIN"


def foreign_signatures(paths: Collection[str], contents: Mapping[str, bytes]) -> Iterator[Finding]:
    """Name every foreign signature among the tag files; `contents` are the bytes of those that were read."""
    for path in sorted(paths):
        if not path.endswith(SUFFIXES):
            continue
        signed = _signed_file(path, paths)
        if signed is None:
            message = f"present, not checked by archtool: {path}; what it signs is not among the tag files"
            yield kinds.SIGNATURE_FOREIGN.at(message, path)
        else:
            command = _command(path, signed, contents.get(path, b""))
            message = f"present, not checked by archtool: {path}; check with: {command}"
            yield kinds.SIGNATURE_FOREIGN.at(message, path, hint=f"check with: {command}")


def signed_tag_manifests(paths: Collection[str]) -> dict[str, str]:
    """Tag manifest → the foreign signature that stands for it, and holds only while it stays as it is."""
    pairs = ((path, _signed_file(path, paths)) for path in sorted(paths) if path.endswith(SUFFIXES))
    return {signed: path for path, signed in pairs if signed is not None and is_tag_manifest(signed)}


def _signed_file(path: str, paths: Collection[str]) -> str | None:
    """The file that a signature is called after: beside it, or at the root of the package."""
    beside = path[: -len(SUFFIXES[0])]
    return next((name for name in (beside, beside.rpartition("/")[2]) if name in paths), None)


def _command(path: str, signed: str, content: bytes) -> str:
    """The command, to be run in the package's folder."""
    signature, file = _argument(path), _argument(signed)
    if path.endswith(".asc"):
        return f"gpg --verify {signature} {file}"
    return (
        f"openssl cms -verify -binary -purpose any -inform {_form(content)} -in {signature} "
        f"-content {file} -CAfile ROOT.pem -out /dev/null"
    )


def _argument(path: str) -> str:
    """One word for a shell, and no option for the program."""
    return shlex.quote(f"./{path}" if path.startswith("-") else path)


def _form(content: bytes) -> str:
    if content.startswith(_DER_SEQUENCE):
        return "DER"
    return "PEM" if content.lstrip().startswith(_PEM) or not content else "SMIME"
