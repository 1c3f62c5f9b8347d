"""Makes a package from each description, or leaves it as an earlier run made it."""

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

from archtool.attestations.statements.writer import Signer
from archtool.batch.job import Ending, Job, Outcome, failure
from archtool.batch.journal.state import Known
from archtool.canonical_json import format_json_line
from archtool.description.loading import load_description
from archtool.errors import ArchtoolError, MaterialRefusedError, UsageError
from archtool.files.hashing.digests import DEFAULT_ALGORITHM, Algorithm
from archtool.files.paths import shown
from archtool.files.workers.concurrency import Concurrency
from archtool.files.writing.staging import clear_leftovers
from archtool.openssh.keys.public_key import PublicKey
from archtool.operations.describe.libraries import library_digest
from archtool.operations.describe.load_description import (
    DescribedDocument,
    InvalidDescription,
    read_description,
    read_embedded_description,
)
from archtool.operations.pack.pack import pack
from archtool.operations.pack.predecessor import OldAttestations, WouldLoseError
from archtool.operations.pack.request import PackRequest
from archtool.results import Result

if TYPE_CHECKING:
    from archtool.attestations.signatures.cms_signing import CmsSigner
    from archtool.files.writing.flush import FlushTogether
    from archtool.operations.trust.timestamp_client import TimestampClient

_SMALLEST = b"""archtool: 1
title: A
date: "1932"
transcription: a
language: en
source: { type: book, title: A }
rights: { original: UND }
"""


class Existing(StrEnum):
    """What to do where a package is already there and no earlier run of this batch made it."""

    ERROR = "error"
    SKIP = "skip"
    REPLACE = "replace"
    VERIFY = "verify"


@dataclass(frozen=True, slots=True)
class PackEach:
    """Makes a package from each description."""

    output: Path
    packaged_at: datetime
    """Aware: the date of the batch's first run, which all packages bear that are made for the first time."""
    remade_at: datetime
    """Aware: the date that packages bear which this run makes again."""
    now: datetime
    """Aware: the moment of looking at packages that are there."""
    software_version: str
    signers: tuple[Signer, ...] = ()
    cms: CmsSigner | None = None
    """Whose X.509 key signs too."""
    timestamp_client: TimestampClient | None = None
    """Who gives timestamps of the signatures."""
    algorithms: tuple[Algorithm, ...] = (DEFAULT_ALGORITHM,)
    files_root: Path | None = None
    library: Path | None = None
    existing: Existing = Existing.ERROR
    old_attestations: OldAttestations = OldAttestations.REFUSE
    retry_failed: bool = False
    sync: bool = True
    together: FlushTogether | None = None
    strict: bool = False
    check_only: bool = False
    """Look at everything and write nothing."""

    def prepare(self) -> None:
        """See `Verb`: a tenth of a second of every process, for YAML, the schemas and the languages."""
        load_description(_SMALLEST, "")

    def begins(self, job: Job, known: Known | None) -> bool:
        """See `Verb`: a package that somebody else put there does not become ours by a kill."""
        is_done = known is not None and known.ending is Ending.DONE
        return not is_done and not os.path.exists(f"{self.output}/{job.key}")  # noqa: PTH110 - of every job

    def clear_after(self, key: str) -> None:
        """See `Verb`."""
        target = self.output / key
        if target.parent.is_dir():
            clear_leftovers(target)

    def __call__(self, job: Job, known: Known | None) -> Outcome:
        """See `Verb`."""
        described = self._describe(job)
        target = self.output / job.key
        date = (known.packaged_at if known is not None else None) or self.packaged_at
        inputs = self.inputs_of(described, date)
        if known is not None and self._is_settled(known, inputs, target):
            return Outcome(job.key, Ending.LEFT, known.exit_code, inputs, known.message)
        is_ours = known is not None and known.may_be_ours
        if not is_ours and not self.check_only and target.exists():
            settled = self._deal_with_existing(job.key, target, inputs)
            if settled is not None:
                return settled
        if isinstance(described, InvalidDescription):
            name = str(job.place) if job.given is None else job.given.name
            message = f"not packed: {shown(name)} is not as it must be; nothing was written"
            return failure(job.key, MaterialRefusedError(message, described.findings), inputs)
        if known is not None and known.was_made:  # made again: it says when
            date = self.remade_at
        try:
            made = self._pack(job, described, target, date, known)
        except ArchtoolError as error:
            return failure(job.key, error, self._inputs_of_failure(error, described, date))
        return replace(made, inputs=self.inputs_of(described, date))

    def _inputs_of_failure(
        self, error: ArchtoolError, described: DescribedDocument, date: datetime
    ) -> str | None:
        """What must change before a failed job is tried again; nothing where an option decides."""
        return None if isinstance(error, WouldLoseError) else self.inputs_of(described, date)

    def _describe(self, job: Job) -> DescribedDocument | InvalidDescription:
        if job.given is None:
            return read_description(job.place, self.library)
        return read_embedded_description(job.place, job.given, self.library)

    def inputs_of(self, described: DescribedDocument | InvalidDescription, packaged_at: datetime) -> str:
        """The digest of all that decides what the package will be.

        Of the payload it takes sizes and times, not the bytes: to know whether they changed, all of them
        would have to be read again in each run.
        """
        keys = tuple([signer.key.public for signer in self.signers])
        # as text: dates that are equal may be written differently, and the package bears what is written
        date = packaged_at.isoformat()
        taken = sha512(_options(date, self.algorithms, keys, self.software_version))
        taken.update(self._more_signing())
        for digest in _digests_of(described):
            taken.update(digest)
        for line in self._payload_of(described):
            taken.update(line.encode("utf-8", "surrogateescape"))
        return f"sha512:{taken.hexdigest()}"

    def _more_signing(self) -> bytes:
        """What else is signed with, if anything; of timestamps only that there are some."""
        if self.cms is None and self.timestamp_client is None:
            return b""
        return format_json_line(
            [self.cms and self.cms.fingerprint, self.timestamp_client is not None]
        ).encode()

    def _payload_of(self, described: DescribedDocument | InvalidDescription) -> Iterator[str]:
        if isinstance(described, InvalidDescription):
            return
        root = self._files_root(described) or described.folder
        files = [*described.description.payload_files()]
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
        """The folder of the files, unless the description was given with one: that one counts from it."""
        return self.files_root if described.embedded is None else None

    def _is_settled(self, known: Known, inputs: str, target: Path) -> bool:
        if known.inputs != inputs or known.was_cut_off or known.has_passed:
            return False
        if known.ending is Ending.FAILED:
            return not self.retry_failed
        return known.ending is Ending.DONE and target.exists()

    def _deal_with_existing(self, key: str, target: Path, inputs: str) -> Outcome | None:
        """What becomes of a package that somebody else made; `None` where it is to be replaced."""
        match self.existing:
            case Existing.REPLACE:
                return None
            case Existing.SKIP:
                return Outcome(key, Ending.LEFT, 0, inputs, "a package is there; it was not looked at")
            case Existing.VERIFY:
                return self._verify_existing(key, target, inputs)
        raise UsageError(
            f"{shown(str(target))} exists, and no earlier run of this batch made it",
            hint="choose with --existing skip, verify or replace, or another output folder",
        )

    def _verify_existing(self, key: str, target: Path, inputs: str) -> Outcome:
        from archtool.operations.trust.trust_request import TrustRequest
        from archtool.operations.verify.verify import VerifyRequest, verify

        seen = verify(VerifyRequest(target, self.now, TrustRequest(), strict=self.strict))
        return Outcome(
            key, Ending.LEFT, int(seen.exit_code), inputs,
            findings=seen.findings, verdict=seen.verdict, facts=seen.facts,
        )  # fmt: skip

    def _pack(
        self, job: Job, described: DescribedDocument, target: Path, date: datetime, known: Known | None
    ) -> Outcome:
        is_new = known is None or known.is_new
        is_finishing = known is not None and (known.was_cut_off or known.is_begun)
        request = PackRequest(
            description_path=job.place, described=described, target=target,
            packaged_at=date, software_version=self.software_version,
            files_root=self._files_root(described), library=self.library,
            algorithms=self.algorithms, signers=self.signers, cms=self.cms,
            timestamp_client=self.timestamp_client,
            concurrency=Concurrency(), replace=True,
            old_attestations=self.old_attestations, is_finishing=is_finishing,
            clear_leftovers=not is_new,
            sync=self.sync, together=self.together, dry_run=self.check_only, strict=self.strict,
        )  # fmt: skip
        if not self.check_only and not target.parent.is_dir():
            target.parent.mkdir(parents=True, exist_ok=True)
        return _outcome(job.key, pack(request))


def _status(path: str) -> os.stat_result:
    """The status of a file; macOS may know it by another Unicode form of its name.

    Raises:
        OSError: it is in no form there.
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


@lru_cache(maxsize=1)  # all jobs of a batch have the same
def _options(
    date: str, algorithms: tuple[Algorithm, ...], keys: tuple[PublicKey, ...], version: str
) -> bytes:
    names = [algorithm.value for algorithm in algorithms]
    prints = [key.fingerprint for key in keys]
    return format_json_line([date, names, prints, version]).encode()


def _digests_of(described: DescribedDocument | InvalidDescription) -> Iterator[bytes]:
    """Of the description as it was read, not as it may be by now; and of the library that it cites from."""
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
