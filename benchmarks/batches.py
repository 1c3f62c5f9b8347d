"""The works that make many packages: sources made from a corpus, fresh copies for each run, and a check."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
from functools import partial
from itertools import count

from benchmarks.corpora import TEXT, Corpus
from benchmarks.field import Field
from benchmarks.model import Bar, Contestant, Metric, Role, Work

_LOOPED = 100  # packages by the shell's loop: each is a process, and all of them would take minutes
_DESCRIPTION = {
    "archtool": 1,
    "title": "A letter",
    "transcription": TEXT,
    "source": "Nowhere, p. 1.",
    "rights": {"original": "UND", "package": "CC0-1.0"},
    "files": [{"file": "scan", "role": "other"}],
}
_TOO_MANY = (
    "each of archtool's packages is described, signed and has provenance and PREMIS; bagit.py's has none"
)
_ONE_PROCESS = """
import sys, bagit
from pathlib import Path
for folder in sorted(Path(sys.argv[1]).iterdir()):
    bagit.make_bag(str(folder), checksums=["sha512"])
"""


def batch_flushed(field: Field) -> Work:
    """Every package on the disk before it is called done, beside a shell that loops over bagit.py."""
    batches = _Batches(field.corpus("bags"))
    ours = batches.archtool("archtool batch --sign, flushed", "made", batches.packages)
    script = 'for folder in copies/*; do bagit.py --quiet --sha512 "$folder" || exit 1; done'
    loop = batches.contestant(
        f"sh: for … bagit.py, {_LOOPED} of them", ("sh", "-c", script), "bagit.py", _LOOPED
    )
    bar = Bar(
        "at least 25 × as fast for each package as bagit.py in a shell's loop",
        ours.name, (loop.name,), 1 / 25, Metric.SECONDS_PER_ENTRY, is_speedup=True,
    )  # fmt: skip
    title = f"make {batches.packages:,} tiny packages, sha512, flushed"
    return batches.work("batch-flushed", title, (ours, loop), (bar,), copies=_LOOPED)


def batch_one(field: Field) -> Work:
    """The same in one process, and without waiting for the disk, beside bagit as a library."""
    batches = _Batches(field.corpus("bags"))
    options = ("--no-sync", "--jobs", "1")
    ours = batches.archtool(" ".join(["archtool batch --sign", *options]), "made", batches.packages, *options)
    argv = ("python", "-c", _ONE_PROCESS, "copies")
    made = batches.contestant("python: bagit.make_bag for each", argv, "bagit.py", batches.packages)
    title = f"make {batches.packages:,} tiny packages, sha512, one process, not flushed"
    return batches.work("batch-one", title, (ours, made), (), copies=batches.packages)


class _Batches:
    """Sources with a description each, and the copies that bagit.py changes where they are."""

    def __init__(self, corpus: Corpus) -> None:
        self._corpus = corpus
        self._folder = next(
            folder for n in count(1) if not (folder := corpus.folder / f"batches-{n:03}").exists()
        )
        self._runs = count()
        self.packages = corpus.bags

    def archtool(self, name: str, output: str, entries: int, *options: str) -> Contestant:
        """Our own command, signing."""
        argv = ("archtool", "batch", "sources", "-o", output, "--sign", "key", *options)
        return self.contestant(name, argv, "archtool", entries)

    def contestant(self, name: str, argv: tuple[str, ...], program: str, entries: int) -> Contestant:
        """Whoever makes so many packages."""
        return Contestant(name, argv, self._folder, Role.PACKS, program, entries=entries)

    def work(
        self, key: str, title: str, contestants: tuple[Contestant, ...], bars: tuple[Bar, ...], *, copies: int
    ) -> Work:
        """The whole of it."""
        made = self._folder / "made"
        return Work(
            key, title, contestants, bars, (_TOO_MANY,),
            prepare=self._prepare,
            before_each=partial(self._lay_out, copies),
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

    def _lay_out(self, copies: int) -> None:
        """Fresh folders for the next run. What this run or an earlier one made is put aside and not removed.

        Some file systems make new files slowly after many were removed (ext4 without a journal passes over
        their inodes, for up to five minutes), and whoever came next would pay for it.
        """
        aside = self._folder / f"after-{next(self._runs):03}"
        aside.mkdir()
        for name in ("made", "copies"):
            if (self._folder / name).exists():
                (self._folder / name).rename(aside / name)
        for source in sorted((self._folder / "sources").iterdir())[:copies]:
            copy = self._folder / "copies" / source.name
            copy.mkdir(parents=True)
            for name in (TEXT, "scan"):
                shutil.copyfile(source / name, copy / name)

    def _digests(self) -> dict[str, str]:
        """The SHA-512 of every payload file by `PACKAGE/data/NAME`."""
        files = [path for path in (self._folder / "sources").rglob("*") if path.name in (TEXT, "scan")]
        return {
            f"{path.parent.name}/data/{path.name}": hashlib.sha512(path.read_bytes()).hexdigest()
            for path in files
        }
