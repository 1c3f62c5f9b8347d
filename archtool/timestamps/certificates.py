"""Parses X.509 certificates and finds the path from a signer's certificate to a trusted root.

1. A path ends at a *root*: a self-issued certificate in the file of trusted authorities. The other
   certificates of that file and those in the signed data are only used as intermediates.
2. Every certificate of the path, including the root, is valid at the given time.
3. Every issuer may issue: it is an authority, its key may sign certificates, and the path below it is not
   longer than it allows.
4. An unknown critical extension makes a certificate unusable.
5. No key of the path is weak, and no signature in it uses SHA-1 or MD5; a root's own signature is not
   checked.

Revocation is not checked. To distrust an authority, remove its root from the file.

`cryptography` checks the signatures; the path is found here. `cryptography.x509.verification` (tried with
version 50, where its interface is not yet declared stable) is made for web servers, and its algorithms cannot
be chosen: it refuses every issuer with an Ed25519, Ed448, brainpool or RSASSA-PSS key, signatures with SHA-3
and long serial numbers. (ETSI TS 119 312 recommends brainpool curves to the authorities of the EU.) If it
finds no path, it names neither the faulty certificate nor the missing one, so that a message could not name
the certificate to get. It would save about 100 of 324 lines.

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
from archtool.timestamps.limits import MAX_ISSUERS_TRIED, MAX_PATH

if TYPE_CHECKING:
    from cryptography.x509 import Certificate, Extensions, Name

_Kind = TypeVar("_Kind")
_STRONG = frozenset(("sha256", "sha384", "sha512", "sha3-256", "sha3-384", "sha3-512"))


class NoPathError(Exception):
    """No path leads from a certificate to a root; carries the reason and, if known, a hint."""

    def __init__(self, reason: str, hint: str | None = None) -> None:
        super().__init__(reason)
        self.hint = hint


def load_certificate(data: bytes, where: str) -> Certificate:
    """Parse one certificate in DER.

    Raises:
        InputError: the data is not a readable certificate.
    """
    from cryptography import x509  # lazy: for certificates

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # unusual values of a certificate do not matter for parsing
            loaded = x509.load_der_x509_certificate(data)
            _ = loaded.serial_number, loaded.issuer, loaded.subject, loaded.version, loaded.extensions
    except unreadable_errors() as error:
        reason = why_unreadable(error)
        raise InputError(f"{where} contains a certificate that cannot be read: {reason}") from None
    return loaded


def unreadable_errors() -> tuple[type[Exception], ...]:
    """Return the errors that `cryptography` raises for certificates that it cannot read.

    `TypeError`: a name, of the certificate or in an extension, has a BIT STRING in an attribute that does not
    allow one. `KeyError`: the extension for TLS features (RFC 7633) has an unknown number.
    """
    from cryptography import x509  # lazy: for certificates
    from cryptography.exceptions import UnsupportedAlgorithm  # lazy: for certificates

    return (
        ValueError, TypeError, KeyError, UnsupportedAlgorithm,
        x509.InvalidVersion, x509.DuplicateExtension, x509.UnsupportedGeneralNameType,
    )  # fmt: skip


def why_unreadable(error: Exception) -> str:
    """Return the reason of one of `unreadable_errors` as text."""
    if isinstance(error, TypeError):
        return "a name in it has a value of a wrong type"
    return f"an extension has an unknown value: {error}" if isinstance(error, KeyError) else str(error)


def serial_number_of(certificate: Certificate) -> int:
    """Return the serial number, without the warning that the library gives for zero and negative ones."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return certificate.serial_number


def name_of(certificate: Certificate) -> str:
    """Return the subject of a certificate: its common name, or the full name if it has none."""
    return _name_in(certificate.subject)


def _name_in(name: Name) -> str:
    from cryptography.x509.oid import NameOID  # lazy: for certificates

    common = name.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(common[0].value) if common else name.rfc4514_string()


def key_identifier(certificate: Certificate) -> bytes | None:
    """Return the subject key identifier of a certificate; `None` if it has none."""
    from cryptography import x509  # lazy: for certificates

    try:
        return certificate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value.digest
    except x509.ExtensionNotFound:
        return None


@dataclass(frozen=True, slots=True)
class Authorities:
    """The trusted timestamp authorities: certificates from outside the package."""

    where: str
    """The name of the file, for messages."""
    roots: tuple[Certificate, ...]
    intermediates: tuple[Certificate, ...]
    """Certificates that are no roots and can lead to one."""

    def __reduce__(self) -> tuple[Callable[[bytes, str], Authorities], tuple[bytes, str]]:
        """Pickle as the text of a certificate file, because certificates themselves cannot be pickled."""
        from cryptography.hazmat.primitives.serialization import Encoding  # lazy: for certificates

        data = b"".join(one.public_bytes(Encoding.PEM) for one in (*self.roots, *self.intermediates))
        return Authorities.parse, (data, self.where)

    @classmethod
    def parse(cls, data: bytes, where: str) -> Authorities:
        """Parse a file of certificates in PEM; text between them is ignored.

        Raises:
            InputError: the file has no certificate or no root, or a certificate cannot be read.
        """
        from cryptography import x509  # lazy: for certificates

        if b"-----BEGIN" not in data:
            raise InputError(
                f"{where} contains no certificate in PEM (-----BEGIN CERTIFICATE-----)",
                hint="give the root certificate that the authority publishes",
            )
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                found = x509.load_pem_x509_certificates(data)
        except unreadable_errors() as error:
            raise InputError(
                f"{where} contains no readable certificates in PEM: {why_unreadable(error)}",
                hint="give the authority's root certificate; from DER: openssl x509 -inform DER -in FILE",
            ) from None
        loaded = [load_certificate(_der(one), where) for one in found]
        roots = tuple(one for one in loaded if one.issuer == one.subject)
        if not roots:
            raise InputError(
                f"{where} contains no root: each of its certificates was issued by another authority",
                hint="add the root certificate that the authority publishes",
            )
        return cls(where, roots, tuple(one for one in loaded if one.issuer != one.subject))

    def find_path(
        self, certificate: Certificate, embedded: Sequence[Certificate], at: datetime
    ) -> tuple[Certificate, ...]:
        """Return the certificates from the given one to a root; all must be valid at the time `at`.

        Raises:
            NoPathError: there is no path, or each path violates a rule.
        """
        search = _PathSearch(self, (*self.intermediates, *embedded), at)
        path = search.find(certificate, ())
        if path is None:
            raise NoPathError(search.reason) if search.reason else self._no_path(certificate, search.missing)
        return path

    def _no_path(self, certificate: Certificate, last: Certificate | None) -> NoPathError:
        """Return the error for a search that ended at a certificate whose issuer is missing."""
        reason = f"no root in {self.where} leads to {name_of(certificate)!r}"
        if last is None:
            return NoPathError(reason)
        issuer, issued = _name_in(last.issuer), name_of(last)
        return NoPathError(
            f"{reason}: the certificate of {issuer!r}, which issued that of {issued!r}, is missing",
            f"get the certificate of {issuer!r} from the authority, in PEM, and append it to {self.where}: "
            "certificates between a root and a signer belong in the same file",
        )


class _PathSearch:
    """One search; it keeps the reason why the first path that leads to a root is not acceptable."""

    def __init__(self, authorities: Authorities, intermediates: Sequence[Certificate], at: datetime) -> None:
        self._roots = authorities.roots
        self._intermediates = intermediates
        self._at = at
        self._tried = 0
        self.reason: str | None = None
        self.missing: Certificate | None = None
        """The last certificate of the first path that ends because an issuer is missing."""

    def find(
        self, certificate: Certificate, below: tuple[Certificate, ...]
    ) -> tuple[Certificate, ...] | None:
        path = (*below, certificate)
        if certificate in self._roots:
            reason = next(self._faults(path), None)
            self.reason = self.reason or reason
            return path if reason is None else None
        if len(path) == MAX_PATH:
            return None
        issuers = (*self._roots, *self._intermediates)
        if self.missing is None and all(one.subject != certificate.issuer for one in issuers):
            self.missing = certificate
        for issuer in issuers:
            if issuer.subject != certificate.issuer or issuer in path or self._tried == MAX_ISSUERS_TRIED:
                continue
            self._tried += 1
            found = self.find(issuer, path)
            if found is not None:
                return found
        return None

    def _faults(self, path: Sequence[Certificate]) -> Iterator[str]:
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
        yield f"{name} was valid only from {begin:%Y-%m-%d %H:%M} to {end:%Y-%m-%d %H:%M} UTC"
    weak = why_weak(public_key(certificate))
    if weak is not None:
        yield f"{name} has {weak}"
    unknown = [e.oid.dotted_string for e in certificate.extensions if e.critical and not _is_known(e.value)]
    if unknown:
        yield f"{name} has unknown critical extensions: {', '.join(unknown)}"


def _is_known(value: object) -> bool:
    """Whether archtool handles a critical extension; policies are accepted, because any policy is."""
    from cryptography import x509  # lazy: for certificates

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
    """Yield why `issuer` has not validly issued a certificate; `below` is the number of issuers below it."""
    from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm  # lazy: for certificates

    name, by = repr(name_of(certificate)), repr(name_of(issuer))
    yield from _why_no_authority(issuer, below)
    try:
        digest = certificate.signature_hash_algorithm
        if digest is not None and digest.name not in _STRONG:
            yield f"{name} was signed with {digest.name}, which is too weak to rely on"
        certificate.verify_directly_issued_by(issuer)
    except (InvalidSignature, ValueError, TypeError):
        yield f"{name} was not signed by the given {by}"
    except UnsupportedAlgorithm as error:
        yield f"{name} was signed with an unknown algorithm: {error}"


def _why_no_authority(issuer: Certificate, below: int) -> Iterator[str]:
    from cryptography import x509  # lazy: for certificates
    from cryptography.x509.oid import ExtendedKeyUsageOID  # lazy: for certificates

    by, extensions = repr(name_of(issuer)), issuer.extensions
    basic = extension(extensions, x509.BasicConstraints)
    usage = extension(extensions, x509.KeyUsage)
    purposes = extension(extensions, x509.ExtendedKeyUsage)
    if basic is None or not basic.ca:
        yield f"{by} is not an authority that may issue certificates"
    elif basic.path_length is not None and below > basic.path_length:
        yield f"the path has more authorities below {by} than it allows"
    if usage is not None and not usage.key_cert_sign:
        yield f"the key of {by} may not sign certificates"
    allowed = {ExtendedKeyUsageOID.TIME_STAMPING, ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE}
    if purposes is not None and not allowed & set(purposes):
        yield f"{by} may not issue certificates for timestamps"


def extension(extensions: Extensions, kind: type[_Kind]) -> _Kind | None:
    """Return the extension of a class; `None` if there is none."""
    return next((e.value for e in extensions if isinstance(e.value, kind)), None)


def valid_from(certificate: Certificate) -> datetime:
    """Return the beginning of a certificate's validity, in UTC."""
    return certificate.not_valid_before_utc


def valid_until(certificate: Certificate) -> datetime:
    """Return the end of a certificate's validity, in UTC."""
    return certificate.not_valid_after_utc


def _der(certificate: Certificate) -> bytes:
    from cryptography.hazmat.primitives.serialization import Encoding  # lazy: for certificates

    return certificate.public_bytes(Encoding.DER)
