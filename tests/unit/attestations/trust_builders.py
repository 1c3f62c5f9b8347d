"""Fixed keys and small in-memory packages for the tests of trust."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archtool.attestations.chain import verify_chain
from archtool.attestations.report import ChainInput, TrustReport
from archtool.attestations.statements.events import EVENT_TYPES
from archtool.attestations.statements.statement import Software, Statement
from archtool.attestations.statements.writer import compose_attestation, links_to, name_signers, subjects_of
from archtool.files.hashing.digests import Algorithm, Digest, digest_bytes
from archtool.openssh.keys.private_key_file import PrivatePart, format_container
from archtool.openssh.keys.signing_key import SigningKey, load_signing_key
from archtool.openssh.trust_files.allowed_signers import AllowedSigners
from archtool.openssh.trust_files.revoked_keys import RevokedKeys
from archtool.openssh.wire import pack_string
from archtool.timestamps.certificates import Authorities

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
ARCHIVIST = "archivist@example.org"
CURATOR = "curator@example.org"
STRANGER = "stranger@example.net"

needs_ssh_keygen = pytest.mark.skipif(
    shutil.which("ssh-keygen") is None, reason="ssh-keygen (OpenSSH) is not installed"
)


def ssh_keygen(
    *arguments: str | Path, data: bytes = b"", environment: dict[str, str] | None = None
) -> subprocess.CompletedProcess[bytes]:
    """Run the real ssh-keygen; the test checks the exit code."""
    command = ["ssh-keygen", *map(str, arguments)]
    return subprocess.run(command, input=data, capture_output=True, check=False, timeout=60, env=environment)


def make_key_file(folder: Path, *options: str, passphrase: str = "", comment: str = ARCHIVIST) -> Path:
    """Make a private key with ssh-keygen; its public key is written next to it."""
    path = folder / ("id_" + "_".join(o.strip("-") for o in options))
    made = ssh_keygen("-q", *options, "-N", passphrase, "-C", comment, "-f", path)
    assert made.returncode == 0, made.stderr
    return path


def fixed_key(name: str) -> SigningKey:
    """Return the Ed25519 key that is derived from a name."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    seed = hashlib.sha256(name.encode()).digest()
    point = Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()
    blob = pack_string(b"ssh-ed25519") + pack_string(point)
    text = format_container(blob, PrivatePart(blob + pack_string(seed + point), name), None)
    return load_signing_key(text, where=name, ask_passphrase=None)


def allow(*names: str, options: str = "") -> AllowedSigners:
    """Return an allowed_signers file that trusts the fixed keys of these people."""
    return AllowedSigners.parse("".join(signer_line(name, options) for name in names), "allowed_signers")


def signer_line(name: str, options: str = "") -> str:
    """Return one line of an allowed_signers file for the fixed key of a person."""
    return " ".join(part for part in (name, options, fixed_key(name).public.format_public_line()) if part)


def revoke(*names: str) -> RevokedKeys:
    """Return a list that revokes the fixed keys of these people."""
    text = "".join(fixed_key(name).public.fingerprint + "\n" for name in names)
    return RevokedKeys.parse(text.encode(), "revoked_keys")


def sha512(data: bytes) -> Digest:
    return digest_bytes(Algorithm.SHA512, data)


@dataclass
class Package:
    """The tag files of a package, without its payload; tests change them."""

    files: dict[str, bytes] = field(default_factory=dict)

    def attest(self, event: str = "packaging", *people: str, **changes: object) -> Package:
        """Append an attestation signed by the fixed keys of these people."""
        covered = self.digests()
        signers = name_signers((name, fixed_key(name)) for name in people or (ARCHIVIST,))
        statement = Statement(
            event=event,
            event_type=EVENT_TYPES.get(event, "http://example.org/event"),
            claimed_at=NOW,
            subjects=subjects_of(covered),
            claimants=tuple(signer.claimant for signer in signers),
            software=Software("archtool", "1.0"),
            package="letters-1847",
            previous=links_to(covered),
            details={"from": ARCHIVIST, "to": CURATOR} if event == "custody-transfer" else {},
        )
        number = len(statement.previous) + 1
        self.files |= compose_attestation(number, replace(statement, **changes), covered, signers)
        return self

    def digests(self) -> dict[str, Digest]:
        return {path: sha512(data) for path, data in self.files.items()}

    def chain_input(self) -> ChainInput:
        below = {path: data for path, data in self.files.items() if path.startswith("attestations/")}
        return ChainInput(below, self.digests())

    def verify(
        self,
        allowed: AllowedSigners | None = None,
        revoked: RevokedKeys | None = None,
        at: datetime = NOW,
        authorities: Authorities | None = None,
    ) -> TrustReport:
        return verify_chain(
            self.chain_input(), allowed=allowed, revoked=revoked, at=at, authorities=authorities
        )

    def flip(self, path: str, position: int = 0) -> None:
        """Change one byte of a file."""
        data = bytearray(self.files[path])
        data[position] ^= 1
        self.files[path] = bytes(data)


def make_package(name: str = "letters-1847") -> Package:
    """Return tag files as `pack` writes them, without attestations."""
    return Package(
        {
            "bagit.txt": b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n",
            "bag-info.txt": f"External-Identifier: {name}\n".encode(),
            "manifest-sha512.txt": f"{sha512(name.encode()).hex}  data/letter.txt\n".encode(),
            "metadata/description.yaml": b"archtool: 1\n",
        }
    )


def codes(report: TrustReport) -> list[str]:
    """Return the codes of the findings, in order."""
    return [finding.code for finding in report.findings]


LIST = "attestations/0001-packaging/sha512sums.txt"
STATEMENT = "attestations/0001-packaging/statement.json"
SIGNATURE = "attestations/0001-packaging/sha512sums.txt.archivist.sig"
