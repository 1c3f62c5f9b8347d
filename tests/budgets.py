"""How often a test repeats itself: a sample in the suite, everything in a run with `pytest --long`.

The option is kept in the environment, because the decorators of a test module read it when the module is
imported, in each of the processes that the tests are spread over.
"""

from __future__ import annotations

import os

VARIABLE = "ARCHTOOL_LONG_TESTS"
_FEWEST_EXAMPLES = 20


def is_long() -> bool:
    """Whether everything is to be tried."""
    return VARIABLE in os.environ


def budget(suite: int, long: int) -> int:
    """A number of repetitions or a size."""
    return long if is_long() else suite


def examples(long: int) -> int:
    """How many examples Hypothesis makes: a fifth of them in the suite."""
    return budget(max(min(_FEWEST_EXAMPLES, long), long // 5), long)


def sample(count: int, most: int) -> list[int]:
    """The numbers from 1 to `count`; in the suite at most `most` of them, the first and the last included."""
    if is_long() or count <= most:
        return list(range(1, count + 1))
    return sorted({1 + round(number * (count - 1) / (most - 1)) for number in range(most)})
