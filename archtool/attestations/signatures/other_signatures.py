"""Signatures in other formats beside the tag files: named, with the command that checks them, never trusted.

A detached PGP signature is called like its file with `.asc` at the end, a detached CMS one with `.p7s`. It
lies beside the file, or in another folder of the package while the file is at its root. The CMS signatures
that archtool makes itself, of an attestation's list, are among them: other programs are to check them.

Source: RFC 9580 (OpenPGP), RFC 5652 (CMS), RFC 8551 §3.2.1 (file names).
"""

from __future__ import annotations

import shlex
from collections.abc import Collection, Iterator, Mapping

from archtool.attestations import finding_kinds
from archtool.attestations.layout import ROOT, is_tag_manifest
from archtool.findings import Finding

SUFFIXES = (".asc", ".p7s")
MAX_FOREIGN_BYTES = 1024 * 1024  # a signature with a long chain of certificates
_DER_SEQUENCE = b"\x30"  # X.690 §8.9: what every CMS file in DER begins with
_PEM = b"-----BEGIN"


def find_other_signatures(
    paths: Collection[str], contents: Mapping[str, bytes], beside: Collection[str] = ()
) -> Iterator[Finding]:
    """Name every foreign signature among the tag files; `contents` are the bytes of those that were read.

    What lies `beside` the package, in its sidecar, is named by its path there.
    """
    for path in sorted(paths):
        if not path.endswith(SUFFIXES):
            continue
        signed = _signed_file(path, paths)
        where = "present beside the package" if path in beside else "present"
        if signed is None:
            message = f"{where}, not checked by archtool: {path}; what it signs is not among the tag files"
            yield finding_kinds.SIGNATURE_FOREIGN.at(message, path)
        else:
            root = ROOT if path in beside else ""
            form = _form(contents.get(path, b""))
            command = _command(path.removeprefix(root), signed.removeprefix(root), form)
            how = f"check with: {command}" if not root else f"check in the sidecar with: {command}"
            yield finding_kinds.SIGNATURE_FOREIGN.at(
                f"{where}, not checked by archtool: {path}; {how}", path, hint=how
            )


def cms_command(path: str, signed: str) -> str:
    """The command that checks a CMS signature which archtool made, to be run in the package's folder."""
    return _command(path, signed, "DER")


def signed_tag_manifests(paths: Collection[str]) -> dict[str, str]:
    """Tag manifest → the foreign signature that stands for it, and holds only while it stays as it is."""
    pairs = ((path, _signed_file(path, paths)) for path in sorted(paths) if path.endswith(SUFFIXES))
    return {signed: path for path, signed in pairs if signed is not None and is_tag_manifest(signed)}


def _signed_file(path: str, paths: Collection[str]) -> str | None:
    """The file that a signature is called after: beside it, or at the root of the package."""
    beside = path[: -len(SUFFIXES[0])]
    return next((name for name in (beside, beside.rpartition("/")[2]) if name in paths), None)


def _command(path: str, signed: str, form: str) -> str:
    """The command, to be run in the package's folder."""
    signature, file = _argument(path), _argument(signed)
    if path.endswith(".asc"):
        return f"gpg --verify {signature} {file}"
    return (
        f"openssl cms -verify -binary -purpose any -inform {form} -in {signature} "
        f"-content {file} -CAfile ROOT.pem -out /dev/null"
    )


def _argument(path: str) -> str:
    """One word for a shell, and no option for the program."""
    return shlex.quote(f"./{path}" if path.startswith("-") else path)


def _form(content: bytes) -> str:
    if content.startswith(_DER_SEQUENCE):
        return "DER"
    return "PEM" if content.lstrip().startswith(_PEM) or not content else "SMIME"
