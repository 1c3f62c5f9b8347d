"""Parses and formats evidence records of RFC 4998; parsing verifies nothing.

A record is a sequence of chains. A chain is one or more timestamps, each with the reduced hash tree from the
covered data to its root. In a chain, each timestamp except the first covers the previous one; a new chain,
with another digest algorithm, covers the files again and all earlier chains.

Source: RFC 4998 §3.1, §4.1, §5.1.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from archtool.errors import InputError
from archtool.timestamps.cms import in_der_order
from archtool.timestamps.der import (
    INTEGER,
    OCTET_STRING,
    SEQUENCE,
    DerElement,
    context,
    der,
    der_integer,
    der_oid,
    read_der,
)
from archtool.timestamps.evidence.hash_tree import HashTree
from archtool.timestamps.key_signature import DIGEST_OIDS, DIGESTS
from archtool.timestamps.limits import MAX_RECORD_BYTES, MAX_STEPS, MAX_TIMESTAMPS
from archtool.timestamps.token import TimestampToken

_VERSION = 1


@dataclass(frozen=True, slots=True)
class ArchiveTimestamp:
    """A timestamp with the reduced hash tree from the covered data to its root."""

    digest_name: str
    """`sha256`, `sha384` or `sha512`."""
    tree: HashTree
    """Empty if the timestamp covers a single item."""
    token: TimestampToken

    def format(self) -> bytes:
        """Return the archive timestamp in DER."""
        steps = (der(SEQUENCE, *(der(OCTET_STRING, one) for one in sorted(step))) for step in self.tree)
        tree = (der(context(2), *steps),) if self.tree else ()
        return der(SEQUENCE, der(context(0), der_oid(DIGEST_OIDS[self.digest_name])), *tree, self.token.raw)


Chain = tuple[ArchiveTimestamp, ...]


def archive_timestamp(digest_name: str, tree: HashTree, answer: bytes, where: str) -> ArchiveTimestamp:
    """Return an archive timestamp from an authority's answer and the reduced hash tree.

    The certificates in the token are sorted in DER order, so that a program that writes the record again and
    digests it gets the same bytes.

    Raises:
        InputError: the answer contains no timestamp.
    """
    token = in_der_order(TimestampToken.parse(answer, where).raw, where)
    return ArchiveTimestamp(digest_name, tree, TimestampToken.parse(token, where))


@dataclass(frozen=True, slots=True)
class EvidenceRecord:
    """One evidence record."""

    chains: tuple[Chain, ...]

    @classmethod
    def parse(cls, data: bytes, where: str) -> EvidenceRecord:
        """Parse a record.

        Raises:
            InputError: too large, damaged, of another version, or with an unknown digest algorithm.
        """
        if len(data) > MAX_RECORD_BYTES:
            raise InputError(f"{where} is too large for an evidence record: {len(data):,} bytes")
        fields = read_der(data, where).fields()
        if fields.read(INTEGER).integer() != _VERSION:
            raise InputError(f"{where} is an evidence record of an unknown version")
        fields.read(SEQUENCE)  # the digest algorithms: each timestamp names its own
        for number in (0, 1):
            if fields.read_optional(context(number)) is not None:
                raise InputError(
                    f"{where} covers encrypted files, but the files of a package are not encrypted"
                )
        chains = tuple(_read_chain(chain) for chain in fields.read(SEQUENCE).children())
        fields.end()
        count = sum(map(len, chains))
        if not chains or not all(chains) or count > MAX_TIMESTAMPS:
            raise InputError(f"{where} is damaged: {count} timestamps in {len(chains)} chains")
        return cls(chains)

    def format(self) -> bytes:
        """Return the record in DER."""
        names = dict.fromkeys(one.digest_name for chain in self.chains for one in chain)
        algorithms = der(SEQUENCE, *(der(SEQUENCE, der_oid(DIGEST_OIDS[name])) for name in names))
        return der(SEQUENCE, der_integer(_VERSION), algorithms, format_chains(self.chains))

    def states(self) -> list[bytes]:
        """Return a digest of the record after each timestamp; a renewed record keeps the old digests."""
        hasher = hashlib.sha256()
        states = []
        for number, chain in enumerate(self.chains):
            for one in chain:
                timestamp = one.format()
                hasher.update(b"%d %d " % (number, len(timestamp)) + timestamp)
                states.append(hasher.digest())
        return states


def format_chains(chains: tuple[Chain, ...]) -> bytes:
    """Return chains in DER (ArchiveTimeStampSequence), which a new chain covers in addition to the files."""
    return der(SEQUENCE, *(der(SEQUENCE, *(one.format() for one in chain)) for chain in chains))


def _read_chain(chain: DerElement) -> Chain:
    return tuple(_read_timestamp(one) for one in chain.expect(SEQUENCE).children())


def _read_timestamp(element: DerElement) -> ArchiveTimestamp:
    fields = element.fields()
    named, attributes, reduced = (fields.read_optional(context(number)) for number in range(3))
    token = TimestampToken.parse(fields.read(SEQUENCE).raw, element.where)
    fields.end()
    if attributes is not None:
        raise element.refuse("it has attributes, which are not supported")
    oid = token.digest_oid if named is None else named.children()[0].oid()
    if oid != token.digest_oid or oid not in DIGESTS:
        raise element.refuse(f"its digest is unknown or differs from that of its timestamp: {oid}")
    tree = tuple(_read_step(step, DIGESTS[oid]) for step in reduced.children()) if reduced is not None else ()
    if len(tree) > MAX_STEPS or not all(tree):
        raise element.refuse(f"a hash tree of {len(tree)} steps (at most {MAX_STEPS}), or an empty step")
    return ArchiveTimestamp(DIGESTS[oid], tree, token)


def _read_step(step: DerElement, digest_name: str) -> tuple[bytes, ...]:
    size_bytes = hashlib.new(digest_name).digest_size
    found = tuple(one.octets() for one in step.expect(SEQUENCE).children())
    if any(len(one) != size_bytes for one in found):
        raise step.refuse(f"a digest that does not have the length of {digest_name}")
    return found
