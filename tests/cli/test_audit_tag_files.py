"""Tag files of packages that nobody has attested: their tag manifests are registered, and compared."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path
from typing import Any

import pytest

from archtool.holdings.event import Event
from archtool.holdings.queries import copies_of, find_holding, records_of
from archtool.holdings.register import open_register
from audits import write_small_bag
from command_line import Run, archtool
from packages import retag, tree_bytes, write_key


class Bags:
    """A register with one bag, letters, and a copy of it on a second shelf."""

    def __init__(self, folder: Path) -> None:
        self.register = folder / "archive.register"
        self.bag = write_small_bag(folder / "first" / "letters")
        write_info(self.bag, "Organisation: City archive\n")
        self.copy = folder / "second" / "letters"
        shutil.copytree(self.bag, self.copy)
        assert archtool("holdings", "init", self.register).code == 0
        for shelf in (self.bag.parent, self.copy.parent):
            assert self.run("holdings", "adopt", shelf).code == 0

    def run(self, *words: str | Path) -> Run:
        return archtool(*words[:2], "--register", self.register, *words[2:])

    def audit(self, *options: str | Path) -> Run:
        return archtool("audit", "--all", "--register", self.register, *options)

    def details(self, event: str) -> list[dict[str, Any]]:
        with open_register(self.register) as register:
            events = [Event.parse(record)[0] for _, record in records_of(register.connection)]
        return [dict(one.detail) for one in events if one.event == event]

    def known(self) -> list[dict[str, str] | None]:
        """Return the tag manifests that are registered for each copy."""
        with open_register(self.register) as register:
            copies = copies_of(register.connection, find_holding(register.connection, "letters"))
        return [None if one.tag_manifests is None else dict(one.tag_manifests) for one in copies]


def write_info(bag: Path, text: str) -> None:
    """Replace a tag file, and write a tag manifest that agrees with it."""
    (bag / "bag-info.txt").write_text(text)
    manifest = bag / "tagmanifest-sha512.txt"
    lines = [line for line in manifest.read_text().splitlines() if not line.endswith("  bag-info.txt")]
    digest = hashlib.sha512(text.encode()).hexdigest()
    manifest.write_text("".join(f"{line}\n" for line in [*lines, f"{digest}  bag-info.txt"]))


def digests(bag: Path) -> dict[str, str]:
    name = "tagmanifest-sha512.txt"
    return {name: f"sha512:{hashlib.sha512((bag / name).read_bytes()).hexdigest()}"}


@pytest.fixture
def bags(tmp_path: Path) -> Bags:
    return Bags(tmp_path)


def test_the_tag_manifests_of_an_unsigned_bag_are_registered_for_each_copy(bags: Bags) -> None:
    assert bags.known() == [digests(bags.bag)] * 2
    assert bags.audit().code == 0


def test_a_changed_tag_file_is_found_although_the_bag_is_valid(bags: Bags) -> None:
    write_info(bags.bag, "Organisation: somebody else\n")
    assert archtool("verify", bags.bag, "--no-register").code == 0
    run = bags.audit()
    assert run.code == 1
    assert f"changed: letters, {bags.bag}" in run.said()
    assert "tagmanifest-sha512.txt is not the registered one" in run.said()
    assert f"archtool holdings update letters --copy {bags.bag} --reason TEXT" in run.said()
    problem = next(one for one in bags.details("fixity-check") if one["state"] == "changed")["problems"][0]
    assert (problem["code"], problem["observed"]) == (
        "audit.manifest-differs",
        digests(bags.bag)["tagmanifest-sha512.txt"],
    )


def test_a_tag_manifest_that_was_removed_is_found(bags: Bags) -> None:
    (bags.bag / "tagmanifest-sha512.txt").unlink()
    run = bags.audit()
    assert run.code == 1
    assert "tagmanifest-sha512.txt is missing" in run.said()


def test_changed_tag_files_are_restored_from_the_copy_that_is_as_registered(bags: Bags) -> None:
    before = tree_bytes(bags.bag)
    write_info(bags.bag, "Organisation: somebody else\n")
    assert bags.audit().code == 1
    run = archtool("repair", "letters", "--register", bags.register, "--apply")
    assert (run.code, tree_bytes(bags.bag)) == (0, before), run.said()
    assert bags.audit().code == 0


def test_nothing_is_restored_from_a_copy_whose_tag_files_were_changed_too(bags: Bags) -> None:
    write_info(bags.bag, "Organisation: somebody else\n")
    write_info(bags.copy, "Organisation: somebody else\n")
    assert bags.audit().code == 1
    before = tree_bytes(bags.bag)
    run = archtool("repair", "letters", "--register", bags.register, "--apply")
    assert (run.code, tree_bytes(bags.bag)) == (1, before), run.said()


def test_tag_files_that_were_changed_on_purpose_are_registered_with_the_reason(bags: Bags) -> None:
    for bag in (bags.bag, bags.copy):
        write_info(bag, "Organisation: City and county archive\n")
    run = bags.run("holdings", "update", "letters", "--reason", "the archive has a new name")
    assert run.code == 0, run.said()
    assert bags.known() == [digests(bags.bag)] * 2
    (detail,) = bags.details("migration")
    assert detail["before"]["tag_manifests"] != detail["tag_manifests"] == digests(bags.bag)
    assert bags.audit().code == 0


def test_an_attestation_vouches_for_the_tag_files_from_then_on(bags: Bags, tmp_path: Path) -> None:
    options = ["--event", "validation", "--sign", write_key(tmp_path), "--register", bags.register]
    assert archtool("attest", bags.bag, *options).code == 0
    assert bags.known() == [None, digests(bags.copy)]
    assert bags.audit().code == 0
    shutil.rmtree(bags.copy)
    shutil.copytree(bags.bag, bags.copy)
    assert bags.audit().code == 0
    assert bags.known() == [None, None]


def test_an_attestation_that_the_register_did_not_see_is_no_change_of_tag_files(
    bags: Bags, tmp_path: Path
) -> None:
    key = write_key(tmp_path)
    shutil.rmtree(bags.copy)
    options = ["--event", "validation", "--sign", key, "--no-register"]
    assert archtool("attest", bags.bag, *options).code == 0
    shutil.copytree(bags.bag, bags.copy)
    assert bags.audit().code == 0
    assert bags.known() == [None, None]


def test_the_first_check_of_a_copy_on_a_medium_records_its_tag_manifests(bags: Bags, tmp_path: Path) -> None:
    medium = tmp_path / "tape"
    shutil.copytree(bags.bag, medium / "letters")
    added = bags.run("holdings", "copies", "letters", "--medium", "TAPE-9", "--path", "letters")
    assert added.code == 0, added.said()
    assert bags.known()[-1] is None
    assert bags.audit("--mount", f"TAPE-9={medium}").code == 0
    assert bags.known()[-1] == digests(bags.bag)
    write_info(medium / "letters", "Organisation: somebody else\n")
    assert bags.audit("--mount", f"TAPE-9={medium}").code == 1


def test_a_bag_that_never_had_a_tag_manifest_is_judged_by_its_payload(tmp_path: Path) -> None:
    bag = write_small_bag(tmp_path / "shelf" / "letters")
    (bag / "tagmanifest-sha512.txt").unlink()
    register = tmp_path / "archive.register"
    assert archtool("holdings", "init", register).code == 0
    assert archtool("holdings", "adopt", bag.parent, "--register", register).code == 0
    assert archtool("audit", "--register", register).code == 0
    retag(bag)
    assert archtool("audit", "--all", "--register", register).code == 0


def test_the_tag_manifests_survive_an_export_and_an_import(bags: Bags, tmp_path: Path) -> None:
    assert bags.run("holdings", "export", tmp_path / "export").code == 0
    again = tmp_path / "again.register"
    assert archtool("holdings", "import", tmp_path / "export", "--register", again).code == 0
    known = bags.known()
    bags.register = again
    assert bags.known() == known
    assert archtool("holdings", "verify", "--register", again).code == 0
