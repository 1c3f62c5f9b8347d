"""The nouns: who runs, what is done, what is asked of it, what was seen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path


class Role(Enum):
    """What a contestant does with a corpus; it decides how its work is checked."""

    VERIFIES = "verifies"
    """Holds the payload against its manifest: it must name a planted fault."""
    HASHES = "hashes"
    """Prints digests and compares nothing: they must be those of the manifest."""
    COPIES = "copies"
    """Makes a copy: every file of it must have the digest of its source."""
    PACKS = "packs"
    """Makes many packages: each has a manifest, and every payload file is what its source is."""
    STARTS = "starts"
    """Does nothing but start and end."""


@dataclass(frozen=True, slots=True)
class Contestant:
    """One command, and how to tell that it did the work."""

    name: str
    """As it stands in the table."""
    argv: tuple[str, ...]
    folder: Path
    """Where it is run."""
    role: Role
    program: str
    """What must be installed for it."""
    finding: str = ""
    """A regular expression for how it names a damaged file; `{path}` stands for the file."""
    algorithm: str = ""
    """Of the digests that it prints."""
    entries: int = 1
    """What its time is divided by in a bar for each entry."""
    most_runs: int | None = None
    """Fewer measured runs than the others: for what takes minutes and is compared by its memory only."""
    on_terminal: bool = False
    """Whether it is watched through a pseudo-terminal instead of a pipe."""


class Metric(Enum):
    """What a bar compares; the value is the field of a run."""

    SECONDS = "seconds"
    SECONDS_PER_ENTRY = "seconds_per_entry"
    PEAK_BYTES = "peak_bytes"
    FIRST_SECONDS = "first_seconds"


@dataclass(frozen=True, slots=True)
class Bar:
    """What is asked of archtool in one work: at most so many times what the others need."""

    text: str
    ours: str
    """The contestant that is asked."""
    theirs: tuple[str, ...]
    """Those it is held against: the one that needs most; none where the limit is absolute."""
    most: float
    """The largest ratio, or the largest value, that keeps the bar."""
    metric: Metric = Metric.SECONDS
    is_speedup: bool = False
    """Whether the ratio is shown the other way round: so many times as fast."""


@dataclass(frozen=True, slots=True)
class Run:
    """One process from its start to its end, with all that it started."""

    seconds: float
    cpu_seconds: float
    """User and system time of the process and of every descendant that was waited for."""
    peak_bytes: int
    """The largest resident set of any one process among them."""
    first_seconds: float | None = None
    """Until the first line that names the damaged file, where that was looked for."""


@dataclass(frozen=True, slots=True)
class Work:
    """One row of contestants that do the same."""

    key: str
    title: str
    contestants: tuple[Contestant, ...]
    bars: tuple[Bar, ...] = ()
    notes: tuple[str, ...] = ()
    prepare: Callable[[], None] = lambda: None
    """Before everything else, not timed."""
    before_each: Callable[[], None] = lambda: None
    """Before each single run, not timed."""
    expected: Callable[[str], dict[str, str]] = lambda _algorithm: {}
    """The digests of an algorithm by the paths that contestants print."""
    victim: Path | None = None
    """The file in which a fault is planted; none where nobody verifies."""
    victim_name: str = ""
    """Its path in the bag, as findings name it."""
    marker: Path | None = None
    """The file that says that the corpus is whole: it is not, while a fault is planted."""
    made: Path | None = None
    """Where a copy appears."""
    rounds_at_least: int = 0
    """For what is so short that five rounds say little."""
    is_watched: bool = False
    """Whether the bag stays damaged and the first finding is waited for."""


@dataclass(slots=True)
class Outcome:
    """What was seen of one contestant."""

    name: str
    entries: int
    runs: list[Run] = field(default_factory=list)
    failure: str = ""
    """Why there are no runs, or no more of them."""
    remark: str = ""
    """What must be said of what it made, though it was measured."""
