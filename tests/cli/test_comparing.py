"""`archtool diff`: two bags are read and compared, and their manifests are not trusted."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

import pytest

from archives import FORMATS, serialise
from archtool.bagit.limits import MAX_TAG_FILE_BYTES
from command_line import DATE, Run, archtool
from packages import ARCHIVIST, make_package, tree_bytes, write_allowed_signers, write_key
from unit.bagit.bag_builders import Files, bag_files, manifest, with_tag_manifest, write_bag

LETTERS = {f"data/letter {n}.txt": f"letter {n}\n".encode() for n in range(5)}
INFO = "Contact-Name: nobody\nSource-Organization: Archive\nNote: one\nNote: two\n"


def bag(folder: Path, name: str, payload: Files, info: str = INFO, **options: Any) -> Path:
    return write_bag(folder / name, with_tag_manifest(bag_files(payload, info=info, **options)))


def diff(*arguments: str | Path) -> Run:
    return archtool("diff", *arguments, "--json")


def classes(run: Run) -> dict[str, list[str]]:
    """Return the files of each finding code."""
    (only,) = run.objects
    found: dict[str, list[str]] = {}
    for finding in only["findings"]:
        found.setdefault(finding["code"], []).append(finding["file"])
    return found


@pytest.mark.parametrize("name", FORMATS)
def test_a_package_and_its_archive_are_the_same(name: str, tmp_path: Path) -> None:
    package = make_package(tmp_path)
    archive = serialise(tree_bytes(package), tmp_path / f"copy.{name}")
    for pair in ((package, archive), (archive, package), (package, package)):
        run = diff(*pair)
        assert (run.code, run.codes) == (0, [])
        assert set(run.objects[0]["verdict"].values()) == {"same"}
    assert "No difference" in archtool("diff", package, archive).out


def test_changed_missing_added_and_moved_files_are_distinguished(tmp_path: Path) -> None:
    one = bag(tmp_path, "one", LETTERS)
    payload = dict(LETTERS)
    payload["data/letter 0.txt"] = b"another letter\n"
    del payload["data/letter 1.txt"]
    payload["data/new.txt"] = b"new\n"
    payload["data/moved/letter 2.txt"] = payload.pop("data/letter 2.txt")
    payload["data/copy of 3.txt"] = payload["data/letter 3.txt"]
    other = bag(tmp_path, "other", payload)
    run = diff(one, other, "--jobs", "2")
    found = classes(run)
    assert run.code == 1
    assert found["diff.payload-changed"] == ["data/letter 0.txt"]
    assert found["diff.payload-missing"] == ["data/letter 1.txt"]
    assert sorted(found["diff.payload-added"]) == ["data/copy of 3.txt", "data/new.txt"]
    assert len(found["diff.payload-moved"]) == 1
    back = classes(diff(other, one))
    assert sorted(back["diff.payload-missing"]) == ["data/copy of 3.txt", "data/new.txt"]
    page = archtool("diff", one, other).out
    assert all(word in page for word in ("changed", "missing", "added", "moved", "letter 2.txt"))
    lines = page.replace(str(tmp_path), "").splitlines()  # a path is never cut
    assert max(map(len, lines)) <= 80


def test_damage_is_distinguished_from_a_new_version(tmp_path: Path) -> None:
    one, other = bag(tmp_path, "one", LETTERS), bag(tmp_path, "other", LETTERS)
    (other / "data/letter 4.txt").write_bytes(b"damaged\n")
    (other / "data/letter 3.txt").unlink()
    run = diff(one, other)
    assert {"diff.damaged", "diff.lost", "diff.payload-changed", "diff.payload-missing"} <= set(run.codes)
    believed = diff(one, other, "--by-manifest")
    assert believed.objects[0]["facts"]["compared"] != run.objects[0]["facts"]["compared"]
    assert "diff.payload-changed" not in believed.codes
    assert "manifest" in archtool("diff", one, other, "--by-manifest").out.splitlines()[-1]


def test_manifests_are_compared_only_if_they_share_an_algorithm(tmp_path: Path) -> None:
    one = bag(tmp_path, "one", LETTERS, algorithms=("md5",))
    both = bag(tmp_path, "both", LETTERS, algorithms=("md5", "sha256"))
    other = bag(tmp_path, "other", LETTERS, algorithms=("sha256",))
    assert "diff.payload-changed" not in diff(one, other).codes
    assert archtool("diff", one, other, "--by-manifest").code == 3
    assert "diff.weak-algorithm" in diff(one, both, "--by-manifest").codes


def test_a_name_in_another_unicode_form_is_the_same_file(tmp_path: Path) -> None:
    one = bag(tmp_path, "one", {"data/\u00e9.txt": b"x"})
    other = bag(tmp_path, "other", {"data/e\u0301.txt": b"x"})
    codes = diff(one, other).codes
    assert "diff.name-form" in codes
    assert not {"diff.payload-missing", "diff.payload-added", "diff.payload-moved"} & set(codes)


def test_bag_info_is_compared_field_by_field(tmp_path: Path) -> None:
    one = bag(tmp_path, "one", LETTERS)
    info = "Contact-Name: somebody\nNote: one\nNote: three\nNote: four\nBag-Count: 1 of 1\n"
    other = bag(tmp_path, "other", LETTERS, info=info, version="0.97")
    for folder, text in ((one, "same\n"), (other, "other\n")):
        (folder / "more.txt").write_text(text)
    (one / "only-one.txt").write_text("1\n")
    (other / "only-other.txt").write_text("2\n")
    (one / "notes").mkdir()
    (one / "notes/old.txt").write_text("moved\n")
    (other / "old.txt").write_text("moved\n")
    run = diff(one, other)
    assert run.objects[0]["verdict"]["payload"] == "same"
    assert {"diff.metadata-changed", "diff.metadata-missing", "diff.metadata-added"} <= set(run.codes)
    page = archtool("diff", one, other).out
    assert '"nobody" → "somebody"' in " ".join(page.split())
    assert "Source-Organization" in page
    diff(other, one)


def test_descriptions_are_compared_key_by_key(tmp_path: Path) -> None:
    package = make_package(tmp_path)
    changed = tmp_path / "changed"
    shutil.copytree(package, changed)
    path = changed / "metadata/description.yaml"
    path.write_text(path.read_text().replace("1932-05", "1932-06") + "note: new\nid: letter-1\n")
    (changed / "metadata/citation.json").write_text("[]\n")
    (changed / "metadata/annexes.json").write_text("not JSON")
    (changed / "metadata/premis.xml").unlink()
    provenance = changed / "metadata/provenance.json"
    provenance.write_text(provenance.read_text().replace("letter.txt", "other.txt"))
    for pair in ((package, changed), (changed, package)):
        run = diff(*pair)
        assert run.code == 1
        assert "diff.metadata-changed" in run.codes
        page = archtool("diff", *pair).out
        assert "1932-05" in page
        assert "1932-06" in page
    path.write_text("[unreadable")
    assert diff(package, changed).code == 1
    text = (package / "metadata/description.yaml").read_text()
    path.write_text(f"# a comment\n{text}")
    assert "diff.metadata-form" in diff(package, changed).codes


def test_lost_trust_and_missing_attestations_are_reported(tmp_path: Path) -> None:
    package = make_package(tmp_path)
    trust = write_allowed_signers(tmp_path, ARCHIVIST)
    unsigned = tmp_path / "unsigned"
    shutil.copytree(package, unsigned)
    shutil.rmtree(unsigned / "attestations")
    run = diff(package, unsigned, "--trust", trust)
    assert {"diff.trust-lower", "diff.attestation-missing"} <= set(run.codes)
    back = diff(unsigned, package, "--trust", trust)
    assert {"diff.trust-higher", "diff.attestation-added"} <= set(back.codes)
    other_key = tmp_path / "other"
    shutil.copytree(package, other_key)
    statement = next(other_key.rglob("statement.json"))
    statement.write_text(statement.read_text().replace("packaging", "pack-aging"))
    changed = diff(package, other_key, "--trust", trust)
    assert "diff.attestation-changed" in changed.codes
    for pair in ((package, unsigned), (unsigned, package), (package, other_key)):
        assert "attestations/0001-packaging" in archtool("diff", *pair, "--trust", trust).out


def test_packages_of_two_signers_differ(tmp_path: Path) -> None:
    sources = make_package(tmp_path).parent / "sources"
    for name in ("one@example.org", "two@example.org"):
        key = write_key(tmp_path, name)
        target = tmp_path / name.partition("@")[0]
        options = ("-o", target, "--date", DATE, "--sign", key)
        assert archtool("pack", sources / "description.yaml", *options).code == 0
    run = diff(tmp_path / "one", tmp_path / "two")
    assert (run.code, run.objects[0]["verdict"]["payload"]) == (1, "same")
    assert run.objects[0]["verdict"]["trust"] == "different"


def attest_beside(tmp_path: Path, package: Path, *options: str | Path) -> None:
    signed = ["--sign", write_key(tmp_path, "curator@example.org"), "--date", DATE]
    assert archtool("attest", package, "--event", "countersignature", *signed, *options).code == 0


def test_an_attestation_beside_an_archive_is_compared_as_if_it_were_inside(tmp_path: Path) -> None:
    package = make_package(tmp_path)
    archive = serialise(tree_bytes(package), tmp_path / "copy.tar")
    attest_beside(tmp_path, archive)
    trust = write_allowed_signers(tmp_path, ARCHIVIST, "curator@example.org")
    for one, other, code in (
        (package, archive, "diff.attestation-added"), (archive, package, "diff.attestation-missing"),
    ):  # fmt: skip
        run = diff(one, other, "--trust", trust)
        assert (run.code, run.codes) == (1, [code])
        verdict = run.objects[0]["verdict"]
        assert (verdict["metadata"], verdict["trust"]) == ("same", "different")
    assert run.objects[0]["facts"]["one_bag"]["sidecar"] == f"{archive}.attestations"
    assert f"sidecar ONE: {archive}.attestations" in archtool("diff", archive, package).said()


def test_an_attestation_in_a_package_equals_the_same_one_beside_it(tmp_path: Path) -> None:
    package = make_package(tmp_path)
    archive = serialise(tree_bytes(package), tmp_path / "copy.tar")
    attest_beside(tmp_path, archive)
    assert archtool("attest", package, "--merge-sidecar", "--sidecar", f"{archive}.attestations").code == 0
    trust = write_allowed_signers(tmp_path, ARCHIVIST, "curator@example.org")
    run = diff(package, archive, "--trust", trust)
    assert (run.code, run.codes, set(run.objects[0]["verdict"].values())) == (0, [], {"same"})


def test_a_changed_sidecar_is_a_difference_and_an_unreadable_one_is_reported(tmp_path: Path) -> None:
    package, beside, copy = make_package(tmp_path), tmp_path / "beside", tmp_path / "copy"
    attest_beside(tmp_path, package, "--sidecar", beside)
    shutil.copytree(beside, copy)
    sidecars = ["--sidecar", beside, "--other-sidecar", copy]
    assert diff(package, package, *sidecars).code == 0
    signature = copy / "0002-countersignature" / "sha512sums.txt.curator.sig"
    signature.write_bytes(signature.read_bytes().replace(b"A", b"B"))
    changed = diff(package, package, *sidecars)
    assert (changed.code, "diff.attestation-changed" in changed.codes) == (1, True)
    signature.unlink()
    signature.symlink_to("statement.json")
    assert "in OTHER: in the sidecar" in archtool("diff", package, package, *sidecars).said()
    nowhere = diff(package, package, "--other-sidecar", tmp_path / "nowhere")
    assert (nowhere.code, nowhere.codes) == (3, ["diff.side-unreadable"])


def test_an_unreadable_file_beside_a_package_is_not_reported_as_equal(tmp_path: Path) -> None:
    package, beside = make_package(tmp_path), tmp_path / "beside"
    attest_beside(tmp_path, package, "--sidecar", beside)
    os.truncate(beside / "0002-countersignature" / "statement.json", MAX_TAG_FILE_BYTES + 1)
    run = diff(package, package, "--sidecar", beside, "--other-sidecar", beside)
    assert (run.code, run.objects[0]["verdict"]["trust"]) == (3, "not-compared")


def test_an_entry_that_is_not_a_file_is_never_skipped(tmp_path: Path) -> None:
    one, other = bag(tmp_path, "one", LETTERS), bag(tmp_path, "other", LETTERS)
    (other / "data/letter 0.txt").unlink()
    (other / "data/letter 0.txt").symlink_to("letter 1.txt")
    os.mkfifo(one / "data/fifo")
    (one / "data/empty").mkdir()
    codes = set(diff(one, other).codes)
    assert "diff.file-kind" in codes
    assert "diff.empty-folder" in codes
    assert diff(one, other).code != 0
    assert diff(one, one).code in (0, 3)


def test_a_bag_that_cannot_be_read_is_reported_as_unreadable(tmp_path: Path) -> None:
    one = bag(tmp_path, "one", LETTERS)
    (tmp_path / "file").write_bytes(b"no archive")
    for other in (tmp_path / "nowhere", tmp_path / "file", tmp_path):
        assert diff(one, other).code == 3
        assert archtool("diff", other, one).code == 3
    archive = serialise(tree_bytes(one), tmp_path / "cut.tar")
    archive.write_bytes(archive.read_bytes()[:2000])
    assert diff(one, archive).code in (1, 3)


def test_missing_payload_and_many_equal_files_are_compared(tmp_path: Path) -> None:
    payload = {f"data/{n}.txt": b"alike\n" for n in range(30)}
    one = bag(tmp_path, "one", payload)
    other = bag(tmp_path, "other", {f"data/new-{n}.txt": b"alike\n" for n in range(25)})
    found = classes(diff(one, other))
    assert len(found["diff.payload-moved"]) == 25
    assert len(found["diff.payload-missing"]) == 5
    assert "more" in archtool("diff", one, other).out
    (one / "fetch.txt").write_text("https://example.org/29 6 data/29.txt\n")
    (one / "data/29.txt").unlink()
    assert "diff.not-fetched" in diff(one, one).codes


def test_empty_bags_are_equal(tmp_path: Path) -> None:
    one, other = bag(tmp_path, "one", {}), bag(tmp_path, "other", {})
    assert diff(one, other).code == 0
    (other / "manifest-sha512.txt").write_bytes(manifest({"data/x": b"x"}))
    assert diff(one, other).code == 1
