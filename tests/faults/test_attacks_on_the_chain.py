"""Attacks on the attestations of a package by a person who can change every byte of it.

The package has three attestations: packaging by the archivist, a custody transfer by archivist and curator,
and a fixity check recorded by the archivist. After each attack the tag manifest is updated, as any BagIt tool
would: for BagIt the bag is valid, and only the signatures show the attack.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from archtool.openssh.keys.public_key import PublicKey
from archtool.openssh.keys.signing_key import load_signing_key
from archtool.openssh.limits import MAX_SIGNATURE_FILE_BYTES
from archtool.openssh.sshsig import sign
from archtool.openssh.wire import pack_mpint, pack_string
from command_line import DATE, archtool
from packages import (
    ARCHIVIST,
    make_package,
    needs_ssh_keygen,
    pack,
    tree_bytes,
    write_allowed_signers,
    write_key,
    write_letter,
)

CURATOR = "curator@example.org"
STRANGER = "stranger@example.net"
FIRST, SECOND, THIRD = (
    f"attestations/{name}" for name in ("0001-packaging", "0002-custody-transfer", "0003-fixity-check")
)
needs_openssl = pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A package with three good attestations."""
    made = make_package(tmp_path)
    key = write_key(tmp_path)
    transferred = archtool(
        "attest", made, "--sign", key, "--sign", write_key(tmp_path, CURATOR), "--event", "custody-transfer",
        "--from", "The city archive", "--to", "The state archive", "--date", DATE,
    )  # fmt: skip
    assert transferred.code == 0, transferred.err
    assert archtool("verify", made, "--attest", key).code == 0
    assert verdict(made) == ("valid", "trusted", set())
    return made


def update_manifests(package: Path) -> None:
    """Write manifest and tag manifest again, as an attacker would."""
    for name, is_payload in (("manifest-sha512.txt", True), ("tagmanifest-sha512.txt", False)):
        files = {p: d for p, d in tree_bytes(package).items() if p.startswith("data/") == is_payload}
        files = {p: d for p, d in files.items() if not p.startswith("tagmanifest-")}
        lines = (f"{hashlib.sha512(data).hexdigest()}  {path}\n" for path, data in sorted(files.items()))
        (package / name).write_text("".join(lines), encoding="utf-8")


def verdict(package: Path, *options: str | Path) -> tuple[str, str, set[str]]:
    """Return the verdicts on the bag and on trust, and the codes of all findings."""
    trust = write_allowed_signers(package.parent, ARCHIVIST, CURATOR)
    (result,) = archtool("verify", package, "--trust", trust, "--json", *options).objects
    codes = {finding["code"] for finding in result["findings"]}
    assert bool(codes) is (result["exit_code"] != 0)
    return result["verdict"]["bag"], result["verdict"]["trust"], codes


def head_of(package: Path) -> str:
    head: str = archtool("show", package, "--json").objects[0]["facts"]["head"]
    return head


def remove(package: Path, *paths: str) -> None:
    for path in paths:
        target = package / path
        shutil.rmtree(target) if target.is_dir() else target.unlink()


def replace(package: Path, path: str, old: bytes, new: bytes) -> None:
    data = (package / path).read_bytes()
    assert old in data
    (package / path).write_bytes(data.replace(old, new))


def sign_as(package: Path, attestation: str, key: Any, name: str = "archivist") -> None:
    """Replace a signature of an attestation's checksum list with another one."""
    sums = (package / attestation / "sha512sums.txt").read_bytes()
    (package / attestation / f"sha512sums.txt.{name}.sig").write_text(sign(sums, key))


def attack(package: Path, change: Callable[[Path], None]) -> tuple[str, str, set[str]]:
    change(package)
    update_manifests(package)
    return verdict(package)


def test_attack_all_signatures_stripped(package: Path) -> None:
    result = attack(
        package, lambda p: remove(p, *(str(s.relative_to(p)) for s in p.glob("attestations/*/*.sig")))
    )
    assert result[1] == "broken"
    assert {"attestation.not-signed", "attestation.file-missing"} <= result[2]


@pytest.mark.parametrize("attestation", [FIRST, SECOND])
def test_attack_signature_stripped_from_an_earlier_attestation(package: Path, attestation: str) -> None:
    result = attack(package, lambda p: remove(p, f"{attestation}/sha512sums.txt.archivist.sig"))
    assert result[1] == "broken"
    assert "attestation.file-missing" in result[2]


def test_attack_signature_stripped_from_the_newest_attestation(package: Path) -> None:
    """What the others signed stays trusted; the claim without a signature is not part of it."""
    result = attack(package, lambda p: remove(p, f"{THIRD}/sha512sums.txt.archivist.sig"))
    assert result[:2] == ("valid", "trusted")
    assert {"attestation.not-signed", "trust.attestation-untrusted"} <= result[2]
    trust = write_allowed_signers(package.parent, ARCHIVIST, CURATOR)
    assert archtool("verify", package, "--trust", trust, "--strict").code == 1


def test_attack_one_of_two_signatures_stripped_from_the_newest_attestation(package: Path) -> None:
    remove(package, THIRD)
    result = attack(package, lambda p: remove(p, f"{SECOND}/sha512sums.txt.curator.sig"))
    assert result == ("valid", "broken", {"attestation.signature-missing"})


def test_attack_attestation_removed_from_the_middle(package: Path) -> None:
    result = attack(package, lambda p: remove(p, SECOND))
    assert result[1] == "broken"
    assert {"attestation.numbering", "attestation.link-differs", "attestation.file-missing"} <= result[2]


def test_attack_attestation_removed_from_the_middle_and_the_rest_renumbered(package: Path) -> None:
    def renumber(package: Path) -> None:
        remove(package, SECOND)
        (package / THIRD).rename(package / "attestations" / "0002-fixity-check")

    result = attack(package, renumber)
    assert result[1] == "broken"
    assert {"attestation.link-differs", "attestation.file-missing"} <= result[2]


def test_attack_attestation_removed_from_the_end_is_found_with_the_expected_head(package: Path) -> None:
    """The package alone cannot show it: the rest was a valid state before."""
    head = head_of(package)
    assert verdict(package, "--expect-head", head) == ("valid", "trusted", set())
    assert attack(package, lambda p: remove(p, THIRD)) == ("valid", "trusted", set())
    assert verdict(package, "--expect-head", head) == ("valid", "broken", {"attestation.head-missing"})
    output = archtool("verify", package, "--expect-head", head).said()
    assert "the expected attestation 0003-fixity-check is missing" in output
    assert "the chain ends with 0002-custody-transfer" in output


def test_an_expected_head_is_found_after_later_attestations(package: Path) -> None:
    head = head_of(package)
    key = write_key(package.parent)
    assert archtool("attest", package, "--sign", key, "--event", "validation").code == 0
    assert verdict(package, "--expect-head", head) == ("valid", "trusted", set())
    notebook = head[: head.index("sha512:") + len("sha512:") + 32]
    assert verdict(package, "--expect-head", notebook) == ("valid", "trusted", set())


def test_attack_newest_attestation_exchanged_for_another_of_the_same_signer(package: Path) -> None:
    """The new attestation is good in itself, but it is not the one that was written down."""
    head = head_of(package)
    remove(package, THIRD)
    update_manifests(package)
    done = archtool(
        "attest",
        package,
        "--sign",
        write_key(package.parent),
        "--event",
        "fixity-check",
        "--note",
        "As before.",
    )
    assert done.code == 0
    assert verdict(package) == ("valid", "trusted", set())
    assert verdict(package, "--expect-head", head) == ("valid", "broken", {"attestation.head-missing"})
    assert (
        "0003-fixity-check differs from the expected attestation"
        in archtool("verify", package, "--expect-head", head).said()
    )


def test_attack_all_attestations_removed(package: Path) -> None:
    head = head_of(package)
    assert attack(package, lambda p: remove(p, "attestations")) == ("valid", "unsigned", {"trust.unsigned"})
    assert verdict(package, "--expect-head", head)[1] == "broken"
    without_trust = archtool("verify", package, "--expect-head", head)
    assert without_trust.code == 1
    assert "the chain ends with nothing" in without_trust.said()


def test_attack_attestations_reordered(package: Path) -> None:
    def swap(package: Path) -> None:
        (package / SECOND).rename(package / "attestations" / "0004-custody-transfer")
        (package / THIRD).rename(package / "attestations" / "0002-fixity-check")
        (package / "attestations" / "0004-custody-transfer").rename(
            package / "attestations" / "0003-custody-transfer"
        )

    result = attack(package, swap)
    assert result[1] == "broken"
    assert "attestation.link-differs" in result[2]


def other_package(folder: Path) -> Path:
    """Make another letter by the same archivist."""
    sources = folder / "other-sources"
    sources.mkdir()
    made = pack(write_letter(sources, text="Another.\n"), folder / "other", "--sign", write_key(folder))
    assert made.code == 0
    return folder / "other"


def test_attack_attestations_replayed_from_another_package(package: Path) -> None:
    other = other_package(package.parent)

    def replay(package: Path) -> None:
        remove(package, "attestations")
        shutil.copytree(other / "attestations", package / "attestations")

    result = attack(package, replay)
    assert result[1] == "broken"
    assert {"attestation.subject-differs", "attestation.checksum-mismatch"} <= result[2]


def test_attack_newest_attestation_replayed_from_another_package(package: Path) -> None:
    other = other_package(package.parent)
    assert archtool("verify", other, "--attest", write_key(package.parent)).code == 0
    replayed = package / "attestations" / "0004-fixity-check"
    shutil.copytree(other / "attestations" / "0002-fixity-check", replayed)
    update_manifests(package)
    result = verdict(package)
    assert result[1] == "broken"
    assert {"attestation.subject-differs", "attestation.link-differs"} <= result[2]


@pytest.mark.parametrize("attestation", [FIRST, SECOND, THIRD])
def test_attack_statement_edited(package: Path, attestation: str) -> None:
    result = attack(
        package, lambda p: replace(p, f"{attestation}/statement.json", b"archivist@", b"director@")
    )
    assert result[1] == "broken"
    assert "attestation.checksum-mismatch" in result[2]


def test_attack_statement_and_its_checksum_edited(package: Path) -> None:
    def edit(package: Path) -> None:
        path = f"{THIRD}/statement.json"
        old = hashlib.sha512((package / path).read_bytes()).hexdigest()
        replace(package, path, b'"outcome": "valid"', b'"outcome": "fine!"')
        new = hashlib.sha512((package / path).read_bytes()).hexdigest()
        replace(package, f"{THIRD}/sha512sums.txt", old.encode(), new.encode())

    result = attack(package, edit)
    assert result[:2] == ("valid", "broken")
    assert "signature.broken" in result[2]
    assert "attestation.checksum-mismatch" not in result[2]


def test_attack_payload_and_manifests_swapped_consistently(package: Path) -> None:
    def swap(package: Path) -> None:
        (package / "data" / "letter.txt").write_bytes(b"To the suctions.\n")

    result = attack(package, swap)
    assert result[:2] == ("valid", "broken")
    assert {"attestation.subject-differs", "attestation.checksum-mismatch"} <= result[2]


def test_attack_tag_file_added(package: Path) -> None:
    (package / "metadata" / "more.json").write_text("{}")
    update_manifests(package)
    result = verdict(package)
    assert result[:2] == ("valid", "untrusted")
    assert "attestation.uncovered-tag-file" in result[2]


@pytest.mark.parametrize(
    ("path", "old"),
    [("bag-info.txt", b"Letter"), ("metadata/citation.json", b"1979"), ("VERIFY.txt", b"NEVER")],
)
def test_attack_tag_file_altered(package: Path, path: str, old: bytes) -> None:
    result = attack(package, lambda p: replace(p, path, old, b"other"))
    assert result[1] == "broken"
    assert "attestation.checksum-mismatch" in result[2]


def test_attack_key_substituted_in_a_list_inside_the_package(package: Path) -> None:
    """A stranger signs everything again, and their own list in the package trusts them."""
    stranger = write_key(package.parent, STRANGER)

    def substitute(package: Path) -> None:
        remove(package, "attestations")
        line = archtool("keys", "trust", stranger.with_suffix(".pub"), "--name", ARCHIVIST).out
        (package / "allowed_signers").write_text(line)

    attack(package, substitute)
    done = archtool("attest", package, "--sign", stranger, "--signer", ARCHIVIST, "--event", "packaging")
    assert done.code == 0
    result = verdict(package)
    assert result[:2] == ("valid", "untrusted")
    assert {"trust.key-unknown", "trust.not-trusted"} <= result[2]
    assert "trust not-asked" in archtool("verify", package).out
    assert "not checked against an allowed_signers file (use --trust)" in archtool("verify", package).said()


@pytest.mark.parametrize("is_genuine_first", [True, False])
def test_attack_two_armoured_signatures_in_one_file(package: Path, *, is_genuine_first: bool) -> None:
    def join(package: Path) -> None:
        path = package / THIRD / "sha512sums.txt.archivist.sig"
        genuine = path.read_text()
        sign_as(package, THIRD, _loaded(write_key(package.parent, STRANGER)))
        both = [genuine, path.read_text()]
        path.write_text("".join(both if is_genuine_first else both[::-1]))

    result = attack(package, join)
    assert (result[1], "signature.unreadable" in result[2]) == ("broken", True)
    assert "contains two armoured texts" in archtool("verify", package).said()


def _loaded(path: Path) -> Any:
    return load_signing_key(path.read_bytes(), where=path.name, ask_passphrase=None)


@pytest.mark.parametrize("attestation", [FIRST, THIRD])
def test_attack_checksums_converted_to_crlf(package: Path, attestation: str) -> None:
    result = attack(package, lambda p: replace(p, f"{attestation}/sha512sums.txt", b"\n", b"\r\n"))
    assert result[1] == "broken"
    assert {"attestation.list-invalid", "signature.broken"} <= result[2]
    assert "CR LF; the list was converted after it was signed" in archtool("verify", package).said()


@pytest.mark.parametrize("kept_bytes", [0, 1, 40, -30])
def test_attack_signature_truncated(package: Path, kept_bytes: int) -> None:
    def cut(package: Path) -> None:
        path = package / THIRD / "sha512sums.txt.archivist.sig"
        path.write_bytes(path.read_bytes()[:kept_bytes])

    result = attack(package, cut)
    assert (result[1], "signature.unreadable" in result[2]) == ("broken", True)


@pytest.mark.parametrize("size", [MAX_SIGNATURE_FILE_BYTES + 1, 20 * 1024 * 1024])
def test_attack_signature_oversized(package: Path, size: int) -> None:
    def blow_up(package: Path) -> None:
        with (package / THIRD / "sha512sums.txt.archivist.sig").open("r+b") as file:
            file.truncate(size)

    result = attack(package, blow_up)
    assert (result[1], "signature.unreadable" in result[2]) == ("broken", True)


class WeakKey:
    """An RSA key too short for ssh-keygen to make; openssl makes it and signs."""

    def __init__(self, folder: Path, bits: int) -> None:
        self.path = folder / f"rsa-{bits}.pem"
        _openssl("genrsa", "-out", self.path, str(bits))
        modulus = int(_openssl("rsa", "-in", self.path, "-noout", "-modulus").split(b"=")[1], 16)
        blob = pack_string(b"ssh-rsa") + pack_mpint(65537) + pack_mpint(modulus)
        self.public = PublicKey.from_blob(blob, comment=ARCHIVIST)

    def sign_raw(self, data: bytes) -> bytes:
        signature = _openssl("dgst", "-sha256", "-sign", self.path, data=data)
        return pack_string(b"rsa-sha2-256") + pack_string(signature)


def _openssl(*arguments: str | Path, data: bytes = b"") -> bytes:
    command = ["openssl", *map(str, arguments)]
    done = subprocess.run(command, input=data, capture_output=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout


@needs_openssl
@pytest.mark.parametrize("bits", [512, 1024])
def test_attack_signature_by_a_key_that_can_be_broken(package: Path, bits: int) -> None:
    """The key is refused even if the list trusts it: any person who factors it can sign as its owner."""
    weak = WeakKey(package.parent, bits)
    remove(package, SECOND, THIRD)
    sign_as(package, FIRST, weak)
    update_manifests(package)
    trust = package.parent / "weak_signers"
    trust.write_text(f"{ARCHIVIST} {weak.public.format_public_line()}")
    (result,) = archtool("verify", package, "--trust", trust, "--json").objects
    assert (result["verdict"]["trust"], result["exit_code"]) == ("broken", 1)
    assert {f["code"] for f in result["findings"]} >= {"signature.weak-key"}
    assert f"{bits} bits" in archtool("verify", package).said()
    assert archtool("attest", package, "--sign", write_key(package.parent), "--event", "validation").code == 1


@needs_ssh_keygen
def test_ssh_keygen_makes_the_same_signatures(package: Path) -> None:
    """Both programs make the same bytes."""
    for attestation in (FIRST, SECOND, THIRD):
        sums = (package / attestation / "sha512sums.txt").read_bytes()
        done = subprocess.run(
            ["ssh-keygen", "-Y", "sign", "-n", "archtool", "-f", str(write_key(package.parent))],
            input=sums, capture_output=True, check=True,
        )  # fmt: skip
        assert done.stdout == (package / attestation / "sha512sums.txt.archivist.sig").read_bytes()


@pytest.mark.parametrize(
    ("head", "words"),
    [("0001-packaging", "not the head of a chain"), ("0001-packaging sha512:abc", "with at least 32 digits")],
)
def test_a_malformed_head_is_refused(package: Path, head: str, words: str) -> None:
    done = archtool("verify", package, "--expect-head", head)
    assert done.code == 2
    assert words in done.said()
    several = archtool("verify", package, package, "--expect-head", head_of(package))
    assert (several.code, "--expect-head requires a single bag" in several.said()) == (2, True)
