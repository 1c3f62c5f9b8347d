"""Files that are exchanged during a verification: the verdict applies to the bytes that were read."""

from __future__ import annotations

import os
import shutil
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from archtool.files import read_once
from archtool.files.hashing.bulk_check import CheckedFiles, ExpectedFiles, check_in_bulk
from archtool.files.source import Sink
from archtool.files.tree import Tree
from archtool.files.workers.concurrency import Concurrency
from archtool.operations.attest import verify_and_attest
from command_line import archtool
from packages import ARCHIVIST, make_package, pack, write_allowed_signers, write_key, write_letter
from unit.bagit.bag_builders import bag_files, look, with_tag_manifest, write_bag

TAG_FILES_THAT_DECIDE = ["manifest-sha512.txt", "metadata"]


@pytest.fixture
def forged(tmp_path: Path) -> tuple[Path, Path]:
    """A package with forged payload, manifest and metadata under good signatures, and the good package."""
    good = make_package(tmp_path)
    other = tmp_path / "other"
    other.mkdir()
    assert pack(write_letter(other, text="Forged.\n"), tmp_path / "forgery").code == 0
    package = tmp_path / "forged"
    shutil.copytree(good, package)
    for name in ("data", *TAG_FILES_THAT_DECIDE):
        target, source = package / name, tmp_path / "forgery" / name
        if source.is_dir():
            shutil.rmtree(target)
            shutil.copytree(source, target)
        else:
            shutil.copy(source, target)
    return package, good


def exchange(one: Path, other: Path) -> None:
    temporary = one.with_name(f"{one.name}.temporary")
    one.rename(temporary)
    other.rename(one)
    temporary.rename(other)


class Openings:
    """Counts how often each file of a folder is opened, and calls a function after a chosen opening."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.count: Counter[str] = Counter()
        self.after: dict[tuple[str, int], Callable[[], None]] = {}
        read_bytes, stream = Tree.read_bytes, Tree.stream

        def read_and_act(tree: Tree, path: str, limit_bytes: int) -> bytes:
            data = read_bytes(tree, path, limit_bytes)
            self._opened(path)
            return data

        def stream_and_act(tree: Tree, path: str, sinks: Sequence[Sink]) -> int:
            size = stream(tree, path, sinks)
            self._opened(path)
            return size

        def check_and_act(
            tree: Tree, expected: ExpectedFiles, concurrency: Concurrency
        ) -> Iterator[CheckedFiles]:
            yield from check_in_bulk(tree, expected, concurrency)
            for path in expected.paths:
                self._opened(path)

        monkeypatch.setattr("archtool.operations.verify.fixity_check.check_in_bulk", check_and_act)
        monkeypatch.setattr(Tree, "read_bytes", read_and_act)
        monkeypatch.setattr(Tree, "stream", stream_and_act)

    def _opened(self, path: str) -> None:
        self.count[path] += 1
        self.after.get((path, self.count[path]), lambda: None)()

    def of_tag_files(self) -> set[int]:
        return {count for path, count in self.count.items() if not path.startswith("data/")}


@pytest.mark.parametrize(
    "arguments",
    [
        ["verify"],
        ["verify", "--attest", "KEY"],
        ["show"],
        ["attest", "--sign", "KEY", "--event", "validation"],
        ["report", "-o", "PAGE"],
    ],
)
def test_every_tag_file_is_read_once(
    arguments: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package, key = make_package(tmp_path), write_key(tmp_path, "curator@example.org")
    allowed = write_allowed_signers(tmp_path, ARCHIVIST)
    words = {"KEY": str(key), "PAGE": str(tmp_path / "page.html")}
    verb, *options = [words.get(word, word) for word in arguments]
    trust = ["--trust", allowed] if verb in ("verify", "show", "report") else []
    openings = Openings(monkeypatch)
    done = archtool(verb, package, *trust, *options)
    assert done.code == 0, done.said()
    assert openings.of_tag_files() == {1}, openings.count


def test_tag_files_of_a_plain_bag_are_read_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bag = write_bag(tmp_path / "bag", with_tag_manifest(bag_files()))
    (bag / "manifest-sha512.txt.asc").write_text("-----BEGIN PGP SIGNATURE-----\n")
    openings = Openings(monkeypatch)
    look(bag)
    assert openings.of_tag_files() == {1}, openings.count


@pytest.mark.parametrize("moment", ["bagit.txt", "manifest-sha512.txt", "metadata/provenance.json"])
@pytest.mark.parametrize("options", [[], ["--attest"]])
def test_a_forgery_is_not_trusted_if_tag_files_are_exchanged_after_parsing(
    options: list[str],
    moment: str,
    forged: tuple[Path, Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    package, good = forged
    allowed = write_allowed_signers(tmp_path, ARCHIVIST, "curator@example.org")
    key = [write_key(tmp_path, "curator@example.org")] if options else []

    def swap() -> None:
        for name in TAG_FILES_THAT_DECIDE:
            exchange(package / name, good / name)

    Openings(monkeypatch).after[moment, 1] = swap
    result = archtool("verify", package, "--trust", allowed, *options, *key)
    assert result.code != 0
    assert "trust trusted" not in result.out
    assert not list((package / "attestations").glob("0002-*"))
    assert (package / "data" / "letter.txt").read_text() == "Forged.\n"


def test_a_forgery_exchanged_between_verification_and_attestation_is_not_signed(
    forged: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The package is good while it is verified, and forged when the claim is signed."""
    package, good = forged
    key = write_key(tmp_path, "curator@example.org")

    record = verify_and_attest.attest_opened

    def swap_and_record(*arguments: object) -> object:
        for name in (*TAG_FILES_THAT_DECIDE, "data"):
            exchange(package / name, good / name)
        return record(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(verify_and_attest, "attest_opened", swap_and_record)
    archtool("verify", good, "--attest", key)
    monkeypatch.undo()
    allowed = write_allowed_signers(tmp_path, ARCHIVIST, "curator@example.org")
    for folder in (package, good):
        result = archtool("verify", folder, "--trust", allowed)
        is_forged = (folder / "data" / "letter.txt").read_text() == "Forged.\n"
        assert (result.code != 0) >= is_forged


@pytest.mark.parametrize("name", ["data/letter.txt", "VERIFY.txt", "metadata/citation.json"])
def test_a_changed_file_with_its_old_time_is_reported_as_changed(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package, allowed = make_package(tmp_path), write_allowed_signers(tmp_path, ARCHIVIST)
    file = package / name

    def overwrite() -> None:
        before = file.stat()
        file.write_bytes(file.read_bytes()[::-1])
        os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))

    Openings(monkeypatch).after[name, 1] = overwrite
    result = archtool("verify", package, "--trust", allowed, "--json")
    assert result.code == 3
    assert "fixity.changed-while-read" in result.codes
    assert '"trust":"unreadable"' in result.out


def test_a_file_that_appears_while_a_package_is_verified_is_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package, allowed = make_package(tmp_path), write_allowed_signers(tmp_path, ARCHIVIST)
    added = package / "metadata" / "READ-ME-FIRST.txt"
    Openings(monkeypatch).after["bagit.txt", 1] = lambda: added.write_text("unsigned") and None
    result = archtool("verify", package, "--trust", allowed)
    assert result.code == 3
    assert "READ-ME-FIRST.txt appeared while the bag was verified" in " ".join(result.out.split())


def test_tag_files_too_large_for_memory_are_compared_by_their_digests(
    forged: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package, good = forged
    monkeypatch.setattr(read_once, "MAX_REMEMBERED_BYTES", 0)
    allowed = write_allowed_signers(tmp_path, ARCHIVIST)
    assert archtool("verify", good, "--trust", allowed).code == 0

    def swap() -> None:
        for name in TAG_FILES_THAT_DECIDE:
            exchange(package / name, good / name)

    Openings(monkeypatch).after["manifest-sha512.txt", 1] = swap
    result = archtool("verify", package, "--trust", allowed)
    assert result.code != 0
    assert "trust trusted" not in result.out


def test_a_tag_file_whose_digest_differs_is_read_a_second_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = make_package(tmp_path)
    (package / "VERIFY.txt").write_text("other instructions")
    openings = Openings(monkeypatch)
    result = archtool("verify", package)
    assert openings.count["VERIFY.txt"] == 2
    assert "found" in result.out
    assert "twice" in result.out


@pytest.mark.parametrize("form", ["folder", "archive"])
@pytest.mark.parametrize("depth", [1, 2])
def test_a_package_has_the_same_sidecar_when_it_is_named_by_a_link(
    depth: int, form: str, tmp_path: Path
) -> None:
    package = make_package(tmp_path)
    if form == "archive":
        package = Path(shutil.make_archive(str(tmp_path / "letters"), "tar", tmp_path, package.name))
    key, allowed = write_key(tmp_path), write_allowed_signers(tmp_path, ARCHIVIST)
    sidecar = package.with_name(f"{package.name}.attestations")
    done = archtool("attest", package, "--event", "validation", "--sign", key, "--sidecar", sidecar)
    assert done.code == 0, done.err
    statement = next(sidecar.glob("*/statement.json"))
    statement.write_text(statement.read_text().replace("validation", "verification"))
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    name = package
    for number in range(depth):
        link = elsewhere / f"link-{number}{package.suffix}"
        link.symlink_to(name)
        name = link
    for path in (package, name):
        result = archtool("verify", path, "--trust", allowed)
        assert (result.code, "trust broken" in result.out) == (1, True), result.said()
    assert archtool("show", name, "--trust", allowed).out.lower().count("broken")
