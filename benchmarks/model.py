"""The model: contestants, works, bars and outcomes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path


class Role(Enum):
    """What a contestant does with a corpus, which decides how its work is checked."""

    VERIFIES = "verifies"
    """Compares the payload with its manifest: it must name a planted fault."""
    HASHES = "hashes"
    """Prints digests and compares nothing: they must agree with the manifest."""
    COPIES = "copies"
    """Makes a copy: every file in it must have the digest of its source."""
    PACKS = "packs"
    """Makes many packages: each has a manifest, and every payload file must equal its source."""
    LISTS = "lists"
    """Lists packages: it must name each of them."""
    QUERIES = "queries"
    """Prints something about a register: its output must contain `finding`."""
    REGISTERS = "registers"
    """Fills a register: it must hold a copy for each entry, in the state that `finding` names."""
    STARTS = "starts"
    """Only starts and ends."""


@dataclass(frozen=True, slots=True)
class Contestant:
    """One command, and how to check that it did the work."""

    name: str
    """Its name in the table."""
    argv: tuple[str, ...]
    folder: Path
    """Where it is run."""
    role: Role
    program: str
    """The program that must be installed for it."""
    finding: str = ""
    """A regular expression for its message about a damaged file; `{path}` stands for the file.

    Of a query, a text in its output; of a contestant that fills a register, the state of the copies.
    """
    algorithm: str = ""
    """The algorithm of the digests that it prints."""
    entries: int = 1
    """The number of entries that its time is divided by in a bar for each entry."""
    most_runs: int | None = None
    """A smaller number of measured runs, for slow commands that are compared only by their memory."""
    on_terminal: bool = False
    """Whether its output is read through a pseudo-terminal instead of a pipe."""


class Metric(Enum):
    """What a bar compares; the value is the name of a field of `Run`."""

    SECONDS = "seconds"
    SECONDS_PER_ENTRY = "seconds_per_entry"
    PEAK_BYTES = "peak_bytes"
    FIRST_SECONDS = "first_seconds"


@dataclass(frozen=True, slots=True)
class Bar:
    """A requirement for archtool in one work: at most the given multiple of what the others need."""

    text: str
    ours: str
    """The contestant of archtool."""
    theirs: tuple[str, ...]
    """The contestants to compare with, of which the slowest counts; empty if the limit is absolute."""
    most: float
    """The largest ratio, or the largest value, that keeps the bar."""
    metric: Metric = Metric.SECONDS
    is_speedup: bool = False
    """Whether the ratio is shown inverted, as the number of times as fast."""
    is_difference: bool = False
    """Whether `most` is what archtool may need more than the others, instead of a ratio."""


@dataclass(frozen=True, slots=True)
class Run:
    """One process from start to end, with all its descendants."""

    seconds: float
    cpu_seconds: float
    """User and system time of the process and of every descendant that was waited for."""
    peak_bytes: int
    """The largest resident set of any single one of these processes."""
    first_seconds: float | None = None
    """The time to the first line that names the damaged file, if that was measured."""


@dataclass(frozen=True, slots=True)
class Work:
    """A set of contestants that do the same work."""

    key: str
    title: str
    contestants: tuple[Contestant, ...]
    bars: tuple[Bar, ...] = ()
    notes: tuple[str, ...] = ()
    prepare: Callable[[], None] = lambda: None
    """Called before everything else, not timed."""
    before_each: Callable[[], None] = lambda: None
    """Called before each run, not timed."""
    expected: Callable[[str], dict[str, str]] = lambda _algorithm: {}
    """Returns the digests of an algorithm by the paths that contestants print."""
    victim: Path | None = None
    """The file in which a fault is planted; `None` if no contestant verifies."""
    victim_name: str = ""
    """Its path in the bag, as findings name it."""
    marker: Path | None = None
    """The file that marks the corpus as complete; it is renamed while a fault is planted."""
    made: Path | None = None
    """The path of the copy or the packages."""
    rounds_at_least: int = 0
    """The smallest number of rounds, for very short works whose times vary."""
    is_watched: bool = False
    """Whether the bag stays damaged and the time to the first finding is measured."""


@dataclass(slots=True)
class Outcome:
    """The runs of one contestant."""

    name: str
    entries: int
    runs: list[Run] = field(default_factory=list)
    failure: str = ""
    """Why there are no runs, or no more runs."""
    remark: str = ""
    """A remark on what it made, although it was measured."""
