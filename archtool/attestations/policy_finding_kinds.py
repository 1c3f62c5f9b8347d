"""Findings of a policy: what somebody demands of a package's attestations, and is not there.

They say nothing of the material: it may be all that it should be. So a command ends with `NOT_TRUSTED`.
"""

from __future__ import annotations

from archtool.exit_codes import ExitCode
from archtool.findings import Kind, Severity

_SOURCE = "schemas/policy.schema.json"


def _demand(code: str, summary: str, hint: str) -> Kind:
    return Kind(code, Severity.ERROR, summary, hint, _SOURCE, ExitCode.NOT_TRUSTED)


CLAIM_MISSING = _demand(
    "policy.claim-missing",
    "The policy asks for a claim that nobody who may make it has made.",
    "ask them for it: archtool attest, or archtool verify --attest for a fixity check",
)
CLAIM_TOO_OLD = _demand(
    "policy.claim-too-old",
    "The newest claim of an event is older than the policy allows.",
    "have the package looked at again: archtool verify --attest",
)
CLAIM_IN_FUTURE = Kind(
    "policy.claim-in-future",
    Severity.WARNING,
    "A claim is dated later than now, so it does not meet a demand for a recent one.",
    "compare the clock of this machine with another; if it is right, ask for a new claim with a right date",
    _SOURCE,
)
CLAIM_REFUSED = _demand(
    "policy.claim-refused",
    "The package bears a claim that the policy does not allow.",
    "add a rule for the event, or allow other claims in the policy",
)
SIGNER_NOT_ALLOWED = _demand(
    "policy.signer-not-allowed",
    "A claim is signed by nobody whom the policy allows to make it.",
    "ask one of them for a claim of their own, or name the signer in the policy",
)
TOO_FEW_SIGNERS = _demand(
    "policy.too-few-signers",
    "A claim is signed by fewer principals than the policy asks for.",
    "nobody can sign it later: ask for a new claim that all of them sign",
)
TIME_NOT_PROVED = _demand(
    "policy.time-not-proved",
    "The policy asks for signatures with a proved time, and this claim's have none, or too few.",
    "give the authority's root with --tsa-roots; or stamp the newest attestation: archtool timestamp",
)

KINDS = tuple(value for value in list(globals().values()) if isinstance(value, Kind))
