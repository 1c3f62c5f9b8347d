"""What works are made from, and how their bars are written."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from benchmarks.bags import read_list
from benchmarks.caches import Cold
from benchmarks.corpora import Corpus
from benchmarks.model import Bar, Contestant, Work


@dataclass(frozen=True, slots=True)
class Field:
    """What the works are made from."""

    corpus: Callable[[str], Corpus]
    """A corpus by its name; it is made if it is not there."""
    cold: Callable[[], Cold]
    """How caches are emptied; asked only by the work that empties them."""


def work_on(corpus: Corpus, key: str, title: str, *algorithms: str) -> Work:
    """A work without contestants, over one corpus dressed with these algorithms."""

    def expected(algorithm: str) -> dict[str, str]:
        return read_list(corpus.list_of(algorithm))

    return Work(
        key=key,
        title=title,
        contestants=(),
        prepare=partial(corpus.dress, *algorithms) if corpus.bags == 1 else lambda: None,
        expected=expected,
        victim=corpus.folder / corpus.victim,
        victim_name=corpus.victim.partition("/")[2],
        marker=corpus.marker,
    )


def faster(ours: Contestant, theirs: Contestant, times: float, text: str) -> Bar:
    """So many times as fast as another."""
    return Bar(text, ours.name, (theirs.name,), 1 / times, is_speedup=True)


def within(ours: Contestant, theirs: Contestant, most: float, text: str) -> Bar:
    """At most so many times the time of another."""
    return Bar(text, ours.name, (theirs.name,), most)
