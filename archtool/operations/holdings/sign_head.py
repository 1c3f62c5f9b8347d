"""Signs the head of a register: a later change of anything before it contradicts the signature.

The signed text is the head's statement (`holdings.head_statement`). The signature is kept in the register,
and is to be exported: what lies only in the file can be removed by whoever can change the file.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from archtool.attestations.statements.writer import Signer, slug_of
from archtool.errors import InputError
from archtool.files.paths import shown
from archtool.files.writing.staging import write_whole
from archtool.holdings.chain import read_head
from archtool.holdings.event import format_time
from archtool.holdings.heads.head_signatures import HeadSignature, read_head_signatures, store_head_signature
from archtool.holdings.heads.head_statement import HeadStatement, has_usable_id
from archtool.holdings.limits import MAX_HEAD_BYTES
from archtool.holdings.queries import read_register_id
from archtool.holdings.register import Register
from archtool.openssh.sshsig import sign
from archtool.operations.describe.inputs import read_input

if TYPE_CHECKING:
    from archtool.operations.trust.timestamp_client import TimestampClient  # lazy: 30 ms, few use it

SIGNATURE_SUFFIX = ".sig"
TIMESTAMP_SUFFIX = ".tsr"


@dataclass(frozen=True, slots=True)
class SignedHead:
    """A head with the signatures over its text."""

    statement: HeadStatement
    signatures: tuple[HeadSignature, ...] = ()


def read_signed_head(register: Register, at: datetime) -> SignedHead:
    """Return the head of a register with its signatures; the time is that of the first of them.

    Raises:
        InputError: the first event, which has the id of the register, is damaged; or a stored head is.
    """
    with register.reading() as connection:
        head = read_head(connection)
        stored = tuple(read_head_signatures(connection, head.number))
        statement = HeadStatement(read_register_id(connection), head, format_time(at))
    if not has_usable_id(statement):
        found = repr(statement.register[:80])
        raise InputError(
            f"the first event of {shown(str(register.path))} has no id of a register: {found}",
            hint="see what is wrong with it: archtool holdings verify",
        )
    if not stored:
        return SignedHead(statement)
    signed = HeadStatement.parse(stored[0].statement.encode(), f"the stored head {head.number}")
    if (signed.register, signed.head) != (statement.register, head):
        raise InputError(
            f"the signature that is stored for event {head.number:,} is of another register or event",
            hint="see what was changed: archtool holdings verify",
        )
    return SignedHead(signed, tuple(s for s in stored if s.statement == stored[0].statement))


def sign_head(
    register: Register,
    signers: Sequence[Signer],
    at: datetime,
    timestamp_client: TimestampClient | None = None,
) -> SignedHead:
    """Sign the head of a register with each key, and store the signatures in it.

    A key that has signed this head does not sign again; its signature gets the timestamp if it has none.

    Raises:
        NoTimestampError: a timestamp was requested and not received; nothing was stored.
        StorageError: the register cannot be written.
    """
    known = read_signed_head(register, at)
    by_key = {signature.key: signature for signature in known.signatures}
    for signer in signers:
        signature = by_key.get(signer.key.public.fingerprint) or _sign(known.statement, signer)
        by_key[signature.key] = _with_timestamp(signature, timestamp_client)
    with register.writing() as chain:
        for signature in by_key.values():
            store_head_signature(chain.connection, signature)
    return SignedHead(known.statement, tuple(by_key.values()))


def _sign(statement: HeadStatement, signer: Signer) -> HeadSignature:
    text = statement.format()
    armoured = sign(text.encode(), signer.key)
    fingerprint = signer.key.public.fingerprint
    return HeadSignature(statement.head.number, fingerprint, signer.principal, text, armoured, None)


def _with_timestamp(signature: HeadSignature, client: TimestampClient | None) -> HeadSignature:
    if client is None or signature.timestamp is not None:
        return signature
    token, _ = client.get_timestamp(signature.signature.encode())
    return HeadSignature(
        signature.number, signature.key, signature.signer, signature.statement, signature.signature, token
    )


def head_files(signed: SignedHead, name: str) -> dict[str, bytes]:
    """Return the files of an exported head: signatures `NAME.<signer>.sig`, timestamps, and last the text."""
    files: dict[str, bytes] = {}
    for signature in signed.signatures:
        base = f"{name}.{slug_of(signature.signer)}"
        tries = (base if count == 1 else f"{base}-{count}" for count in range(1, len(files) + 2))
        path = next(f"{text}{SIGNATURE_SUFFIX}" for text in tries if f"{text}{SIGNATURE_SUFFIX}" not in files)
        files[path] = signature.signature.encode()
        if signature.timestamp is not None:
            files[f"{path}{TIMESTAMP_SUFFIX}"] = signature.timestamp
    files[name] = signed.statement.format().encode()
    return files


def head_name(signed: SignedHead) -> str:
    """Return the name of the file of a head in a folder of heads; names sort as the events do."""
    return f"head-{signed.statement.head.number:09}.txt"


def export_head(signed: SignedHead, target: Path) -> tuple[Path, ...]:
    """Write the files of a head to the path, or into it if it is a folder; files with this content are kept.

    Raises:
        InputError: a file has one of the names, and another content.
        StorageError: they cannot be written.
    """
    text = target / head_name(signed) if target.is_dir() else target
    if not text.parent.is_dir():
        raise InputError(f"there is no folder {shown(str(text.parent))}", hint="create the folder first")
    if not signed.signatures and _is_same_head(text, signed.statement):
        return (text,)
    files = {text.parent / name: data for name, data in head_files(signed, text.name).items()}
    missing = [path for path, data in files.items() if not _has_content(path, data)]
    for path in missing:
        write_whole(path, files[path])
    return tuple(files)


def _is_same_head(path: Path, statement: HeadStatement) -> bool:
    """Whether a file has the same head, which was only taken at another time."""
    try:
        found = HeadStatement.parse(read_input(path, MAX_HEAD_BYTES, "the head"), shown(str(path)))
    except InputError:
        return False
    return (found.register, found.head) == (statement.register, statement.head)


def _has_content(path: Path, data: bytes) -> bool:
    """Whether a file exists and has this content."""
    try:
        found = path.read_bytes()
    except FileNotFoundError:
        return False
    except OSError as error:
        raise InputError(
            f"{shown(str(path))} is not a file that can be compared: {error.strerror}",
            hint="choose another name with --output",
        ) from None
    if found == data:
        return True
    raise InputError(
        f"{shown(str(path))} exists already, with another content", hint="choose another name with --output"
    )
