"""What to pack: the values that the command line, batches and Python programs give to `pack`."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from archtool.attestations.statements.writer import Signer
from archtool.files.hashing.digests import DEFAULT_ALGORITHM, Algorithm
from archtool.files.workers.concurrency import Concurrency
from archtool.operations.describe.load_description import DescribedDocument
from archtool.operations.pack.predecessor import OldAttestations

if TYPE_CHECKING:
    from archtool.attestations.signatures.cms_signing import CmsSigner
    from archtool.files.writing.flush import FlushTogether
    from archtool.operations.trust.timestamp_client import TimestampClient


@dataclass(frozen=True, slots=True)
class PackRequest:
    """What to pack, whereto, and how."""

    description_path: Path
    target: Path
    packaged_at: datetime
    """Aware; the one date that the package bears."""
    software_version: str
    described: DescribedDocument | None = None
    """The description, where it was read already; the file is not read again then."""
    archive: str | None = None
    """`tar` or `zip`: one file in the place of a folder."""
    files_root: Path | None = None
    from_bag: Path | None = None
    """A bag that somebody else made, whose payload becomes the package's."""
    library: Path | None = None
    algorithms: tuple[Algorithm, ...] = (DEFAULT_ALGORITHM,)
    signers: tuple[Signer, ...] = ()
    timestamp_client: TimestampClient | None = None
    """Who gives timestamps for the signatures."""
    cms: CmsSigner | None = None
    """Whose X.509 key signs too."""
    concurrency: Concurrency = field(default_factory=Concurrency)
    replace: bool = False
    old_attestations: OldAttestations = OldAttestations.REFUSE
    """What becomes of a package that is replaced and carries attestations beyond its packaging."""
    is_finishing: bool = False
    """Whether a run that was killed may have made this very package: its timestamps do not keep it then."""
    clear_leftovers: bool = True
    """Whether to look for what killed runs for the same target left."""
    sync: bool = True
    together: FlushTogether | None = None
    """With whom to wait for the disk, where many packages are made at the same time."""
    dry_run: bool = False
    second_opinion: bool = False
    strict: bool = False
