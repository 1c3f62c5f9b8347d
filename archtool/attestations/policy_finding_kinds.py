"""All findings about a policy: requirements for attestations that are not met.

They are no fault of the material, so a command with such an error ends with `NOT_TRUSTED`.
"""

from __future__ import annotations

from archtool.exit_codes import ExitCode
from archtool.findings import Kind, Severity

_SOURCE = "schemas/policy.schema.json"


def _requirement(code: str, summary: str, hint: str) -> Kind:
    return Kind(code, Severity.ERROR, summary, hint, _SOURCE, ExitCode.NOT_TRUSTED)


CLAIM_MISSING = _requirement(
    "policy.claim-missing",
    "The policy requires a claim that no allowed signer has made.",
    "ask one of them for it: archtool attest, or archtool verify --attest for a fixity check",
)
CLAIM_TOO_OLD = _requirement(
    "policy.claim-too-old",
    "The newest claim of an event is older than the policy allows.",
    "check the package again: archtool verify --attest",
)
CLAIM_IN_FUTURE = Kind(
    "policy.claim-in-future",
    Severity.WARNING,
    "A claim is dated later than now, so it does not count as a recent one.",
    "compare the clock of this machine with another; if it is right, ask for a new claim with the right date",
    _SOURCE,
)
CLAIM_REFUSED = _requirement(
    "policy.claim-refused",
    "The package has a claim that the policy does not allow.",
    "add a rule for the event, or allow other claims in the policy",
)
SIGNER_NOT_ALLOWED = _requirement(
    "policy.signer-not-allowed",
    "No signer whom the policy allows has signed a claim.",
    "ask an allowed signer for a separate claim, or name the signer in the policy",
)
TOO_FEW_SIGNERS = _requirement(
    "policy.too-few-signers",
    "A claim is signed by fewer principals than the policy requires.",
    "a signature cannot be added later: ask for a new claim that all of them sign",
)
TIME_NOT_PROVED = _requirement(
    "policy.time-not-proved",
    "The policy requires signatures with a proved time, and this claim has none or too few.",
    "give the authority's root with --tsa-roots; or timestamp the newest attestation: archtool timestamp",
)

KINDS = tuple(value for value in list(globals().values()) if isinstance(value, Kind))
