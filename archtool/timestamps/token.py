"""Parses timestamps of RFC 3161; parsing verifies nothing.

Two forms are accepted: an authority's answer (TimeStampResp), as `openssl ts` stores it, and the token alone.

Source: RFC 3161 §2.4.2.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from archtool.errors import InputError
from archtool.timestamps.cms import SignedData, parse_signed_data
from archtool.timestamps.der import (
    BIT_STRING,
    BOOLEAN,
    GENERALIZED_TIME,
    INTEGER,
    OID,
    SEQUENCE,
    DerElement,
    context,
    read_der,
)
from archtool.timestamps.limits import MAX_SHOWN_CHARS, MAX_TIMESTAMP_BYTES

TST_INFO = "1.2.840.113549.1.9.16.1.4"
_GRANTED = (0, 1)  # 1: granted with changes to the request
_STATUS = {2: "rejected", 3: "waiting", 4: "revocation is near", 5: "revoked"}
_FAILURES = {
    0: "it does not know the digest algorithm",
    2: "it does not accept this kind of request",
    5: "it found the request damaged",
    14: "its clock is not available at the moment",
    15: "it does not have the requested policy",
    16: "it does not know an extension of the request",
    17: "it cannot add the requested information",
    25: "its system failed",
}  # RFC 3161 §2.4.2, PKIFailureInfo


class RejectedError(InputError):
    """The authority answered with a refusal instead of a timestamp."""


@dataclass(frozen=True, slots=True)
class TimestampToken:
    """The content of a token: the digest of bytes, and the time at which they existed."""

    where: str
    """The source of the data, for messages."""
    raw: bytes
    """The token alone, unchanged: a ContentInfo of CMS."""
    policy: str
    """The object identifier of the authority's policy for the token."""
    digest_oid: str
    imprint: bytes
    """The digest of the timestamped bytes."""
    at: datetime
    """Aware UTC: the authority's time, `genTime`."""
    nonce: int | None
    signed: SignedData

    @classmethod
    def parse(cls, data: bytes, where: str) -> TimestampToken:
        """Parse a token, or an answer that contains one.

        Raises:
            RejectedError: the answer is a refusal of the authority.
            InputError: too large, damaged, or not a timestamp.
        """
        if len(data) > MAX_TIMESTAMP_BYTES:
            raise InputError(
                f"{where} is too large for a timestamp: {len(data):,} bytes, at most {MAX_TIMESTAMP_BYTES:,}"
            )
        if data[:1] != bytes((SEQUENCE,)):
            raise InputError(f"{where} is not a timestamp: it does not begin like one")
        outer = read_der(data, where)
        children = outer.children()
        token = outer if children and children[0].tag == OID else _token_in_answer(outer)
        signed = parse_signed_data(token)
        if signed.content_type != TST_INFO:
            raise outer.refuse("its signed content is not a timestamp")
        return cls._from_info(read_der(signed.content, where), token.raw, signed)

    @classmethod
    def _from_info(cls, info: DerElement, raw: bytes, signed: SignedData) -> TimestampToken:
        fields = info.fields()
        version = fields.read().integer()
        if version != 1:
            raise info.refuse(f"version {version} of timestamps; only version 1 is known")
        policy = fields.read().oid()
        imprint = fields.read(SEQUENCE).fields()
        digest_oid, digest = imprint.read(SEQUENCE).fields().read().oid(), imprint.read().octets()
        imprint.end()
        fields.read().integer()  # the token's own number
        at = fields.read(GENERALIZED_TIME).time()
        fields.read_optional(SEQUENCE)  # accuracy
        fields.read_optional(BOOLEAN)  # whether the authority's tokens are ordered
        nonce = fields.read_optional(INTEGER)
        fields.read_optional(context(0))  # the authority's name: its certificate is what counts
        extensions = fields.read_optional(context(1))
        fields.end()
        _refuse_critical(extensions.children() if extensions is not None else ())
        return cls(
            info.where,
            raw,
            policy,
            digest_oid,
            digest,
            at,
            None if nonce is None else nonce.integer(),
            signed,
        )


def _refuse_critical(extensions: Sequence[DerElement]) -> None:
    """Refuse critical extensions: none is known, so others are ignored."""
    for extension in extensions:
        fields = extension.fields()
        name, critical = fields.read().oid(), fields.read_optional(BOOLEAN)
        if critical is not None and critical.content != b"\0":
            raise extension.refuse(f"it has an unknown critical extension: {name}")


def _token_in_answer(answer: DerElement) -> DerElement:
    """Return the token in an answer."""
    fields = answer.fields()
    status = fields.read(SEQUENCE).fields()
    number, texts, failure = (
        status.read().integer(),
        status.read_optional(SEQUENCE),
        status.read_optional(BIT_STRING),
    )
    token = fields.read_optional(SEQUENCE)
    fields.end()
    if number in _GRANTED and token is not None:
        return token
    reasons = [_STATUS.get(number, f"status {number}"), *_failures(failure)]
    if texts is not None:
        reasons.append("; ".join(text.text() for text in texts.children()))
    raise RejectedError(f"{answer.where}: the authority refused: {': '.join(reasons)[:MAX_SHOWN_CHARS]}")


def _failures(bits: DerElement | None) -> list[str]:
    content = bits.content[1:5] if bits is not None else b""
    number = int.from_bytes(content.ljust(4, b"\0"), "big")
    return [reason for bit, reason in _FAILURES.items() if number >> (31 - bit) & 1]
