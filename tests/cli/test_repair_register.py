"""`archtool repair HOLDING`: the register knows copies and manifests, and records the repair."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

import pytest

from archtool.holdings.event_types import EventType
from archtool.holdings.register import open_register
from command_line import Run, archtool
from packages import tree_bytes, write_key
from repairs import (
    LETTER,
    events_of,
    flip,
    forge,
    make_copies,
    record_state,
    register_copies,
    repair,
    replaced_folders,
    states_of,
)
from unit.holdings.registers import SOURCE, day

NAME = "letters-1847"


def repair_holding(register: Path, *options: str | Path, name: str | Path = NAME) -> Run:
    return archtool("repair", name, "--register", register, "--agent", "Jane Doe", *options)


def test_a_damaged_copy_is_restored_and_the_register_has_the_repair_and_the_new_state(tmp_path: Path) -> None:
    package, copy = make_copies(tmp_path)
    register = register_copies(tmp_path, NAME, [str(package), str(copy)])
    flip(package)
    record_state(register, NAME, package, "changed")
    shown = repair_holding(register)
    assert shown.code == 1
    assert f"archtool repair {NAME} --register {register} --apply" in shown.out
    assert len(events_of(register, NAME)) == 3
    done = repair_holding(register, "--apply")
    assert done.code == 0, done.said()
    assert tree_bytes(package) == tree_bytes(copy)
    repaired, checked = events_of(register, NAME)[-2:]
    (kept,) = replaced_folders(package)
    (file,) = repaired["detail"].pop("files")
    assert (repaired["event"], repaired["outcome"], repaired["agent"]) == ("repair", "success", "Jane Doe")
    assert repaired["detail"] == {
        "place": str(package), "from": [str(copy)], "file_count": 1, "kept_in": str(kept),
        "vouched_by": repaired["detail"]["vouched_by"],
    }  # fmt: skip
    assert (file["file"], file["state"], file["source"]) == (LETTER, "damaged", str(copy))
    assert file["expected"].startswith("sha512:")
    assert file["observed"] != file["expected"]
    assert (checked["event"], checked["detail"]["state"]) == ("fixity-check", "ok")
    assert checked["detail"]["verdict"]["bag"] == "valid"
    assert states_of(register, NAME) == {str(package): "ok", str(copy): "never-checked"}


def test_the_attestation_of_a_repair_becomes_the_head_of_the_holding(tmp_path: Path) -> None:
    package, copy = make_copies(tmp_path)
    register = register_copies(tmp_path, NAME, [str(package), str(copy)])
    flip(package)
    record_state(register, NAME, package, "changed")
    done = repair_holding(register, "--apply", "--sign", write_key(tmp_path))
    assert done.code == 0, done.said()
    assert events_of(register, NAME)[-1]["detail"]["head"].startswith("0002-repair sha512:")


def test_a_copy_that_the_register_calls_ok_is_not_believed(tmp_path: Path) -> None:
    package, copy = make_copies(tmp_path)
    register = register_copies(tmp_path, NAME, [str(package), str(copy)])
    for place in (package, copy):
        flip(place)
    record_state(register, NAME, copy, "ok")
    record_state(register, NAME, package, "changed")
    before = tree_bytes(package)
    done = repair_holding(register, "--apply", "--json")
    assert (done.code, done.objects[0]["verdict"]["repair"]) == (1, "not-possible")
    assert tree_bytes(package) == before
    assert len(events_of(register, NAME)) == 4


def test_the_registered_manifest_wins_against_two_forged_copies_without_signatures(tmp_path: Path) -> None:
    package, one, two = make_copies(tmp_path, 2, signed=False)
    register = register_copies(tmp_path, NAME, [str(package), str(one), str(two)], head=False)
    for place in (one, two):
        forge(place)
    record_state(register, NAME, one, "changed")
    done = repair_holding(register, "--apply")
    assert done.code == 0, done.said()
    assert tree_bytes(one) == tree_bytes(package)


def test_attestations_that_were_cut_off_are_restored(tmp_path: Path) -> None:
    package, copy = make_copies(tmp_path)
    key = write_key(tmp_path)
    for place in (package, copy):
        assert (
            archtool("attest", place, "--event", "validation", "--sign", key, "--date", "2026-11-23").code
            == 0
        )
    register = register_copies(tmp_path, NAME, [str(package), str(copy)], head=False)
    head = (package / "attestations" / "0002-validation" / "sha512sums.txt").read_bytes()
    import_head(register, package, head)
    shutil.rmtree(package / "attestations" / "0002-validation")
    lines = (package / "tagmanifest-sha512.txt").read_text().splitlines(keepends=True)
    (package / "tagmanifest-sha512.txt").write_text("".join(line for line in lines if "/0002-" not in line))
    assert archtool("verify", package).code == 0
    record_state(register, NAME, package, "attestations-cut-off")
    done = repair_holding(register, "--apply")
    assert done.code == 0, done.said()
    assert tree_bytes(package) == tree_bytes(copy)


def test_attestations_of_one_copy_are_brought_to_the_other_by_the_command_that_is_printed(
    tmp_path: Path,
) -> None:
    package, copy = make_copies(tmp_path)
    register = register_copies(tmp_path, NAME, [str(package), str(copy)])
    key = write_key(tmp_path)
    for date in ("2026-11-20", "2026-11-21"):
        done = archtool(
            "attest", package, "--event", "validation", "--sign", key, "--date", date, "--register", register
        )
        assert done.code == 0, done.said()
    audit = ("audit", "--all", "--register", register, "--agent", "Jane Doe")
    command = f"archtool repair --copy {copy} {NAME}"
    # a copy that has fewer attestations than another one is no fault
    for _ in range(2):
        seen = archtool(*audit)
        assert (seen.code, seen.err) == (0, "")
        assert f"{copy} lacks 0003-validation, which another copy has" in seen.said()
        assert command in seen.out
        assert states_of(register, NAME) == {str(package): "ok", str(copy): "ok"}
    shown = archtool("holdings", "show", NAME, "--register", register)
    assert (shown.code, command in shown.out) == (0, True)
    assert "lacks 0003-validation, which another copy has" in shown.said()
    done = archtool(*command.split()[1:], "--register", register, "--agent", "Jane Doe", "--apply")
    assert done.code == 0, done.said()
    assert tree_bytes(copy) == tree_bytes(package)
    assert events_of(register, NAME)[-1]["detail"]["head"].startswith("0003-validation ")
    seen = archtool(*audit)
    assert (seen.code, "lacks" in seen.out) == (0, False)
    assert "lacks" not in archtool("holdings", "show", NAME, "--register", register).out
    assert archtool("holdings", "verify", "--register", register).code == 0


def test_a_repair_that_is_signed_leaves_the_other_copies_in_order(tmp_path: Path) -> None:
    package, copy = make_copies(tmp_path)
    register = register_copies(tmp_path, NAME, [str(package), str(copy)])
    flip(package)
    record_state(register, NAME, package, "changed")
    assert repair_holding(register, "--apply", "--sign", write_key(tmp_path)).code == 0
    seen = archtool("audit", "--all", "--register", register, "--agent", "Jane Doe")
    assert seen.code == 0, seen.said()
    assert states_of(register, NAME) == {str(package): "ok", str(copy): "ok"}
    assert f"{copy} lacks 0002-repair, which another copy has" in seen.said()


def import_head(register: Path, package: Path, checksum_list: bytes) -> None:
    head = f"0002-validation sha512:{hashlib.sha512(checksum_list).hexdigest()}"
    with open_register(register) as opened:
        detail = {"place": str(package), "head": head}
        opened.append(SOURCE.event(EventType.ATTESTATION, day(1), NAME, detail))


def test_without_known_damage_every_copy_is_looked_at(tmp_path: Path) -> None:
    package, copy = make_copies(tmp_path)
    register = register_copies(tmp_path, NAME, [str(package), str(copy)])
    assert repair_holding(register).code == 0
    flip(copy, "bag-info.txt")
    shown = repair_holding(register, "--json")
    assert [object_["verdict"]["repair"] for object_ in shown.objects] == ["not-needed", "possible"]
    assert shown.code == 1


def test_two_copies_with_different_damage_repair_each_other(tmp_path: Path) -> None:
    package, copy = make_copies(tmp_path)
    good = tree_bytes(package)
    register = register_copies(tmp_path, NAME, [str(package), str(copy)])
    flip(package)
    flip(copy, "bag-info.txt")
    done = repair_holding(register, "--apply")
    assert done.code == 0, done.said()
    assert tree_bytes(package) == tree_bytes(copy) == good
    assert set(states_of(register, NAME).values()) == {"ok"}


def test_a_copy_is_chosen_by_its_place(tmp_path: Path) -> None:
    package, copy = make_copies(tmp_path)
    register = register_copies(tmp_path, NAME, [str(package), str(copy)])
    flip(package)
    flip(copy, "bag-info.txt")
    damaged = tree_bytes(copy)
    for done in (
        repair_holding(register, "--apply", "--copy", package),
        repair_holding(register, name=package),
    ):
        assert done.code == 0, done.said()
    assert tree_bytes(copy) == damaged


def test_a_copy_that_is_gone_is_made_again(tmp_path: Path) -> None:
    package, copy = make_copies(tmp_path)
    register = register_copies(tmp_path, NAME, [str(package), str(copy)])
    shutil.rmtree(package)
    record_state(register, NAME, package, "missing")
    assert repair_holding(register).code == 1
    assert not package.exists()
    done = repair_holding(register, "--apply")
    assert done.code == 0, done.said()
    assert tree_bytes(package) == tree_bytes(copy)


def test_a_copy_on_a_medium_that_is_not_connected_is_left_out_and_named(tmp_path: Path) -> None:
    package, copy = make_copies(tmp_path)
    register = register_copies(tmp_path, NAME, [str(package), str(copy), "TAPE-7:letters/1847"])
    flip(package)
    shown = repair_holding(register)
    assert "left out: TAPE-7:letters/1847" in shown.err
    assert shown.code == 1


@pytest.mark.parametrize(
    ("name", "options", "code", "said"),
    [
        ("letters-1848", (), 3, "there is no holding named letters-1848"),
        (NAME, ("--copy", "/nowhere"), 3, "letters-1847 has no copy at /nowhere"),
        (NAME, ("--sign", "key"), 2, "add --apply"),
        (NAME, ("--signer", "me"), 2, "--signer requires --sign"),
    ],
)
def test_a_wrong_request_is_explained(
    tmp_path: Path, name: str, options: tuple[str, ...], code: int, said: str
) -> None:
    package, copy = make_copies(tmp_path)
    register = register_copies(tmp_path, NAME, [str(package), str(copy)])
    done = repair_holding(register, *options, name=name)
    assert (done.code, done.out) == (code, "")
    assert said in done.said()


def test_a_holding_with_one_copy_cannot_be_repaired(tmp_path: Path) -> None:
    package, _ = make_copies(tmp_path)
    done = repair_holding(register_copies(tmp_path, NAME, [str(package)]))
    assert done.code == 3
    assert "--from COPY" in done.said()


@pytest.mark.parametrize("what", ["missing", "itself", "twice", "nothing"])
def test_wrong_copies_are_explained(tmp_path: Path, what: str) -> None:
    package, copy = make_copies(tmp_path)
    if what == "missing":
        done = repair(tmp_path / "nowhere", copy)
        assert (done.code, "there is no such folder" in done.said()) == (3, True)
    elif what == "itself":
        done = repair(package, package)
        assert (done.code, "the package itself" in done.said()) == (2, True)
    elif what == "twice":
        done = repair(package, copy, copy)
        assert (done.code, "named twice" in done.said()) == (2, True)
    else:
        done = repair(package)
        assert (done.code, "--from COPY" in done.said()) == (2, True)


def test_a_copy_that_cannot_be_opened_is_named_and_the_others_are_used(tmp_path: Path) -> None:
    package, copy = make_copies(tmp_path)
    flip(package)
    done = repair(package, tmp_path / "nowhere", copy, options=("--apply",))
    assert done.code == 0, done.said()
    assert "repair.copy-not-used" in done.err
    assert tree_bytes(package) == tree_bytes(copy)


def test_a_registered_package_that_is_repaired_from_a_named_copy_is_recorded(tmp_path: Path) -> None:
    package, copy = make_copies(tmp_path)
    register = register_copies(tmp_path, NAME, [str(package)])
    flip(package)
    done = repair(package, copy, options=("--apply", "--register", register, "--agent", "Jane Doe"))
    assert done.code == 0, done.said()
    assert [event["event"] for event in events_of(register, NAME)[-2:]] == ["repair", "fixity-check"]
    assert f"recorded  in {register}" in done.out


def test_a_package_that_the_register_does_not_know_is_repaired_without_it(tmp_path: Path) -> None:
    package, copy = make_copies(tmp_path)
    register = register_copies(tmp_path, NAME, [str(copy)])
    flip(package)
    done = repair(package, copy, options=("--apply", "--register", register))
    assert (done.code, "recorded" in done.out) == (0, False)


def test_nothing_is_changed_if_the_register_cannot_be_opened(tmp_path: Path) -> None:
    package, _ = make_copies(tmp_path)
    flip(package)
    before = tree_bytes(package)
    done = repair_holding(tmp_path / "nowhere.register", "--apply")
    assert (done.code, tree_bytes(package)) == (3, before)
    assert "there is no register" in done.err


def test_a_folder_of_packages_is_not_taken_for_a_copy(tmp_path: Path) -> None:
    package, _ = make_copies(tmp_path)
    flip(package)
    done = repair(package, tmp_path)
    assert done.code == 1
    assert "is not a bag: it contains" in done.said()
    assert "name a further copy with --from" in done.said()
