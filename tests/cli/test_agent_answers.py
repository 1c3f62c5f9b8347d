"""Responses of an ssh-agent that are damaged, false or missing; and a software token."""

from __future__ import annotations

import contextlib
import hashlib
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given
from hypothesis import strategies as st

from archtool.errors import StorageError
from archtool.openssh.agent_messages import parse_identities, parse_signature
from archtool.openssh.agent_socket import agent_client
from archtool.openssh.keys.public_key import PublicKey
from archtool.openssh.limits import (
    MAX_AGENT_COMMENT_BYTES,
    MAX_AGENT_SIGNATURE_BYTES,
    MAX_ANSWER_BYTES,
    MAX_IDENTITIES,
)
from archtool.openssh.wire import WireReader, pack_mpint, pack_string, pack_uint32
from command_line import Run, archtool
from packages import ARCHIVIST, left_behind, needs_ssh_keygen, pack, write_key, write_letter
from ssh_agents import answering_agent, framed

LIST_KEYS, SIGN = 11, 13


def identities(*keys: tuple[bytes, bytes], count: int | None = None, after: bytes = b"") -> bytes:
    number = pack_uint32(len(keys) if count is None else count)
    named = b"".join(pack_string(blob) + pack_string(comment) for blob, comment in keys)
    return framed(b"\x0c" + number + named + after)


def signature(blob: bytes, after: bytes = b"") -> bytes:
    return framed(b"\x0e" + pack_string(blob) + after)


def public_of(folder: Path, name: str = ARCHIVIST) -> PublicKey:
    return PublicKey.parse_public_line(write_key(folder, name).with_suffix(".pub").read_text())


def packed_with(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answer: Callable[[bytes], bytes], key: str | Path
) -> Run:
    sources = tmp_path / "sources"
    sources.mkdir(exist_ok=True)
    with answering_agent(answer) as path:
        monkeypatch.setenv("SSH_AUTH_SOCK", str(path))
        made = pack(write_letter(sources), tmp_path / "package", "--sign", key)
    assert (made.code == 0) == (tmp_path / "package").exists()
    assert left_behind(tmp_path) == []
    return made


KEY = pack_string(b"ssh-ed25519") + pack_string(b"\1" * 32)
DAMAGED_LISTS = {
    "hangs up": (b"", "closed the connection after 0 of 4 bytes"),
    "cut short": (framed(b"\x0c\0\0\0\1")[:-3], "closed the connection after 2 of 5 bytes"),
    "empty": (framed(b""), "has 0 bytes"),
    "too large": ((MAX_ANSWER_BYTES + 1).to_bytes(4, "big"), f"has {MAX_ANSWER_BYTES + 1} bytes"),
    "refused": (framed(b"\5"), "refused to list its keys"),
    "another kind": (framed(b"\x0e"), "its type is 14, not 12"),
    "no count": (framed(b"\x0c\0"), "cut short"),
    "too many": (identities(count=MAX_IDENTITIES + 1), f"names {MAX_IDENTITIES + 1} keys"),
    "fewer than said": (identities((KEY, b"a"), count=2), "cut short"),
    "more than said": (identities((KEY, b"a"), after=b"x"), "1 bytes after its end"),
    "a long comment": (identities((KEY, b"c" * (MAX_AGENT_COMMENT_BYTES + 1))), "its comment has"),
}


@pytest.mark.parametrize(("answer", "complaint"), DAMAGED_LISTS.values(), ids=DAMAGED_LISTS.keys())
def test_a_damaged_list_of_keys_is_an_error_of_the_agent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answer: bytes, complaint: str
) -> None:
    made = packed_with(tmp_path, monkeypatch, lambda _: answer, "SHA256:" + "A" * 43)
    assert (made.code, complaint in made.err) == (5, True), made.err


def test_an_unusable_key_in_the_agent_does_not_prevent_the_use_of_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    odd = (pack_string(b"ssh-ed25519") + pack_string(b"short"), b"odd")
    future = (pack_string(b"ssh-tomorrow@example.org") + b"\1\2", b"new")
    listed = identities(odd, future, (KEY, b"two\nlines\x1b[31m"))
    made = packed_with(tmp_path, monkeypatch, lambda _: listed, "SHA256:" + "A" * 43)
    assert made.code == 3
    assert "and 1 that cannot be read" in made.err
    assert "two�lines�[31m" in made.err
    name = PublicKey.from_blob(future[0]).fingerprint
    unknown = packed_with(tmp_path, monkeypatch, lambda _: listed, name)
    assert (unknown.code, "whose signatures archtool cannot check" in unknown.err) == (3, True)


def test_the_beginning_of_two_fingerprints_is_ambiguous(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = [PublicKey.from_blob(KEY, comment="a"), public_of(tmp_path)]
    monkeypatch.setattr("archtool.openssh.agent_key.MIN_FINGERPRINT_CHARACTERS", 0)
    listed = identities(*((key.blob, key.comment.encode()) for key in keys))
    made = packed_with(tmp_path, monkeypatch, lambda _: listed, "SHA256:")
    assert (made.code, "SHA256: matches 2 fingerprints" in made.err) == (3, True)
    assert all(key.fingerprint in made.err for key in keys)


LIES = {
    "refused": (framed(b"\5"), "refused to sign"),
    "hangs up": (b"", "closed the connection"),
    "another kind": (framed(b"\x0c"), "its type is 12, not 14"),
    "cut short": (framed(b"\x0e\0\0\0\4abc"), "cut short"),
    "no signature": (signature(b""), "a signature of 0 bytes"),
    "too large": (signature(b"x" * (MAX_AGENT_SIGNATURE_BYTES + 1)), "a signature of"),
    "more after it": (signature(b"x", b"y"), "1 bytes after its end"),
    "of nothing": (
        signature(pack_string(b"ssh-ed25519") + pack_string(b"s" * 64)),
        "does not verify under SHA256:",
    ),
    "of another type": (
        signature(pack_string(b"rsa-sha2-512") + pack_string(b"s" * 64)),
        "cannot make a signature of type rsa-sha2-512",
    ),
}


@pytest.mark.parametrize(("lie", "complaint"), LIES.values(), ids=LIES.keys())
def test_an_invalid_signature_from_the_agent_leaves_no_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lie: bytes, complaint: str
) -> None:
    public = public_of(tmp_path)

    def answer(request: bytes) -> bytes:
        return identities((public.blob, b"")) if request[0] == LIST_KEYS else lie

    made = packed_with(tmp_path, monkeypatch, answer, tmp_path / "archivist-key.pub")
    assert (made.code, complaint in made.err) == (5, True), made.err


def test_an_incomplete_response_of_the_agent_is_an_error() -> None:
    agent = answering_agent(lambda _: b"\0\0", hangs_up=False)
    with agent as path, pytest.raises(StorageError, match="did not answer within 0 seconds"):
        agent_client(str(path), 0.05)(b"\x0b")


def test_an_impossible_socket_path_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for path in (tmp_path / "file", tmp_path, tmp_path / ("x" * 200)):
        with pytest.raises(StorageError, match="no ssh-agent answers at"):
            agent_client(str(path), 5)(b"\x0b")


def test_an_agent_that_resets_the_connection_is_reported(tmp_path: Path) -> None:
    with contextlib.chdir(tmp_path), socket.socket(socket.AF_UNIX) as listening:
        listening.bind("s")
        listening.listen()

        def hang_up() -> None:  # with a request unread
            listening.accept()[0].close()

        thread = threading.Thread(target=hang_up)
        thread.start()
        with pytest.raises(StorageError, match="the connection to the ssh-agent failed"):
            agent_client("s", 5)(b"x" * (4 * 1024 * 1024))
        thread.join()


def test_an_interrupt_while_the_token_waits_for_a_touch_leaves_no_package(tmp_path: Path) -> None:
    public = public_of(tmp_path)
    asked = threading.Event()

    def answer(request: bytes) -> bytes:
        if request[0] == LIST_KEYS:
            return identities((public.blob, b""))
        asked.set()
        return b"\0"  # and no more: the token is not touched

    (tmp_path / "sources").mkdir()
    description = write_letter(tmp_path / "sources")
    command = ["pack", str(description), "-o", "package", "--sign", "archivist-key.pub"]
    with (
        answering_agent(answer, hangs_up=False) as path,
        subprocess.Popen(
            [sys.executable, "-m", "archtool", *command], cwd=tmp_path, stderr=subprocess.PIPE, text=True,
            env={**os.environ, "SSH_AUTH_SOCK": str(path)},
        ) as running,
    ):  # fmt: skip
        assert asked.wait(30)
        running.send_signal(signal.SIGINT)
        _, said = running.communicate(timeout=30)
    assert (running.returncode, "interrupted; no incomplete output was left" in said) == (130, True)
    assert not (tmp_path / "package").exists()
    assert left_behind(tmp_path) == []


@given(st.binary(max_size=300))
def test_random_bytes_from_the_agent_raise_no_other_error(body: bytes) -> None:
    for kind, parse in ((b"\x0c", parse_identities), (b"\x0e", parse_signature)):
        for answer in (body, kind + body):
            with contextlib.suppress(StorageError):
                parse(answer)


def test_an_rsa_signature_is_requested_with_sha512(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    modulus = 2**3071 + 1
    blob = pack_string(b"ssh-rsa") + pack_mpint(65537) + pack_mpint(modulus)
    asked = []

    def answer(request: bytes) -> bytes:
        asked.append(request)
        return identities((blob, b"a@example.org")) if request[0] == LIST_KEYS else framed(b"\5")

    made = packed_with(tmp_path, monkeypatch, answer, PublicKey.from_blob(blob).fingerprint)
    assert (made.code, asked[-1][:1], asked[-1][-4:]) == (5, b"\x0d", pack_uint32(4))


class Token:
    """A FIDO token in software: touched (flags 1), with a counter."""

    def __init__(self, kind: str) -> None:
        self._uses = 6
        self._ed25519 = ed25519.Ed25519PrivateKey.generate()
        self._ecdsa = ec.generate_private_key(ec.SECP256R1())
        self._name = f"sk-{kind}@openssh.com".encode()
        self._is_ecdsa = kind.startswith("ecdsa")
        if self._is_ecdsa:
            point = self._ecdsa.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
            inner = pack_string(b"nistp256") + pack_string(point)
        else:
            inner = pack_string(self._ed25519.public_key().public_bytes_raw())
        self.public = PublicKey.from_blob(
            pack_string(self._name) + inner + pack_string(b"ssh:"), comment=ARCHIVIST
        )

    def answer(self, request: bytes) -> bytes:
        if request[0] == LIST_KEYS:
            return identities((self.public.blob, ARCHIVIST.encode()))
        reader = WireReader(request[1:], "request")
        assert (request[0], reader.string()) == (SIGN, self.public.blob)
        message, flags = reader.string(), reader.uint32()
        assert flags == 0
        self._uses += 1
        suffix = b"\1" + pack_uint32(self._uses)
        shown = hashlib.sha256(b"ssh:").digest() + suffix + hashlib.sha256(message).digest()
        return signature(pack_string(self._name) + pack_string(self._sign(shown)) + suffix)

    def _sign(self, shown: bytes) -> bytes:
        if not self._is_ecdsa:
            return self._ed25519.sign(shown)
        r, s = decode_dss_signature(self._ecdsa.sign(shown, ec.ECDSA(hashes.SHA256())))
        return pack_mpint(r) + pack_mpint(s)


@needs_ssh_keygen
@pytest.mark.parametrize("kind", ["ssh-ed25519", "ecdsa-sha2-nistp256"])
def test_a_tokens_signature_is_kept_unchanged_and_verified_by_ssh_keygen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    token = Token(kind)
    public = tmp_path / "token.pub"
    public.write_text(token.public.format_public_line())
    made = packed_with(tmp_path, monkeypatch, token.answer, public)
    assert made.code == 0, made.err
    assert (
        f"requesting a signature by {token.public.fingerprint} from the ssh-agent; touch the token\n"
        in made.err
    )
    trust = tmp_path / "allowed_signers"
    trust.write_text(archtool("keys", "trust", public, "--name", ARCHIVIST).out)
    assert "trust trusted" in archtool("verify", tmp_path / "package", "--trust", trust).out
    folder = tmp_path / "package" / "attestations" / "0001-packaging"
    done = subprocess.run(
        ["ssh-keygen", "-Y", "verify", "-f", str(trust), "-I", ARCHIVIST, "-n", "archtool",
         "-s", str(folder / "sha512sums.txt.archivist.sig")],
        input=(folder / "sha512sums.txt").read_bytes(), capture_output=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
