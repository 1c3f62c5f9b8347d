"""Signing with a certificate: its key lies beside it or is in the agent."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from cli.test_certificates import AUTHORITY, LIST, SIGNATURE, allow_authority, certify, ssh_keygen
from command_line import archtool
from packages import ARCHIVIST, make_package, needs_ssh_keygen, pack, tree_bytes, write_key, write_letter
from ssh_agents import needs_ssh_agent, openssh_agent

pytestmark = needs_ssh_keygen


def assert_trusted(folder: Path) -> None:
    signers = allow_authority(folder)
    seen = archtool("verify", "package", "--trust", signers, "--strict", cwd=folder)
    assert (seen.code, "with certificate 'Archivist 2026'" in seen.said()) == (0, True), seen.said()
    listed = (folder / "package" / LIST).read_bytes()
    ssh_keygen(
        "-Y", "verify", "-f", signers, "-I", ARCHIVIST, "-n", "archtool",
        "-s", folder / "package" / SIGNATURE, cwd=folder, data=listed,
    )  # fmt: skip


def test_a_certificate_signs_with_the_key_that_lies_beside_it(tmp_path: Path, letters: Path) -> None:
    certificate = certify(tmp_path, "-n", ARCHIVIST)
    made = pack(write_letter(letters), tmp_path / "package", "--sign", certificate)
    assert (made.code, made.err) == (0, "")
    assert_trusted(tmp_path)


def test_a_certificate_also_signs_later_attestations(tmp_path: Path) -> None:
    package = make_package(tmp_path, signed=False)
    certificate = certify(tmp_path, "-n", ARCHIVIST)
    recorded = archtool("verify", package, "--attest", certificate)
    assert (recorded.code, "recorded as 0001-fixity-check" in recorded.out) == (0, True)
    signers = allow_authority(tmp_path)
    assert archtool("verify", "package", "--trust", signers, cwd=tmp_path).code == 0


@needs_ssh_agent
def test_a_certificate_signs_with_a_key_that_only_the_agent_has(
    tmp_path: Path, letters: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate = certify(tmp_path, "-n", ARCHIVIST)
    with openssh_agent() as agent:
        monkeypatch.setenv("SSH_AUTH_SOCK", str(agent))
        key = tmp_path / "archivist-key"
        subprocess.run(["ssh-add", "-q", key], check=True, env=dict(os.environ), capture_output=True)
        key.unlink()
        assert pack(write_letter(letters), tmp_path / "package", "--sign", certificate).code == 0
    assert_trusted(tmp_path)


@pytest.mark.parametrize(
    ("options", "signer", "code", "why"),
    [
        (("-n", ARCHIVIST, "-V", "20200101Z:20210101Z"), (), 3, "the certificate expired at 2021-01-01"),
        (("-n", ARCHIVIST, "-V", "20900101Z:20910101Z"), (), 3, "is not valid before 2090-01-01"),
        (("-n", ARCHIVIST, "-h"), (), 3, f"the certificate is for a host ({ARCHIVIST})"),
        (("-n", "reading-room"), (), 2, f"is for reading-room, not for {ARCHIVIST}"),
        ((), (), 2, f"is for no name, not for {ARCHIVIST}"),
        (("-n", ARCHIVIST), ("--signer", "curator@example.org"), 2, "not for curator@example.org"),
    ],
    ids=["ended", "not yet", "of a machine", "somebody else's", "nobody's", "named otherwise"],
)
def test_a_certificate_that_would_not_be_trusted_signs_nothing(
    tmp_path: Path, letters: Path, options: tuple[str, ...], signer: tuple[str, ...], code: int, why: str
) -> None:
    certificate = certify(tmp_path, *options)
    description = write_letter(letters)
    before = tree_bytes(tmp_path)
    refused = pack(description, tmp_path / "package", "--sign", certificate, *signer)
    assert (refused.code, why in refused.said()) == (code, True), refused.said()
    assert tree_bytes(tmp_path) == before


def test_a_certificate_of_another_key_is_refused(tmp_path: Path, letters: Path) -> None:
    certificate = certify(tmp_path, "-n", ARCHIVIST)
    write_key(tmp_path, AUTHORITY).rename(tmp_path / "archivist-key")
    refused = pack(write_letter(letters), tmp_path / "package", "--sign", certificate)
    assert (refused.code, "is a certificate for another key" in refused.said()) == (3, True)


def test_a_certificate_without_its_key_names_the_places_that_were_searched(
    tmp_path: Path, letters: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSH_AUTH_SOCK", raising=False)
    certificate = certify(tmp_path, "-n", ARCHIVIST)
    (tmp_path / "archivist-key").unlink()
    refused = pack(write_letter(letters), tmp_path / "package", "--sign", certificate)
    assert refused.code == 3
    assert "is a certificate: the private half of its key must be in an ssh-agent" in refused.said()
