"""The register in a batch: which heads packages must have, and where new ones are recorded."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from archtool.batch.run import PACK
from archtool.batch.runner import Runner
from archtool.batch.with_register import ExpectHeads, NoteReplaced


def with_register(runner: Runner, register: Path, given: dict[str, Any]) -> Runner:
    """Return a runner that uses the register around the jobs of another runner.

    Raises:
        InputError: --verb attest, and there is no register.
        StorageError: --verb attest, and the register cannot be written.
    """
    if given["verb"] == PACK:
        return runner if given["check_only"] else NoteReplaced(runner, register, given["output"])
    if given["verb"] != "attest":
        return ExpectHeads(runner, register, strict=given["strict"])
    if given["check_only"]:
        return ExpectHeads(runner, register, is_attesting=True)
    # lazy: 200 ms, only attesting needs it
    from archtool.cli.holdings.recording import require_recorder

    return ExpectHeads(runner, register, require_recorder(register), is_attesting=True)
