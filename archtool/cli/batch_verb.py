"""What a batch does with each package: the verbs as they are named on the command line."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from archtool import __version__
from archtool.batch.pack_each import Existing, PackEach
from archtool.batch.verbs import Verb
from archtool.cli import clock
from archtool.cli.pack import parse_algorithms
from archtool.cli.secrets import load_signers

VerbFor = Callable[[datetime], Verb]


def make_packing(given: dict[str, Any]) -> VerbFor:
    """Makes the verb that packs, for the date that the batch was begun with."""
    signers = load_signers(given["keys"], given["names"], given["passphrase_file"])
    algorithms = parse_algorithms(given["algorithms"])
    now = clock.now()

    def verb(begun_at: datetime) -> PackEach:
        return PackEach(
            output=given["output"], packaged_at=begun_at, now=now,
            software_version=__version__, signers=signers,
            algorithms=algorithms, files_root=given["files_root"],
            library=given["library"], existing=Existing(given["existing"]),
            retry_failed=given["retry"] is not None, sync=not given["no_sync"], strict=given["strict"],
            check_only=given["check_only"],
        )  # fmt: skip

    return verb
