"""`archtool attest`: what an attestation states, what it covers, and when it is refused."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import bagit
import pytest

from command_line import DATE, Run, archtool, assert_loc_agrees
from packages import (
    ARCHIVIST,
    EXAMPLES,
    left_behind,
    make_package,
    pack,
    tree_bytes,
    write_allowed_signers,
    write_key,
)
from unit.bagit.bag_builders import bag_files, in_utf_16, with_tag_manifest, write_bag
from unit.files.folders import as_nobody, give_to_nobody, public_folder

CURATOR = "curator@example.org"


def attest(bag: Path, event: str, *options: str | Path, name: str = ARCHIVIST) -> Run:
    key = write_key(bag.parent, name)
    return archtool("attest", bag, "--sign", key, "--event", event, "--date", DATE, *options)


def statement(bag: Path, name: str) -> dict[str, Any]:
    path = bag / "attestations" / name / "statement.json"
    loaded: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))["predicate"]
    return loaded


def test_a_custody_transfer_is_appended_and_signed_by_giver_and_receiver(tmp_path: Path) -> None:
    package = make_package(tmp_path)
    before = tree_bytes(package)
    done = attest(
        package, "custody-transfer", "--sign", write_key(tmp_path, CURATOR),
        "--from", "The city archive", "--to", "The state archive", "--note", "In two boxes.",
        "--detail", "contract=2026/17",
    )  # fmt: skip
    assert done.code == 0
    assert "attestation.payload-not-read" in done.err
    said = statement(package, "0002-custody-transfer")
    assert said["details"] == {
        "contract": "2026/17",
        "from": "The city archive",
        "looked-at": "tag files; the payload was not read",
        "to": "The state archive",
    }
    assert (said["note"], said["claimedAt"]) == ("In two boxes.", DATE)
    assert [c["principal"] for c in said["claimants"]] == [ARCHIVIST, CURATOR]
    after = tree_bytes(package)
    assert {path: after[path] for path in before if path != "tagmanifest-sha512.txt"} == {
        path: data for path, data in before.items() if path != "tagmanifest-sha512.txt"
    }
    trust = write_allowed_signers(tmp_path, ARCHIVIST, CURATOR)
    seen = archtool("verify", package, "--trust", trust, "--strict")
    assert (seen.code, seen.err) == (0, "")
    assert left_behind(tmp_path) == []


def test_the_tag_manifest_lists_the_new_attestation_and_stays_sorted(tmp_path: Path) -> None:
    package = make_package(tmp_path, "--algorithm", "sha512", "--algorithm", "sha256")
    assert attest(package, "validation").code == 0
    for name in ("tagmanifest-sha512.txt", "tagmanifest-sha256.txt"):
        paths = [line.split("  ")[1] for line in (package / name).read_text().splitlines()]
        assert paths == sorted(paths)
        assert sum(path.startswith("attestations/0002-validation/") for path in paths) == 3
    assert_loc_agrees(package)


def test_the_same_claim_gives_the_same_bytes(tmp_path: Path) -> None:
    one = make_package(tmp_path)
    other = tmp_path / "other"
    shutil.copytree(one, other)
    for package in (one, other):
        assert attest(package, "repair", "--detail", "what=metadata").code == 0
    assert tree_bytes(one) == tree_bytes(other)


def test_json_states_what_an_attestation_covers_and_the_new_head(tmp_path: Path) -> None:
    package = make_package(tmp_path)
    (object_,) = attest(package, "countersignature", "--json").objects
    facts = object_["facts"]
    assert (object_["schema"], object_["exit_code"]) == ("archtool/attest/1", 0)
    assert (facts["attestation"], facts["event"]) == ("0002-countersignature", "countersignature")
    assert facts["covers"] == {"tag_files": 9, "attestations": ["0001-packaging"], "taken_in": []}
    assert facts["head"].startswith("0002-countersignature sha512:")
    assert (facts["sidecar"], facts["finished"]) == (None, [])


@pytest.mark.parametrize("algorithm", ["sha512", "sha256", "md5"])
def test_a_bag_from_another_tool_gets_its_first_attestation(tmp_path: Path, algorithm: str) -> None:
    bag = write_bag(tmp_path / "bag", with_tag_manifest(bag_files(algorithms=["sha256"]), algorithm))
    assert attest(bag, "validation").code == 0
    assert sorted(p.name for p in bag.glob("tagmanifest-*")) == [f"tagmanifest-{algorithm}.txt"]
    assert (bag / "attestations" / "0001-validation" / "sha512sums.txt").is_file()
    bagit.Bag(str(bag)).validate()
    trust = write_allowed_signers(tmp_path, ARCHIVIST)
    assert "trust trusted" in archtool("verify", bag, "--trust", trust).out


def test_a_bag_without_a_tag_manifest_gets_one_over_all_tag_files(tmp_path: Path) -> None:
    bag = write_bag(tmp_path / "bag", bag_files(info="Source-Organization: A\n"))
    assert attest(bag, "validation").code == 0
    lines = (bag / "tagmanifest-sha512.txt").read_text().splitlines()
    listed = {line.split("  ")[1] for line in lines}
    there = {path for path in tree_bytes(bag) if not path.startswith(("data/", "tagmanifest-"))}
    assert listed == there
    assert archtool("verify", bag, "--strict").code == 0


def test_an_older_bag_without_a_tag_manifest_stays_without_one(tmp_path: Path) -> None:
    """Its readers need not support SHA-512, and a bag without a tag manifest is valid."""
    bag = write_bag(tmp_path / "bag", bag_files(version="0.97", algorithms=["md5"]))
    assert attest(bag, "validation").code == 0
    assert list(bag.glob("tagmanifest-*")) == []
    trust = write_allowed_signers(tmp_path, ARCHIVIST)
    seen = archtool("verify", bag, "--trust", trust)
    assert "bag valid" in seen.out
    assert "trust trusted" in seen.out


def test_lines_of_a_foreign_tag_manifest_keep_their_order_and_their_bytes(tmp_path: Path) -> None:
    files = with_tag_manifest(bag_files(info="Source-Organization: A\n"))
    lines = files["tagmanifest-sha512.txt"].splitlines(keepends=True)[::-1]
    old = b"".join(lines).rstrip(b"\n")
    bag = write_bag(tmp_path / "bag", files | {"tagmanifest-sha512.txt": old})
    assert attest(bag, "validation").code == 0
    new = (bag / "tagmanifest-sha512.txt").read_bytes()
    assert new.startswith(old + b"\n")
    assert archtool("verify", bag, "--strict").code == 0


def test_a_tag_manifest_in_another_encoding_than_ascii_is_not_rewritten(tmp_path: Path) -> None:
    bag = write_bag(tmp_path / "bag", in_utf_16(bag_files()))
    before = tree_bytes(bag)
    done = attest(bag, "validation")
    assert done.code == 3
    assert "the bag's tag files are in UTF-16" in done.said()
    assert "--sidecar DIR" in done.said()
    assert tree_bytes(bag) == before


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("metadata/description.yaml", "fixity.digest-mismatch"),
        ("attestations/0001-packaging/sha512sums.txt", "signature.broken"),
    ],
)
def test_a_damaged_package_is_not_attested(tmp_path: Path, path: str, code: str) -> None:
    package = make_package(tmp_path)
    (package / path).write_bytes((package / path).read_bytes().replace(b"a", b"b"))
    before = tree_bytes(package)
    done = attest(package, "countersignature")
    assert done.code == 1
    assert code in done.err
    assert "not attested" in done.err
    assert "nothing was written" in done.err
    assert tree_bytes(package) == before
    assert left_behind(tmp_path) == []


def test_an_incomplete_package_is_not_attested(tmp_path: Path) -> None:
    package = make_package(tmp_path)
    (package / "data" / "letter.txt").unlink()
    done = attest(package, "countersignature")
    assert done.code == 1
    assert "data/letter.txt is listed but missing" in done.err


def damage_letter(package: Path) -> None:
    """Change bytes without the length, so that only the digest differs."""
    letter = package / "data" / "letter.txt"
    letter.write_bytes(b"x" * letter.stat().st_size)


@pytest.mark.parametrize("event", ["fixity-check", "validation", "repair"])
def test_a_claim_about_the_content_of_a_damaged_package_is_refused(tmp_path: Path, event: str) -> None:
    package = make_package(tmp_path)
    damage_letter(package)
    before = tree_bytes(package)
    refused = attest(package, event)
    assert refused.code == 1
    assert "fixity.digest-mismatch" in refused.err
    assert "is not valid; nothing was written" in refused.said()
    assert tree_bytes(package) == before


@pytest.mark.parametrize("event", ["fixity-check", "validation", "repair"])
def test_a_claim_about_the_content_states_that_every_file_was_read(tmp_path: Path, event: str) -> None:
    package = make_package(tmp_path)
    done = attest(package, event)
    assert (done.code, done.err) == (0, "")
    looked_at = statement(package, f"0002-{event}")["details"]["looked-at"]
    assert looked_at == "tag files and payload: every file was held against every digest"


def test_another_claim_states_that_the_payload_was_not_read_and_warns(tmp_path: Path) -> None:
    package = make_package(tmp_path)
    damage_letter(package)
    done = attest(package, "countersignature")
    assert done.code == 0
    assert "attestation.payload-not-read" in done.err
    looked_at = statement(package, "0002-countersignature")["details"]["looked-at"]
    assert looked_at.endswith("payload was not read")


def test_another_claim_reads_the_payload_on_request(tmp_path: Path) -> None:
    package = make_package(tmp_path)
    done = attest(package, "countersignature", "--read-payload")
    assert (done.code, done.err) == (0, "")
    damage_letter(package)
    assert attest(package, "countersignature", "--read-payload").code == 1


def test_an_added_tag_file_is_covered_only_on_request(tmp_path: Path) -> None:
    package = make_package(tmp_path)
    (package / "metadata" / "more.txt").write_text("more")
    refused = attest(package, "validation")
    assert refused.code == 1
    assert "no good signature covers this tag file: metadata/more.txt" in refused.said()
    assert "archtool attest --cover-added" in refused.said()
    done = attest(package, "validation", "--cover-added")
    assert done.code == 0
    assert "metadata/more.txt" in done.said()
    trust = write_allowed_signers(tmp_path, ARCHIVIST)
    assert "trust trusted" in archtool("verify", package, "--trust", trust).out


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--event", "custody-transfer", "--to", "B"], "must name the person who gave the package up"),
        (["--event", "custody-transfer", "--from", "A"], "must name the person who took the package over"),
        (
            ["--event", "custody-transfer", "--from", "A", "--to", " "],
            "must name the person who took the package over",
        ),
        (["--event", "custody-transfer", "--from", "A", "--detail", "from=B"], "'from' is given twice"),
        (["--event", "validation", "--from", "A"], "--from requires --event custody-transfer"),
        (["--event", "fixity-chek"], "did you mean fixity-check?"),
        (["--event", "restoration"], "begins with x-, for instance x-restoration"),
        (["--event", "X-Ray"], "not the name of an event: 'X-Ray'"),
        (["--event", "packaging"], "only the first attestation of a package can have the event packaging"),
        (["--event", "validation", "--detail", "a"], "not a detail: 'a'"),
        (["--event", "validation", "--detail", "a b=c"], "not the name of a detail: 'a b'"),
        (["--event", "validation", "--detail", "a=1", "--detail", "a=2"], "'a' is given twice"),
        (["--event", "validation", "--detail", "looked-at=all"], "'looked-at' is reserved"),
        (["--event", "validation", "--note", " "], "the note is empty"),
        (["--event", "validation", "--note", "x" * 70_000], "the note is too long"),
        (["--event", "validation", "--wait", "-1"], "--wait"),
        ([], "--event is missing"),
    ],
)
def test_an_impossible_claim_is_refused_with_its_reason(
    tmp_path: Path, options: list[str], words: str
) -> None:
    package = make_package(tmp_path)
    before = tree_bytes(package)
    done = archtool("attest", package, "--sign", write_key(tmp_path), *options)
    assert (done.code, done.out) == (2, "")
    assert words in done.said()
    assert tree_bytes(package) == before


def test_attest_without_a_key_is_refused(tmp_path: Path) -> None:
    done = archtool("attest", make_package(tmp_path), "--event", "validation")
    assert done.code == 2
    assert "--sign is missing" in done.err


def test_a_countersignature_without_an_earlier_attestation_is_refused(tmp_path: Path) -> None:
    done = attest(make_package(tmp_path, signed=False), "countersignature")
    assert done.code == 2
    assert "there is nothing to countersign" in done.err


def test_a_custom_event_is_attested_and_verified(tmp_path: Path) -> None:
    package = make_package(tmp_path)
    assert attest(package, "x-exhibition", "--detail", "place=Prague").code == 0
    assert statement(package, "0002-x-exhibition")["eventType"] == "urn:archtool:event:x-exhibition"
    trust = write_allowed_signers(tmp_path, ARCHIVIST)
    (seen,) = archtool("verify", package, "--trust", trust, "--json").objects
    assert (seen["findings"], seen["verdict"]["trust"]) == ([], "trusted")


@pytest.mark.parametrize(
    ("make", "code", "words"),
    [
        (lambda folder: folder / "nowhere", 3, "there is no such folder or archive"),
        (
            lambda folder: write_bag(folder / "none", {"letter.txt": b"a"}),
            3,
            "not a bag: it has no bagit.txt",
        ),
    ],
    ids=["missing", "no-bag"],
)
def test_a_folder_that_is_not_a_package_is_not_attested(
    tmp_path: Path, make: Any, code: int, words: str
) -> None:
    done = attest(make(tmp_path), "validation")
    assert done.code == code
    assert words in done.said()


def test_a_link_instead_of_the_attestations_folder_is_not_followed(tmp_path: Path) -> None:
    package = make_package(tmp_path, signed=False)
    (tmp_path / "elsewhere").mkdir()
    (package / "attestations").symlink_to(tmp_path / "elsewhere")
    assert attest(package, "validation").code == 1
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_a_package_that_is_named_by_a_link_or_a_dot_is_attested_where_it_is(tmp_path: Path) -> None:
    package = make_package(tmp_path)
    (tmp_path / "link").symlink_to(package)
    assert attest(tmp_path / "link", "validation").code == 0
    key = write_key(tmp_path)
    assert archtool("attest", ".", "--sign", key, "--event", "validation", cwd=package).code == 0
    assert sorted(p.name for p in (package / "attestations").iterdir()) == [
        "0001-packaging", "0002-validation", "0003-validation",
    ]  # fmt: skip
    assert archtool("verify", package, "--strict").code == 0


def test_a_tag_manifest_keeps_its_permissions(tmp_path: Path) -> None:
    package = make_package(tmp_path)
    (package / "tagmanifest-sha512.txt").chmod(0o640)
    assert attest(package, "validation").code == 0
    assert (package / "tagmanifest-sha512.txt").stat().st_mode & 0o777 == 0o640


def test_the_staging_folder_lies_in_the_package_if_only_the_package_is_writable(tmp_path: Path) -> None:
    key = write_key(tmp_path)
    with public_folder() as folder:
        package = folder / "package"
        shutil.copytree(make_package(tmp_path), package)
        shutil.copy(key, folder / "key")
        give_to_nobody(folder / "key", package, *package.rglob("*"))
        folder.chmod(0o555)
        with as_nobody():
            done = archtool(
                "attest", package, "--sign", folder / "key", "--signer", ARCHIVIST, "--event", "validation"
            )
        assert (done.code, done.err) == (0, "")
        assert archtool("verify", package, "--strict").code == 0
        assert left_behind(package) == []


@pytest.mark.parametrize("name", ["tagmanifest", "manifest"])
def test_a_manifest_with_an_unusual_name_is_neither_signed_nor_rewritten(tmp_path: Path, name: str) -> None:
    files = with_tag_manifest(bag_files())
    files[f"{name}-SHA512.txt"] = files.pop(f"{name}-sha512.txt")
    bag = write_bag(tmp_path / "bag", files)
    before = tree_bytes(bag)
    done = attest(bag, "validation")
    assert done.code == 1
    assert f"{name}-SHA512.txt is not a valid name of a manifest" in done.said()
    assert tree_bytes(bag) == before


def test_a_detail_that_is_not_text_is_refused(tmp_path: Path) -> None:
    done = attest(make_package(tmp_path), "validation", "--note", "\udcff")
    assert done.code == 2
    assert "the note is not text in UTF-8" in done.said()


def test_too_many_details_are_refused(tmp_path: Path) -> None:
    details = [word for number in range(1024) for word in ("--detail", f"d{number}=x")]
    done = attest(make_package(tmp_path), "validation", *details)
    assert done.code == 2
    assert "1,024 details are too many (at most 1,023)" in done.said()


def test_every_attestation_uses_the_package_name_of_the_first_one(tmp_path: Path) -> None:
    package = tmp_path / "package"
    description = EXAMPLES / "rakovsky-1932" / "description.yaml"
    assert pack(description, package, "--sign", write_key(tmp_path)).code == 0
    bag = write_bag(tmp_path / "bag", with_tag_manifest(bag_files(info="External-Identifier: box-17\n")))
    for made, name in ((package, "0002-validation"), (bag, "0001-validation")):
        assert attest(made, "validation").code == 0
        assert attest(made, "repair").code == 0
        assert statement(made, name)["package"] == ("rakovsky-1932-appel" if made == package else "box-17")
    assert statement(bag, "0002-repair")["package"] == "box-17"
