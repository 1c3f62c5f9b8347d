"""Makes a package from each description of a batch, or keeps the one that an earlier run made."""

from __future__ import annotations

import contextlib
import os
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from hashlib import sha512
from pathlib import Path
from typing import TYPE_CHECKING

from archtool.attestations.signatures.cms_signing import CmsSigner
from archtool.attestations.statements.writer import Signer
from archtool.batch.job import Ending, Job, Outcome, failed_outcome
from archtool.batch.journal.state import KnownJob
from archtool.canonical_json import format_json_line
from archtool.description.loading import load_description
from archtool.errors import ArchtoolError, MaterialRefusedError, UsageError
from archtool.files.hashing.digests import DEFAULT_ALGORITHM, Algorithm
from archtool.files.paths import shown
from archtool.files.tree import Tree
from archtool.files.workers.concurrency import Concurrency
from archtool.files.writing.flush import FlushTogether
from archtool.files.writing.leftovers import clear_leftovers
from archtool.formats.model import FormatReport
from archtool.openssh.keys.public_key import PublicKey
from archtool.operations.describe.libraries import library_digest
from archtool.operations.describe.load_description import (
    DescribedDocument,
    InvalidDescription,
    read_description,
    read_embedded_description,
)
from archtool.operations.pack.pack import pack
from archtool.operations.pack.package_facts import package_facts
from archtool.operations.pack.predecessor import OldAttestations, WouldLoseError
from archtool.operations.pack.request import PackRequest
from archtool.operations.sources.expanded_sources import with_expanded_patterns
from archtool.operations.sources.expansion import has_patterns
from archtool.operations.trust.trust_request import TrustRequest
from archtool.results import Result

if TYPE_CHECKING:
    from archtool.bagit.profile import Profile  # 5 ms, only --profile needs it
    from archtool.operations.trust.timestamp_client import TimestampClient  # 9 ms, only --timestamp needs it

_MINIMAL_DESCRIPTION = b"""archtool: 1
title: A
date: "1932"
transcription: a
language: en
source: { type: book, title: A }
rights: { original: UND }
"""


class Existing(StrEnum):
    """What to do if a package exists that no earlier run of this batch made."""

    ERROR = "error"
    SKIP = "skip"
    REPLACE = "replace"
    VERIFY = "verify"


@dataclass(frozen=True, slots=True)
class PackTask:
    """Makes a package from each description."""

    output: Path
    packaged_at: datetime
    """Aware: the date of the batch's first run, which all packages have that are made for the first time."""
    remade_at: datetime
    """Aware: the date of packages that this run makes again."""
    now: datetime
    """Aware: the time at which existing packages are checked."""
    software_version: str
    signers: tuple[Signer, ...] = ()
    cms: CmsSigner | None = None
    """The X.509 key that signs in addition."""
    timestamp_client: TimestampClient | None = None
    """The client of the authority that timestamps the signatures."""
    algorithms: tuple[Algorithm, ...] = (DEFAULT_ALGORITHM,)
    profile: Profile | None = None
    """The BagIt profile that every package must meet; without `algorithms`, it chooses them."""
    files_root: Path | None = None
    library: Path | None = None
    existing: Existing = Existing.ERROR
    old_attestations: OldAttestations = OldAttestations.REFUSE
    retry_failed: bool = False
    sync: bool = True
    together: FlushTogether | None = None
    strict: bool = False
    keep_times: bool = False
    """Whether the times of the payload files are recorded."""
    has_crate: bool = False
    """Whether the payload gets RO-Crate metadata."""
    formats: FormatReport | None = None
    """The report of a tool that identified the formats of the files."""
    uses_fido: bool = False
    """Whether fido identifies the formats of the files."""
    check_only: bool = False
    """Check everything and write nothing."""
    describes_left: bool = False
    """Whether the facts of packages that need not be made again are read: it takes 0.2 ms for each."""

    def prepare(self) -> None:
        """See `Task`: YAML, the schemas and the languages cost a tenth of a second in every process."""
        load_description(_MINIMAL_DESCRIPTION, "")

    def records_begin(self, job: Job, known: KnownJob | None) -> bool:
        """See `Task`: a package made by another program must not count as the batch's own after a kill."""
        is_done = known is not None and known.ending is Ending.DONE
        return not is_done and not os.path.exists(f"{self.output}/{job.key}")  # noqa: PTH110 - faster, and called for every job

    def remove_leftovers(self, key: str) -> None:
        """See `Task`."""
        target = self.output / key
        if target.parent.is_dir():
            clear_leftovers(target)

    def __call__(self, job: Job, known: KnownJob | None) -> Outcome:
        """See `Task`."""
        described = self._describe(job)
        target = self.output / job.key
        date = (known.packaged_at if known is not None else None) or self.packaged_at
        inputs = self.inputs_of(described, date)
        if known is not None and not self.check_only and self._is_unchanged(known, inputs, target):
            return self._left(known, job.key, described, inputs)
        source = os.path.abspath(job.path)  # noqa: PTH100 - links are kept, as the person named them
        other_source = known.source if known is not None and known.source != source else None
        is_own = known is not None and known.may_be_own and other_source is None
        if not is_own and target.exists():
            outcome = self._handle_existing(job.key, target, inputs, other_source)
            if outcome is not None:
                return outcome
        if isinstance(described, InvalidDescription):
            name = str(job.path) if job.embedded is None else job.embedded.name
            message = f"not packed: {shown(name)} has errors; nothing was written"
            return failed_outcome(job.key, MaterialRefusedError(message, described.findings), inputs)
        if known is not None and known.was_made:  # a package that is made again has a new date
            date = self.remade_at
        try:
            made = self._pack(job, described, target, date, known)
        except ArchtoolError as error:
            return failed_outcome(job.key, error, self._inputs_of_failure(error, described, date))
        made_from = source if made.ending is Ending.DONE else None
        return replace(made, inputs=self.inputs_of(described, date), source=made_from)

    def _inputs_of_failure(
        self, error: ArchtoolError, described: DescribedDocument, date: datetime
    ) -> str | None:
        """Return the inputs that must change before a failed job is retried; `None`: an option decides."""
        return None if isinstance(error, WouldLoseError) else self.inputs_of(described, date)

    def _describe(self, job: Job) -> DescribedDocument | InvalidDescription:
        if job.embedded is None:
            return read_description(job.path, self.library)
        return read_embedded_description(job.path, job.embedded, self.library)

    def inputs_of(self, described: DescribedDocument | InvalidDescription, packaged_at: datetime) -> str:
        """Return the digest of everything that decides the content of the package.

        Of the payload it includes sizes and times, not the bytes: each run would have to read all of them
        again to notice a change.
        """
        keys = tuple([signer.key.public for signer in self.signers])
        # as text: equal dates can be written differently, and the package holds the text
        date = packaged_at.isoformat()
        hasher = sha512(_options(date, self.algorithms, keys, self.software_version))
        hasher.update(self._other_signing_inputs())
        hasher.update(b"times" if self.keep_times else b"")
        hasher.update(b"crate" if self.has_crate else b"")
        hasher.update(b"fido" if self.uses_fido else b"")
        hasher.update(self.formats.digest.encode() if self.formats is not None else b"")
        if self.profile is not None:
            hasher.update(_profile_inputs(self.profile))
        for digest in _digests_of(described):
            hasher.update(digest)
        for line in self._payload_of(described):
            hasher.update(line.encode("utf-8", "surrogateescape"))
        return f"sha512:{hasher.hexdigest()}"

    def _other_signing_inputs(self) -> bytes:
        """Return the certificate's fingerprint, if any, and whether there are timestamps."""
        if self.cms is None and self.timestamp_client is None:
            return b""
        return format_json_line(
            [self.cms and self.cms.fingerprint, self.timestamp_client is not None]
        ).encode()

    def _payload_of(self, described: DescribedDocument | InvalidDescription) -> Iterator[str]:
        if isinstance(described, InvalidDescription):
            return
        root = self._files_root(described) or described.folder
        described = _with_matching_files(described, root)
        files = [*described.description.named_files()]
        for folder in described.description.payload_folders():
            files += [str(file.relative_to(root)) for file in sorted((root / folder).rglob("*"))]
        for path in files:
            try:
                status = _status(f"{root}/{path}")
            except OSError:
                yield f"{path}\0missing\n"
            else:
                yield f"{path}\0{status.st_size}\0{status.st_mtime_ns}\n"

    def _files_root(self, described: DescribedDocument) -> Path | None:
        """Return the folder of the files. An embedded description has its own folder."""
        return self.files_root if described.embedded is None else None

    def _is_unchanged(self, known: KnownJob, inputs: str, target: Path) -> bool:
        if known.inputs != inputs or known.was_interrupted or known.is_transient_failure:
            return False
        if known.ending is Ending.FAILED:
            return not self.retry_failed
        return known.ending is Ending.DONE and target.exists()

    def _left(
        self, known: KnownJob, key: str, described: DescribedDocument | InvalidDescription, inputs: str
    ) -> Outcome:
        """Return the outcome of a job whose inputs are unchanged, with facts of its package on request."""
        left = known.left_outcome(key, inputs, None)
        if not self.describes_left or left.is_failure or isinstance(described, InvalidDescription):
            return left
        return replace(left, facts=package_facts(self.output / key, described.description))

    def _handle_existing(
        self, key: str, target: Path, inputs: str, other_source: str | None
    ) -> Outcome | None:
        """Return the outcome for a package that is not this job's own; `None` if it is to be replaced.

        `other_source` is the table or description that an earlier run of the batch made it from.
        """
        match self.existing:
            case Existing.REPLACE:
                return None
            case Existing.SKIP:
                return Outcome(key, Ending.LEFT, 0, inputs, "a package exists; it was not checked")
            case Existing.VERIFY:
                return self._verify_existing(key, target, inputs)
        reason = "no earlier run of this batch made it"
        if other_source is not None:
            reason = f"an earlier run made it from another source: {shown(other_source)}"
        raise UsageError(
            f"{shown(str(target))} exists, and {reason}",
            hint="choose with --existing skip, verify or replace, or another output folder",
        )

    def _verify_existing(self, key: str, target: Path, inputs: str) -> Outcome:
        # lazy: 17 ms, only --existing verify needs it
        from archtool.operations.verify.verify import VerifyRequest, verify

        result = verify(VerifyRequest(target, self.now, TrustRequest(), strict=self.strict))
        return Outcome(
            key, Ending.LEFT, int(result.exit_code), inputs,
            findings=result.findings, verdict=result.verdict, facts=result.facts,
        )  # fmt: skip

    def _pack(
        self, job: Job, described: DescribedDocument, target: Path, date: datetime, known: KnownJob | None
    ) -> Outcome:
        is_new = known is None or known.is_new
        is_finishing = known is not None and (known.was_interrupted or known.is_begun)
        request = PackRequest(
            description_path=job.path, described=described, target=target,
            packaged_at=date, software_version=self.software_version,
            files_root=self._files_root(described), library=self.library,
            algorithms=self.algorithms, profile=self.profile, makes_archives=False,
            signers=self.signers, cms=self.cms,
            timestamp_client=self.timestamp_client,
            concurrency=Concurrency(), replace=True,
            old_attestations=self.old_attestations, is_finishing=is_finishing,
            clear_leftovers=not is_new,
            sync=self.sync, together=self.together, dry_run=self.check_only, strict=self.strict,
            keep_times=self.keep_times,
            has_crate=self.has_crate,
            formats=self.formats,
            uses_fido=self.uses_fido,
            makes_parents=True,
        )  # fmt: skip
        return _outcome(job.key, pack(request))


def _with_matching_files(described: DescribedDocument, root: Path) -> DescribedDocument:
    """Return the description with the files that its patterns match now: a new file is a new input."""
    if not has_patterns(described.description):  # the usual case
        return described
    try:
        with Tree(root) as tree:
            return with_expanded_patterns(described, tree, root)
    except OSError:
        return described  # packing reports it


def _status(path: str) -> os.stat_result:
    """Return the status of a file, whose name can have another Unicode form on macOS.

    Raises:
        OSError: the file exists in no form of the name.
    """
    try:
        return os.lstat(path)
    except FileNotFoundError:
        if path.isascii():
            raise
        for form in ("NFD", "NFC"):
            with contextlib.suppress(FileNotFoundError):
                return os.lstat(unicodedata.normalize(form, path))
        raise


@lru_cache(maxsize=1)  # all jobs of a batch have the same options
def _options(
    date: str, algorithms: tuple[Algorithm, ...], keys: tuple[PublicKey, ...], version: str
) -> bytes:
    names = [algorithm.value for algorithm in algorithms]
    fingerprints = [key.fingerprint for key in keys]
    return format_json_line([date, names, fingerprints, version]).encode()


def _profile_inputs(profile: Profile) -> bytes:
    rules = ["profile", profile.rules, profile.tag_labels, profile.names_folder]
    return format_json_line(rules).encode("utf-8", "replace")


def _digests_of(described: DescribedDocument | InvalidDescription) -> Iterator[bytes]:
    """Yield the digests of the description as it was read, and of the library that it cites from."""
    if isinstance(described, InvalidDescription):
        yield sha512(described.data).digest()
        return
    yield sha512(described.loaded.data).digest()
    if described.library is not None:
        yield library_digest(described.library)


def _outcome(key: str, result: Result) -> Outcome:
    ending = Ending.FAILED if result.exit_code else Ending.DONE
    size_bytes = sum(file["size_bytes"] for file in result.facts.get("payload", ()))
    return Outcome(
        key, ending, int(result.exit_code), findings=result.findings, facts=result.facts,
        size_bytes=size_bytes,
    )  # fmt: skip
