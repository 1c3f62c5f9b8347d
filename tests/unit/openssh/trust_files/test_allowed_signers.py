from __future__ import annotations

import os
import pickle
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archtool.errors import InputError
from archtool.openssh.limits import MAX_REVOKED_BYTES, MAX_SIGNER_LINE_CHARACTERS
from archtool.openssh.sshsig import NAMESPACE, sign
from archtool.openssh.trust_files import allowed_signers
from archtool.openssh.trust_files.allowed_signers import AllowedSigners
from archtool.openssh.trust_files.revoked_keys import Revocation, RevokedItem, RevokedKeys
from archtool.openssh.trust_files.signer_match import SignerVerdict
from archtool.openssh.trust_files.wildcards import matches_pattern, matches_pattern_list
from unit.attestations.trust_builders import ARCHIVIST, CURATOR, NOW, fixed_key, needs_ssh_keygen, ssh_keygen

KEY = fixed_key(ARCHIVIST)
PUBLIC = KEY.public.format_public_line().strip()
MESSAGE = b"9f86d081  bagit.txt\n"


def parse(text: str) -> AllowedSigners:
    return AllowedSigners.parse(text, "signers")


def openssh_trusts(
    folder: Path, text: str, principal: str, when: str = "20261122120000Z", zone: str = "UTC"
) -> bool:
    """Whether ssh-keygen accepts the same signature."""
    (folder / "signers").write_text(text)
    (folder / "list.sig").write_text(sign(MESSAGE, KEY))
    answer = ssh_keygen(
        *("-Y", "verify", "-f", folder / "signers", "-I", principal, "-n", NAMESPACE),
        *("-s", folder / "list.sig", "-O", f"verify-time={when}"),
        data=MESSAGE,
        environment={**os.environ, "TZ": zone},
    )
    return answer.returncode == 0


@needs_ssh_keygen
@pytest.mark.parametrize(
    ("line", "principal"),
    [
        (f"{ARCHIVIST} {PUBLIC}", ARCHIVIST),
        (f"{ARCHIVIST} {PUBLIC}", CURATOR),
        (f"  {ARCHIVIST}\t{PUBLIC}\r", ARCHIVIST),
        (f"*@example.org {PUBLIC}", CURATOR),
        (f"*@Example.org {PUBLIC}", CURATOR),
        (f"?urator@* {PUBLIC}", CURATOR),
        (f"!{CURATOR},*@example.org {PUBLIC}", CURATOR),
        (f"!{CURATOR},*@example.org {PUBLIC}", ARCHIVIST),
        (f"*@example.org,!{CURATOR} {PUBLIC}", CURATOR),
        (f"a@b,,{CURATOR} {PUBLIC}", CURATOR),
        (f'"the archivist@example.org" {PUBLIC}', "the archivist@example.org"),
        (f'"the archivist@example.org" {PUBLIC}', "the"),
        (f'{ARCHIVIST} namespaces="archtool" {PUBLIC}', ARCHIVIST),
        (f'{ARCHIVIST} namespaces="git,arch*" {PUBLIC}', ARCHIVIST),
        (f'{ARCHIVIST} namespaces="git" {PUBLIC}', ARCHIVIST),
        (f'{ARCHIVIST} namespaces="" {PUBLIC}', ARCHIVIST),
        (f'{ARCHIVIST} namespaces="!archtool,*" {PUBLIC}', ARCHIVIST),
        (f'{ARCHIVIST} NameSpaces="archtool" {PUBLIC}', ARCHIVIST),
        (f"{ARCHIVIST} cert-authority {PUBLIC}", ARCHIVIST),
        (f'{ARCHIVIST} cert-authority,namespaces="archtool" {PUBLIC}', ARCHIVIST),
        (f'{ARCHIVIST} namespaces="git" {PUBLIC}\n{ARCHIVIST} {PUBLIC}', ARCHIVIST),
        (f"# a comment\n\n \t\n{ARCHIVIST} {PUBLIC} with a comment", ARCHIVIST),
        (f"{CURATOR} {fixed_key(CURATOR).public.format_public_line()}", ARCHIVIST),
    ],
)
def test_a_line_trusts_a_key_exactly_when_ssh_keygen_does(tmp_path: Path, line: str, principal: str) -> None:
    match = parse(line + "\n").find(KEY.public, NAMESPACE, NOW, principal)
    assert match.is_trusted == openssh_trusts(tmp_path, line + "\n", principal)


@needs_ssh_keygen
@pytest.mark.parametrize("zone", ["UTC", "Europe/Paris", "America/Argentina/Buenos_Aires"])
@pytest.mark.parametrize(
    "end", ["20300701", "203007011200", "20300701120000", "20300701120000Z", "20300701utc"]
)
def test_the_dates_of_a_key_are_the_same_to_the_second_as_in_ssh_keygen(
    tmp_path: Path, zone: str, end: str
) -> None:
    closing = f'{ARCHIVIST} valid-before="{end}" {PUBLIC}\n'
    opening = f'{ARCHIVIST} valid-after="{end}" {PUBLIC}\n'
    edge = AllowedSigners.parse(closing, "signers", local_zone=ZoneInfo(zone)).lines[0].valid_before
    assert edge is not None
    for seconds in (-1, 0, 1):
        at = edge + timedelta(seconds=seconds)
        when = at.strftime("%Y%m%d%H%M%SZ")
        for text in (closing, opening):
            parsed = AllowedSigners.parse(text, "signers", local_zone=ZoneInfo(zone))
            match = parsed.find(KEY.public, NAMESPACE, at + timedelta(microseconds=999_999))
            assert match.is_trusted == openssh_trusts(tmp_path, text, ARCHIVIST, when, zone)


def test_a_local_time_is_standard_time_also_in_summer() -> None:
    text = f'{ARCHIVIST} valid-before="20300701120000" {PUBLIC}\n'
    paris = AllowedSigners.parse(text, "signers", local_zone=ZoneInfo("Europe/Paris"))
    fixed = AllowedSigners.parse(text, "signers", local_zone=timezone(timedelta(hours=1)))
    assert paris.lines[0].valid_before == fixed.lines[0].valid_before == datetime(2030, 7, 1, 11, tzinfo=UTC)
    assert parse(text).lines[0].valid_before == datetime(2030, 7, 1, 12, tzinfo=UTC)


@needs_ssh_keygen
def test_the_principals_of_a_key_equal_those_of_ssh_keygen(tmp_path: Path) -> None:
    text = f"{ARCHIVIST},*@archive.example {PUBLIC}\n"
    openssh_trusts(tmp_path, text, ARCHIVIST)
    found = ssh_keygen("-Y", "find-principals", "-f", tmp_path / "signers", "-s", tmp_path / "list.sig")
    match = parse(text).find(KEY.public, NAMESPACE, NOW)
    assert list(match.principals) == found.stdout.decode().split()
    assert match.line == 1


@pytest.mark.parametrize(
    ("options", "verdict", "reason"),
    [
        ('namespaces="git"', SignerVerdict.WRONG_NAMESPACE, "may not sign for namespace 'archtool'"),
        ('valid-after="20270101Z"', SignerVerdict.NOT_YET_VALID, "not valid before 2027-01-01"),
        ('valid-before="20260101Z"', SignerVerdict.EXPIRED, "not valid after 2026-01-01"),
        ("cert-authority", SignerVerdict.UNKNOWN_KEY, "lists this key only as an authority"),
    ],
)
def test_an_untrusted_key_has_a_verdict_and_a_reason(
    options: str, verdict: SignerVerdict, reason: str
) -> None:
    match = parse(f"{ARCHIVIST} {options} {PUBLIC}\n").find(KEY.public, NAMESPACE, NOW)
    assert match.verdict is verdict
    assert reason in match.reason


def test_an_unknown_key_and_another_person_s_key_have_different_verdicts() -> None:
    signers = parse(f"{ARCHIVIST} {PUBLIC}\n")
    assert signers.find(fixed_key(CURATOR).public, NAMESPACE, NOW).verdict is SignerVerdict.UNKNOWN_KEY
    assert signers.find(KEY.public, NAMESPACE, NOW, CURATOR).verdict is SignerVerdict.WRONG_PRINCIPAL
    assert signers.find(replace(KEY.public, comment="another"), NAMESPACE, NOW).is_trusted


def test_a_key_on_two_lines_has_both_owners_and_the_first_line_number() -> None:
    match = parse(f"# keys\n{ARCHIVIST} {PUBLIC}\n{CURATOR} {PUBLIC}\n").find(KEY.public, NAMESPACE, NOW)
    assert (match.principals, match.line) == ((ARCHIVIST, CURATOR), 2)


def test_a_cert_authority_line_does_not_trust_its_own_key() -> None:
    signers = parse(f"*@example.org cert-authority {PUBLIC}\n{CURATOR} {PUBLIC}\n")
    assert [line.number for line in signers.lines if line.is_authority] == [1]
    assert signers.find(KEY.public, NAMESPACE, NOW).principals == (CURATOR,)
    assert pickle.loads(pickle.dumps(signers)) == signers  # noqa: S301 - our own bytes


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        (ARCHIVIST, "no public key"),
        (f"{ARCHIVIST} ssh-ed25519", "no public key"),
        (f'"{ARCHIVIST} {PUBLIC}', "quote before the principals is never closed"),
        (f'a"b c"d {PUBLIC}', "no list of principals"),
        (f'"a b"@c {PUBLIC}', "no list of principals"),
        (f'"" {PUBLIC}', "no list of principals"),
        (f", {PUBLIC}", "no list of principals"),
        (f"{ARCHIVIST} {PUBLIC.replace('AAAA', 'AAA!', 1)}", "unknown option|not base64"),
        (f"{ARCHIVIST} {PUBLIC[:40]}", "not base64|cut short"),
        (f"{ARCHIVIST} {PUBLIC.replace('ssh-ed25519', 'ssh-rsa', 1)}", "the key is not of the type"),
        (f"{ARCHIVIST} permit-pty {PUBLIC}", "unknown option"),
        (f"{ARCHIVIST} namespaces {PUBLIC}", "unknown option, or a missing value"),
        (f'{ARCHIVIST} cert-authority="x" {PUBLIC}', "unknown option"),
        (f"{ARCHIVIST} namespaces=archtool {PUBLIC}", "options that cannot be read"),
        (f'{ARCHIVIST} namespaces="a",namespaces="b" {PUBLIC}', "option namespaces is given twice"),
        (f'{ARCHIVIST} namespaces="a", {PUBLIC}', "the options end in a comma"),
        (f'{ARCHIVIST} namespaces="a"b {PUBLIC}', "options that cannot be read"),
        (f'{ARCHIVIST} valid-after="" {PUBLIC}', "valid-after is not a time"),
        (f'{ARCHIVIST} valid-after="2030-01-01" {PUBLIC}', "valid-after is not a time"),
        (f'{ARCHIVIST} valid-after="20300230" {PUBLIC}', "valid-after is not a time"),
        (f'{ARCHIVIST} valid-after="2030010112" {PUBLIC}', "valid-after is not a time"),
        (f'{ARCHIVIST} valid-after="19700101Z" {PUBLIC}', "earlier than 1970"),
        (
            f'{ARCHIVIST} valid-after="20310101",valid-before="20300101" {PUBLIC}',
            "valid-before is earlier than valid-after",
        ),
        (f"{ARCHIVIST} {PUBLIC}\0", "not a line of text"),
        (f"{ARCHIVIST} {PUBLIC} {'x' * MAX_SIGNER_LINE_CHARACTERS}", "not a line of text"),
        ("{", "no public key"),
    ],
)
def test_a_malformed_line_is_refused_with_its_place_and_a_hint(line: str, complaint: str) -> None:
    with pytest.raises(InputError, match=complaint) as caught:
        parse(f"# keys\n{line}\n")
    assert caught.value.message.startswith("signers:2: ")
    assert caught.value.hint


def test_an_oversized_list_of_signers_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(allowed_signers, "MAX_ALLOWED_SIGNERS_CHARACTERS", 10)
    with pytest.raises(InputError, match="too large for a list of signers"):
        parse("#" * 11)


@given(st.text(max_size=120))
def test_random_text_as_a_list_of_signers_is_refused_with_an_input_error(text: str) -> None:
    try:
        lines = parse(text).lines
    except InputError as error:
        assert error.message.startswith("signers:")  # noqa: PT017 - both outcomes are valid
    else:
        assert lines == ()


@pytest.mark.parametrize(
    ("text", "pattern", "is_match"),
    [
        ("", "", True),
        ("", "*", True),
        ("a", "", False),
        ("abc", "a*c", True),
        ("abcbd", "a*b*d", True),
        ("abcbe", "a*b*d", False),
        ("abc", "???", True),
        ("ab", "???", False),
        ("a" * 500, "*a" * 200 + "b", False),
    ],
)
def test_patterns_match_as_in_openssh(text: str, pattern: str, is_match: bool) -> None:
    assert matches_pattern(text, pattern) is is_match


def test_a_list_of_negations_matches_no_name() -> None:
    assert not matches_pattern_list("a@b", "!c@d")


def test_revoked_keys_can_be_listed_as_keys_or_fingerprints() -> None:
    other = fixed_key(CURATOR).public
    text = f"# lost in 2026\n\n{PUBLIC}\n{other.fingerprint} the curator's\n{PUBLIC}\n"
    revoked = RevokedKeys.parse(text.encode(), "revoked")
    assert revoked.find(KEY.public) == Revocation(RevokedItem.KEY, "revoked:3")
    assert revoked.find(other) == Revocation(RevokedItem.KEY, "revoked:4")
    assert revoked.find(fixed_key("third").public) is None


@pytest.mark.parametrize(
    ("data", "complaint"),
    [
        (b"SSHKRL\n\0\0\0\0\1", "revoked is cut short"),
        (b"\xff", "not text in UTF-8"),
        (b"\n" * (MAX_REVOKED_BYTES + 1), "too large"),
        (b"\nSHA256:abc\n", "revoked:2: not a fingerprint"),
        (b"MD5:16:27\n", "revoked:1: not a fingerprint"),
        (b"hello\n", "revoked:1 is not a public key"),
    ],
)
def test_a_malformed_revocation_list_is_refused_with_the_reason(data: bytes, complaint: str) -> None:
    with pytest.raises(InputError, match=complaint):
        RevokedKeys.parse(data, "revoked")


def test_a_malformed_line_of_a_revocation_list_has_a_hint() -> None:
    with pytest.raises(InputError, match="revoked:2") as refused:
        RevokedKeys.parse(b"# keys of 2031\nimport this!\n", "revoked")
    assert "a public key, a certificate or SHA256:" in str(refused.value.hint)
