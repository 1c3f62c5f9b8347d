"""Makes bytes from a seed: equal on every machine, fast, and different for each file."""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import accumulate

BLOCK_BYTES = 1024 * 1024
_STRIDE = 7919  # a prime: files of one size start at many offsets in the block


class Content:
    """A block of random bytes. Each file is cut from it and stamped with its number and offset."""

    def __init__(self, seed: int) -> None:
        self._block = random.Random(seed).randbytes(2 * BLOCK_BYTES)  # noqa: S311 - repeatable, no secret

    def pieces(self, number: int, size_bytes: int) -> Iterator[bytes]:
        """Yield the bytes of one file, at most one block at a time."""
        start = number * _STRIDE % BLOCK_BYTES
        for offset in range(0, size_bytes, BLOCK_BYTES):
            length = min(BLOCK_BYTES, size_bytes - offset)
            stamp = number.to_bytes(8, "little") + offset.to_bytes(8, "little")
            yield (stamp + self._block[start + len(stamp) : start + length])[:length]


def even_sizes(count: int, least: int, most: int, seed: int) -> list[int]:
    """Return evenly distributed sizes in bytes."""
    rng = random.Random(seed)  # noqa: S311
    return [rng.randint(least, most) for _ in range(count)]


def log_normal_sizes(count: int, total_bytes: int, seed: int) -> list[int]:
    """Return sizes in bytes with a log-normal distribution, as in archives, and with exactly this sum."""
    rng = random.Random(seed)  # noqa: S311
    drawn = list(accumulate(rng.lognormvariate(0, 1.8) for _ in range(count)))
    ends = [round(end / drawn[-1] * total_bytes) for end in drawn]
    return [end - begin for begin, end in zip([0, *ends], ends, strict=False)]
