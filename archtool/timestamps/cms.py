"""Signed data of CMS with one signer, as timestamps are made of: taken apart, and its signature checked.

1. There is one signer, and signed attributes; each attribute stands there once, with one value.
2. The attributes name the type of the content and its digest.
3. The signature is over the attributes, written as a SET, in the order in which they stand.
4. The signer's certificate is the one that the signer's entry names. Whose it is remains to be asked.

Source: RFC 5652 §5; RFC 5754 (SHA-2), RFC 4055 (RSASSA-PSS), RFC 8419 (Ed25519).
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from archtool.timestamps.certificates import MAX_CERTIFICATES, key_identifier, load_certificate, number_of
from archtool.timestamps.der import OID, SEQUENCE, SET, DerElement, context, der, read_der
from archtool.timestamps.key_signature import DIGESTS, holds

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

SIGNED_DATA = "1.2.840.113549.1.7.2"
CONTENT_TYPE = "1.2.840.113549.1.9.3"
MESSAGE_DIGEST = "1.2.840.113549.1.9.4"


@dataclass(frozen=True, slots=True)
class SignerInfo:
    """The one signer's entry, and the certificate that it names."""

    certificate: Certificate | None
    """`None` where it is not in the signed data."""
    digest_oid: str
    attributes: Mapping[str, DerElement]
    """The signed attributes: the one value of each."""
    signed_bytes: bytes
    """What the signature is over."""
    signature_algorithm: DerElement
    signature: bytes


@dataclass(frozen=True, slots=True)
class SignedData:
    """Signed data, taken apart; nothing is verified by parsing."""

    content_type: str
    content: bytes
    certificates: tuple[Certificate, ...]
    signer: SignerInfo


def parse_signed_data(content_info: DerElement) -> SignedData:
    """Take apart a ContentInfo that holds signed data.

    Raises:
        InputError: another kind of content, more or less than one signer, or damaged.
    """
    outer = content_info.fields()
    if outer.take().oid() != SIGNED_DATA:
        raise content_info.refuse("its content is not signed data")
    fields = _only(outer.take(context(0))).fields()
    outer.end()
    fields.take().integer()
    fields.take(SET)  # the digest algorithms: the signer names the one that counts
    content_type, content = _encapsulated(fields.take(SEQUENCE))
    embedded = fields.maybe(context(0))
    fields.maybe(context(1))  # revocation lists: dated by whoever sent them, of no use here
    signers = fields.take(SET).children()
    fields.end()
    if len(signers) != 1:
        raise content_info.refuse(f"it has {len(signers)} signers, and exactly one is relied on")
    certificates = _certificates(embedded) if embedded is not None else ()
    return SignedData(content_type, content, certificates, _signer(signers[0], certificates))


def _only(element: DerElement) -> DerElement:
    inside = element.children()
    if len(inside) != 1:
        raise element.refuse(f"{len(inside)} values where one is expected")
    return inside[0]


def _encapsulated(element: DerElement) -> tuple[str, bytes]:
    fields = element.fields()
    content_type = fields.take().oid()
    content = _only(fields.take(context(0))).octets()
    fields.end()
    return content_type, content


def _certificates(embedded: DerElement) -> tuple[Certificate, ...]:
    found = embedded.children()
    if len(found) > MAX_CERTIFICATES:
        raise embedded.refuse(f"{len(found)} certificates, at most {MAX_CERTIFICATES} are read")
    # what has another tag is a certificate of attributes, which says nothing of keys
    return tuple(load_certificate(one.raw, one.where) for one in found if one.tag == SEQUENCE)


def _signer(element: DerElement, certificates: tuple[Certificate, ...]) -> SignerInfo:
    fields = element.fields()
    fields.take().integer()
    certificate = _named(fields.take(), certificates)
    digest_oid = fields.take().fields().take().oid()
    attributes = fields.maybe(context(0))
    if attributes is None:
        raise element.refuse("it has no signed attributes")
    algorithm, signature = fields.take(SEQUENCE), fields.take().octets()
    fields.maybe(context(1))  # unsigned attributes: anybody could have put them there
    fields.end()
    signed = der(SET, attributes.content)
    return SignerInfo(certificate, digest_oid, _attributes(attributes), signed, algorithm, signature)


def _named(identifier: DerElement, certificates: tuple[Certificate, ...]) -> Certificate | None:
    """The certificate that a signer's entry names, by issuer and number or by its key's identifier."""
    if identifier.tag == context(0, constructed=False):
        return next((c for c in certificates if key_identifier(c) == identifier.content), None)
    fields = identifier.fields()
    issuer, number = fields.take(SEQUENCE).raw, fields.take().integer()
    fields.end()
    named = (c for c in certificates if number_of(c) == number and c.issuer.public_bytes() == issuer)
    return next(named, None)


def _attributes(element: DerElement) -> dict[str, DerElement]:
    found: dict[str, DerElement] = {}
    for attribute in element.children():
        fields = attribute.fields()
        name, values = fields.take(OID).oid(), fields.take(SET).children()
        fields.end()
        if name in found or len(values) != 1:
            raise element.refuse(f"the attribute {name} does not stand there once, with one value")
        found[name] = values[0]
    return found


def why_not_signed(signed: SignedData, certificate: Certificate) -> str | None:
    """Why the signature does not hold for the content; `None` where it does.

    Whether the digest is one to rely on must have been asked before.

    Raises:
        InputError: an attribute cannot be read.
    """
    signer = signed.signer
    named_type, named_digest = (signer.attributes.get(name) for name in (CONTENT_TYPE, MESSAGE_DIGEST))
    if named_type is None or named_type.oid() != signed.content_type:
        return "its signed attributes do not name the type of its content"
    digest_name = DIGESTS[signer.digest_oid]
    if named_digest is None or named_digest.octets() != hashlib.new(digest_name, signed.content).digest():
        return "its content was changed after it was signed"
    is_good = holds(
        certificate, signer.signature_algorithm, digest_name, signer.signature, signer.signed_bytes
    )
    return None if is_good else "its signature does not hold"


def in_der_order(content_info: bytes, where: str) -> bytes:
    """The same signed data with its certificates in the order of DER, which no signature depends on.

    Evidence records are digested as DER: a reader that writes a record anew must come to the same bytes.

    Raises:
        InputError: it is not signed data.
    """
    fields = read_der(content_info, where).fields()
    kind, explicit = fields.take(OID), fields.take(context(0))
    fields.end()
    parts = (
        der(e.tag, *sorted(c.raw for c in e.children())) if e.tag in (context(0), context(1)) else e.raw
        for e in _only(explicit).expect(SEQUENCE).children()
    )
    return der(SEQUENCE, kind.raw, der(context(0), der(SEQUENCE, *parts)))
