"""Changes small files and passes them to their readers: each must finish soon or raise archtool's errors."""

from __future__ import annotations

import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from random import Random

from archtool.errors import ArchtoolError
from fuzz.reader_cases import Reader, readers
from fuzz.runner import LIMIT_SECONDS, TooSlowError, time_limit

MAX_CHANGES = 4
TOKENS = (
    b'"', b"{", b"}", b"[", b"]", b",", b":", b"null", b"true", b"NaN", b"-Infinity", b"1e999", b"9" * 5000,
    b"-0", b"[" * 3000, b'{"a":' * 2000, b'"\\ud800"', b"\\u0000", b"\0", b"\xff", b"\xef\xbb\xbf",
    b"\r\n", b"\x85", b"\n", "\u2028".encode(), b"<", b">", b"&amp;", b"<!DOCTYPE a>", b"<!-- ", b"]]>",
    b"<row>", b"</row>", b"<c/>" * 500, b"*", b"!", b"SHA256:", b"ssh-ed25519 ", b"cert-authority",
    b'namespaces="a"', b"- ", b"&a ", b"*a ", b"? ", b"99999999999999999999", b"0000-00-00",
    b"../../etc/passwd", b"data/", b"x-own",
)  # fmt: skip


@dataclass(slots=True)
class ReaderTally:
    """The results of many cases, by reader."""

    read: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    slowest: tuple[float, str] = (0.0, "")

    def add(self, other: ReaderTally) -> None:
        """Add the counts of another process."""
        self.read += other.read
        self.refused += other.refused
        self.faults += other.faults
        self.slowest = max(self.slowest, other.slowest)

    def lines(self) -> list[str]:
        """Return a line for each reader, and one for all."""
        names = sorted(self.read.keys() | self.refused.keys())
        lines = [f"{name}: {self.read[name]:,} read, {self.refused[name]:,} refused" for name in names]
        cases = self.read.total() + self.refused.total() + len(self.faults)
        seconds, where = self.slowest
        return [*lines, f"{cases:,} cases: {len(self.faults)} faults; slowest {seconds:.3f} s ({where})"]


def change(random: Random, data: bytes, others: tuple[bytes, ...]) -> bytes:
    """Make some changes, each in one place."""
    for _ in range(random.randint(1, MAX_CHANGES)):
        data = random.choice(MUTATORS)(random, data, others)
    return data


def _flip(random: Random, data: bytes, _others: tuple[bytes, ...]) -> bytes:
    at = random.randrange(len(data) or 1)
    return data[:at] + bytes([random.randrange(256)]) + data[at + 1 :]


def _insert(random: Random, data: bytes, _others: tuple[bytes, ...]) -> bytes:
    at = random.randrange(len(data) + 1)
    return data[:at] + random.choice(TOKENS) + data[at:]


def _span(random: Random, data: bytes) -> tuple[int, int]:
    start = random.randrange(len(data) + 1)
    return start, min(len(data), start + random.choice((1, 4, 20, 100, 1000)))


def _cut(random: Random, data: bytes, _others: tuple[bytes, ...]) -> bytes:
    start, end = _span(random, data)
    return data[:start] + data[end:]


def _repeat(random: Random, data: bytes, _others: tuple[bytes, ...]) -> bytes:
    start, end = _span(random, data)
    return data[:end] + data[start:end] * random.choice((1, 2, 20)) + data[end:]


def _splice(random: Random, data: bytes, others: tuple[bytes, ...]) -> bytes:
    other = random.choice(others)
    start, end = _span(random, other)
    at = random.randrange(len(data) + 1)
    return data[:at] + other[start:end] + data[at:]


def _double_a_line(random: Random, data: bytes, _others: tuple[bytes, ...]) -> bytes:
    lines = data.splitlines(keepends=True) or [b""]
    at = random.randrange(len(lines))
    return b"".join([*lines[: at + 1], lines[at], *lines[at + 1 :]])


Mutator = Callable[[Random, bytes, tuple[bytes, ...]], bytes]
MUTATORS: tuple[Mutator, ...] = (_flip, _insert, _insert, _cut, _repeat, _splice, _double_a_line)


def run_reader_cases(
    seed: int, numbers: Iterable[int], chosen: dict[str, Reader] | None = None
) -> ReaderTally:
    """Make each case, and pass it to the readers in turn."""
    tally = ReaderTally()
    known = list((chosen or readers()).items())
    for number in numbers:
        name, reader = known[number % len(known)]
        random = Random(f"{seed}:{number}")  # noqa: S311 - not a secret
        data = reader.pack(change(random, random.choice(reader.starts), reader.starts))
        began = time.perf_counter()
        try:
            with time_limit(LIMIT_SECONDS):
                wrong = reader.read(data)
        except ArchtoolError:
            tally.refused[name] += 1
        except (Exception, TooSlowError):  # noqa: BLE001 - that is what is looked for
            tally.faults.append(f"case {number} ({name}):\n{traceback.format_exc()}")
        else:
            tally.read[name] += 1
            if wrong is not None:
                tally.faults.append(f"case {number} ({name}): {wrong}")
        tally.slowest = max(tally.slowest, (time.perf_counter() - began, f"case {number}, {name}"))
    return tally
