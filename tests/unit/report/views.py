"""Package views for tests: complete, minimal, and of foreign bags."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from archtool.attestations.report import AttestationReport, SignatureReport, TrustReport, TrustVerdict
from archtool.attestations.statements.statement import Claimant, Software, Statement
from archtool.description.model import (
    Agent,
    Annexe,
    AnnexeStatus,
    Description,
    Original,
    OtherFile,
    RightsLayer,
    TranscriptionFile,
    Translation,
)
from archtool.report.package_view import PackageView
from unit.provenance.rakovsky_case import appeal, letter_of_the_bureau

KEY = "SHA256:wkYH1jSm0VTT6zqUrWsYqpGX2zDcrpjFoGQNGxzcXVk"
FOLDER = "attestations/0001-packaging"


def signature(**changes: object) -> SignatureReport:
    facts: dict[str, object] = {
        "path": f"{FOLDER}/a.sig",
        "key_type": "ssh-ed25519",
        "fingerprint": KEY,
        "is_good": True,
    }
    return SignatureReport(**(facts | changes))  # type: ignore[arg-type]


def statement(*principals: str) -> Statement:
    return Statement(
        event="packaging",
        event_type=None,
        claimed_at=datetime(2026, 11, 22, 12, tzinfo=UTC),
        subjects=(),
        claimants=tuple(Claimant(principal, KEY, "ssh-ed25519") for principal in principals),
        software=Software("archtool", "1.0"),
        package=None,
        previous=(),
    )


def trust(verdict: TrustVerdict, *signatures: SignatureReport, claim: Statement | None = None) -> TrustReport:
    return TrustReport(verdict, (AttestationReport(1, "packaging", FOLDER, claim, signatures),), ())


UNSIGNED = TrustReport(TrustVerdict.UNSIGNED, (), ())
TRUSTED = trust(
    TrustVerdict.TRUSTED,
    signature(principals=("archivist@example.org",), trusted_by="allowed_signers:1"),
    claim=statement("archivist@example.org"),
)


def view(
    description: Description | None, trust_report: TrustReport = UNSIGNED, **changes: object
) -> PackageView:
    facts: dict[str, object] = {
        "subject": "letters-1932",
        "description": description,
        "citation": "Cahiers, no 3 (1979), pp. 12-14.",
        "info": (("Source-Organization", "Archive"), ("Internal-Sender-Description", "Many letters " * 9)),
        "payload_files": 1204,
        "payload_bytes": 17_400,
        "trust": trust_report,
        "metadata_holds": True,
    }
    return PackageView(**(facts | changes))  # type: ignore[arg-type]


def nothing() -> Description:
    """Return the smallest valid description."""
    return letter_of_the_bureau()


def everything() -> Description:
    """Return the real case with every optional field filled in."""
    case = appeal()
    named = Annexe(
        "Named", AnnexeStatus.LOST, number="A/1", file="annexes/named.txt", according_to="the inventory"
    )
    return replace(
        case,
        genre="appeal",
        place="Exile",
        addressees=(Agent("The sections"),),
        original=Original(
            "ru", True, "typescript", Agent("State archive"), "F. 17, op. 2", "Torn at the edge."
        ),
        translation=Translation(
            "fr", "ru", "Traduction MIA", (Agent("A"), Agent("B")), None, True, "Revised."
        ),
        transcription=(
            TranscriptionFile(
                "a.txt", None, None, "fr", "By A", "from a PDF", (Agent("A"),), None, None, "Checked."
            ),
            TranscriptionFile("b.txt"),
        ),
        annexes=(
            *case.annexes,
            named,
            replace(named, within=case.annexes[0].within, file=None, note="N " * 60),
        ),
        files=(OtherFile("scan.tif", "facsimile"),),
        rights=(
            RightsLayer("original", "InC", "Heirs", None, "Asked in 2020."),
            RightsLayer("package", "CC0-1.0"),
        ),
    )
