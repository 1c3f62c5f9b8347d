"""Parses CMS signed data with one signer, the form of timestamps, and checks its signature.

1. There is one signer with signed attributes; each attribute appears once, with one value.
2. The attributes contain the type of the content and its digest.
3. The signature covers the attributes, encoded as a SET in the given order.
4. The signer's certificate is the one that the signer's entry names. Whether it is trusted is not checked
   here.

Source: RFC 5652 §5; RFC 5754 (SHA-2), RFC 4055 (RSASSA-PSS), RFC 8419 (Ed25519).
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from archtool.timestamps.certificates import key_identifier, load_certificate, serial_number_of
from archtool.timestamps.der import OID, SEQUENCE, SET, DerElement, context, der, read_der
from archtool.timestamps.key_signature import DIGESTS, is_valid_signature
from archtool.timestamps.limits import MAX_CERTIFICATES

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

SIGNED_DATA = "1.2.840.113549.1.7.2"
CONTENT_TYPE = "1.2.840.113549.1.9.3"
MESSAGE_DIGEST = "1.2.840.113549.1.9.4"


@dataclass(frozen=True, slots=True)
class SignerInfo:
    """The signer's entry and the certificate that it names."""

    certificate: Certificate | None
    """`None` if it is not in the signed data."""
    digest_oid: str
    attributes: Mapping[str, DerElement]
    """The signed attributes, each with its single value."""
    signed_bytes: bytes
    """The bytes that the signature covers."""
    signature_algorithm: DerElement
    signature: bytes


@dataclass(frozen=True, slots=True)
class SignedData:
    """Parsed signed data; parsing verifies nothing."""

    content_type: str
    content: bytes
    certificates: tuple[Certificate, ...]
    signer: SignerInfo


def parse_signed_data(content_info: DerElement) -> SignedData:
    """Parse a ContentInfo with signed data.

    Raises:
        InputError: another kind of content, not exactly one signer, or damaged.
    """
    outer = content_info.fields()
    if outer.read().oid() != SIGNED_DATA:
        raise content_info.refuse("its content is not signed data")
    fields = _single(outer.read(context(0))).fields()
    outer.end()
    fields.read().integer()
    fields.read(SET)  # the digest algorithms: only the one of the signer counts
    content_type, content = _encapsulated(fields.read(SEQUENCE))
    embedded = fields.read_optional(context(0))
    fields.read_optional(context(1))  # revocation lists: their age is unknown, so they are not used
    signers = fields.read(SET).children()
    fields.end()
    if len(signers) != 1:
        raise content_info.refuse(f"it has {len(signers)} signers; expected one")
    certificates = _certificates(embedded) if embedded is not None else ()
    return SignedData(content_type, content, certificates, _signer(signers[0], certificates))


def _single(element: DerElement) -> DerElement:
    inside = element.children()
    if len(inside) != 1:
        raise element.refuse(f"it has {len(inside)} values; expected one")
    return inside[0]


def _encapsulated(element: DerElement) -> tuple[str, bytes]:
    fields = element.fields()
    content_type = fields.read().oid()
    content = _single(fields.read(context(0))).octets()
    fields.end()
    return content_type, content


def _certificates(embedded: DerElement) -> tuple[Certificate, ...]:
    found = embedded.children()
    if len(found) > MAX_CERTIFICATES:
        raise embedded.refuse(f"it has {len(found)} certificates (at most {MAX_CERTIFICATES})")
    # elements with another tag are attribute certificates, which contain no keys
    return tuple(load_certificate(one.raw, one.where) for one in found if one.tag == SEQUENCE)


def _signer(element: DerElement, certificates: tuple[Certificate, ...]) -> SignerInfo:
    fields = element.fields()
    fields.read().integer()
    certificate = _find_certificate(fields.read(), certificates)
    digest_oid = fields.read().fields().read().oid()
    attributes = fields.read_optional(context(0))
    if attributes is None:
        raise element.refuse("it has no signed attributes")
    algorithm, signature = fields.read(SEQUENCE), fields.read().octets()
    fields.read_optional(context(1))  # unsigned attributes prove nothing
    fields.end()
    signed = der(SET, attributes.content)
    return SignerInfo(certificate, digest_oid, _attributes(attributes), signed, algorithm, signature)


def _find_certificate(identifier: DerElement, certificates: tuple[Certificate, ...]) -> Certificate | None:
    """Return the certificate that a signer's entry names, by serial number or by key identifier."""
    if identifier.tag == context(0, constructed=False):
        return next((c for c in certificates if key_identifier(c) == identifier.content), None)
    fields = identifier.fields()
    issuer, number = fields.read(SEQUENCE).raw, fields.read().integer()
    fields.end()
    named = (c for c in certificates if serial_number_of(c) == number and c.issuer.public_bytes() == issuer)
    return next(named, None)


def _attributes(element: DerElement) -> dict[str, DerElement]:
    found: dict[str, DerElement] = {}
    for attribute in element.children():
        fields = attribute.fields()
        name, values = fields.read(OID).oid(), fields.read(SET).children()
        fields.end()
        if name in found or len(values) != 1:
            raise element.refuse(f"the attribute {name} does not appear exactly once with one value")
        found[name] = values[0]
    return found


def why_not_signed(signed: SignedData, certificate: Certificate) -> str | None:
    """Return why the signature does not verify over the content; `None` if it does.

    The caller must have checked before that the signer's digest is one of `DIGESTS`.

    Raises:
        InputError: an attribute cannot be read.
    """
    signer = signed.signer
    named_type, named_digest = (signer.attributes.get(name) for name in (CONTENT_TYPE, MESSAGE_DIGEST))
    if named_type is None or named_type.oid() != signed.content_type:
        return "its signed attributes do not contain the type of its content"
    digest_name = DIGESTS[signer.digest_oid]
    if named_digest is None or named_digest.octets() != hashlib.new(digest_name, signed.content).digest():
        return "its content was changed after it was signed"
    is_good = is_valid_signature(
        certificate, signer.signature_algorithm, digest_name, signer.signature, signer.signed_bytes
    )
    return None if is_good else "its signature does not verify"


def in_der_order(content_info: bytes, where: str) -> bytes:
    """Return signed data with its certificates sorted in DER order; no signature depends on their order.

    Evidence records are digested as DER, so a program that writes a record again must produce the same bytes.

    Raises:
        InputError: the data is not signed data.
    """
    fields = read_der(content_info, where).fields()
    kind, explicit = fields.read(OID), fields.read(context(0))
    fields.end()
    parts = (
        der(e.tag, *sorted(c.raw for c in e.children())) if e.tag in (context(0), context(1)) else e.raw
        for e in _single(explicit).expect(SEQUENCE).children()
    )
    return der(SEQUENCE, kind.raw, der(context(0), der(SEQUENCE, *parts)))
