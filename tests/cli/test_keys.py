"""`archtool keys`, and signing with OpenSSH keys; no secret is ever on the command line."""

from __future__ import annotations

import os
import shutil
import signal
import stat
import subprocess
from pathlib import Path

import pytest

from archtool.openssh.keys.private_key_file import PrivatePart, format_container
from archtool.openssh.wire import pack_string
from command_line import ARCHTOOL, archtool, unmeasured
from packages import (
    ARCHIVIST,
    left_behind,
    needs_ssh_keygen,
    pack,
    write_allowed_signers,
    write_key,
    write_letter,
)

needs_strace = pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed")


def test_a_new_key_is_readable_by_its_owner_only(tmp_path: Path) -> None:
    made = archtool("keys", "new", tmp_path / "key", "--name", ARCHIVIST, "--no-passphrase")
    assert made.code == 0
    assert stat.S_IMODE((tmp_path / "key").stat().st_mode) == 0o600
    assert (tmp_path / "key.pub").read_text().endswith(f" {ARCHIVIST}\n")


@needs_ssh_keygen
def test_ssh_keygen_reads_a_new_key_with_its_passphrase(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("correct horse\nnot this line\n")
    made = archtool("keys", "new", tmp_path / "key", "--name", ARCHIVIST, "--passphrase-file", secret)
    assert made.code == 0
    read = subprocess.run(
        ["ssh-keygen", "-y", "-P", "correct horse", "-f", str(tmp_path / "key")],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert read.stdout.split()[:2] == (tmp_path / "key.pub").read_text().split()[:2]


def test_a_key_is_never_overwritten(tmp_path: Path) -> None:
    key = write_key(tmp_path)
    before = key.read_bytes()
    made = archtool("keys", "new", key, "--name", ARCHIVIST, "--no-passphrase")
    assert (made.code, key.read_bytes()) == (2, before)


def test_a_new_key_without_a_terminal_needs_a_passphrase_option(tmp_path: Path) -> None:
    made = archtool("keys", "new", tmp_path / "key", "--name", ARCHIVIST)
    assert made.code == 2
    assert "--no-passphrase" in made.err
    assert not (tmp_path / "key").exists()


def test_contradictory_options_are_refused(tmp_path: Path) -> None:
    options = ["--no-passphrase", "--passphrase-file", tmp_path / "secret"]
    assert archtool("keys", "new", tmp_path / "key", "--name", ARCHIVIST, *options).code == 2


def test_a_key_that_cannot_be_written_is_a_storage_error(tmp_path: Path) -> None:
    made = archtool("keys", "new", tmp_path / "nowhere" / "key", "--name", ARCHIVIST, "--no-passphrase")
    assert made.code == 5


def test_show_prints_type_bits_fingerprint_and_name(tmp_path: Path) -> None:
    seen = archtool("keys", "show", write_key(tmp_path).with_suffix(".pub"))
    kind, bits, fingerprint, name = seen.out.split()
    assert (kind, bits, fingerprint[:7], name) == ("ssh-ed25519", "256", "SHA256:", ARCHIVIST)


@pytest.mark.parametrize("passphrase", [None, b"correct horse"])
@pytest.mark.parametrize("beside", [True, False])
def test_show_reads_the_public_half_of_a_private_key_without_its_passphrase(
    tmp_path: Path, passphrase: bytes | None, beside: bool
) -> None:
    key = write_key(tmp_path, passphrase=passphrase)
    public = archtool("keys", "show", key.with_suffix(".pub")).out
    if not beside:
        key.with_suffix(".pub").unlink()
    is_hidden = passphrase is not None and not beside  # the comment is inside the encrypted part
    expected = public.rpartition(" ")[0] + "\n" if is_hidden else public
    assert archtool("keys", "show", key).out == expected
    line = archtool("keys", "trust", key, *(["--name", ARCHIVIST] if is_hidden else []))
    assert line.out.startswith(f'{ARCHIVIST} namespaces="archtool" ssh-ed25519 AAAA')


@needs_ssh_keygen
@pytest.mark.parametrize(
    ("kind", "bits"),
    [("ed25519", "256"), ("ecdsa", "256"), ("ecdsa", "384"), ("ecdsa", "521"), ("rsa", "2048")],
)
@pytest.mark.parametrize("form", ["", ".pub"])
def test_show_prints_the_same_as_ssh_keygen(tmp_path: Path, kind: str, bits: str, form: str) -> None:
    key = tmp_path / "key"
    make = ["ssh-keygen", "-q", "-t", kind, "-b", bits, "-N", "correct horse", "-C", "of the archive"]
    subprocess.run([*make, "-f", str(key)], check=True)
    theirs = subprocess.run(["ssh-keygen", "-l", "-f", str(key)], capture_output=True, text=True, check=True)
    count, fingerprint, *_ = theirs.stdout.split()
    seen = archtool("keys", "show", tmp_path / f"key{form}").out
    assert seen.split(maxsplit=1)[1] == f"{count} {fingerprint} of the archive\n"


@needs_ssh_keygen
def test_an_unencrypted_private_key_in_pem_is_shown(tmp_path: Path) -> None:
    key = tmp_path / "key"
    make = ["ssh-keygen", "-q", "-t", "rsa", "-b", "3072", "-m", "PEM", "-C", ARCHIVIST, "-f", str(key)]
    subprocess.run([*make, "-N", ""], check=True)
    assert archtool("keys", "show", key).out == archtool("keys", "show", tmp_path / "key.pub").out
    subprocess.run(["ssh-keygen", "-q", "-p", "-m", "PEM", "-N", "correct horse", "-f", str(key)], check=True)
    hidden = archtool("keys", "show", key)
    assert (hidden.code, "is encrypted" in hidden.err) == (3, True)


def test_a_public_key_that_is_not_text_is_refused(tmp_path: Path, letters: Path) -> None:
    (tmp_path / "key.pub").write_bytes(b"ssh-ed25519 \xff\n")
    assert archtool("keys", "show", tmp_path / "key.pub").code == 3
    made = pack(write_letter(letters), tmp_path / "p", "--sign", tmp_path / "key.pub")
    assert (made.code, "not a public key" in made.err) == (3, True)


def test_the_key_handle_of_a_token_shows_its_public_half_and_how_it_signs(
    tmp_path: Path, letters: Path
) -> None:
    blob = b"".join(map(pack_string, (b"sk-ssh-ed25519@openssh.com", b"\1" * 32, b"ssh:")))
    handle = tmp_path / "token"
    handle.write_bytes(format_container(blob, PrivatePart(blob + b"\1" + pack_string(b"handle"), "a"), None))
    seen = archtool("keys", "show", handle)
    assert seen.out.startswith("sk-ssh-ed25519@openssh.com 256 SHA256:")
    made = pack(write_letter(letters), tmp_path / "p", "--sign", handle)
    assert (made.code, "only through an ssh-agent" in made.err, "ssh-add" in made.err) == (3, True, True)


def test_show_lists_the_keys_of_allowed_signers_with_their_options(tmp_path: Path) -> None:
    trust = write_allowed_signers(tmp_path, ARCHIVIST, "curator@example.org")
    public = write_key(tmp_path).with_suffix(".pub").read_text().rpartition(" ")[0]
    with trust.open("a") as file:
        file.write(f'*@example.org cert-authority,valid-before="20400101Z" {public}\n')
    first, second, third = archtool("keys", "show", trust).out.splitlines()
    assert first.endswith(f' {ARCHIVIST} namespaces="archtool"')
    assert second.endswith(' curator@example.org namespaces="archtool"')
    assert third.endswith(" *@example.org cert-authority,valid-before=20400101000000Z")
    refused = archtool("keys", "trust", trust)
    assert (refused.code, "already lists its keys as trusted" in refused.err) == (2, True)


@pytest.mark.parametrize("data", [b"\xff\xd8\xff", b"no key\n", b"# nobody\n", b"", b"ssh-ed25519 AAAA\n"])
def test_show_refuses_a_file_without_a_key(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "picture").write_bytes(data)
    seen = archtool("keys", "show", tmp_path / "picture")
    assert (seen.code, seen.out, "picture" in seen.err) == (3, "", True)


def test_show_and_trust_require_a_key(tmp_path: Path) -> None:
    for verb in ("show", "trust"):
        seen = archtool("keys", verb)
        assert (seen.code, "no key was given" in seen.err) == (2, True)
    assert archtool("keys", "show", "--agent").code == 3
    two = [write_key(tmp_path, name) for name in (ARCHIVIST, "curator@example.org")]
    assert archtool("keys", "trust", *two, "--name", "a@example.org").code == 2
    assert len(archtool("keys", "trust", *two, *two).out.splitlines()) == 2


def test_trust_prints_a_line_for_allowed_signers(tmp_path: Path) -> None:
    seen = archtool("keys", "trust", write_key(tmp_path).with_suffix(".pub"))
    assert seen.out.startswith(f'{ARCHIVIST} namespaces="archtool" ssh-ed25519 AAAA')


def test_trust_requires_a_name_in_one_word(tmp_path: Path) -> None:
    public = write_key(tmp_path, "two words").with_name("two words-key.pub")
    assert archtool("keys", "trust", public).code == 2
    assert archtool("keys", "trust", public, "--name", ARCHIVIST).code == 0


def test_an_encrypted_key_signs_with_the_right_passphrase(tmp_path: Path, letters: Path) -> None:
    key = write_key(tmp_path, passphrase=b"correct horse")
    secret = tmp_path / "secret"
    secret.write_text("correct horse\n")
    made = pack(write_letter(letters), tmp_path / "p", "--sign", key, "--passphrase-file", secret)
    assert made.code == 0
    assert f"signed by  {ARCHIVIST}" in made.out


def test_a_wrong_passphrase_leaves_no_package(tmp_path: Path, letters: Path) -> None:
    key = write_key(tmp_path, passphrase=b"correct horse")
    secret = tmp_path / "secret"
    secret.write_text("wrong horse\n")
    made = pack(write_letter(letters), tmp_path / "p", "--sign", key, "--passphrase-file", secret)
    assert made.code == 3
    assert "passphrase" in made.err
    assert not (tmp_path / "p").exists()


def test_an_encrypted_key_without_a_terminal_has_a_hint(tmp_path: Path, letters: Path) -> None:
    key = write_key(tmp_path, passphrase=b"correct horse")
    made = pack(write_letter(letters), tmp_path / "p", "--sign", key)
    assert made.code == 3
    assert "passphrase" in made.err


def test_an_empty_passphrase_file_is_refused(tmp_path: Path, letters: Path) -> None:
    key = write_key(tmp_path, passphrase=b"correct horse")
    secret = tmp_path / "secret"
    secret.write_text("\n")
    made = pack(write_letter(letters), tmp_path / "p", "--sign", key, "--passphrase-file", secret)
    assert (made.code, "is empty" in made.err) == (3, True)


def test_a_public_key_alone_cannot_sign(tmp_path: Path, letters: Path) -> None:
    public = write_key(tmp_path).with_suffix(".pub")
    made = pack(write_letter(letters), tmp_path / "p", "--sign", public)
    assert made.code == 3
    assert "public key" in made.err
    assert left_behind(tmp_path) == []


def test_a_missing_key_is_named(tmp_path: Path, letters: Path) -> None:
    made = pack(write_letter(letters), tmp_path / "p", "--sign", tmp_path / "key")
    assert (made.code, str(tmp_path / "key") in made.err) == (3, True)


def test_each_of_several_signers_has_a_signature_file(tmp_path: Path, letters: Path) -> None:
    keys = [write_key(tmp_path, name) for name in (ARCHIVIST, "curator@example.org")]
    made = pack(write_letter(letters), tmp_path / "p", "--sign", keys[0], "--sign", keys[1])
    assert made.code == 0
    names = sorted(p.name for p in (tmp_path / "p/attestations/0001-packaging").glob("*.sig"))
    assert names == ["sha512sums.txt.archivist.sig", "sha512sums.txt.curator.sig"]
    assert archtool("verify", tmp_path / "p").code == 0


def test_a_signer_can_have_another_name_than_the_comment(tmp_path: Path, letters: Path) -> None:
    made = pack(
        write_letter(letters), tmp_path / "p", "--sign", write_key(tmp_path), "--signer", "c@example.org"
    )
    assert "signed by  c@example.org" in made.out


@pytest.mark.parametrize("name", ["two words", "quote'd", "a,b", "*"])
def test_a_name_that_allowed_signers_cannot_hold_is_refused(tmp_path: Path, letters: Path, name: str) -> None:
    made = pack(write_letter(letters), tmp_path / "p", "--sign", write_key(tmp_path), "--signer", name)
    assert made.code == 2
    assert not (tmp_path / "p").exists()


def test_the_number_of_names_must_equal_the_number_of_keys(tmp_path: Path, letters: Path) -> None:
    options = ["--sign", write_key(tmp_path), "--signer", "a@example.org", "--signer", "b@example.org"]
    assert pack(write_letter(letters), tmp_path / "p", *options).code == 2


@needs_ssh_keygen
def test_a_key_without_a_comment_needs_a_name(tmp_path: Path, letters: Path) -> None:
    key = tmp_path / "key"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "", "-f", str(key)], check=True)
    made = pack(write_letter(letters), tmp_path / "p", "--sign", key)
    assert (made.code, "--signer" in made.err) == (2, True)


def _make_key_and_signal(tmp_path: Path, number: int) -> None:
    """Run `keys new` under strace, which sends a signal to it when its second file gets its name."""
    command = [*ARCHTOOL, "keys", "new", str(tmp_path / "key"), "--name", ARCHIVIST, "--no-passphrase"]
    strace = ["strace", "-f", "-qq", "-o", os.devnull, "-e", "trace=renameat2"]
    signalled = [*strace, "-e", f"inject=renameat2:signal={int(number)}:when=2", *command]
    subprocess.run(signalled, capture_output=True, env=unmeasured(), check=False, timeout=60)


@needs_strace
def test_a_key_pair_killed_between_its_two_files_is_made_by_the_next_run(tmp_path: Path) -> None:
    _make_key_and_signal(tmp_path, signal.SIGKILL)
    assert sorted(p.name for p in tmp_path.iterdir() if not p.name.startswith(".")) == ["key.pub"]
    made = archtool("keys", "new", tmp_path / "key", "--name", ARCHIVIST, "--no-passphrase")
    assert (made.code, sorted(p.name for p in tmp_path.iterdir())) == (0, ["key", "key.pub"])
    assert _halves_agree(tmp_path / "key")


@needs_strace
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_between_the_two_files_of_a_key_waits_until_both_are_there(
    tmp_path: Path, number: signal.Signals
) -> None:
    _make_key_and_signal(tmp_path, number)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["key", "key.pub"]
    assert _halves_agree(tmp_path / "key")


def _halves_agree(key: Path) -> bool:
    return archtool("keys", "show", key).out == archtool("keys", "show", f"{key}.pub").out


def test_a_public_key_that_no_killed_run_left_is_never_removed(tmp_path: Path) -> None:
    write_key(tmp_path).unlink()
    public = tmp_path / "archivist-key.pub"
    before = public.read_bytes()
    made = archtool("keys", "new", tmp_path / "archivist-key", "--name", ARCHIVIST, "--no-passphrase")
    assert (made.code, public.read_bytes()) == (2, before)


def test_a_new_key_is_never_written_through_a_broken_link(tmp_path: Path) -> None:
    (tmp_path / "key").symlink_to(tmp_path / "elsewhere")
    made = archtool("keys", "new", tmp_path / "key", "--name", ARCHIVIST, "--no-passphrase")
    assert (made.code, [p.name for p in tmp_path.iterdir()]) == (2, ["key"])


HOSTILE_COMMENTS = {
    "anybody": "*", "list": "curator@example.org,*", "negated": "!x", "comment": "#x", "quote": 'a"b',
    "escape": "c\x1b]0;pwned\x07\x1b[31m", "c1": "c\x9b31m", "bidi": "c\u202ed", "blank": "two words",
    "authority": "cert-authority", "option": "namespaces=git", "shell": "`id`", "backslash": "a\\b",
    "plain": "curator@example.org", "empty": "",
}  # fmt: skip


@pytest.mark.parametrize("comment", HOSTILE_COMMENTS.values(), ids=HOSTILE_COMMENTS.keys())
@pytest.mark.parametrize("with_private", [False, True])
def test_trust_never_uses_another_persons_comment_as_a_name(
    tmp_path: Path, comment: str, with_private: bool
) -> None:
    key = write_key(tmp_path)
    if not with_private:
        key.unlink()
    public = tmp_path / "archivist-key.pub"
    words = public.read_text().split()[:2]
    public.write_text(" ".join([*words, comment]).rstrip() + "\n", encoding="utf-8")
    seen = archtool("keys", "trust", public)
    assert (seen.code, seen.out, "--name" in seen.err) == (2, "", True)
    assert [c for c in seen.err if not c.isprintable() and c != "\n"] == []
    named = archtool("keys", "trust", public, "--name", ARCHIVIST)
    assert named.out == f'{ARCHIVIST} namespaces="archtool" {" ".join(words)}\n'


@pytest.mark.parametrize("name", ["#x", 'a"b', "two words", "a\x1bb", "cert-authority", "!x", "", "a\u2028b"])
def test_trust_refuses_a_name_that_would_be_parsed_as_something_else(tmp_path: Path, name: str) -> None:
    seen = archtool("keys", "trust", write_key(tmp_path), "--name", name)
    assert (seen.code, seen.out) == (2, "")


def test_trust_uses_no_comment_if_the_private_key_beside_is_another(tmp_path: Path) -> None:
    own, other = write_key(tmp_path), write_key(tmp_path, "curator@example.org")
    other.with_name(other.name + ".pub").replace(own.with_name(own.name + ".pub"))
    assert archtool("keys", "trust", f"{own}.pub").code == 2
    assert archtool("keys", "trust", own).code == 2


@pytest.mark.parametrize("name", [".", "/", ""])
def test_a_path_without_a_file_name_is_no_key(name: str) -> None:
    made = archtool("keys", "new", name, "--name", "archivist@example.org", "--no-passphrase")
    assert (made.code, "not the name of a file" in made.err) == (2, True)
