"""The works that pack, and the table of all works."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

from benchmarks.bags import read_list
from benchmarks.batches import batch_flushed, batch_one
from benchmarks.corpora import TEXT, Corpus
from benchmarks.field import WorkContext, within, work_on
from benchmarks.holdings.table import HOLDINGS_WORKS
from benchmarks.listing import list_many
from benchmarks.model import Bar, Contestant, Role, Work
from benchmarks.own_packages import verify_own, verify_own_many, verify_own_one
from benchmarks.pages import report_many, report_one
from benchmarks.peers import xargs_digests
from benchmarks.sites import site_first, site_one, site_same
from benchmarks.texts import text_check
from benchmarks.works import (
    first_finding,
    start,
    verify_bags,
    verify_huge,
    verify_large,
    verify_million,
    verify_mixed,
    verify_one,
    verify_small,
    verify_small_cold,
)

DESCRIPTION = "description.json"


def write_description(corpus: Corpus) -> None:
    """Write a description of a corpus: a line for the text, and one for each top-level folder."""
    paths = [path.removeprefix("data/") for path in read_list(corpus.list_of("sha512"))]
    others = [path for path in paths if path != TEXT]
    top_names = dict.fromkeys(f"{path.partition('/')[0]}/" if "/" in path else path for path in others)
    described = {
        "archtool": 1,
        "title": "A corpus",
        "transcription": TEXT,
        "source": "Nowhere, p. 1.",
        "rights": {"original": "UND", "package": "CC0-1.0"},
        "files": [{"file": path, "role": "other"} for path in top_names],
    }
    text = json.dumps(described, separators=(",", ":"))
    (corpus.folder / DESCRIPTION).write_text(text, encoding="utf-8")


def _copier(corpus: Corpus, name: str, *argv: str, program: str) -> Contestant:
    return Contestant(name, argv, corpus.folder, Role.COPIES, program)


def _archtool(corpus: Corpus) -> Contestant:
    argv = ("archtool", "pack", DESCRIPTION, "--files", "bag/data", "-o", "packed/made")
    return _copier(corpus, "archtool pack", *argv, program="archtool")


def _copy_flushed(corpus: Corpus) -> Contestant:
    # `sync -f` waits for this file system only, so that other file systems do not slow the peer down
    script = "mkdir packed/made && cp -r bag/data packed/made/data && sync -f packed/made"
    return _copier(corpus, "cp -r, sync", "sh", "-c", script, program="cp")


def _copy_and_bag(corpus: Corpus) -> Contestant:
    script = "cp -r bag/data packed/made && bagit.py --processes 2 --sha512 packed/made"
    return _copier(corpus, "cp -r, bagit.py --processes 2", "sh", "-c", script, program="bagit.py")


def _pack_work(corpus: Corpus, key: str, title: str) -> Work:
    made = corpus.folder / "packed" / "made"

    def prepare() -> None:
        corpus.write_tag_files("sha512")
        write_description(corpus)

    return replace(
        work_on(corpus, key, title, "sha512"),
        prepare=prepare,
        before_each=partial(_clear, made.parent),
        victim=None,
        made=made,
        notes=("the description names each folder; the package is not signed; bagit.py does not flush",),
    )


def _clear(packed: Path) -> None:
    """Remove the last copy, and leftovers of programs that were ended."""
    if packed.exists():
        shutil.rmtree(packed)
    packed.mkdir()
    os.sync()


def pack_small(context: WorkContext) -> Work:
    """Many small files: copied, digested, described and flushed."""
    corpus = context.corpus("small")
    own, copy, bagged = _archtool(corpus), _copy_flushed(corpus), _copy_and_bag(corpus)
    title = f"pack {corpus.files:,} files of 1–8 KiB by copy, sha512, flushed"
    return replace(
        _pack_work(corpus, "pack-small", title),
        contestants=(own, copy, bagged),
        bars=(
            within(own, copy, 1.3, "at most 1.3 × the time of cp -r and sync"),
            within(own, bagged, 1.0, "faster than cp -r and bagit.py"),
        ),
    )


def pack_large(context: WorkContext) -> Work:
    """A few large files."""
    corpus = context.corpus("large")
    own, copy, bagged = _archtool(corpus), _copy_flushed(corpus), _copy_and_bag(corpus)
    hashed = xargs_digests("openssl dgst -sha512 -r", corpus.bag, "data", processes=2, at_once=1)
    text = "at most 1.1 × the slower of cp -r with sync, and digesting alone"
    title = f"pack 8 large files, {corpus.size_bytes / 1e9:.1f} GB in all, by copy, sha512, flushed"
    return replace(
        _pack_work(corpus, "pack-large", title),
        contestants=(own, copy, hashed, bagged),
        bars=(Bar(text, own.name, (copy.name, hashed.name), 1.1),),
    )


WORKS: dict[str, Callable[[WorkContext], Work]] = {
    "verify-small": verify_small,
    "verify-small-cold": verify_small_cold,
    "verify-mixed": verify_mixed,
    "verify-large-sha256": partial(verify_large, algorithm="sha256"),
    "verify-large-sha512": partial(verify_large, algorithm="sha512"),
    "verify-huge": verify_huge,
    "pack-small": pack_small,
    "pack-large": pack_large,
    "batch-flushed": batch_flushed,
    "batch-one": batch_one,
    "verify-bags": verify_bags,
    "verify-million": verify_million,
    "verify-own": verify_own,
    "verify-own-one": verify_own_one,
    "verify-own-many": verify_own_many,
    "list": list_many,
    "report-one": report_one,
    "report-many": report_many,
    "site-first": site_first,
    "site-same": site_same,
    "site-one": site_one,
    "text-check": text_check,
    **HOLDINGS_WORKS,
    "start": start,
    "verify-one": verify_one,
    "first-finding": first_finding,
}
