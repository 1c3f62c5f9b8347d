"""How often a test repeats itself: a sample in the suite, everything in a run with `pytest --long`.

The option is stored in the environment, because the decorators of a test module read it when the module is
imported, in each process of the test run.
"""

from __future__ import annotations

import os

VARIABLE = "ARCHTOOL_LONG_TESTS"
_FEWEST_EXAMPLES = 20


def is_long() -> bool:
    """Whether all cases are to be tried."""
    return VARIABLE in os.environ


def budget(suite: int, long: int) -> int:
    """Return the number of repetitions, or a size, for this run."""
    return long if is_long() else suite


def examples(long: int) -> int:
    """Return the number of examples for Hypothesis: a fifth of them in the suite."""
    return budget(max(min(_FEWEST_EXAMPLES, long), long // 5), long)


def sample(count: int, most: int) -> list[int]:
    """Return the numbers from 1 to `count`; in the suite at most `most`, including the first and the last."""
    if is_long() or count <= most:
        return list(range(1, count + 1))
    return sorted({1 + round(number * (count - 1) / (most - 1)) for number in range(most)})
