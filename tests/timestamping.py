"""A timestamping authority on this machine: `openssl ts` with throw-away keys, at any date."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from unit.download.servers import Handler, Served

PrivateKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey
STAMPED_AT = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
BEGIN, END = datetime(2020, 1, 1, tzinfo=UTC), datetime(2040, 1, 1, tzinfo=UTC)
POLICY = "1.3.6.1.4.1.99999.1"

needs_openssl = pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")
needs_faketime = pytest.mark.skipif(shutil.which("faketime") is None, reason="faketime is not installed")


_CURVES: dict[str, ec.EllipticCurve] = {
    "p192": ec.SECP192R1(), "p256": ec.SECP256R1(), "p384": ec.SECP384R1(),
}  # fmt: skip


def make_key(kind: str = "p256") -> PrivateKey:
    """Make a key of a kind: `p192`, `p256`, `p384`, `rsa2048`, `rsa1024`, `ed25519`."""
    if kind == "ed25519":
        return ed25519.Ed25519PrivateKey.generate()
    if kind.startswith("rsa"):
        return rsa.generate_private_key(public_exponent=65537, key_size=int(kind.removeprefix("rsa")))
    return ec.generate_private_key(_CURVES[kind])


@dataclass(frozen=True)
class Identity:
    """A key and its certificate."""

    key: PrivateKey
    certificate: x509.Certificate

    @property
    def pem(self) -> bytes:
        return self.certificate.public_bytes(serialization.Encoding.PEM)

    @property
    def key_pem(self) -> bytes:
        return self.key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )


@dataclass(frozen=True)
class Wish:
    """The properties of a certificate that differ from the defaults."""

    begin: datetime = BEGIN
    end: datetime = END
    purposes: Sequence[x509.ObjectIdentifier] | None = (ExtendedKeyUsageOID.TIME_STAMPING,)
    critical: bool = True
    is_authority: bool = False
    path_length: int | None = None
    usage: x509.KeyUsage | None = None
    more: tuple[tuple[x509.ExtensionType, bool], ...] = ()


AUTHORITY = Wish(purposes=None, is_authority=True)


def certify(name: str, issuer: Identity | None, kind: str = "p256", wish: Wish | None = None) -> Identity:
    """Make a key and a certificate for it, signed by the issuer or, without one, by itself."""
    wish = wish or (Wish() if issuer else AUTHORITY)
    key = make_key(kind)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.certificate.subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(wish.begin)
        .not_valid_after(wish.end)
        .add_extension(
            x509.BasicConstraints(ca=wish.is_authority, path_length=wish.path_length), critical=True
        )
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )
    if wish.purposes is not None:
        builder = builder.add_extension(x509.ExtendedKeyUsage(wish.purposes), critical=wish.critical)
    if wish.usage is not None:
        builder = builder.add_extension(wish.usage, critical=True)
    for extension, is_critical in wish.more:
        builder = builder.add_extension(extension, critical=is_critical)
    signing_key = issuer.key if issuer else key
    digest = None if isinstance(signing_key, ed25519.Ed25519PrivateKey) else hashes.SHA256()
    return Identity(key, builder.sign(signing_key, digest))


@dataclass(frozen=True)
class TimestampAuthority:
    """An authority with its keys and settings."""

    folder: Path
    roots: Path
    """The file of the root certificate, for users of the authority."""
    signer: Identity
    root: Identity

    def reply(self, query: bytes, at: datetime | None = STAMPED_AT) -> bytes:
        """Return the authority's answer to a request, at the given time of its clock."""
        (self.folder / "query.tsq").write_bytes(query)
        reply = self.folder / "reply.tsr"
        command = [
            "openssl", "ts", "-reply", "-config", str(self.folder / "tsa.cnf"), "-section", "tsa",
            "-queryfile", str(self.folder / "query.tsq"), "-out", str(reply),
        ]  # fmt: skip
        run(*command, at=at)
        return reply.read_bytes()

    def stamp(self, data: bytes, at: datetime | None = STAMPED_AT, *, digest: str = "sha512") -> bytes:
        """Return a timestamp of these bytes, requested by openssl."""
        return self.reply(query_for(self.folder, data, digest), at)


def over_http(authority: TimestampAuthority, at: datetime | None = STAMPED_AT) -> Served:
    """Return the handler of a server on this machine that answers for the authority."""

    def answer(handler: Handler) -> None:
        assert handler.headers["Content-Type"] == "application/timestamp-query"
        own = [request for request in handler.server.store.requests if request.headers is handler.headers]
        reply = authority.reply(own[0].body, at)
        handler.send_response(200)
        handler.send_header("Content-Type", "application/timestamp-reply")
        handler.send_header("Content-Length", str(len(reply)))
        handler.end_headers()
        handler.wfile.write(reply)

    return Served(raw=answer)


def command_of(authority: TimestampAuthority, at: datetime = STAMPED_AT) -> str:
    """Return a shell command that answers like the authority: `openssl ts -reply`."""
    query, reply = authority.folder / "command.tsq", authority.folder / "command.tsr"
    script = (
        f"cat > {query}; TZ=UTC faketime -f '{at:%Y-%m-%d %H:%M:%S}' openssl ts -reply "
        f"-config {authority.folder}/tsa.cnf -section tsa -queryfile {query} -out {reply} && cat {reply}"
    )
    return shlex.join(["sh", "-c", script])


def run(*command: str, at: datetime | None = None, check: bool = True) -> subprocess.CompletedProcess[bytes]:
    """Run a program, at the given time if there is one."""
    prefix = ["faketime", "-f", f"{at:%Y-%m-%d %H:%M:%S}"] if at is not None else []
    return subprocess.run(
        [*prefix, *command], capture_output=True, check=check, timeout=60, env={**os.environ, "TZ": "UTC"}
    )


def query_for(folder: Path, data: bytes, digest: str = "sha512", *options: str) -> bytes:
    """Return a request for a timestamp in the form of openssl."""
    (folder / "stamped").write_bytes(data)
    command = ["openssl", "ts", "-query", "-data", str(folder / "stamped"), f"-{digest}", "-cert", *options]
    return run(*command).stdout


def make_timestamp_authority(
    folder: Path,
    kind: str = "p256",
    *,
    root: Identity | None = None,
    between: Sequence[Identity] = (),
    sends: Sequence[Identity] = (),
    settings: str = "",
) -> TimestampAuthority:
    """Set up an authority. `between` are the authorities below the root; `sends` are sent with each token."""
    folder.mkdir()
    root = root or certify("Test timestamps root", None)
    signer = certify("Test timestamps", [root, *between][-1], kind)
    files = {
        "signer.pem": signer.pem,
        "signer.key": signer.key_pem,
        "chain.pem": b"".join(identity.pem for identity in sends),
        "roots.pem": root.pem,
        "serial": b"01",
        "tsa.cnf": _settings(folder, settings, has_chain=bool(sends)).encode(),
    }
    for file, data in files.items():
        (folder / file).write_bytes(data)
    return TimestampAuthority(folder, folder / "roots.pem", signer, root)


def _settings(folder: Path, more: str, *, has_chain: bool) -> str:
    lines = {
        "serial": f"{folder}/serial",
        "crypto_device": "builtin",
        "signer_cert": f"{folder}/signer.pem",
        "signer_key": f"{folder}/signer.key",
        **({"certs": f"{folder}/chain.pem"} if has_chain else {}),
        "signer_digest": "sha256",
        "default_policy": POLICY,
        "digests": "sha1, sha256, sha384, sha512",
        "accuracy": "secs:1",
        "ess_cert_id_chain": "no",
        "ess_cert_id_alg": "sha256",
    }
    lines |= dict(line.split(" = ", 1) for line in more.splitlines())
    return "[tsa]\n" + "".join(f"{key} = {value}\n" for key, value in lines.items())
