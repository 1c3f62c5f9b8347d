"""Recognises files about keys and trust by their first bytes, to explain which wrong file was given.

A file that is not recognised is not refused here: its own parser reads and refuses it.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping
from enum import Enum

from archtool.errors import InputError
from archtool.openssh.limits import MAX_INSPECTED_BYTES
from archtool.openssh.trust_files.revocation_list import MAGIC

_BLOCK = re.compile(rb"-----BEGIN ([A-Z0-9 ]{1,40})-----")
_KEY_TYPE = re.compile(rb"(?:ssh-|ecdsa-sha2-|sk-)[A-Za-z0-9@.\-]{1,60}")
_TAR_MAGIC_AT = 257
_CERTIFICATE_MARK = b"-cert-v0"


class TrustFile(Enum):
    """The kinds of files that are recognised, with their names for messages."""

    PUBLIC_KEY = "an OpenSSH public key"
    SSH_CERTIFICATE = "an SSH certificate"
    OTHER_PUBLIC_KEY = "a public key in a format other than OpenSSH's"
    PRIVATE_KEY = "a private key"
    CERTIFICATE = "an X.509 certificate"
    DER = "a file in DER, the binary form of keys and certificates"
    OTHER_PEM = "a PEM file without a key or a certificate"
    REVOCATION_LIST = "a key revocation list"
    SIGNERS = "a list of allowed signers"
    POLICY = "a policy"
    ARCHIVE = "an archive"


_STARTS = {
    MAGIC: TrustFile.REVOCATION_LIST,
    b"PK\x03\x04": TrustFile.ARCHIVE,
    b"\x1f\x8b": TrustFile.ARCHIVE,
    b"BZh": TrustFile.ARCHIVE,
    b"\xfd7zXZ\0": TrustFile.ARCHIVE,
    b"PuTTY-User-Key-File": TrustFile.PRIVATE_KEY,
    b"0\x81": TrustFile.DER,  # a sequence of more than 127 bytes
    b"0\x82": TrustFile.DER,
}


class Purpose(Enum):
    """The option that a file was given to, and the kind of file that the option needs."""

    TRUST = "--trust", "a list of allowed signers"
    REVOKED = "--revoked", "a list of revoked keys"
    SIGN = "--sign", "a private key"
    TSA_ROOTS = "--tsa-roots", "the certificates of timestamp authorities"
    POLICY = "--policy", "a policy"
    CMS_KEY = "--cms-key", "an X.509 private key in PEM"
    CMS_CERT = "--cms-cert", "a certificate in PEM"


_MAKE_LIST = "make one from the public key: archtool keys trust KEY.pub --name NAME > allowed_signers"
_MAKE_KEY = "sign with the file of a private key; archtool keys new KEY makes one"
_ROOT_IN_PEM = "give the root certificate that the authority publishes, in PEM (-----BEGIN CERTIFICATE-----)"
_SECRET = "keep it secret"  # noqa: S105 - a text for a person
_CMS_KEY = "give the RSA or EC key of an X.509 certificate, in PEM (-----BEGIN PRIVATE KEY-----)"
_CMS_CERT = "give the X.509 certificate of --cms-key, in PEM (-----BEGIN CERTIFICATE-----)"
_OF_TSA = "a timestamp authority's certificate belongs to --tsa-roots; "
_HINTS: Mapping[Purpose, Mapping[TrustFile, str]] = {
    Purpose.TRUST: {
        TrustFile.PUBLIC_KEY: "make a list from it for --trust: "
        "archtool keys trust {file} --name NAME > allowed_signers",
        TrustFile.SSH_CERTIFICATE: "trust the authority that signed it, with a line in a list: "
        "*@archive.example cert-authority ssh-ed25519 AAAA…",
        TrustFile.OTHER_PUBLIC_KEY: "convert it (ssh-keygen -i -m PKCS8 -f {file} > KEY.pub), then "
        + _MAKE_LIST,
        TrustFile.PRIVATE_KEY: f"{_SECRET}; {_MAKE_LIST}",
        TrustFile.CERTIFICATE: _OF_TSA + _MAKE_LIST,
        TrustFile.DER: _MAKE_LIST,
        TrustFile.OTHER_PEM: _MAKE_LIST,
        TrustFile.REVOCATION_LIST: "give it to --revoked, and a list of allowed signers to --trust",
        TrustFile.POLICY: "give it to --policy, and a list of allowed signers to --trust",
        TrustFile.ARCHIVE: "the list of trusted signers lies outside the package; " + _MAKE_LIST,
    },
    Purpose.REVOKED: {
        TrustFile.PRIVATE_KEY: f"{_SECRET}; to revoke it, give its public half, which ends in .pub",
        TrustFile.OTHER_PUBLIC_KEY: "convert it: ssh-keygen -i -m PKCS8 -f {file} > KEY.pub",
        TrustFile.CERTIFICATE: "--revoked is for SSH keys; to distrust a timestamp authority, remove its "
        "root from the file for --tsa-roots",
        TrustFile.OTHER_PEM: "put one public key or SHA256:… on each line, or make a list with ssh-keygen -k",
        TrustFile.SIGNERS: "give it to --trust; here, put one public key or SHA256:… on each line",
        TrustFile.POLICY: "give it to --policy",
        TrustFile.ARCHIVE: "put one public key or SHA256:… on each line of a file",
    },
    Purpose.SIGN: {
        TrustFile.SIGNERS: "it lists trusted keys: give it to verify --trust; " + _MAKE_KEY,
        TrustFile.CERTIFICATE: "give it to --cms-cert and its private key to --cms-key, besides --sign; "
        + _MAKE_KEY,
        TrustFile.DER: "convert a key: openssl pkey -inform DER -in {file} -out KEY.pem; or " + _MAKE_KEY,
        TrustFile.OTHER_PEM: _MAKE_KEY,
        TrustFile.REVOCATION_LIST: "give it to verify --revoked; " + _MAKE_KEY,
        TrustFile.POLICY: "give it to verify --policy; " + _MAKE_KEY,
        TrustFile.ARCHIVE: _MAKE_KEY,
    },
    Purpose.TSA_ROOTS: {
        TrustFile.PUBLIC_KEY: "SSH keys are trusted with --trust; here " + _ROOT_IN_PEM,
        TrustFile.SSH_CERTIFICATE: "SSH certificates are trusted with --trust; here " + _ROOT_IN_PEM,
        TrustFile.OTHER_PUBLIC_KEY: _ROOT_IN_PEM,
        TrustFile.PRIVATE_KEY: f"{_SECRET}; {_ROOT_IN_PEM}",
        TrustFile.DER: "convert it: openssl x509 -inform DER -in {file} -out roots.pem",
        TrustFile.OTHER_PEM: _ROOT_IN_PEM,
        TrustFile.REVOCATION_LIST: "give it to --revoked; here " + _ROOT_IN_PEM,
        TrustFile.SIGNERS: "give it to --trust; here " + _ROOT_IN_PEM,
        TrustFile.POLICY: "give it to --policy; here " + _ROOT_IN_PEM,
        TrustFile.ARCHIVE: _ROOT_IN_PEM,
    },
    Purpose.CMS_KEY: {
        TrustFile.PUBLIC_KEY: _CMS_KEY,
        TrustFile.SSH_CERTIFICATE: _CMS_KEY,
        TrustFile.OTHER_PUBLIC_KEY: _CMS_KEY,
        TrustFile.CERTIFICATE: "give it to --cms-cert, and its private key to --cms-key",
        TrustFile.DER: "convert it: openssl pkey -inform DER -in {file} -out KEY.pem",
        TrustFile.OTHER_PEM: _CMS_KEY,
        TrustFile.SIGNERS: _CMS_KEY,
        TrustFile.POLICY: _CMS_KEY,
        TrustFile.ARCHIVE: _CMS_KEY,
    },
    Purpose.CMS_CERT: {
        TrustFile.PUBLIC_KEY: _CMS_CERT,
        TrustFile.SSH_CERTIFICATE: _CMS_CERT,
        TrustFile.OTHER_PUBLIC_KEY: _CMS_CERT,
        TrustFile.PRIVATE_KEY: "give it to --cms-key, and its certificate to --cms-cert",
        TrustFile.DER: "convert it: openssl x509 -inform DER -in {file} -out CERT.pem",
        TrustFile.OTHER_PEM: _CMS_CERT,
        TrustFile.SIGNERS: _CMS_CERT,
        TrustFile.POLICY: _CMS_CERT,
        TrustFile.ARCHIVE: _CMS_CERT,
    },
    Purpose.POLICY: {
        TrustFile.SIGNERS: "give it to --trust; a policy begins with: archtool-policy: 1",
        TrustFile.REVOCATION_LIST: "give it to --revoked; a policy begins with: archtool-policy: 1",
        TrustFile.PUBLIC_KEY: "a policy begins with: archtool-policy: 1",
        TrustFile.PRIVATE_KEY: f"{_SECRET}; a policy begins with: archtool-policy: 1",
        TrustFile.CERTIFICATE: "give it to --tsa-roots; a policy begins with: archtool-policy: 1",
        TrustFile.ARCHIVE: "a policy is a text file that begins with: archtool-policy: 1",
    },
}


def recognise(data: bytes) -> TrustFile | None:
    """Return the kind of a file, from its first bytes; `None` if they do not show it."""
    for start, kind in _STARTS.items():
        if data.startswith(start):
            return kind
    if data[_TAR_MAGIC_AT : _TAR_MAGIC_AT + 5] == b"ustar":
        return TrustFile.ARCHIVE
    head = data[:MAX_INSPECTED_BYTES]
    line = next((one for one in map(bytes.strip, head.split(b"\n")) if one and one[:1] != b"#"), b"")
    block = _BLOCK.search(head)
    if block is not None and b" AAAA" not in line:
        return _kind_of_block(block[1], head)
    return _kind_of_line(line.split(None, 6))


def _kind_of_block(label: bytes, data: bytes) -> TrustFile | None:
    has_certificate = b"CERTIFICATE-----" in data
    if b"PRIVATE KEY-----" in data:  # a file with both can be given to either option
        return None if has_certificate else TrustFile.PRIVATE_KEY
    if has_certificate and not label.endswith(b"REQUEST"):
        return TrustFile.CERTIFICATE
    return TrustFile.OTHER_PUBLIC_KEY if label.endswith(b"PUBLIC KEY") else TrustFile.OTHER_PEM


def _kind_of_line(words: list[bytes]) -> TrustFile | None:
    """Return the kind of a file from the words of a line: in a list, names precede the key's type."""
    if words and words[0].startswith(b"archtool-policy:"):
        return TrustFile.POLICY
    if words[:3] == [b"----", b"BEGIN", b"SSH2"]:
        return TrustFile.OTHER_PUBLIC_KEY
    for number, (one, other) in enumerate(itertools.pairwise(words)):
        if _KEY_TYPE.fullmatch(one) and other.startswith(b"AAAA"):
            if number:
                return TrustFile.SIGNERS
            return TrustFile.SSH_CERTIFICATE if _CERTIFICATE_MARK in one else TrustFile.PUBLIC_KEY
    return None


def refuse_other_kind(data: bytes, where: str, purpose: Purpose) -> None:
    """Refuse a file that is recognised as the wrong kind for its option.

    Raises:
        InputError: the file is of another kind; the message names the kind and the right option.
    """
    kind = recognise(data)
    hint = _HINTS[purpose].get(kind) if kind is not None else None
    if kind is not None and hint is not None:
        _, wanted = purpose.value
        raise InputError(f"{where} is {kind.value}, not {wanted}", hint=hint.replace("{file}", where))


def not_a_folder(where: str, purpose: Purpose, *, is_package: bool) -> InputError:
    """Return the error for a folder that was given to an option that needs a file."""
    option, wanted = purpose.value
    if not is_package:
        return InputError(f"{where} is a folder, not {wanted}", hint=f"give the file itself to {option}")
    return InputError(
        f"{where} is a package, not {wanted}",
        hint=f"{option} takes a file from outside the package; name the package before the options",
    )
