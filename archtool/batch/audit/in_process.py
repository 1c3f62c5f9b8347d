"""Audits a register in this process, one copy after another, for Python programs."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from archtool.batch.audit.known_holdings import known_holdings
from archtool.batch.audit.request import AuditRequest
from archtool.batch.audit.run import run_audit
from archtool.batch.audit.selection import Selection, SelectionKind
from archtool.batch.runner import InProcess
from archtool.files.workers.concurrency import Concurrency
from archtool.holdings.audit_report import AuditReport
from archtool.holdings.event_source import EventSource
from archtool.holdings.register import Register, open_register
from archtool.operations.audit.check_copy import CheckRules
from archtool.operations.audit.registered_packages import packages_around
from archtool.operations.trust.trust_files import TrustFiles, load_trust
from archtool.operations.verify.request import Depth


@dataclass(frozen=True, slots=True)
class AuditCall:
    """What a program wants to be audited."""

    register: Path
    agent: str
    """Who is responsible for what is recorded."""
    software: str
    """Name and version."""
    everything: bool = False
    """Every copy, instead of those that are due."""
    holdings: Sequence[str] = ()
    """Only these holdings, due or not."""
    quick: bool = False
    """Names and sizes only."""
    strict: bool = False
    trust: TrustFiles = field(default_factory=TrustFiles)

    def selection(self, register: Register) -> Selection:
        """Return the copies that are checked.

        Raises:
            InputError: a holding is unknown, or was withdrawn.
        """
        if self.holdings:
            names = known_holdings(self.holdings, register)
            return Selection(SelectionKind.HOLDINGS, holdings=names, is_quick=self.quick)
        kind = SelectionKind.ALL if self.everything else SelectionKind.DUE
        return Selection(kind, is_quick=self.quick)


def audit_in_process(call: AuditCall) -> AuditReport:
    """Check the copies and record each check, as `run_audit` does.

    Raises:
        InputError: there is no register, or it does not know a holding; or a file about trust cannot be read.
        UsageError: a file about trust lies in a registered package.
        StorageError: the register is locked, read-only or damaged, or its disk is full.
    """
    files = call.trust
    with open_register(call.register) as register:
        packages = packages_around(register, (files.allowed, files.revoked, files.authorities, files.policy))
        rules = CheckRules(
            at=_now(),
            trust=load_trust(packages, files),
            depth=Depth.COMPLETE if call.quick else Depth.FULL,
            strict=call.strict,
            concurrency=Concurrency(1),
        )
        request = AuditRequest(
            register=register,
            selection=call.selection(register),
            rules=rules,
            source_of=lambda run: EventSource(call.agent, call.software, run),
            make_runner=lambda _meter, _jobs: InProcess(),
            new_id=lambda: str(uuid.uuid4()),
            now=_now,
        )
        return run_audit(request)


def _now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)
