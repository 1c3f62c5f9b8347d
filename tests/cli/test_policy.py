"""Policies: who must have made which claims, how many signers, and the maximum age."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from command_line import Run, archtool
from packages import ARCHIVIST, make_package, write_allowed_signers, write_key
from timestamping import make_timestamp_authority as make_authority
from timestamping import needs_faketime, needs_openssl, over_http
from unit.download.servers import serving

CURATOR, STRANGER = "curator@example.org", "stranger@example.net"
HEAD = "archtool-policy: 1\nclaims:\n"


def days_ago(days: int) -> str:
    return (datetime.now(UTC) - timedelta(days=days)).strftime("%Y-%m-%dT%H:%M:%SZ")


def attest(package: Path, event: str, *names: str, date: str | None = None) -> None:
    keys: list[str | Path] = []
    for name in names:
        keys += ["--sign", write_key(package.parent, name)]
    parties = ["--from", "A", "--to", "B"] if event == "custody-transfer" else []
    done = archtool("attest", package, "--event", event, *keys, *parties, "--date", date or days_ago(1))
    assert done.code == 0, done.err


def verify_with_policy(
    package: Path, rules: str, *options: str | Path, trusted: tuple[str, ...] = (ARCHIVIST, CURATOR)
) -> Run:
    """Verify a package with a policy of these rules."""
    folder = package.parent
    (folder / "policy.yaml").write_text(HEAD + rules)
    allowed = write_allowed_signers(folder, *trusted)
    return archtool(
        "verify", package, "--trust", allowed, "--policy", folder / "policy.yaml", "--json", *options
    )


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """Packed by the archivist, transferred by both, checked by the curator forty days ago."""
    made = make_package(tmp_path)
    attest(made, "custody-transfer", ARCHIVIST, CURATOR)
    attest(made, "fixity-check", CURATOR, date=days_ago(40))
    return made


# the package above meets each of these policies
MET = [
    "  - { event: packaging, required: true }\n",
    "  - { event: packaging, required: true, signers: [archivist@example.org] }\n",
    "  - { event: packaging, signers: ['*@example.org'] }\n",
    "  - { event: custody-transfer, required: true, at-least: 2 }\n",
    "  - { event: fixity-check, required: true, not-older-than-days: 41 }\n",
    "  - { event: repair, at-least: 3 }\n",
    "".join(f"  - {{ event: {event} }}\n" for event in ("packaging", "custody-transfer", "fixity-check"))
    + "other-claims: refused\n",
]
# the package does not meet any of these, each for one reason
NOT_MET = [
    ("  - { event: validation, required: true }\n", "policy.claim-missing"),
    ("  - { event: packaging, signers: [curator@example.org] }\n", "policy.signer-not-allowed"),
    ("  - { event: packaging, signers: ['*@example.net'] }\n", "policy.signer-not-allowed"),
    ("  - { event: packaging, at-least: 2 }\n", "policy.too-few-signers"),
    ("  - { event: fixity-check, not-older-than-days: 39 }\n", "policy.claim-too-old"),
    ("  - { event: packaging, timestamp: true }\n", "policy.time-not-proved"),
    (
        "  - { event: packaging }\n  - { event: fixity-check }\nother-claims: refused\n",
        "policy.claim-refused",
    ),
]


@pytest.mark.parametrize("rules", MET)
def test_a_policy_that_is_met_has_no_findings(package: Path, rules: str) -> None:
    result = verify_with_policy(package, rules)
    assert (result.code, result.codes) == (0, [])
    assert result.objects[0]["verdict"]["policy"] == "met"


@pytest.mark.parametrize(("rules", "code"), NOT_MET)
def test_an_unmet_policy_leaves_the_trust_verdict_unchanged_and_gives_reasons(
    package: Path, rules: str, code: str
) -> None:
    result = verify_with_policy(package, rules)
    assert (result.code, result.codes) == (4, [code])
    verdict = result.objects[0]["verdict"]
    assert (verdict["trust"], verdict["policy"]) == ("trusted", "not-met")


def test_a_required_claim_that_does_not_count_is_reported_as_missing(package: Path) -> None:
    result = verify_with_policy(
        package, "  - { event: packaging, required: true, signers: [curator@example.org] }\n"
    )
    assert result.codes == ["policy.claim-missing", "policy.signer-not-allowed"]


def test_an_untrusted_signer_does_not_count(package: Path) -> None:
    attest(package, "validation", STRANGER)
    result = verify_with_policy(package, "  - { event: validation, required: true, signers: ['*'] }\n")
    assert result.code == 4
    assert "policy.signer-not-allowed" in result.codes


def test_one_person_with_two_keys_is_one_signer(tmp_path: Path) -> None:
    package = make_package(tmp_path)
    (tmp_path / "other").mkdir()
    again = write_key(tmp_path / "other", "archivist-2@example.org")
    done = archtool(
        "attest", package, "--event", "validation", "--sign", write_key(tmp_path), "--sign", again,
        "--signer", ARCHIVIST, "--signer", ARCHIVIST, "--date", days_ago(1),
    )  # fmt: skip
    assert done.code == 0, done.err
    line = archtool("keys", "trust", again.with_suffix(".pub"), "--name", ARCHIVIST).out
    allowed = write_allowed_signers(tmp_path, ARCHIVIST)
    allowed.write_text(allowed.read_text() + line)
    (tmp_path / "policy.yaml").write_text(HEAD + "  - { event: validation, at-least: 2 }\n")
    result = archtool("verify", package, "--trust", allowed, "--policy", tmp_path / "policy.yaml", "--json")
    assert (result.code, result.codes) == (4, ["policy.too-few-signers"])


def test_one_key_with_two_names_is_one_signer(tmp_path: Path) -> None:
    package = make_package(tmp_path)
    attest(package, "validation", ARCHIVIST, CURATOR)
    allowed = write_allowed_signers(tmp_path, STRANGER)
    keys = {name: write_key(tmp_path, name).with_suffix(".pub").read_text() for name in (ARCHIVIST, CURATOR)}
    (tmp_path / "policy.yaml").write_text(HEAD + "  - { event: validation, at-least: 2 }\n")
    options = ("--trust", allowed, "--policy", tmp_path / "policy.yaml", "--json")
    allowed.write_text(f"one@example.org,two@example.org {keys[ARCHIVIST]}")
    result = archtool("verify", package, *options)
    assert "policy.too-few-signers" in result.codes
    assert "1 signed: one@example.org, two@example.org" in result.out
    # two keys that can each be either person are two signers
    allowed.write_text("".join(f"one@example.org,two@example.org {key}" for key in keys.values()))
    assert "policy.too-few-signers" not in archtool("verify", package, *options).codes
    # the first key can be the second person, and the second key the first: two signers
    allowed.write_text(f"one@example.org,two@example.org {keys[ARCHIVIST]}one@example.org {keys[CURATOR]}")
    assert "policy.too-few-signers" not in archtool("verify", package, *options).codes


def test_a_key_listed_under_a_pattern_signs_for_names_that_match(tmp_path: Path) -> None:
    package = make_package(tmp_path)
    allowed = write_allowed_signers(tmp_path, ARCHIVIST)
    allowed.write_text(allowed.read_text().replace(ARCHIVIST, "*@example.org", 1))
    (tmp_path / "policy.yaml").write_text(HEAD + f"  - {{ event: packaging, signers: ['{ARCHIVIST}'] }}\n")
    options = ("--trust", allowed, "--policy", tmp_path / "policy.yaml", "--json")
    assert archtool("verify", package, *options).code == 0
    allowed.write_text(allowed.read_text().replace("*@example.org", "*@example.net", 1))
    assert "policy.signer-not-allowed" in archtool("verify", package, *options).codes


@needs_openssl
@needs_faketime
def test_a_new_timestamp_makes_an_old_claim_no_younger(tmp_path: Path) -> None:
    package = make_package(tmp_path)
    attest(package, "fixity-check", CURATOR, date="2021-03-01T00:00:00Z")
    authority = make_authority(tmp_path / "tsa")
    with serving({"/tsa": over_http(authority)}) as server:
        assert archtool("timestamp", package, "--url", server.url("/tsa")).code == 0
    rule = "  - { event: fixity-check, required: true, timestamp: true, not-older-than-days: 1000 }\n"
    result = verify_with_policy(package, rule, "--tsa-roots", authority.roots)
    assert (result.code, result.codes) == (4, ["policy.claim-too-old"])
    assert (
        verify_with_policy(package, rule.replace("1000", "100000"), "--tsa-roots", authority.roots).code == 0
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("claims: [{ event: packaging }]\n", "archtool-policy"),
        (HEAD + "  - { event: packaging, at-leats: 2 }\n", "policy.yaml:3:"),
        (HEAD + "  - { event: packaging, at-least: two }\n", "policy.yaml:3:"),
        (HEAD + "  - { event: packaging }\n  - { event: packaging }\n", "two rules for packaging"),
        (HEAD + "  - { event: packaging, signers: ['a,b'] }\n", "policy.yaml:3:"),
        (HEAD + "  - { event: &x packaging }\n", "policy.yaml:3:"),
        ("\x00", "policy.yaml"),
        ("", "policy.yaml"),
    ],
)
def test_an_invalid_policy_is_refused_with_its_location(tmp_path: Path, text: str, message: str) -> None:
    package = make_package(tmp_path)
    (tmp_path / "policy.yaml").write_text(text)
    allowed = write_allowed_signers(tmp_path, ARCHIVIST)
    result = archtool("verify", package, "--trust", allowed, "--policy", tmp_path / "policy.yaml")
    assert result.code == 3
    assert message in result.said()


def test_a_policy_without_a_trust_file_is_a_usage_error(tmp_path: Path) -> None:
    package = make_package(tmp_path)
    (tmp_path / "policy.yaml").write_text(HEAD + "  - { event: packaging }\n")
    result = archtool("verify", package, "--policy", tmp_path / "policy.yaml")
    assert (result.code, "--trust ALLOWED_SIGNERS" in result.said()) == (2, True)


def test_a_policy_also_applies_to_a_package_without_attestations(tmp_path: Path) -> None:
    package = make_package(tmp_path, signed=False)
    result = verify_with_policy(package, "  - { event: packaging, required: true }\n")
    assert (result.code, result.codes) == (4, ["trust.unsigned", "policy.claim-missing"])


@pytest.mark.parametrize("pattern", ["{who},{other},!{who}", "{other},{who},!*curator*", "*,!{who}"])
def test_a_negated_principal_meets_no_policy_that_requires_it(tmp_path: Path, pattern: str) -> None:
    package = make_package(tmp_path)
    attest(package, "fixity-check", CURATOR)
    allowed = write_allowed_signers(tmp_path, ARCHIVIST, CURATOR)
    listed = pattern.format(who=CURATOR, other="else@example.org")
    allowed.write_text(allowed.read_text().replace(CURATOR, listed))
    policy = tmp_path / "policy.yaml"
    policy.write_text(f"{HEAD}  - {{ event: fixity-check, required: true, signers: ['curator@*'] }}\n")
    seen = archtool("verify", package, "--trust", allowed, "--policy", policy, "--json")
    assert seen.code == 4
    assert seen.objects[0]["verdict"]["policy"] == "not-met"
    assert "policy.claim-missing" in seen.codes


ASKS_FOR_A_RECENT_ONE = "  - { event: fixity-check, required: true, not-older-than-days: 30 }\n"


@pytest.mark.parametrize("required", ["true", "false"])
def test_a_claim_dated_in_the_future_is_not_recent(tmp_path: Path, required: str) -> None:
    package = make_package(tmp_path)
    attest(package, "fixity-check", CURATOR, date="2099-01-01")
    seen = verify_with_policy(package, ASKS_FOR_A_RECENT_ONE.replace("true", required))
    assert seen.code == 4
    assert {"policy.claim-in-future", "policy.claim-missing"} <= set(seen.codes)


def test_a_recent_claim_meets_the_policy_despite_one_from_the_future(package: Path) -> None:
    attest(package, "fixity-check", CURATOR, date="2099-01-01")
    attest(package, "fixity-check", CURATOR, date=days_ago(2))
    seen = verify_with_policy(package, ASKS_FOR_A_RECENT_ONE)
    assert (seen.code, seen.objects[0]["verdict"]["policy"]) == (0, "met")
    assert "policy.claim-in-future" in seen.codes


def test_an_old_claim_is_too_old_despite_one_from_the_future(package: Path) -> None:
    attest(package, "fixity-check", CURATOR, date="2099-01-01")
    seen = verify_with_policy(package, ASKS_FOR_A_RECENT_ONE)
    assert seen.code == 4
    assert {"policy.claim-in-future", "policy.claim-too-old"} <= set(seen.codes)


def test_a_claim_dated_a_few_minutes_ahead_counts_as_made_now(tmp_path: Path) -> None:
    package = make_package(tmp_path)
    soon = (datetime.now(UTC) + timedelta(minutes=5)).strftime("%Y-%m-%dT%H:%M:%SZ")
    attest(package, "fixity-check", CURATOR, date=soon)
    assert verify_with_policy(package, ASKS_FOR_A_RECENT_ONE).code == 0
