"""Formats and parses armour: base64 between BEGIN and END lines, as in OpenSSH private keys and signatures.

A text that two programs could read differently is refused.

Source: OpenSSH PROTOCOL.sshsig ("Armored format"), PROTOCOL.key.
"""

from __future__ import annotations

import base64
import binascii
import re

from archtool.errors import InputError

LINE_CHARACTERS = 70  # the line length of OpenSSH
_BASE64 = re.compile(r"[A-Za-z0-9+/]*={0,2}", re.ASCII)


def format_armour(label: str, blob: bytes) -> str:
    """Return a blob as armoured text, identical to OpenSSH's."""
    body = base64.b64encode(blob).decode("ascii")
    lines = [body[i : i + LINE_CHARACTERS] for i in range(0, len(body), LINE_CHARACTERS)]
    return "\n".join([_begin(label), *lines, _end(label), ""])


def parse_armour(label: str, data: bytes, where: str) -> bytes:
    """Return the blob in an armoured text; lines can end in LF or CR LF and have any length.

    Raises:
        InputError: no BEGIN or END line, text before or after, two armours in one file, or not base64.
    """
    try:
        text = data.decode("ascii").replace("\r\n", "\n")
    except UnicodeDecodeError:
        raise InputError(f"{where} is not an armoured text: it contains characters outside ASCII") from None
    lines = text.split("\n")
    if lines[0] != _begin(label):
        raise InputError(f"{where} does not begin with {_begin(label)}")
    if _end(label) not in lines:
        raise InputError(f"{where} is cut short: the line {_end(label)} is missing")
    last = lines.index(_end(label))
    _refuse_trailing_text([line for line in lines[last + 1 :] if line.strip()], label, where)
    return decode_base64("".join(lines[1:last]), where)


def decode_base64(text: str, where: str) -> bytes:
    """Decode base64 in its one canonical form, with padding.

    Raises:
        InputError: other characters, wrong padding, or unused bits that are not zero.
    """
    try:
        blob = base64.b64decode(text.encode("ascii"), validate=True)
    except (binascii.Error, UnicodeEncodeError) as error:
        raise InputError(f"{where} is not base64: {error}") from None
    if not _BASE64.fullmatch(text) or base64.b64encode(blob).decode("ascii") != text:
        raise InputError(f"{where} is not canonical base64")
    return blob


def _refuse_trailing_text(lines: list[str], label: str, where: str) -> None:
    if _begin(label) in lines:
        raise InputError(
            f"{where} contains two armoured texts",
            hint="keep one signature per file: ssh-keygen reads only the first",
        )
    if lines:
        raise InputError(f"{where} has text after its END line: {lines[0][:40]!r}")


def _begin(label: str) -> str:
    return f"-----BEGIN {label}-----"


def _end(label: str) -> str:
    return f"-----END {label}-----"
