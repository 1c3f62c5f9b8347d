"""The inputs from which works are made, and short forms of their bars."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from benchmarks.bags import read_list
from benchmarks.caches import Cold
from benchmarks.corpora import Corpus
from benchmarks.model import Bar, Contestant, Work


@dataclass(frozen=True, slots=True)
class WorkContext:
    """The inputs from which works are made."""

    corpus: Callable[[str], Corpus]
    """Returns a corpus by name; it is made if it does not exist."""
    register: Callable[[str], Path]
    """Returns the file of a large register by its name; it is made if it does not exist."""
    cold: Callable[[], Cold]
    """Returns how caches are emptied; called only by the work that empties them."""


def work_on(corpus: Corpus, key: str, title: str, *algorithms: str) -> Work:
    """Return a work without contestants, for one corpus with manifests of these algorithms."""

    def expected(algorithm: str) -> dict[str, str]:
        return read_list(corpus.list_of(algorithm))

    return Work(
        key=key,
        title=title,
        contestants=(),
        prepare=partial(corpus.write_tag_files, *algorithms) if corpus.bags == 1 else lambda: None,
        expected=expected,
        victim=corpus.folder / corpus.victim,
        victim_name=corpus.victim.partition("/")[2],
        marker=corpus.marker,
    )


def faster(own: Contestant, peer: Contestant, times: float, text: str) -> Bar:
    """Return the bar to be at least the given number of times as fast as a peer."""
    return Bar(text, own.name, (peer.name,), 1 / times, is_speedup=True)


def within(own: Contestant, peer: Contestant, most: float, text: str) -> Bar:
    """Return the bar to take at most the given number of times the time of a peer."""
    return Bar(text, own.name, (peer.name,), most)
