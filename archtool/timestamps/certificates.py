"""Certificates of X.509: read, and followed from a signer to a root that was given from outside.

1. A path ends at a *root*: a certificate that signed itself, in the file that the person who asks has given.
   The other certificates of that file, and those that a signer sends along, only help to find the way.
2. Every certificate of the path, the root too, is valid at the moment that is asked about.
3. Every issuer may issue: it is an authority, its key may sign certificates, and not too many follow on it.
4. What is marked as critical and is not known here makes a certificate unusable.
5. No key of the path is weak, and no signature in it rests on SHA-1 or MD5; a root's own is not looked at.

Not looked at: whether a certificate was revoked. Who does not believe an authority any more takes its root
out of the file.

Signatures are checked by `cryptography`; the path is found here. `cryptography.x509.verification` (tried with
version 50, where its interface is not yet declared stable) is made for web servers, and its algorithms cannot
be chosen: it refuses every issuer with an Ed25519, Ed448, brainpool or RSASSA-PSS key, signatures with SHA-3
and long serial numbers. (ETSI TS 119 312 recommends brainpool curves to the authorities of the EU.) Where it
finds no path it names neither the certificate at fault nor the one that is missing, so that nobody could be
told which certificate to get. About 100 of 324 lines would go.

Source: RFC 5280 §4.2, §6.1.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, TypeVar

from archtool.errors import InputError
from archtool.timestamps.key_signature import public_key, why_weak

if TYPE_CHECKING:
    from cryptography.x509 import Certificate, Extensions, Name

MAX_CERTIFICATES = 32  # that one signer sends along; four are many
MAX_PATH = 8  # certificates from a signer to a root
MAX_ISSUERS_TRIED = 256  # of one search: certificates that issue each other in circles end here
_Kind = TypeVar("_Kind")
_STRONG = frozenset(("sha256", "sha384", "sha512", "sha3-256", "sha3-384", "sha3-512"))


class NoPathError(Exception):
    """Why no root vouches for a certificate, in words; and what to do, where it is known."""

    def __init__(self, reason: str, hint: str | None = None) -> None:
        super().__init__(reason)
        self.hint = hint


def load_certificate(data: bytes, where: str) -> Certificate:
    """Read one certificate in DER.

    Raises:
        InputError: it is none.
    """
    from cryptography import x509

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what is odd in a certificate is no news for who only reads
            loaded = x509.load_der_x509_certificate(data)
            _ = loaded.serial_number, loaded.issuer, loaded.subject, loaded.version, loaded.extensions
    except unreadable_errors() as error:
        why = why_unreadable(error)
        raise InputError(f"{where} holds a certificate that cannot be read: {why}") from None
    return loaded


def unreadable_errors() -> tuple[type[Exception], ...]:
    """Return the errors that `cryptography` raises for certificates that it cannot read.

    `TypeError`: a name, of the certificate or in an extension, holds a BIT STRING where the attribute cannot
    hold one. `KeyError`: the extension for TLS features (RFC 7633) holds a number that it does not know.
    """
    from cryptography import x509
    from cryptography.exceptions import UnsupportedAlgorithm

    return (
        ValueError, TypeError, KeyError, UnsupportedAlgorithm,
        x509.InvalidVersion, x509.DuplicateExtension, x509.UnsupportedGeneralNameType,
    )  # fmt: skip


def why_unreadable(error: Exception) -> str:
    """Return the reason of one of `unreadable_errors` in words."""
    if isinstance(error, TypeError):
        return "a name in it holds a value of a type that it cannot have there"
    return (
        f"an extension holds a value that is not known: {error}"
        if isinstance(error, KeyError)
        else str(error)
    )


def number_of(certificate: Certificate) -> int:
    """The serial number. The library warns of zero and of less each time that it is asked for."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return certificate.serial_number


def name_of(certificate: Certificate) -> str:
    """Whom a certificate is about: the common name, or the whole name where it has none."""
    return _name_in(certificate.subject)


def _name_in(name: Name) -> str:
    from cryptography.x509.oid import NameOID

    common = name.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(common[0].value) if common else name.rfc4514_string()


def key_identifier(certificate: Certificate) -> bytes | None:
    """How a certificate identifies its key, if it does."""
    from cryptography import x509

    try:
        return certificate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value.digest
    except x509.ExtensionNotFound:
        return None


@dataclass(frozen=True, slots=True)
class Authorities:
    """Whom to believe about time: certificates from outside every package."""

    where: str
    """The name of the file, for messages."""
    roots: tuple[Certificate, ...]
    helpers: tuple[Certificate, ...]
    """Certificates between: they lead to a root, and are none."""

    def __reduce__(self) -> tuple[Callable[[bytes, str], Authorities], tuple[bytes, str]]:
        """To other processes it goes as the file that it came from: certificates themselves cannot."""
        from cryptography.hazmat.primitives.serialization import Encoding

        data = b"".join(one.public_bytes(Encoding.PEM) for one in (*self.roots, *self.helpers))
        return Authorities.parse, (data, self.where)

    @classmethod
    def parse(cls, data: bytes, where: str) -> Authorities:
        """Read a file of certificates in PEM, one after the other; text between them is passed over.

        Raises:
            InputError: no certificate is in it, none of them is a root, or one cannot be read.
        """
        from cryptography import x509

        if b"-----BEGIN" not in data:
            raise InputError(
                f"{where} holds no certificate in PEM (-----BEGIN CERTIFICATE-----)",
                hint="give the root certificate that the authority publishes",
            )
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                found = x509.load_pem_x509_certificates(data)
        except unreadable_errors() as error:
            raise InputError(
                f"{where} holds no certificates in PEM that can be read: {why_unreadable(error)}",
                hint="give the authority's root certificate; from DER: openssl x509 -inform DER -in FILE",
            ) from None
        loaded = [load_certificate(_der(one), where) for one in found]
        roots = tuple(one for one in loaded if one.issuer == one.subject)
        if not roots:
            raise InputError(
                f"{where} holds no root: each of its certificates was issued by somebody else",
                hint="add the root certificate that the authority publishes",
            )
        return cls(where, roots, tuple(one for one in loaded if one.issuer != one.subject))

    def find_path(
        self, certificate: Certificate, embedded: Sequence[Certificate], at: datetime
    ) -> tuple[Certificate, ...]:
        """The certificates from this one to a root that is given; `at` is the moment that is asked about.

        Raises:
            NoPathError: there is no way, or each that there is has something against it.
        """
        search = _Search(self, (*self.helpers, *embedded), at)
        path = search.from_(certificate, ())
        if path is None:
            raise NoPathError(search.reason) if search.reason else self._no_way(certificate, search.missing)
        return path

    def _no_way(self, certificate: Certificate, last: Certificate | None) -> NoPathError:
        """The error where the way ends at a certificate whose issuer is not there."""
        reason = f"no root in {self.where} leads to {name_of(certificate)!r}"
        if last is None:
            return NoPathError(reason)
        issuer, issued = _name_in(last.issuer), name_of(last)
        return NoPathError(
            f"{reason}: the certificate of {issuer!r}, which issued that of {issued!r}, is missing",
            f"get the certificate of {issuer!r} from the authority, in PEM, and append it to {self.where}: "
            "certificates between a root and a signer belong into the same file",
        )


class _Search:
    """One search; it keeps the first reason why a way that does lead to a root cannot be gone."""

    def __init__(self, authorities: Authorities, helpers: Sequence[Certificate], at: datetime) -> None:
        self._roots = authorities.roots
        self._helpers = helpers
        self._at = at
        self._tried = 0
        self.reason: str | None = None
        self.missing: Certificate | None = None
        """Where the first way ends that cannot go on: the issuer of this certificate is not there."""

    def from_(
        self, certificate: Certificate, below: tuple[Certificate, ...]
    ) -> tuple[Certificate, ...] | None:
        path = (*below, certificate)
        if certificate in self._roots:
            why = next(self._complaints(path), None)
            self.reason = self.reason or why
            return path if why is None else None
        if len(path) == MAX_PATH:
            return None
        issuers = (*self._roots, *self._helpers)
        if self.missing is None and all(one.subject != certificate.issuer for one in issuers):
            self.missing = certificate
        for issuer in issuers:
            if issuer.subject != certificate.issuer or issuer in path or self._tried == MAX_ISSUERS_TRIED:
                continue
            self._tried += 1
            found = self.from_(issuer, path)
            if found is not None:
                return found
        return None

    def _complaints(self, path: Sequence[Certificate]) -> Iterator[str]:
        for count, certificate in enumerate(path):
            issuer = path[count + 1] if count + 1 < len(path) else None
            try:
                yield from _why_unfit(certificate, self._at)
                if issuer is not None:
                    yield from _why_not_issued(certificate, issuer, count)
            except InputError as error:
                yield error.message


def _why_unfit(certificate: Certificate, at: datetime) -> Iterator[str]:
    name = repr(name_of(certificate))
    begin, end = valid_from(certificate), valid_until(certificate)
    if not begin <= at.replace(microsecond=0) <= end:
        yield f"{name} was valid from {begin:%Y-%m-%d %H:%M} to {end:%Y-%m-%d %H:%M} UTC only"
    weak = why_weak(public_key(certificate))
    if weak is not None:
        yield f"{name} has {weak}"
    unknown = [e.oid.dotted_string for e in certificate.extensions if e.critical and not _is_known(e.value)]
    if unknown:
        yield f"{name} demands what is not known here: {', '.join(unknown)}"


def _is_known(value: object) -> bool:
    """Whether what an extension demands is looked at; policies are for who accepts only some of them."""
    from cryptography import x509

    return isinstance(
        value,
        x509.BasicConstraints
        | x509.KeyUsage
        | x509.ExtendedKeyUsage
        | x509.CertificatePolicies
        | x509.SubjectAlternativeName
        | x509.SubjectKeyIdentifier
        | x509.AuthorityKeyIdentifier,
    )


def _why_not_issued(certificate: Certificate, issuer: Certificate, below: int) -> Iterator[str]:
    """What speaks against one certificate having issued the other; `below`: authorities between them."""
    from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm

    name, by = repr(name_of(certificate)), repr(name_of(issuer))
    yield from _why_no_authority(issuer, below)
    try:
        digest = certificate.signature_hash_algorithm
        if digest is not None and digest.name not in _STRONG:
            yield f"{name} was signed with {digest.name}, which is too weak to rely on"
        certificate.verify_directly_issued_by(issuer)
    except (InvalidSignature, ValueError, TypeError):
        yield f"{name} was not signed by the {by} that was given"
    except UnsupportedAlgorithm as error:
        yield f"{name} was signed in a way that is not known here: {error}"


def _why_no_authority(issuer: Certificate, below: int) -> Iterator[str]:
    from cryptography import x509
    from cryptography.x509.oid import ExtendedKeyUsageOID

    by, extensions = repr(name_of(issuer)), issuer.extensions
    basic = extension(extensions, x509.BasicConstraints)
    usage = extension(extensions, x509.KeyUsage)
    purposes = extension(extensions, x509.ExtendedKeyUsage)
    if basic is None or not basic.ca:
        yield f"{by} is no authority that may issue certificates"
    elif basic.path_length is not None and below > basic.path_length:
        yield f"more authorities follow on {by} than it allows"
    if usage is not None and not usage.key_cert_sign:
        yield f"the key of {by} may not sign certificates"
    allowed = {ExtendedKeyUsageOID.TIME_STAMPING, ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE}
    if purposes is not None and not allowed & set(purposes):
        yield f"{by} may not issue certificates for timestamps"


def extension(extensions: Extensions, kind: type[_Kind]) -> _Kind | None:
    """The extension of this kind, if there is one."""
    return next((e.value for e in extensions if isinstance(e.value, kind)), None)


def valid_from(certificate: Certificate) -> datetime:
    """From when on a certificate is valid, in UTC."""
    return certificate.not_valid_before_utc


def valid_until(certificate: Certificate) -> datetime:
    """Until when a certificate is valid, in UTC."""
    return certificate.not_valid_after_utc


def _der(certificate: Certificate) -> bytes:
    from cryptography.hazmat.primitives.serialization import Encoding

    return certificate.public_bytes(Encoding.DER)
