"""Base64 between a BEGIN and an END line, as OpenSSH writes its private keys and signatures.

There is one way to read a text: anything that two programs could understand differently is refused.

Source: OpenSSH PROTOCOL.sshsig ("Armored format"), PROTOCOL.key.
"""

from __future__ import annotations

import base64
import binascii
import re

from archtool.errors import InputError

LINE_CHARACTERS = 70  # where OpenSSH breaks its lines
_BASE64 = re.compile(r"[A-Za-z0-9+/]*={0,2}", re.ASCII)


def format_armour(label: str, blob: bytes) -> str:
    """The text form of a blob, the same characters that OpenSSH writes."""
    body = base64.b64encode(blob).decode("ascii")
    lines = [body[i : i + LINE_CHARACTERS] for i in range(0, len(body), LINE_CHARACTERS)]
    return "\n".join([_begin(label), *lines, _end(label), ""])


def parse_armour(label: str, data: bytes, where: str) -> bytes:
    """The blob in an armoured text; lines may end in LF or CR LF and be of any length.

    Raises:
        InputError: no BEGIN or END line, text before or after, two armours in one file, or not base64.
    """
    try:
        text = data.decode("ascii").replace("\r\n", "\n")
    except UnicodeDecodeError:
        raise InputError(f"{where} is not an armoured text: it has characters outside ASCII") from None
    lines = text.split("\n")
    if lines[0] != _begin(label):
        raise InputError(f"{where} does not begin with {_begin(label)}")
    if _end(label) not in lines:
        raise InputError(f"{where} is cut short: there is no line {_end(label)}")
    last = lines.index(_end(label))
    _refuse_what_follows([line for line in lines[last + 1 :] if line.strip()], label, where)
    return decode_base64("".join(lines[1:last]), where)


def decode_base64(text: str, where: str) -> bytes:
    """Base64 with its padding, in the one form that an encoder writes.

    Raises:
        InputError: foreign characters, wrong padding, or bits left over that say nothing.
    """
    try:
        blob = base64.b64decode(text.encode("ascii"), validate=True)
    except (binascii.Error, UnicodeEncodeError) as error:
        raise InputError(f"{where} is not base64: {error}") from None
    if not _BASE64.fullmatch(text) or base64.b64encode(blob).decode("ascii") != text:
        raise InputError(f"{where} is not base64 as an encoder writes it")
    return blob


def _refuse_what_follows(lines: list[str], label: str, where: str) -> None:
    if _begin(label) in lines:
        raise InputError(
            f"{where} holds two armoured texts",
            hint="keep one signature per file: ssh-keygen looks at the first only",
        )
    if lines:
        raise InputError(f"{where} has text after its END line: {lines[0][:40]!r}")


def _begin(label: str) -> str:
    return f"-----BEGIN {label}-----"


def _end(label: str) -> str:
    return f"-----END {label}-----"
