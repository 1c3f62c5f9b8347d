r"""The lines of an export, JSON Lines: a first line, then every event, then every signature on a head.

    {"archtool":"register-export/1","events":1204,"head":"sha256:…","register":"…","signatures":12}
    {"number":1,"sha256":"…","record":{…}}
    {"head_signature":{"key":"SHA256:…","number":1200,"signature":"-----BEGIN …","signer":"…",…}}

A record stands in its line byte for byte as it was hashed, so that any program can check it: the SHA-256 of
what is between `"record":` and the last brace is the digest. Canonical JSON has no line feeds.
"""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass
from typing import Any

from archtool.canonical_json import canonical_json, parse_canonical_json
from archtool.errors import InputError
from archtool.holdings.heads.head_signatures import HeadSignature
from archtool.holdings.limits import MAX_NUMBER_DIGITS

FORMAT = "register-export/1"
_EVENT = re.compile(
    rb'\{"number":([1-9][0-9]{0,%d}),"sha256":"([0-9a-f]{64})","record":(\{.*\})\}' % (MAX_NUMBER_DIGITS - 1),
    re.DOTALL,
)
_TEXTS = ("key", "signature", "signer", "statement")


@dataclass(frozen=True, slots=True)
class ExportHeader:
    """The first line: what the export must contain."""

    register: str
    """The id of the register."""
    events: int
    digest: str
    """The digest of the last event, 64 digits."""
    signatures: int

    def format(self) -> bytes:
        """Return the line without its end."""
        value = {
            "archtool": FORMAT, "events": self.events, "head": f"sha256:{self.digest}",
            "register": self.register, "signatures": self.signatures,
        }  # fmt: skip
        return canonical_json(value).encode()

    @classmethod
    def parse(cls, line: bytes) -> ExportHeader:
        """Read the line.

        Raises:
            InputError: it is not the first line of an export, or of a newer format.
        """
        value = _object(line)
        name = value.get("archtool")
        if isinstance(name, str) and name.startswith("register-export/") and name != FORMAT:
            raise InputError(f"an export of a newer archtool: {name}", hint="import it with that archtool")
        digest = value.get("head")
        counts = (value.get("events"), value.get("signatures"))
        texts = (value.get("register"), digest)
        if (
            name != FORMAT
            or not all(type(c) is int for c in counts)
            or not all(type(t) is str for t in texts)
        ):
            raise InputError(
                "not the first line of an export of a register",
                hint="name the file, or the folder, that `archtool holdings export` made",
            )
        return cls(
            value["register"], value["events"], str(digest).removeprefix("sha256:"), value["signatures"]
        )


def format_event_line(number: int, digest: bytes, record: bytes) -> bytes:
    """Return the line of one event without its end."""
    return b'{"number":%d,"sha256":"%s","record":%s}' % (number, digest.hex().encode(), record)


def parse_event_line(line: bytes) -> tuple[int, bytes, bytes]:
    """Return number, digest and record of the line of an event.

    Raises:
        InputError: it has another form.
    """
    found = _EVENT.fullmatch(line)
    if found is None:
        raise InputError('not an event: a line must be {"number":…,"sha256":"…","record":{…}} without blanks')
    return int(found[1]), bytes.fromhex(found[2].decode()), found[3]


def format_signature_line(signature: HeadSignature) -> bytes:
    """Return the line of a signature on a head without its end."""
    stamp = signature.timestamp
    value = {
        "key": signature.key, "number": signature.number, "signature": signature.signature,
        "signer": signature.signer, "statement": signature.statement,
        "timestamp": base64.b64encode(stamp).decode() if stamp is not None else None,
    }  # fmt: skip
    return canonical_json({"head_signature": value}).encode()


def parse_signature_line(line: bytes) -> HeadSignature:
    """Return the signature of a line.

    Raises:
        InputError: it has another form.
    """
    value = _object(line).get("head_signature")
    if not isinstance(value, dict) or value.keys() != {*_TEXTS, "number", "timestamp"}:
        raise InputError("not a signature on a head")
    stamp = value["timestamp"]
    if any(type(value[key]) is not str for key in _TEXTS) or type(value["number"]) is not int:
        raise InputError("a member of the signature on a head has another type than an export has")
    try:
        timestamp = base64.b64decode(stamp, validate=True) if stamp is not None else None
    except (TypeError, binascii.Error, ValueError):
        raise InputError("the timestamp of the signature on a head is not base64") from None
    signature = HeadSignature(
        value["number"], value["key"], value["signer"], value["statement"], value["signature"], timestamp
    )
    if format_signature_line(signature) != line:
        raise InputError("a signature on a head is not in the form in which an export writes it")
    return signature


def _object(line: bytes) -> dict[str, Any]:
    try:
        value = parse_canonical_json(line.decode("utf-8"))
    except UnicodeDecodeError:
        raise InputError("not UTF-8") from None
    except ValueError as error:
        raise InputError(f"not canonical JSON: {error}") from None
    if not isinstance(value, dict):
        raise InputError("not a JSON object")
    return value
