"""All findings about attestations, their signatures and their trust.

`attestation.*` reports differences between claims and the package, `signature.*` one signature, `trust.*` the
trust in a signer. Only a requested trust that is missing ends a command with `NOT_TRUSTED`; a fault of the
material itself ends it with `PROBLEMS_FOUND`.
"""

from __future__ import annotations

from archtool.exit_codes import ExitCode
from archtool.findings import Kind, Severity

_FORMAT = "archtool package format, attestations"
_SSHSIG = "OpenSSH PROTOCOL.sshsig"
_SIGNERS = "ssh-keygen(1), ALLOWED SIGNERS"
_FROM_COPY = "restore the package from another copy, or ask the signer what they signed"

NUMBERING = Kind(
    "attestation.numbering",
    Severity.ERROR,
    "The attestations are not numbered 0001, 0002 … without gap or repetition.",
    "an attestation was removed or added by hand: compare with another copy of the package",
    _FORMAT,
)
CHECKSUM_MISMATCH = Kind(
    "attestation.checksum-mismatch",
    Severity.ERROR,
    "A tag file does not match an attestation's checksum list.",
    _FROM_COPY,
    _FORMAT,
)
FILE_MISSING = Kind(
    "attestation.file-missing",
    Severity.ERROR,
    "A file of an attestation, or a file that its checksum list names, is missing.",
    _FROM_COPY,
    _FORMAT,
)
LIST_INVALID = Kind(
    "attestation.list-invalid",
    Severity.ERROR,
    "An attestation's checksum list cannot be read, or does not name its own statement.",
    "restore the list from another copy: a converted line end or encoding breaks it",
    _FORMAT,
)
STATEMENT_INVALID = Kind(
    "attestation.statement-invalid",
    Severity.ERROR,
    "An attestation's statement cannot be read, or does not match its schema.",
    _FROM_COPY,
    "in-toto Statement v1; schemas/statement.schema.json",
)
SUBJECT_DIFFERS = Kind(
    "attestation.subject-differs",
    Severity.ERROR,
    "A statement is about a different payload manifest than the one in the package.",
    "the manifest was changed, or the attestation belongs to another package",
    "in-toto Statement v1, subject",
)
LINK_DIFFERS = Kind(
    "attestation.link-differs",
    Severity.ERROR,
    "A statement's link to an earlier attestation is missing, or has a different digest.",
    "an earlier attestation was changed, replaced or removed: compare with another copy",
    _FORMAT,
)
UNCOVERED_TAG_FILE = Kind(
    "attestation.uncovered-tag-file",
    Severity.ERROR,
    "A tag file of a signed package is in no checksum list that has a good signature.",
    "remove the file if it does not belong there, or cover it with: archtool attest --cover-added",
    _FORMAT,
)
FILE_UNREADABLE = Kind(
    "attestation.file-unreadable",
    Severity.ERROR,
    "A file of an attestation in the sidecar exists but cannot be read.",
    "check its permissions and the disk, then verify again",
    exit_code=ExitCode.INPUT_UNUSABLE,
)
UNEXPECTED_FILE = Kind(
    "attestation.unexpected-file",
    Severity.ERROR,
    "A file below attestations/ belongs to no attestation.",
    "move it out of attestations/",
    _FORMAT,
)
ATTESTATIONS_TOO_LARGE = Kind(
    "attestation.too-large",
    Severity.ERROR,
    "The attestations and signatures of a package exceed the size limit and were not checked.",
    "move files that do not belong there out of attestations/, or get another copy",
    _FORMAT,
    ExitCode.INPUT_UNUSABLE,
)
HEAD_MISSING = Kind(
    "attestation.head-missing",
    Severity.ERROR,
    "The attestation of the expected chain head is missing or differs.",
    "attestations were removed or replaced after the head was written down: get another copy",
    _FORMAT,
)
DIVERGED = Kind(
    "attestation.grown-apart",
    Severity.ERROR,
    "The package and its sidecar continue the chain in different ways.",
    "keep both; ask the signer of the later attestation to attest again, after the one that stays",
    _FORMAT,
)
PAYLOAD_NOT_READ = Kind(
    "attestation.payload-not-read",
    Severity.WARNING,
    "An attestation was made without reading the payload; the claim records this.",
    "attest with --read-payload to check every payload file and record that in the claim",
    _FORMAT,
)
NOT_RECORDED = Kind(
    "attestation.not-recorded",
    Severity.ERROR,
    "A fixity check was done but could not be recorded.",
    "correct the named problem, then run the same command again",
    _FORMAT,
    ExitCode.SURROUNDINGS,
)
EVENT_UNKNOWN = Kind(
    "attestation.event-unknown",
    Severity.NOTE,
    "A statement claims an event that this version of archtool does not know.",
    "a newer version can know it; everything else about the attestation was checked",
    "Library of Congress, preservation event types",
)
NOT_SIGNED = Kind(
    "attestation.not-signed",
    Severity.WARNING,
    "An attestation has no signature: any person can have written it.",
    "ask its author to sign its checksum list",
    _FORMAT,
)
SIGNATURE_MISSING = Kind(
    "attestation.signature-missing",
    Severity.ERROR,
    "A signer whom the statement names has not signed, while others have.",
    "a signature was removed: compare with another copy of the package",
    _FORMAT,
)
SIGNATURE_BROKEN = Kind(
    "signature.broken",
    Severity.ERROR,
    "A signature does not verify over its checksum list.",
    _FROM_COPY,
    _SSHSIG,
)
SIGNATURE_UNREADABLE = Kind(
    "signature.unreadable",
    Severity.ERROR,
    "A signature's file is damaged or not an SSH signature.",
    "restore the signature from another copy",
    _SSHSIG,
)
SIGNATURE_WRONG_NAMESPACE = Kind(
    "signature.wrong-namespace",
    Severity.ERROR,
    "A signature was made for another purpose and does not cover the package.",
    "sign again with: ssh-keygen -Y sign -n archtool",
    _SSHSIG,
)
SIGNATURE_WEAK = Kind(
    "signature.weak-key",
    Severity.ERROR,
    "A signature is made with a key or a digest that is too weak to rely on.",
    "ask the signer for a countersignature with an Ed25519 key",
    "NIST SP 800-131A; RFC 8332",
)
SIGNATURE_UNSUPPORTED = Kind(
    "signature.unsupported",
    Severity.WARNING,
    "A signature is of a type that this version of archtool cannot check; it is ignored.",
    "check it by hand: ssh-keygen -Y verify",
    _SSHSIG,
)
OTHER_SIGNATURE = Kind(
    "signature.foreign",
    Severity.NOTE,
    "A signature in another format is present and was not checked.",
    "check it with the program that made it: gpg --verify, or openssl cms -verify",
)
KEY_UNKNOWN = Kind(
    "trust.key-unknown",
    Severity.WARNING,
    "A good signature is by a key that allowed_signers does not list.",
    "compare the fingerprint with the signer through another channel, then add a line to allowed_signers",
    _SIGNERS,
)
KEY_EXPIRED = Kind(
    "trust.key-expired",
    Severity.WARNING,
    "A good signature is by a key that has expired.",
    "a timestamp of the signature from before that day would keep it trusted; or countersign again",
    _SIGNERS,
)
KEY_NOT_YET_VALID = Kind(
    "trust.key-not-yet-valid",
    Severity.WARNING,
    "A good signature is by a key that is not valid yet.",
    "check the clock, and valid-after in allowed_signers",
    _SIGNERS,
)
KEY_WRONG_NAMESPACE = Kind(
    "trust.wrong-namespace",
    Severity.WARNING,
    "A good signature is by a key that is trusted for other purposes only.",
    'if this is intended, allow it with namespaces="archtool" in allowed_signers',
    _SIGNERS,
)
KEY_REVOKED = Kind(
    "trust.key-revoked",
    Severity.ERROR,
    "A signature is by a key that was revoked.",
    "do not rely on it; ask for a countersignature by a key that is in use",
    _SIGNERS,
    ExitCode.NOT_TRUSTED,
)
PRINCIPAL_DIFFERS = Kind(
    "trust.principal-differs",
    Severity.WARNING,
    "The statement and allowed_signers name different owners of a trusted key.",
    "rely on allowed_signers; ask the signer why the statement differs",
    _SIGNERS,
)
ATTESTATION_UNTRUSTED = Kind(
    "trust.attestation-untrusted",
    Severity.WARNING,
    "The package is trusted, but no trusted signer has signed this attestation.",
    "do not rely on what this attestation claims",
    _SIGNERS,
)
NOT_TRUSTED = Kind(
    "trust.not-trusted",
    Severity.ERROR,
    "No trusted signature covers the whole package.",
    "see the warnings above for each signature",
    _SIGNERS,
    ExitCode.NOT_TRUSTED,
)
UNSIGNED = Kind(
    "trust.unsigned",
    Severity.ERROR,
    "A trusted signature is required, but the package has no signature.",
    "ask the maker of the package for a signed copy, or sign it: archtool attest",
    _SIGNERS,
    ExitCode.NOT_TRUSTED,
)

KINDS = tuple(value for value in list(globals().values()) if isinstance(value, Kind))

# All findings about a policy: requirements for attestations that are not met.
#
# They are no fault of the material, so a command with such an error ends with `NOT_TRUSTED`.

_POLICY_SOURCE = "schemas/policy.schema.json"


def _requirement(code: str, summary: str, hint: str) -> Kind:
    return Kind(code, Severity.ERROR, summary, hint, _POLICY_SOURCE, ExitCode.NOT_TRUSTED)


POLICY_CLAIM_MISSING = _requirement(
    "policy.claim-missing",
    "The policy requires a claim that no allowed signer has made.",
    "ask one of them for it: archtool attest, or archtool verify --attest for a fixity check",
)
POLICY_CLAIM_TOO_OLD = _requirement(
    "policy.claim-too-old",
    "The newest claim of an event is older than the policy allows.",
    "check the package again: archtool verify --attest",
)
POLICY_CLAIM_IN_FUTURE = Kind(
    "policy.claim-in-future",
    Severity.WARNING,
    "A claim is dated later than now, so it does not count as a recent one.",
    "compare the clock of this machine with another; if it is right, ask for a new claim with the right date",
    _POLICY_SOURCE,
)
POLICY_CLAIM_REFUSED = _requirement(
    "policy.claim-refused",
    "The package has a claim that the policy does not allow.",
    "add a rule for the event, or allow other claims in the policy",
)
POLICY_SIGNER_NOT_ALLOWED = _requirement(
    "policy.signer-not-allowed",
    "No signer whom the policy allows has signed a claim.",
    "ask an allowed signer for a separate claim, or name the signer in the policy",
)
POLICY_TOO_FEW_SIGNERS = _requirement(
    "policy.too-few-signers",
    "A claim is signed by fewer principals than the policy requires.",
    "a signature cannot be added later: ask for a new claim that all of them sign",
)
POLICY_TIME_NOT_PROVED = _requirement(
    "policy.time-not-proved",
    "The policy requires signatures with a proved time, and this claim has none or too few.",
    "give the authority's root with --tsa-roots; or timestamp the newest attestation: archtool timestamp",
)
