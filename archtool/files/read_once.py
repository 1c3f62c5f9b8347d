"""A source that reads each tag file once: the bytes that are parsed are the bytes that are digested.

A file that is read twice can be exchanged in between. Then the manifest that is parsed is not the manifest
that is signed, and a forged payload passes. This source keeps the first reading in memory and returns it
again for every later read. A file that is too large to be kept is digested at each reading: two readings that
differ are an error.
"""

from __future__ import annotations

import errno
import hashlib
from collections.abc import Iterator, Sequence
from typing import Self

from archtool.errors import SourceChangedError
from archtool.files.file_kinds import FoundFile
from archtool.files.hashing.digests import Algorithm, Digest, digest_bytes
from archtool.files.limits import MAX_REMEMBERED_BYTES
from archtool.files.paths import shown
from archtool.files.source import FileSource, Sink
from archtool.files.source_views import SourceView

PAYLOAD = "data/"
"""Files in this folder are not kept: each is read only once anyway."""


class _Readings:
    """The first readings of the tag files of one source, shared by all its views."""

    def __init__(self) -> None:
        self.texts: dict[str, bytes] = {}
        self.digests_of_texts: dict[tuple[str, Algorithm], Digest] = {}
        self.digests: dict[str, bytes] = {}
        """SHA-512 of the first reading of each file that is too large to be kept."""
        self.failures: dict[str, OSError] = {}
        self.found: tuple[FoundFile, ...] | None = None
        self.free_bytes = MAX_REMEMBERED_BYTES

    def keep(self, path: str, data: bytes) -> None:
        if len(data) <= self.free_bytes:
            self.free_bytes -= len(data)
            self.texts[path] = data
        else:
            self.compare(path, hashlib.sha512(data).digest())

    def compare(self, path: str, digest: bytes) -> None:
        if self.digests.setdefault(path, digest) != digest:
            raise SourceChangedError(
                f"{shown(path)} changed between two readings",
                hint="wait until nothing writes to it any more, then run the same command again",
            )


class ReadOnceSource(SourceView):
    """A view that keeps the first reading of each tag file; use `inner` to read a file again."""

    def __init__(self, source: FileSource, readings: _Readings | None = None) -> None:
        super().__init__(source)
        self._readings = readings or _Readings()

    def walk(self) -> Iterator[FoundFile]:
        """See `FileSource`; the list is made once."""
        if self._readings.found is None:
            self._readings.found = tuple(self.inner.walk())
        return iter(self._readings.found)

    def read_bytes(self, path: str, limit_bytes: int) -> bytes:
        """See `FileSource`.

        Raises:
            SourceChangedError: the file is too large to be kept, and differs from the first reading.
            OSError: missing, unreadable, larger than the limit (`EFBIG`), or its first reading failed.
        """
        data = self._first_reading(path)
        if data is None:
            data = self._read(path, limit_bytes)
        if len(data) > limit_bytes:
            raise OSError(errno.EFBIG, f"larger than {limit_bytes:,} bytes", path)
        return data

    def _first_reading(self, path: str) -> bytes | None:
        if path in self._readings.failures:
            raise self._readings.failures[path]
        return self._readings.texts.get(path)

    def _read(self, path: str, limit_bytes: int) -> bytes:
        try:
            data = self.inner.read_bytes(path, limit_bytes)
        except OSError as error:
            self._remember_failure(path, error)
            raise
        if not path.startswith(PAYLOAD):
            self._readings.keep(path, data)
        return data

    def _remember_failure(self, path: str, error: OSError) -> None:
        is_too_large = error.errno == errno.EFBIG  # the next reader can have a higher limit
        if not path.startswith(PAYLOAD) and not is_too_large:
            self._readings.failures[path] = error

    def kept(self, path: str) -> bytes | None:
        """Return the first reading of a tag file; `None` for payload and for a file too large to be kept.

        Raises:
            OSError: the file is missing or unreadable, or its first reading failed.
        """
        if path.startswith(PAYLOAD) or path in self._readings.digests:
            return None
        data = self._first_reading(path)
        try:
            return data if data is not None else self._read(path, self._readings.free_bytes)
        except OSError as error:
            if error.errno == errno.EFBIG:
                return None
            raise

    def digest_of_kept(self, path: str, algorithm: Algorithm) -> Digest:
        """Return the digest of a kept tag file; it is computed once."""
        known = self._readings.digests_of_texts.get((path, algorithm))
        if known is None:
            known = digest_bytes(algorithm, self._readings.texts[path])
            self._readings.digests_of_texts[path, algorithm] = known
        return known

    def stream(self, path: str, sinks: Sequence[Sink]) -> int:
        """See `FileSource`.

        Raises:
            SourceChangedError: the file changed while being read, or since its first reading.
            OSError: missing, unreadable or not a file (`NotAFileError`), or its first reading failed.
        """
        if path.startswith(PAYLOAD):
            return self.inner.stream(path, sinks)
        data = self.kept(path)
        if data is not None:
            for sink in sinks:
                sink.update(memoryview(data))
            return len(data)
        hasher = hashlib.sha512()
        try:
            size_bytes = self.inner.stream(path, [hasher, *sinks])
        except OSError as error:
            self._remember_failure(path, error)
            raise
        self._readings.compare(path, hasher.digest())
        return size_bytes

    def _view_of(self, source: FileSource) -> Self:
        return type(self)(source, self._readings)  # all views share the readings
