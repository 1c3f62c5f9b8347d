"""Opens a bag whose files are copied elsewhere, and refuses one that is damaged or contradicts itself.

Each file is compared with its digests in the read that copies it, so a bag that is found to be damaged only
then is refused as well: the caller writes into a staging folder.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from archtool.archives.limits import Limits
from archtool.bagit.finding_kinds import FETCH_HOLE, OXUM_DIFFERS
from archtool.bagit.fixity import FixityTask, Outcome, check_file, plan_fixity
from archtool.errors import MaterialRefusedError
from archtool.files.hashing.digests import Algorithm
from archtool.files.hashing.file_record import FileRecord
from archtool.files.hashing.hash_file import hash_file
from archtool.files.paths import shell_word, shown
from archtool.files.read_once import PAYLOAD, ReadOnceSource
from archtool.files.source import FileSource, Sink
from archtool.files.writing.copy_file import copy_and_hash
from archtool.findings import Finding, Severity, has_errors, in_reading_order
from archtool.operations.open_package.opened_bag import OpenedBag, read_declared_bag
from archtool.operations.open_package.opening import open_bag
from archtool.operations.trust.trust_request import TrustRequest
from archtool.operations.verify.request import Depth, VerifyRequest
from archtool.operations.verify.verify import verify_opened
from archtool.progress import NoProgress, Progress


@dataclass(frozen=True, slots=True)
class SoundBag:
    """A bag that is complete, and whose tag files agree with each other; its payload was not read yet."""

    root: Path
    bag: OpenedBag
    tasks: Mapping[str, FixityTask]
    """The expected digests of each file that has any, by path."""
    findings: tuple[Finding, ...]
    """Warnings and notes about it."""
    sinks: Sequence[Sink] = ()
    """Receive all bytes that are read, for the progress."""

    def files(self) -> list[str]:
        """Return the paths of all files, in the order in which they are read fastest."""
        position = self.bag.source.inner.position
        return sorted(self.bag.layout.files, key=lambda path: (position(path), path))

    def copy(self, path: str, target: Path, algorithm: Algorithm) -> Outcome:
        """Copy a file and compare it with its digests in the same read; the record has `algorithm` too."""

        def copy(name: str, algorithms: Sequence[Algorithm]) -> FileRecord:
            return copy_and_hash(self._source(name), name, target, algorithms, self.sinks)

        return check_file(self._task(path, algorithm), copy, self._read_again)

    def hash(self, path: str, algorithm: Algorithm) -> Outcome:
        """Read a file and compare it with its digests, without copying it."""

        def read(name: str, algorithms: Sequence[Algorithm]) -> FileRecord:
            return hash_file(self._source(name), name, algorithms, self.sinks)

        return check_file(self._task(path, algorithm), read, self._read_again)

    def expected(self, path: str, algorithm: Algorithm) -> str | None:
        """Return the digest of a file in the manifests; `None` if there is none by this algorithm."""
        task = self.tasks.get(path)
        listed = [e.digest.hex for e in task.expected if e.digest.algorithm is algorithm] if task else []
        return listed[0] if listed else None

    def refuse(self, findings: Sequence[Finding]) -> None:
        """Refuse the bag for what its files were found to be, or for a change since it was opened.

        Raises:
            MaterialRefusedError: there are errors; it contains all findings.
        """
        source = self.bag.source
        _refuse(self.root, [*findings, *source.findings, *self.bag.check_unchanged()])

    def _task(self, path: str, algorithm: Algorithm) -> FixityTask:
        size_bytes = self.bag.layout.files[path]
        return replace(self.tasks.get(path) or FixityTask(path, size_bytes, ()), also=(algorithm,))

    def _source(self, path: str) -> FileSource:
        """Return the source of a file: tag files are not read again, they are what was checked."""
        return self.bag.source.inner if path.startswith(PAYLOAD) else self.bag.source

    def _read_again(self, path: str, algorithms: Sequence[Algorithm]) -> FileRecord:
        return hash_file(self.bag.source.inner, path, algorithms)


@contextmanager
def open_sound_bag(
    root: Path, at: datetime, limits: Limits | None = None, progress: Progress | None = None
) -> Iterator[SoundBag]:
    """Open a bag, and check everything but the bytes of its payload; `at` is the current time, aware.

    Raises:
        InputError: there is no bag, or it cannot be read.
        MaterialRefusedError: it is not complete, its metadata contradicts it, or a signature is broken.
    """
    limits = limits or Limits()
    with open_bag(root, limits, progress) as opened:
        source = ReadOnceSource(opened)
        request = VerifyRequest(root, at, TrustRequest(), depth=Depth.COMPLETE, limits=limits)
        result = verify_opened(request, source)
        _refuse(root, result.findings)
        bag = read_declared_bag(root, source)
        tasks = {task.path: task for task in plan_fixity(bag.bag, bag.layout)}
        meter = (progress or NoProgress()).meter
        kept = tuple(f for f in result.findings if f.severity is not Severity.NOTE)
        yield SoundBag(root, bag, tasks, kept, () if meter is None else (meter,))


def _refuse(root: Path, findings: Sequence[Finding]) -> None:
    if not has_errors(findings):
        return
    name, word = shown(str(root)), shell_word(str(root))
    errors = {finding.code for finding in findings if finding.severity is Severity.ERROR}
    hint = f"restore the package from another copy; to list every problem, run: archtool verify {word}"
    if FETCH_HOLE.code in errors and errors <= {FETCH_HOLE.code, OXUM_DIFFERS.code}:
        hint = f"get the files that fetch.txt lists, then run this again: archtool fetch {word}"
    raise MaterialRefusedError(
        f"not exported: {name} is not sound; nothing was written",
        tuple(in_reading_order(dict.fromkeys(findings))),
        hint=hint,
    )
