"""Signing with keys of every type, from files and the real ssh-agent, verified by the real ssh-keygen."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from archtool.cli.signing.key_loading import load_signers
from archtool.errors import StorageError
from archtool.openssh.keys.public_key import PublicKey
from archtool.openssh.raw_signature import SignatureStatus
from archtool.openssh.sshsig import SshSignature
from command_line import DATE, Run, archtool, archtool_process
from packages import ARCHIVIST, left_behind, make_package, pack, tree_bytes, write_key, write_letter
from ssh_agents import needs_ssh_agent, openssh_agent

pytestmark = needs_ssh_agent
with_agent = pytest.mark.usefixtures("agent")
TYPES = {
    "ed25519": ("-t", "ed25519"),
    "ecdsa-256": ("-t", "ecdsa", "-b", "256"),
    "ecdsa-384": ("-t", "ecdsa", "-b", "384"),
    "ecdsa-521": ("-t", "ecdsa", "-b", "521"),
    "rsa-3072": ("-t", "rsa", "-b", "3072"),
}
every_type = pytest.mark.parametrize("options", TYPES.values(), ids=TYPES.keys())
PASSPHRASE = "correct horse"


@pytest.fixture
def agent(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Start an empty agent, and set the environment that names it."""
    with openssh_agent() as path:
        monkeypatch.setenv("SSH_AUTH_SOCK", str(path))
        yield path


def make_key(folder: Path, *options: str, passphrase: str = "", comment: str = ARCHIVIST) -> Path:
    path = folder / "id"
    ssh("ssh-keygen", "-q", "-N", passphrase, "-C", comment, "-f", path, *options)
    return path


def ssh(
    *command: str | Path, data: bytes = b"", fails: bool = False, **variables: str
) -> subprocess.CompletedProcess[bytes]:
    done = subprocess.run(
        [*map(str, command)], input=data, env={**os.environ, **variables}, capture_output=True, check=False,
        timeout=60,
    )  # fmt: skip
    assert (done.returncode != 0) == fails, done.stderr
    return done


def fingerprint(public: Path) -> str:
    return PublicKey.parse_public_line(public.read_text()).fingerprint


def packed(tmp_path: Path, *options: str | Path) -> Run:
    sources = tmp_path / "sources"
    sources.mkdir(exist_ok=True)
    return pack(write_letter(sources), tmp_path / "package", *options)


def write_trust(folder: Path, public: Path) -> Path:
    path = folder / "allowed_signers"
    path.write_text(archtool("keys", "trust", public).out)
    return path


def assert_both_accept(package: Path, trust: Path) -> None:
    assert "trust trusted" in archtool("verify", package, "--trust", trust).out
    folder = package / "attestations" / "0001-packaging"
    signed = (folder / "sha512sums.txt").read_bytes()
    (signature,) = folder.glob("*.sig")
    verify = ("ssh-keygen", "-Y", "verify", "-f", trust, "-I", ARCHIVIST, "-n", "archtool", "-s", signature)
    ssh(*verify, data=signed)
    ssh(*verify, data=signed + b"x", fails=True)


@every_type
@with_agent
def test_a_key_in_the_agent_signs_by_its_public_key_s_file(tmp_path: Path, options: tuple[str, ...]) -> None:
    key = make_key(tmp_path, *options)
    ssh("ssh-add", "-q", key)
    key.unlink()  # now only the agent has the key
    made = packed(tmp_path, "--sign", tmp_path / "id.pub")
    assert made.code == 0, made.err
    assert f"requesting a signature by {fingerprint(tmp_path / 'id.pub')} from the ssh-agent\n" in made.err
    assert_both_accept(tmp_path / "package", write_trust(tmp_path, tmp_path / "id.pub"))


@every_type
def test_a_key_s_file_with_a_passphrase_signs(tmp_path: Path, options: tuple[str, ...]) -> None:
    key = make_key(tmp_path, *options, passphrase=PASSPHRASE)
    (tmp_path / "secret").write_text(PASSPHRASE + "\n")
    made = packed(tmp_path, "--sign", key, "--passphrase-file", tmp_path / "secret")
    assert made.code == 0, made.err
    assert_both_accept(tmp_path / "package", write_trust(tmp_path, tmp_path / "id.pub"))


@every_type
@with_agent
def test_a_signature_that_ssh_keygen_makes_with_the_agent_is_good(
    tmp_path: Path, options: tuple[str, ...]
) -> None:
    key = make_key(tmp_path, *options)
    ssh("ssh-add", "-q", key)
    key.unlink()
    signed = ssh(
        "ssh-keygen", "-Y", "sign", "-n", "archtool", "-f", tmp_path / "id.pub", data=b"9f86  bagit.txt\n"
    )
    signature = SshSignature.parse(signed.stdout)
    assert signature.verify(b"9f86  bagit.txt\n").is_good
    assert signature.verify(b"9f87  bagit.txt\n").status is SignatureStatus.BROKEN


@with_agent
def test_a_fingerprint_or_its_beginning_selects_a_key_of_the_agent(tmp_path: Path) -> None:
    ssh("ssh-add", "-q", make_key(tmp_path, *TYPES["ed25519"]))
    complete = fingerprint(tmp_path / "id.pub")
    assert packed(tmp_path, "--sign", complete).code == 0
    assert_both_accept(tmp_path / "package", write_trust(tmp_path, tmp_path / "id.pub"))
    for name in (complete + "=", complete[: len("SHA256:") + 8]):
        done = archtool(
            "attest", tmp_path / "package", "--sign", name, "--event", "countersignature", "--date", DATE
        )
        assert done.code == 0, done.err
    # worker processes record several packages, and each reports once that the agent is asked to sign
    result = archtool_process("verify", tmp_path / "package", tmp_path / "package", "--attest", complete)
    assert (result.code, result.err.count("requesting a signature") in (1, 2)) == (0, True)
    assert len(list((tmp_path / "package" / "attestations").iterdir())) == 5


@with_agent
def test_a_fingerprint_that_is_too_short_is_refused(tmp_path: Path) -> None:
    ssh("ssh-add", "-q", make_key(tmp_path, *TYPES["ed25519"]))
    made = packed(tmp_path, "--sign", fingerprint(tmp_path / "id.pub")[: len("SHA256:") + 7])
    assert (made.code, "not a fingerprint" in made.err) == (3, True)


@with_agent
@pytest.mark.parametrize("passphrase", [None, PASSPHRASE])
def test_a_new_key_signs_from_the_agent_under_the_name_it_was_made_with(
    tmp_path: Path, passphrase: str | None
) -> None:
    (tmp_path / "secret").write_text(f"{passphrase}\n")
    protection = ("--passphrase-file", tmp_path / "secret") if passphrase else ("--no-passphrase",)
    assert archtool("keys", "new", tmp_path / "id", "--name", ARCHIVIST, *protection).code == 0
    public = (tmp_path / "id.pub").rename(tmp_path / "elsewhere.pub")  # only the private file has the name
    asker = tmp_path / "asker"
    asker.write_text(f"#!/bin/sh\necho '{passphrase}'\n")
    asker.chmod(0o700)
    ssh("ssh-add", tmp_path / "id", SSH_ASKPASS=str(asker), SSH_ASKPASS_REQUIRE="force")
    made = packed(tmp_path, "--sign", fingerprint(public))
    assert made.code == 0, made.err
    assert_both_accept(tmp_path / "package", write_trust(tmp_path, public))


@with_agent
def test_an_agent_without_the_key_is_an_error_that_lists_its_keys(tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    key = make_key(tmp_path, *TYPES["ed25519"])
    empty = packed(tmp_path, "--sign", tmp_path / "id.pub")
    assert (empty.code, "it has no key" in empty.err) == (3, True)
    ssh("ssh-add", "-q", make_key(other, *TYPES["ecdsa-256"], comment="curator@example.org"))
    made = packed(tmp_path, "--sign", tmp_path / "id.pub")
    assert made.code == 3
    assert f"does not have {tmp_path / 'id.pub'} ({fingerprint(tmp_path / 'id.pub')})" in made.err
    assert f"it has {fingerprint(other / 'id.pub')} curator@example.org" in made.err
    assert packed(tmp_path, "--sign", fingerprint(tmp_path / "id.pub")).code == 3
    assert (tmp_path / "package").exists() is False
    assert packed(tmp_path, "--sign", key).code == 0  # its file is sufficient


def test_no_agent_is_an_error_with_a_hint_how_to_start_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_key(tmp_path, *TYPES["ed25519"])
    unset = packed(tmp_path, "--sign", tmp_path / "id.pub")
    assert (unset.code, "SSH_AUTH_SOCK is not set" in unset.err, "ssh-add" in unset.err) == (3, True, True)
    monkeypatch.setenv("SSH_AUTH_SOCK", str(tmp_path / "gone"))
    gone = packed(tmp_path, "--sign", tmp_path / "id.pub")
    assert (gone.code, f"no ssh-agent answers at {tmp_path / 'gone'}" in gone.err) == (5, True)
    assert not (tmp_path / "package").exists()


def test_an_agent_that_ended_before_signing_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with openssh_agent() as path:
        monkeypatch.setenv("SSH_AUTH_SOCK", str(path))
        ssh("ssh-add", "-q", make_key(tmp_path, *TYPES["ed25519"]))
        (signer,) = load_signers([str(tmp_path / "id.pub")], [], None)
    with pytest.raises(StorageError, match="no ssh-agent answers"):
        signer.key.sign_raw(b"x")


@with_agent
def test_a_locked_agent_refuses_and_nothing_is_written(tmp_path: Path) -> None:
    # it must ask, and no person answers
    ssh("ssh-add", "-q", "-c", make_key(tmp_path, *TYPES["ed25519"]))
    made = packed(tmp_path, "--sign", tmp_path / "id.pub")
    assert (made.code, "the ssh-agent refused to sign" in made.err) == (5, True)
    assert not (tmp_path / "package").exists()
    assert left_behind(tmp_path) == []
    package = make_other_package(tmp_path)
    before = tree_bytes(package)
    done = archtool("attest", package, "--event", "validation", "--sign", tmp_path / "id.pub")
    assert (done.code, tree_bytes(package) == before) == (5, True)


def make_other_package(tmp_path: Path) -> Path:
    folder = tmp_path / "beside"
    folder.mkdir()
    return make_package(folder)


@pytest.mark.parametrize("bits", ["1024", "2048"])
@with_agent
def test_a_short_rsa_key_signs_neither_from_its_file_nor_from_the_agent(tmp_path: Path, bits: str) -> None:
    key = make_key(tmp_path, "-t", "rsa", "-b", bits)
    ssh("ssh-add", "-q", key)
    for name in (key, tmp_path / "id.pub", fingerprint(tmp_path / "id.pub")):
        made = packed(tmp_path, "--sign", name)
        assert (made.code, f"an RSA key of {bits} bits; signing needs 3072" in made.err) == (3, True)
    assert not (tmp_path / "package").exists()


@with_agent
def test_a_plain_key_in_the_agent_is_preferred_to_its_certificate(tmp_path: Path) -> None:
    key = make_key(tmp_path, *TYPES["ed25519"])
    authority = write_key(tmp_path, "authority@example.org")
    ssh("ssh-keygen", "-q", "-s", authority, "-I", "id", "-n", ARCHIVIST, tmp_path / "id.pub")
    ssh("ssh-add", "-q", key)  # adds id-cert.pub too
    assert b"CERT" in ssh("ssh-add", "-l").stdout
    assert packed(tmp_path, "--sign", fingerprint(tmp_path / "id.pub")).code == 0
    assert_both_accept(tmp_path / "package", write_trust(tmp_path, tmp_path / "id.pub"))
    key.unlink()
    attested = archtool(
        "attest", tmp_path / "package", "--event", "validation", "--sign", tmp_path / "id-cert.pub", "--json"
    )
    assert attested.objects[0]["facts"]["signers"][0]["key_type"] == "ssh-ed25519-cert-v01@openssh.com"


@pytest.mark.parametrize(
    ("line", "options", "code"),
    [
        ('{who} namespaces="file" {key}', (), "trust.wrong-namespace"),
        ("{who} {other}", (), "trust.key-unknown"),
        ('{who} valid-before="20200101Z" {key}', (), "trust.key-expired"),
        ('{who} valid-after="20990101Z" {key}', (), "trust.key-not-yet-valid"),
        ("{who} {key}", ("--revoked",), "trust.key-revoked"),
    ],
)
@with_agent
def test_a_signature_that_ssh_keygen_refuses_is_not_trusted(
    tmp_path: Path, line: str, options: tuple[str, ...], code: str
) -> None:
    ssh("ssh-add", "-q", make_key(tmp_path, *TYPES["ecdsa-256"]))
    assert packed(tmp_path, "--sign", tmp_path / "id.pub").code == 0
    key, other = (
        " ".join(path.read_text().split()[:2])
        for path in (tmp_path / "id.pub", write_key(tmp_path).with_name("archivist-key.pub"))
    )
    trust = tmp_path / "allowed_signers"
    trust.write_text(line.format(who=ARCHIVIST, key=key, other=other) + "\n")
    (tmp_path / "revoked").write_text(key + "\n")
    revoked_options = [word for option in options for word in (option, str(tmp_path / "revoked"))]
    result = archtool("verify", tmp_path / "package", "--json", "--trust", trust, *revoked_options)
    assert (result.code, code in result.codes) == (4, True)
    folder = tmp_path / "package" / "attestations" / "0001-packaging"
    openssh_options = [word for _ in options for word in ("-r", str(tmp_path / "revoked"))]
    ssh(
        "ssh-keygen", "-Y", "verify", "-f", trust, "-I", ARCHIVIST, "-n", "archtool",
        "-s", folder / "sha512sums.txt.archivist.sig", *openssh_options,
        data=(folder / "sha512sums.txt").read_bytes(), fails=True,
    )  # fmt: skip


@with_agent
def test_a_key_listed_for_another_principal_is_reported_with_that_name(tmp_path: Path) -> None:
    ssh("ssh-add", "-q", make_key(tmp_path, *TYPES["ed25519"]))
    assert packed(tmp_path, "--sign", tmp_path / "id.pub").code == 0
    trust = tmp_path / "allowed_signers"
    trust.write_text(archtool("keys", "trust", tmp_path / "id.pub", "--name", "curator@example.org").out)
    result = archtool("verify", tmp_path / "package", "--json", "--trust", trust)
    assert "trust.principal-differs" in result.codes
    folder = tmp_path / "package" / "attestations" / "0001-packaging"
    signed = (folder / "sha512sums.txt").read_bytes()
    verify = ("ssh-keygen", "-Y", "verify", "-f", trust, "-n", "archtool")
    signature = folder / "sha512sums.txt.archivist.sig"
    ssh(*verify, "-I", ARCHIVIST, "-s", signature, data=signed, fails=True)
    ssh(*verify, "-I", "curator@example.org", "-s", signature, data=signed)


@with_agent
def test_all_keys_of_the_agent_are_shown_and_trusted_as_ssh_add_lists_them(tmp_path: Path) -> None:
    assert archtool("keys", "show", "--agent").err == "there is no key in the ssh-agent\n"
    assert archtool("keys", "trust", "--agent").out == ""
    for name, options in TYPES.items():
        folder = tmp_path / name
        folder.mkdir()
        ssh("ssh-add", "-q", make_key(folder, *options, comment=f"{name}@example.org"))
    listed = ssh("ssh-add", "-l").stdout.decode().splitlines()
    shown = archtool("keys", "show", "--agent").out.splitlines()
    assert [line.split()[1:] for line in shown] == [line.split()[:3] for line in listed]
    trust = tmp_path / "allowed_signers"
    trust.write_text(archtool("keys", "trust", "--agent").out)
    assert len(trust.read_text().splitlines()) == len(TYPES)
    public = tmp_path / "rsa-3072" / "id.pub"
    assert packed(tmp_path, "--sign", fingerprint(public), "--signer", ARCHIVIST).code == 0
    assert "trust trusted" in archtool("verify", tmp_path / "package", "--trust", trust).out
    one = archtool("keys", "trust", fingerprint(public)).out
    assert one == archtool("keys", "trust", public).out


@with_agent
def test_certificates_of_the_agent_are_shown_and_not_trusted(tmp_path: Path) -> None:
    key = make_key(tmp_path, *TYPES["ed25519"])
    ssh("ssh-keygen", "-q", "-s", key, "-I", "id", "-n", ARCHIVIST, tmp_path / "id.pub")
    ssh("ssh-add", "-q", key)
    plain, certificate = archtool("keys", "show", "--agent").out.splitlines()
    assert (plain.split()[0], certificate.split()[0]) == ("ssh-ed25519", "ssh-ed25519-cert-v01@openssh.com")
    assert len(archtool("keys", "trust", "--agent").out.splitlines()) == 1
    assert archtool("keys", "trust", tmp_path / "id-cert.pub").code == 2
