"""The works that make many packages: their sources, fresh copies for each run, and a check of the results."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
from functools import partial
from itertools import count

from benchmarks.corpora import TEXT, Corpus
from benchmarks.field import WorkContext
from benchmarks.model import Bar, Contestant, Metric, Role, Work

_LOOPED = 100  # packages made by the shell loop: each is a process, so all packages would take minutes
_DESCRIPTION = {
    "archtool": 1,
    "title": "A letter",
    "transcription": TEXT,
    "source": "Nowhere, p. 1.",
    "rights": {"original": "UND", "package": "CC0-1.0"},
    "files": [{"file": "scan", "role": "other"}],
}
_NOTE = "each package of archtool has a description, a signature, provenance and PREMIS; bagit.py's has none"
_ONE_PROCESS = """
import sys, bagit
from pathlib import Path
for folder in sorted(Path(sys.argv[1]).iterdir()):
    bagit.make_bag(str(folder), checksums=["sha512"])
"""


def batch_flushed(context: WorkContext) -> Work:
    """archtool, with every package flushed before it counts as done, and a shell that loops over bagit.py."""
    batches = _Batches(context.corpus("bags"))
    own = batches.archtool("archtool batch --sign, flushed", "made", batches.packages)
    script = 'for folder in copies/*; do bagit.py --quiet --sha512 "$folder" || exit 1; done'
    loop = batches.contestant(
        f"sh: for … bagit.py, {_LOOPED} of them", ("sh", "-c", script), "bagit.py", _LOOPED
    )
    bar = Bar(
        "at least 25 × as fast for each package as bagit.py in a shell's loop",
        own.name, (loop.name,), 1 / 25, Metric.SECONDS_PER_ENTRY, is_speedup=True,
    )  # fmt: skip
    title = f"make {batches.packages:,} tiny packages, sha512, flushed"
    return batches.work("batch-flushed", title, (own, loop), (bar,), copies=_LOOPED)


def batch_one(context: WorkContext) -> Work:
    """Archtool in one process without flushing, and bagit as a library in one process."""
    batches = _Batches(context.corpus("bags"))
    options = ("--no-sync", "--jobs", "1")
    own = batches.archtool(" ".join(["archtool batch --sign", *options]), "made", batches.packages, *options)
    argv = ("python", "-c", _ONE_PROCESS, "copies")
    made = batches.contestant("python: bagit.make_bag for each", argv, "bagit.py", batches.packages)
    title = f"make {batches.packages:,} tiny packages, sha512, one process, not flushed"
    return batches.work("batch-one", title, (own, made), (), copies=batches.packages)


class _Batches:
    """Sources with one description each, and the copies that bagit.py changes in place."""

    def __init__(self, corpus: Corpus) -> None:
        self._corpus = corpus
        self._folder = next(
            folder for n in count(1) if not (folder := corpus.folder / f"batches-{n:03}").exists()
        )
        self._runs = count()
        self.packages = corpus.bags

    def archtool(self, name: str, output: str, entries: int, *options: str) -> Contestant:
        """Return archtool's batch command with a signature."""
        argv = ("archtool", "batch", "sources", "-o", output, "--sign", "key", *options)
        return self.contestant(name, argv, "archtool", entries)

    def contestant(self, name: str, argv: tuple[str, ...], program: str, entries: int) -> Contestant:
        """Return a contestant that makes the given number of packages."""
        return Contestant(name, argv, self._folder, Role.PACKS, program, entries=entries)

    def work(
        self, key: str, title: str, contestants: tuple[Contestant, ...], bars: tuple[Bar, ...], *, copies: int
    ) -> Work:
        """Return the work for these contestants."""
        made = self._folder / "made"
        return Work(
            key, title, contestants, bars, (_NOTE,),
            prepare=self._prepare,
            before_each=partial(self._reset, copies),
            expected=lambda _algorithm: self._digests(),
            made=made,
        )  # fmt: skip

    def _prepare(self) -> None:
        for bag in sorted(self._corpus.folder.glob("bag-*")):
            source = self._folder / "sources" / bag.name
            source.mkdir(parents=True)
            (source / "description.json").write_text(json.dumps(_DESCRIPTION), encoding="utf-8")
            (source / TEXT).write_text(f"To the sections: {bag.name}.\n", encoding="utf-8")
            first = min(path for path in (bag / "data").rglob("*") if path.is_file())
            shutil.copyfile(first, source / "scan")
        key = self._folder / "key"
        command = [
            "ssh-keygen",
            "-q",
            "-t",
            "ed25519",
            "-N",
            "",
            "-C",
            "archivist@example.org",
            "-f",
            str(key),
        ]
        subprocess.run(command, check=True)

    def _reset(self, copies: int) -> None:
        """Prepare fresh folders for the next run. The results of previous runs are moved, not removed.

        Some file systems create new files slowly after many were removed (ext4 without a journal skips their
        inodes for up to five minutes), which would slow down the next contestant.
        """
        previous = self._folder / f"after-{next(self._runs):03}"
        previous.mkdir()
        for name in ("made", "copies"):
            if (self._folder / name).exists():
                (self._folder / name).rename(previous / name)
        for source in sorted((self._folder / "sources").iterdir())[:copies]:
            copy = self._folder / "copies" / source.name
            copy.mkdir(parents=True)
            for name in (TEXT, "scan"):
                shutil.copyfile(source / name, copy / name)

    def _digests(self) -> dict[str, str]:
        """Return the SHA-512 digest of every payload file by `PACKAGE/data/NAME`."""
        files = [path for path in (self._folder / "sources").rglob("*") if path.name in (TEXT, "scan")]
        return {
            f"{path.parent.name}/data/{path.name}": hashlib.sha512(path.read_bytes()).hexdigest()
            for path in files
        }
