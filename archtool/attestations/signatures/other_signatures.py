"""Reports signatures in other formats among the tag files, with the commands that check them.

archtool neither checks nor trusts them. A detached PGP signature has the name of its file with `.asc` added,
a detached CMS signature with `.p7s` added. It lies next to the file, or in any folder if the file is at the
root of the package. CMS signatures that archtool itself makes are among them: other programs check them.

Source: RFC 9580 (OpenPGP), RFC 5652 (CMS), RFC 8551 §3.2.1 (file names).
"""

from __future__ import annotations

import shlex
from collections.abc import Collection, Iterator, Mapping

from archtool.attestations import finding_kinds
from archtool.attestations.layout import ROOT, is_tag_manifest
from archtool.findings import Finding

SUFFIXES = (".asc", ".p7s")
_DER_SEQUENCE = b"\x30"  # X.690 §8.9: what every CMS file in DER begins with
_PEM = b"-----BEGIN"


def find_other_signatures(
    paths: Collection[str], contents: Mapping[str, bytes], sidecar_paths: Collection[str] = ()
) -> Iterator[Finding]:
    """Report each signature in another format; `contents` are the bytes of those that were read.

    `sidecar_paths` lie in the sidecar and not in the package: their commands use paths in the sidecar.
    """
    for path in sorted(paths):
        if not path.endswith(SUFFIXES):
            continue
        signed = _signed_file(path, paths)
        where = "present in the sidecar" if path in sidecar_paths else "present"
        if signed is None:
            message = f"{where}, not checked by archtool: {path}; the signed file is not among the tag files"
            yield finding_kinds.OTHER_SIGNATURE.at(message, path)
        else:
            root = ROOT if path in sidecar_paths else ""
            form = _form(contents.get(path, b""))
            command = _command(path.removeprefix(root), signed.removeprefix(root), form)
            hint = f"check with: {command}" if not root else f"check in the sidecar with: {command}"
            yield finding_kinds.OTHER_SIGNATURE.at(
                f"{where}, not checked by archtool: {path}; {hint}", path, hint=hint
            )


def cms_command(path: str, signed: str) -> str:
    """Return the command that checks a CMS signature made by archtool, to be run in the package's folder."""
    return _command(path, signed, "DER")


def signed_tag_manifests(paths: Collection[str]) -> dict[str, str]:
    """Map each tag manifest to the signature in another format that a change of the manifest would break."""
    pairs = ((path, _signed_file(path, paths)) for path in sorted(paths) if path.endswith(SUFFIXES))
    return {signed: path for path, signed in pairs if signed is not None and is_tag_manifest(signed)}


def _signed_file(path: str, paths: Collection[str]) -> str | None:
    """Return the file that a signature is named after: next to it, or at the root of the package."""
    sibling = path[: -len(SUFFIXES[0])]
    return next((name for name in (sibling, sibling.rpartition("/")[2]) if name in paths), None)


def _command(path: str, signed: str, form: str) -> str:
    """Return the command that checks a signature, to be run in the package's folder."""
    signature, file = _argument(path), _argument(signed)
    if path.endswith(".asc"):
        return f"gpg --verify {signature} {file}"
    return (
        f"openssl cms -verify -binary -purpose any -inform {form} -in {signature} "
        f"-content {file} -CAfile ROOT.pem -out /dev/null"
    )


def _argument(path: str) -> str:
    """Quote a path as one word for a shell that the program does not read as an option."""
    return shlex.quote(f"./{path}" if path.startswith("-") else path)


def _form(content: bytes) -> str:
    if content.startswith(_DER_SEQUENCE):
        return "DER"
    return "PEM" if content.lstrip().startswith(_PEM) or not content else "SMIME"
