"""The heads that attest, verify --attest and batch write into the register."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from archtool import __version__
from archtool.archives.limits import Limits
from archtool.attestations.chain_head import ChainHead
from archtool.attestations.statements.events import FIXITY_CHECK
from archtool.attestations.statements.writer import Signer
from archtool.cli.options import clock
from archtool.cli.options.configuration.settings import configured_text
from archtool.errors import ArchtoolError
from archtool.holdings.register import DEFAULT_WAIT_SECONDS
from archtool.operations.holdings.record_heads import HeadRecorder, NewHead
from archtool.operations.pack.compose import SOFTWARE_NAME
from archtool.operations.verify.request import VerifyRequest
from archtool.results import Result

WAIT_SECONDS = DEFAULT_WAIT_SECONDS
"""How long to wait for another run that writes into the register."""


def make_recorder(register: Path, limits: Limits | None = None, agent: str | None = None) -> HeadRecorder:
    """Return what records heads in a register.

    The agent of the events is `agent`, else the one of the configuration, else the signers.
    """
    software, agent = f"{SOFTWARE_NAME} {__version__}", agent or configured_text("agent")
    return HeadRecorder(register, software, clock.now, WAIT_SECONDS, limits, agent)


def require_recorder(register: Path, limits: Limits | None = None) -> HeadRecorder:
    """Return what records heads, for a command that signs: the register can be written now.

    Raises:
        InputError: there is no register.
        StorageError: it cannot be written.
    """
    recorder = make_recorder(register, limits)
    try:
        recorder.check()
    except ArchtoolError as error:
        error.hint = f"{error.hint or 'make it writable'}; to sign without the register, give --no-register"
        raise
    return recorder


def record_checks(
    requests: Sequence[VerifyRequest],
    results: Iterable[Result],
    recorder: HeadRecorder,
    signers: Sequence[Signer],
) -> Iterator[Result]:
    """Yield the results of `verify --attest`, and record each new head as it comes."""
    names = tuple((signer.principal, signer.key.public.fingerprint) for signer in signers)
    with recorder.kept_open():
        for result, request in zip(results, requests, strict=True):
            new = _new_head(result, request, names)
            yield result if new is None else recorder.record([new])[0].add_to(result)


def _new_head(result: Result, request: VerifyRequest, signers: tuple[tuple[str, str], ...]) -> NewHead | None:
    recorded = result.facts.get("recorded", {})
    if not recorded.get("recorded"):
        return None
    sidecar = Path(recorded["sidecar"]) if recorded["sidecar"] is not None else None
    head = ChainHead.parse(recorded["head"])
    return NewHead(request.root, head, FIXITY_CHECK, signers, request.trust.expected, sidecar)
