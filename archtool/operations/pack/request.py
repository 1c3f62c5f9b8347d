"""The request to pack: the values that the command line, batches and Python programs pass to `pack`."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from archtool.attestations.statements.writer import Signer
from archtool.files.hashing.digests import DEFAULT_ALGORITHM, Algorithm
from archtool.files.workers.concurrency import Concurrency
from archtool.files.writing.flush import FlushTogether
from archtool.formats.model import FormatReport
from archtool.operations.describe.load_description import DescribedDocument
from archtool.operations.pack.predecessor import OldAttestations

if TYPE_CHECKING:
    from archtool.attestations.signatures.cms_signing import CmsSigner
    from archtool.bagit.profile import Profile
    from archtool.operations.trust.timestamp_client import TimestampClient


@dataclass(frozen=True, slots=True)
class PackRequest:
    """The document to pack, the target, and the options."""

    description_path: Path
    target: Path
    packaged_at: datetime
    """With a time zone; the only date in the package."""
    software_version: str
    described: DescribedDocument | None = None
    """The description, if it was already read; then the file is not read again."""
    makes_parents: bool = False
    """Whether missing parent folders of the target are made."""
    archive: str | None = None
    """`tar` or `zip`: one archive file instead of a folder."""
    files_root: Path | None = None
    from_bag: Path | None = None
    """A bag of another maker whose payload becomes the package's payload."""
    library: Path | None = None
    algorithms: tuple[Algorithm, ...] = (DEFAULT_ALGORITHM,)
    """Besides those that the profile requires; if empty, the profile decides."""
    profile: Profile | None = None
    """The BagIt profile that the package must meet; it has an identifier."""
    makes_archives: bool = True
    """Whether the caller can make an archive instead of a folder: hints propose it."""
    signers: tuple[Signer, ...] = ()
    timestamp_client: TimestampClient | None = None
    """Requests timestamps for the signatures."""
    cms: CmsSigner | None = None
    """Signs with an X.509 key too."""
    formats: FormatReport | None = None
    """The report of a tool that identified the formats of the files."""
    uses_fido: bool = False
    """Whether fido identifies the formats of the files."""
    concurrency: Concurrency = field(default_factory=Concurrency)
    keep_times: bool = False
    """Whether the times of the payload files are recorded, and are those of an archive's members."""
    has_crate: bool = False
    """Whether the payload gets RO-Crate metadata."""
    replace: bool = False
    old_attestations: OldAttestations = OldAttestations.REFUSE
    """What happens to a replaced package that has attestations added after its packaging."""
    is_finishing: bool = False
    """Whether a killed run can have made this package: then its timestamps do not prevent a replacement."""
    clear_leftovers: bool = True
    """Whether to remove the leftovers of killed runs for the same target."""
    sync: bool = True
    together: FlushTogether | None = None
    """Flushes the packages of several processes together."""
    dry_run: bool = False
    """Whether everything is read, checked, composed and signed, but nothing is written or timestamped."""
    second_opinion: bool = False
    strict: bool = False
