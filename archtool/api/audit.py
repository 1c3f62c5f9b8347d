"""`archtool.audit`: checks the copies of a register of holdings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from archtool import __version__
from archtool.api.arguments import AnyPath, path_of, trust_files
from archtool.batch.audit.in_process import AuditCall, audit_in_process
from archtool.report.holdings.audit_json import audit_object, exit_code_of_audit


def audit(
    register: AnyPath,
    *,
    agent: str,
    everything: bool = False,
    holdings: Iterable[str] = (),
    quick: bool = False,
    trust: AnyPath | None = None,
    revoked: AnyPath | None = None,
    tsa_roots: AnyPath | None = None,
    policy: AnyPath | None = None,
    strict: bool = False,
) -> Mapping[str, Any]:
    """Check the copies of a register of holdings that are due, and record each check.

    `register` is the file that `archtool holdings init` made, `agent` the person or account that answers for
    what is recorded. With `everything` all copies are checked, with `holdings` only those of these names, due
    or not. `quick` looks at names and sizes only. The files about trust are those of `verify`; with `strict`
    warnings count as problems. An audit that was stopped is resumed by the same call.

    Returns the object that `archtool audit --json` prints. Its `exit_code` is 0 if nothing is wrong; `counts`
    has the copies by state, `failures` the first 1,000 that are not in order, with what was found.

    Raises:
        InputError: there is no register, it does not know a holding, or a file about trust cannot be read.
        UsageError: a file about trust lies in a registered package.
        StorageError: the register is locked, read-only or damaged, or its disk is full.
    """
    call = AuditCall(
        register=path_of(register),
        agent=agent,
        software=f"archtool {__version__}",
        everything=everything,
        holdings=tuple(holdings),
        quick=quick,
        strict=strict,
        trust=trust_files(trust, revoked, tsa_roots, policy),
    )
    report = audit_in_process(call)
    return audit_object(report, exit_code_of_audit(report, strict=strict))
