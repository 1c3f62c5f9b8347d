"""`archtool site` again: only what changed is made again, and nothing of somebody else is touched."""

from __future__ import annotations

import errno
import json
import os
import shutil
import signal
import subprocess
from pathlib import Path

import pytest

from archtool.files.lock import locked_folder
from archtool.operations.site import place
from command_line import ARCHTOOL, archtool, unmeasured
from image_files import png
from packages import left_behind, tree_bytes
from sites import add_package, describe, make_collection, make_site
from unit.files.folders import as_nobody, give_to_nobody, public_folder

STATE = "archtool-site.json"


def stamps(folder: Path) -> dict[str, int]:
    """Return a number for each file that differs when it was written again."""
    return {str(p.relative_to(folder)): p.stat().st_ino for p in folder.rglob("*") if p.is_file()}


def test_nothing_is_written_if_nothing_changed(tmp_path: Path) -> None:
    collection, target = make_collection(tmp_path), tmp_path / "site"
    make_site(collection, target=target)
    before = stamps(target)
    again = make_site(collection, target=target, json_wanted=True)
    assert (again.facts["files_written"], again.facts["files_removed"]) == (0, 0)
    assert stamps(target) == before


def test_a_change_of_one_package_makes_one_page_again(tmp_path: Path) -> None:
    collection, target = make_collection(tmp_path), tmp_path / "site"
    make_site(collection, target=target)
    before = stamps(target)
    (collection / "note" / "data" / "letter.txt").write_text("To nobody\n")
    again = make_site(collection, target=target, json_wanted=True)
    assert (again.facts["pages_made"], again.run.code) == (1, 1)
    written = {path for path, stamp in stamps(target).items() if before.get(path) != stamp}
    assert {path for path in written if path.startswith("packages/")} == {"packages/note.html"}
    assert "To nobody" in again.words("packages/note.html")


def test_a_site_that_was_brought_up_to_date_is_the_site_that_a_first_run_makes(tmp_path: Path) -> None:
    collection, target = make_collection(tmp_path), tmp_path / "site"
    make_site(collection, target=target)
    add_package(collection, "added")
    shutil.rmtree(collection / "reply")
    make_site(collection, target=target)
    make_site(collection, target=tmp_path / "fresh")
    assert tree_bytes(target) == tree_bytes(tmp_path / "fresh")


def test_the_pages_of_a_package_that_is_gone_are_removed(tmp_path: Path) -> None:
    collection, target = make_collection(tmp_path), tmp_path / "site"
    make_site(collection, target=target)
    shutil.rmtree(collection / "reply")
    again = make_site(collection, target=target)
    assert list((target / "packages").glob("reply*")) == []
    assert "4 files removed" in again.run.out
    assert "reply" not in again.words("dates.html")


def test_an_attestation_beside_a_package_makes_its_page_again(tmp_path: Path) -> None:
    collection, target = make_collection(tmp_path), tmp_path / "site"
    make_site(collection, target=target)
    sidecar = collection / "note.attestations" / "0001-fixity-check"
    sidecar.mkdir(parents=True)
    (sidecar / "statement.json").write_text("{}")
    assert make_site(collection, target=target, json_wanted=True).facts["pages_made"] == 1


@pytest.mark.parametrize("options", [["--title", "Other"], ["--base-url", "https://a.example/"], ["--all"]])
def test_an_option_that_every_page_depends_on_makes_all_pages_again(
    tmp_path: Path, options: list[str]
) -> None:
    collection, target = make_collection(tmp_path), tmp_path / "site"
    make_site(collection, target=target)
    again = make_site(collection, *options, target=target, json_wanted=True)
    assert again.facts["pages_made"] == (0 if options == ["--all"] else 3)  # the same bytes are not written
    make_site(collection, *options, target=tmp_path / "fresh")
    assert tree_bytes(target) == tree_bytes(tmp_path / "fresh")


def test_with_verify_damage_in_a_file_that_no_page_shows_is_found_by_the_next_run(tmp_path: Path) -> None:
    sources = tmp_path / "sources" / "letter"
    sources.mkdir(parents=True)
    (sources / "letter.txt").write_text("To all.\n")
    (sources / "scan.tif").write_bytes(b"II*\0 and more")
    (sources / "description.yaml").write_text(
        describe("letter", "files: [{ file: scan.tif, role: facsimile }]\n")
    )
    collection, target = tmp_path / "collection", tmp_path / "site"
    collection.mkdir()
    assert archtool("pack", sources / "description.yaml", "-o", collection / "letter").code == 0
    dated = ["--verify", "--date", "2026-11-22"]
    assert make_site(collection, *dated, target=target).run.code == 0
    assert make_site(collection, *dated, target=target, json_wanted=True).facts["files_written"] == 0
    (collection / "letter" / "data" / "scan.tif").write_bytes(b"II*\0 and less")
    again = make_site(collection, *dated, target=target)
    assert again.run.code == 1
    assert "data/scan.tif" in again.words("packages/letter.html")


def test_an_image_that_a_page_shows_is_read_again_by_each_run(tmp_path: Path) -> None:
    sources = tmp_path / "sources" / "letter"
    sources.mkdir(parents=True)
    (sources / "letter.txt").write_text("To all.\n")
    (sources / "scan.png").write_bytes(png(40, 60))
    (sources / "description.yaml").write_text(
        describe("letter", "files: [{ file: scan.png, role: facsimile }]\n")
    )
    collection, target = tmp_path / "collection", tmp_path / "site"
    collection.mkdir()
    assert archtool("pack", sources / "description.yaml", "-o", collection / "letter").code == 0
    made = make_site(collection, "--images", target=target)
    assert made.tree("packages/letter.html").xpath("//img[starts-with(@src, 'data:image/png;')]")
    assert make_site(collection, "--images", target=target, json_wanted=True).facts["pages_made"] == 0
    changed = png(40, 60)[:-1] + b"x"
    (collection / "letter" / "data" / "scan.png").write_bytes(changed)
    again = make_site(collection, "--images", target=target, json_wanted=True)
    assert (again.run.code, again.facts["pages_made"]) == (1, 1)
    assert "differs from its digest" in again.words("packages/letter.html")


def test_a_file_of_the_site_that_was_lost_is_made_again(tmp_path: Path) -> None:
    collection, target = make_collection(tmp_path), tmp_path / "site"
    make_site(collection, target=target)
    before = tree_bytes(target)
    (target / "packages" / "note.bib").unlink()
    (target / "dates.html").write_text("cut")
    make_site(collection, target=target)
    assert tree_bytes(target) == before


def test_files_that_archtool_did_not_write_stay_as_they_are(tmp_path: Path) -> None:
    collection, target = make_collection(tmp_path), tmp_path / "site"
    make_site(collection, target=target)
    (target / "robots.txt").write_text("mine")
    (target / "packages" / "photo.jpg").write_text("mine")
    shutil.rmtree(collection / "reply")
    assert make_site(collection, "--all", target=target).run.code == 0
    assert (target / "robots.txt").read_text() == (target / "packages" / "photo.jpg").read_text() == "mine"


def test_a_file_of_somebody_else_is_never_overwritten(tmp_path: Path) -> None:
    collection, target = make_collection(tmp_path), tmp_path / "site"
    make_site(collection, target=target)
    (target / "packages" / "added.html").write_text("mine")
    before = tree_bytes(target)
    add_package(collection, "added")
    again = make_site(collection, target=target)
    assert again.run.code == 2
    assert "added.html was not written by archtool site; nothing was changed" in again.run.err
    assert tree_bytes(target) == before
    assert left_behind(target) == []


@pytest.mark.parametrize("name", ["holiday.jpg", "index.html"])
def test_a_folder_with_other_files_is_refused(tmp_path: Path, name: str) -> None:
    target = tmp_path / "photos"
    target.mkdir()
    (target / name).write_text("mine")
    run = make_site(make_collection(tmp_path), target=target).run
    assert run.code == 2
    assert f"is not a site that archtool made: it has {name}" in run.err
    assert tree_bytes(target) == {name: b"mine"}


def test_a_link_in_the_place_of_a_file_of_the_site_is_replaced_and_its_target_is_not(tmp_path: Path) -> None:
    collection, target = make_collection(tmp_path), tmp_path / "site"
    make_site(collection, target=target)
    (tmp_path / "precious").write_text("mine")
    (target / "dates.html").unlink()
    (target / "dates.html").symlink_to(tmp_path / "precious")
    assert make_site(collection, target=target).run.code == 0
    assert (tmp_path / "precious").read_text() == "mine"
    assert not (target / "dates.html").is_symlink()


def test_a_link_in_the_place_of_the_folder_of_the_packages_is_refused(tmp_path: Path) -> None:
    collection, target = make_collection(tmp_path), tmp_path / "site"
    make_site(collection, target=target)
    (target / "packages").rename(tmp_path / "moved")
    (target / "packages").symlink_to(tmp_path / "moved")
    run = make_site(collection, "--title", "Other", target=target).run
    assert (run.code, "packages is in the way" in run.err) == (2, True)


def test_a_state_file_that_names_files_outside_of_the_site_is_refused(tmp_path: Path) -> None:
    collection, target = make_collection(tmp_path), tmp_path / "site"
    make_site(collection, target=target)
    (tmp_path / "precious.html").write_text("mine")
    state = json.loads((target / STATE).read_text())
    state["files"]["../precious.html"] = ["0" * 64, 4]
    (target / STATE).write_text(json.dumps(state))
    run = make_site(collection, target=target).run
    assert (run.code, "cannot be read: it is damaged" in run.err) == (3, True)
    assert (tmp_path / "precious.html").read_text() == "mine"


@pytest.mark.parametrize("data", ["", "{}", "[1]", '{"schema": "archtool/site-state/9"}', "\0"])
def test_a_damaged_state_file_is_an_error_that_says_what_to_do(tmp_path: Path, data: str) -> None:
    collection, target = make_collection(tmp_path), tmp_path / "site"
    make_site(collection, target=target)
    (target / STATE).write_text(data)
    run = make_site(collection, target=target).run
    assert (run.code, "make the site again in a new folder" in run.err) == (3, True)


def test_a_folder_without_packages_leaves_the_site_as_it_is(tmp_path: Path) -> None:
    collection, target = make_collection(tmp_path), tmp_path / "site"
    make_site(collection, target=target)
    before = tree_bytes(target)
    collection.rename(tmp_path / "away")
    collection.mkdir()
    run = make_site(collection, target=target).run
    assert (run.code, "there is no package in" in run.err) == (3, True)
    assert tree_bytes(target) == before


def test_a_folder_that_cannot_be_listed_does_not_remove_the_pages_of_its_packages() -> None:
    with public_folder() as folder:
        collection, target = folder / "collection", folder / "site"
        collection.mkdir()
        add_package(folder / "other", "elsewhere")
        add_package(collection / "box", "letter")
        add_package(collection, "other")
        make_site(collection, target=target)
        make_site(collection, folder / "other", target=folder / "two")
        before, two = tree_bytes(target), tree_bytes(folder / "two")
        give_to_nobody(folder, *folder.rglob("*"))
        (collection / "box").chmod(0)
        with as_nobody():
            run = make_site(collection, target=target).run
            first = make_site(collection, target=folder / "first").run
            collection.chmod(0)
            both = make_site(folder / "other", collection, target=folder / "two").run
        collection.chmod(0o755)
        (collection / "box").chmod(0o755)
        assert (both.code, tree_bytes(folder / "two")) == (3, two)
        assert (run.code, "the site has pages of packages in it, and was not changed" in run.err) == (3, True)
        assert tree_bytes(target) == before
        assert first.code == 3
        assert "box: the folder cannot be listed" in first.said()
        assert (folder / "first" / "packages" / "other.html").is_file()


def test_a_site_whose_packages_all_became_unreadable_stays_as_it_is(tmp_path: Path) -> None:
    collection, target = make_collection(tmp_path), tmp_path / "site"
    make_site(collection, target=target)
    before = tree_bytes(target)
    for declaration in collection.glob("*/bagit.txt"):
        declaration.unlink()
    run = make_site(collection, target=target).run
    assert run.code == 3
    assert "none of the 3 packages can be read; nothing was changed" in run.err
    assert tree_bytes(target) == before
    assert make_site(collection, target=tmp_path / "first").run.code == 3
    assert not (tmp_path / "first").exists()


def test_a_disk_that_is_full_leaves_the_old_site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    collection, target = make_collection(tmp_path), tmp_path / "site"
    make_site(collection, target=target)
    before = tree_bytes(target)
    written = Path.write_bytes

    def write_bytes(path: Path, data: bytes) -> int:
        if path.name == "dates.html":
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return written(path, data)

    monkeypatch.setattr(Path, "write_bytes", write_bytes)
    run = make_site(collection, "--title", "Other", target=target).run
    assert (run.code, "No space left on device" in run.err) == (5, True)
    assert tree_bytes(target) == before
    assert left_behind(target) == []


def test_an_interrupted_run_leaves_a_site_that_the_next_run_repairs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    collection, target = make_collection(tmp_path), tmp_path / "site"
    make_site(collection, target=target)
    shutil.copytree(target, tmp_path / "old")
    add_package(collection, "added")
    shutil.rmtree(collection / "reply")
    fresh = tree_bytes(make_site(collection, target=tmp_path / "fresh").path)
    renames: list[str] = []

    def rename(made: Path, path: Path) -> None:
        if len(renames) == last:
            raise KeyboardInterrupt
        renames.append(path.name)
        made.replace(path)

    last, codes = 0, []
    while not codes or codes[-1] == 130:
        shutil.rmtree(target)
        shutil.copytree(tmp_path / "old", target)
        renames.clear()
        monkeypatch.setattr(place, "_rename", rename)
        codes.append(make_site(collection, target=target).run.code)
        monkeypatch.undo()
        assert make_site(collection, target=target).run.code == 0
        assert tree_bytes(target) == fresh, f"interrupted after {renames}"
        last += 1
    assert codes == [130] * (last - 1) + [0]
    assert last > 15


def test_a_run_that_is_interrupted_before_the_pages_are_in_place_leaves_the_old_site(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    collection, target = make_collection(tmp_path), tmp_path / "site"
    make_site(collection, target=target)
    before = tree_bytes(target)
    add_package(collection, "added")

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("archtool.operations.site.make_site.put_in_place", interrupt)
    assert make_site(collection, target=target).run.code == 130
    assert tree_bytes(target) == before


def test_what_a_killed_first_run_left_is_no_foreign_folder(tmp_path: Path) -> None:
    collection, target = make_collection(tmp_path), tmp_path / "site"
    command = [*ARCHTOOL, "site", collection, "-o", target]
    kill = "import os, signal; import archtool.operations.site.make_site as m; "
    kill += "m.put_in_place = lambda *a: os.kill(os.getpid(), signal.SIGKILL); "
    kill += "from archtool.cli.main import run; run()"
    killed = subprocess.run(
        [command[0], "-c", kill, *command[3:]], env=unmeasured(), check=False, capture_output=True
    )
    assert killed.returncode == -signal.SIGKILL
    assert len(left_behind(target)) == 1
    assert make_site(collection, target=target).run.code == 0
    assert left_behind(target) == []


def test_a_disk_that_fills_in_a_worker_process_leaves_the_old_site(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    collection, target = make_collection(tmp_path), tmp_path / "site"
    make_site(collection, target=target)
    before = tree_bytes(target)
    monkeypatch.setattr("archtool.operations.site.make_site.FEW_PACKAGES", 1)
    monkeypatch.setattr("archtool.operations.site.make_site.PACKAGES_PER_UNIT", 1)

    def full(_path: Path, _data: bytes) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(Path, "write_bytes", full)
    run = make_site(collection, "--title", "Other", "--jobs", "2", target=target).run
    monkeypatch.undo()
    assert (run.code, "No space left on device" in run.err) == (5, True)
    assert tree_bytes(target) == before


def test_two_runs_for_one_site_do_not_mix(tmp_path: Path) -> None:
    collection, target = make_collection(tmp_path), tmp_path / "site"
    make_site(collection, target=target)
    with locked_folder(target):
        run = make_site(collection, target=target).run
    assert (run.code, "is being changed by another run" in run.err) == (5, True)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--base-url", "archive.example.org"], "not the address of a site: 'archive.example.org'"),
        (["--base-url", "https://a.example/?page=1"], "not the address of a site"),
        (["--base-url", "javascript:alert(1)"], "not the address of a site"),
        (["--date", "2026-11-22"], "--date requires --verify"),
        (["--verify", "--date", "yesterday"], "not a date: 'yesterday'"),
    ],
)
def test_options_that_make_no_sense_are_refused_before_anything_is_made(
    tmp_path: Path, options: list[str], said: str
) -> None:
    run = make_site(make_collection(tmp_path), *options, target=tmp_path / "site").run
    assert (run.code, said in run.err) == (2, True), run.err
    assert not (tmp_path / "site").exists()


def test_a_site_is_not_made_in_a_package_or_in_the_place_of_a_file(tmp_path: Path) -> None:
    collection = make_collection(tmp_path)
    inside = make_site(collection, target=collection / "note" / "site").run
    assert (inside.code, "the site would be written into a package" in inside.err) == (2, True)
    (tmp_path / "file").write_text("mine")
    at_file = make_site(collection, target=tmp_path / "file").run
    assert (at_file.code, "exists, and is not a folder" in at_file.err) == (2, True)
    lost = make_site(collection, target=tmp_path / "no" / "site").run
    assert (lost.code, "the folder above it does not exist" in lost.err) == (5, True)
    stream = make_site(collection, target=Path("-")).run
    assert (stream.code, "not written to standard output" in stream.err) == (2, True)
    none = make_site(tmp_path / "nowhere", target=tmp_path / "site").run
    assert (none.code, "there is no such folder or archive" in none.err) == (3, True)
    assert not (tmp_path / "site").exists()
