"""The works that verify: their contestants, and the bars for archtool."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from benchmarks.caches import make_cold
from benchmarks.field import WorkContext, faster, within, work_on
from benchmarks.model import Bar, Contestant, Metric, Role, Work
from benchmarks.peers import (
    archtool_verify,
    bagit_validate,
    bdbag_validate,
    c_loop,
    hashdeep_audit,
    openssl_alone,
    rhash_check,
    sum_check,
    write_known,
    xargs_digests,
    xargs_digests_of_bags,
)

JOBS = ("--jobs", "2")
MANY_ROUNDS = 21
_MB = 1_000_000


def verify_small(context: WorkContext) -> Work:
    """Many small files, all in the cache."""
    corpus = context.corpus("small")
    own, loc = archtool_verify([corpus.bag], *JOBS), bagit_validate([corpus.bag], "--processes", "2")
    sums = xargs_digests("sha256sum", corpus.bag, "data", processes=2, at_once=1000)
    loop = c_loop(corpus.bag, "sha256")
    work = work_on(
        corpus, "verify-small", f"verify {corpus.files:,} files of 1–8 KiB, sha256, warm", "sha256"
    )

    def prepare() -> None:
        corpus.write_tag_files("sha256")
        write_known(corpus.bag, corpus.list_of("sha256"))

    contestants = (
        own,
        loc,
        bagit_validate([corpus.bag], "--processes", "2", "--quiet"),
        sums,
        xargs_digests("openssl dgst -sha256 -r", corpus.bag, "data", processes=2, at_once=1000),
        sum_check(corpus.bag, "sha256"),
        loop,
        hashdeep_audit(corpus.bag),
        rhash_check(corpus.bag, "sha256"),
        bdbag_validate(corpus.bag),
    )
    bars = (
        faster(own, loc, 10, "at least 10 × as fast as bagit.py with 2 processes"),
        within(own, sums, 0.6, "at most 0.6 × the time of sha256sum by xargs -P2"),
        within(own, loop, 1.25, "reach for: at most 1.25 × the time of the C loop"),
    )
    return replace(work, contestants=contestants, bars=bars, prepare=prepare)


def verify_small_cold(context: WorkContext) -> Work:
    """Many small files that are read from the disk."""
    corpus, cold = context.corpus("small"), context.cold()
    own, loc = archtool_verify([corpus.bag]), bagit_validate([corpus.bag], "--processes", "2")
    sums = xargs_digests("sha256sum", corpus.bag, "data", processes=2, at_once=1000)
    title = f"verify {corpus.files:,} files of 1–8 KiB, sha256, cold"
    more = (
        archtool_verify([corpus.bag], *JOBS),
        xargs_digests("sha256sum", corpus.bag, "data", processes=8, at_once=1000),
        c_loop(corpus.bag, "sha256"),
    )
    return replace(
        work_on(corpus, "verify-small-cold", title, "sha256"),
        contestants=(own, *more, loc, sums),
        bars=(
            within(own, sums, 0.35, "at most 0.35 × the time of sha256sum by xargs -P2"),
            faster(own, loc, 5, "at least 5 × as fast as bagit.py with 2 processes"),
        ),
        notes=(f"before each run {cold.value}", "the bars apply to archtool's default of --jobs"),
        before_each=partial(make_cold, corpus.bag, cold),
    )


def verify_mixed(context: WorkContext) -> Work:
    """Files with the sizes that archives have."""
    corpus = context.corpus("mixed")
    own = archtool_verify([corpus.bag], *JOBS)
    few, more = (
        xargs_digests("openssl dgst -sha256 -r", corpus.bag, "data", processes=2, at_once=at_once)
        for at_once in (32, 100)
    )
    size = f"{corpus.size_bytes / 1e9:.1f} GB"
    title = f"verify {corpus.files:,} files of log-normal sizes, {size} in all, sha256, warm"
    return replace(
        work_on(corpus, "verify-mixed", title, "sha256"),
        contestants=(
            own,
            few,
            more,
            bagit_validate([corpus.bag], "--processes", "2"),
            c_loop(corpus.bag, "sha256"),
        ),
        bars=tuple(
            within(own, peer, 0.9, f"at most 0.9 × the time of openssl by xargs -P2 -n{at_once}")
            for peer, at_once in ((few, 32), (more, 100))
        ),
    )


def verify_large(context: WorkContext, algorithm: str) -> Work:
    """A few large files, one algorithm."""
    corpus = context.corpus("large")
    own = archtool_verify([corpus.bag], *JOBS)
    peer = xargs_digests(f"openssl dgst -{algorithm} -r", corpus.bag, "data", processes=2, at_once=1)
    title = f"verify 8 large files, {corpus.size_bytes / 1e9:.1f} GB in all, {algorithm}, warm"
    return replace(
        work_on(corpus, f"verify-large-{algorithm}", title, algorithm),
        contestants=(
            own,
            peer,
            bagit_validate([corpus.bag], "--processes", "2"),
            sum_check(corpus.bag, algorithm),
            c_loop(corpus.bag, algorithm),
        ),
        bars=(within(own, peer, 1.0, "no slower than openssl by xargs -P2 -n1"),),
    )


def verify_huge(context: WorkContext) -> Work:
    """One file, two algorithms together."""
    corpus = context.corpus("huge")
    file = corpus.victim.partition("/")[2]
    own = archtool_verify([corpus.bag], *JOBS)
    peer = openssl_alone(corpus.bag, "sha512", file)
    title = f"verify one file of {corpus.size_bytes / 1e9:.1f} GB, sha256 and sha512 together, warm"
    return replace(
        work_on(corpus, "verify-huge", title, "sha256", "sha512"),
        contestants=(own, peer, openssl_alone(corpus.bag, "sha256", file), bagit_validate([corpus.bag])),
        bars=(within(own, peer, 1.0, "no slower than openssl with sha512 alone"),),
    )


def verify_bags(context: WorkContext) -> Work:
    """Many tiny bags in one command."""
    corpus = context.corpus("bags")
    bags = sorted(corpus.folder.glob("bag-*"))
    own, loc = archtool_verify(bags, *JOBS), bagit_validate(bags)
    return replace(
        work_on(corpus, "verify-bags", f"verify {corpus.bags:,} tiny bags by one command, sha256, warm"),
        contestants=(own, loc, xargs_digests_of_bags("sha256sum", corpus.folder, processes=2, at_once=1000)),
        bars=(faster(own, loc, 6, "at least 6 × as fast as bagit.py"),),
    )


def verify_million(context: WorkContext) -> Work:
    """The memory for a million entries, and whether time grows linearly."""
    corpus, tenth = context.corpus("million"), context.corpus("tiny")
    name = f"archtool verify --jobs 2, {corpus.files:,} entries"
    own = replace(archtool_verify([corpus.bag], *JOBS), name=name, entries=corpus.files)
    name = f"archtool verify --jobs 2, {tenth.files:,} entries"
    fewer = replace(archtool_verify([tenth.bag], *JOBS), name=name, entries=tenth.files, role=Role.STARTS)
    loc = replace(bagit_validate([corpus.bag]), most_runs=1, entries=corpus.files)
    sums = replace(sum_check(corpus.bag, "sha256"), most_runs=1, entries=corpus.files)

    def prepare() -> None:
        corpus.write_tag_files("sha256")
        tenth.write_tag_files("sha256")

    title = f"verify a bag of {corpus.files:,} entries of 0–64 bytes, sha256, warm"
    return replace(
        work_on(corpus, "verify-million", title, "sha256"),
        contestants=(own, fewer, loc, sums),
        bars=(
            Bar("no process larger than 250 MB", own.name, (), 250 * _MB, Metric.PEAK_BYTES),
            Bar("at most 1/5 of bagit.py's memory", own.name, (loc.name,), 0.2, Metric.PEAK_BYTES),
            Bar(
                "time per entry at most 1.2 × that of a tenth of the entries",
                own.name,
                (fewer.name,),
                1.2,
                Metric.SECONDS_PER_ENTRY,
            ),
        ),
        notes=("bagit.py and sha256sum are measured once: bagit.py is compared by its memory only",),
        prepare=prepare,
    )


def start(context: WorkContext) -> Work:
    """The time to start and end."""
    corpus = context.corpus("one")
    own, python = (
        Contestant(" ".join(argv), argv, corpus.folder, Role.STARTS, argv[0])
        for argv in (("archtool", "--version"), ("python", "-c", "pass"))
    )
    return Work(
        key="start",
        title="start and end",
        contestants=(own, python),
        bars=(within(own, python, 5, "at most 5 × the time of an empty Python program"),),
        rounds_at_least=MANY_ROUNDS,
    )


def verify_one(context: WorkContext) -> Work:
    """The smallest bag."""
    corpus = context.corpus("one")
    own, loc = archtool_verify([corpus.bag]), bagit_validate([corpus.bag])
    return replace(
        work_on(corpus, "verify-one", "verify a bag of one file, sha256, warm", "sha256"),
        contestants=(own, loc),
        bars=(within(own, loc, 1.0, "no slower than bagit.py"),),
        rounds_at_least=MANY_ROUNDS,
    )


def first_finding(context: WorkContext) -> Work:
    """The time until a user sees the first finding."""
    corpus = context.corpus("mixed")
    own = archtool_verify([corpus.bag], *JOBS)
    terminal = replace(own, name=f"{own.name}, on a terminal", on_terminal=True)
    return replace(
        work_on(
            corpus, "first-finding", "time until the first finding, one damaged file in the middle", "sha256"
        ),
        contestants=(
            own,
            terminal,
            bagit_validate([corpus.bag], "--processes", "2"),
            sum_check(corpus.bag, "sha256"),
        ),
        notes=("no bar is set; see the column of the first finding",),
        is_watched=True,
    )
