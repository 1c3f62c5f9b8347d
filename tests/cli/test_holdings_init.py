"""`archtool holdings init`, and what every command says about the register's file."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from archtool.files import mounts
from command_line import archtool
from register_commands import init_register, last_event, make_bag

if TYPE_CHECKING:
    import pytest


def test_init_creates_a_register_and_says_what_to_do_next(tmp_path: Path) -> None:
    run = archtool(
        "holdings", "init", tmp_path / "a.register", "--archive", "City Archive", "--check-every", "30"
    )
    assert run.code == 0, run.err
    assert f"ARCHTOOL_REGISTER={tmp_path / 'a.register'}" in run.out
    assert "archtool holdings adopt" in run.out
    event, _, detail = last_event(tmp_path / "a.register")
    assert (event, detail["archive"], detail["check-every-days"]) == ("register", "City Archive", 30)


def test_init_as_json_has_the_id_of_the_register(tmp_path: Path) -> None:
    (made,) = archtool("holdings", "init", tmp_path / "a.register", "--json").objects
    assert made["schema"] == "archtool/register/1"
    assert made["facts"]["id"] == last_event(tmp_path / "a.register")[2]["id"]


def test_init_does_not_replace_a_register(tmp_path: Path) -> None:
    assert archtool("holdings", "init", tmp_path / "a.register").code == 0
    before = (tmp_path / "a.register").read_bytes()
    assert archtool("holdings", "init", tmp_path / "a.register").code == 3
    assert (tmp_path / "a.register").read_bytes() == before


def test_a_register_is_not_created_inside_a_package(tmp_path: Path) -> None:
    bag = make_bag(tmp_path / "bag")
    for path in (bag / "a.register", bag / "data" / "a.register"):
        run = archtool("holdings", "init", path)
        assert (run.code, "into a package" in run.err, path.exists()) == (2, True, False)


def test_a_folder_that_does_not_exist_leaves_nothing(tmp_path: Path) -> None:
    run = archtool("holdings", "init", tmp_path / "missing" / "a.register")
    assert run.code == 3
    assert list(tmp_path.iterdir()) == []


def test_a_register_on_a_network_file_system_is_warned_about_by_each_command_that_writes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    register = init_register(tmp_path, monkeypatch)
    device = tmp_path.stat().st_dev
    table = tmp_path / "mountinfo"
    table.write_text(f"37 35 {os.major(device)}:{os.minor(device)} / / rw shared:1 - nfs4 server:/x rw\n")
    monkeypatch.setattr(mounts, "_MOUNTS", table)
    run = archtool("holdings", "note", "moved to the server")
    assert (run.code, run.err.count("warning: ")) == (0, 1)
    assert f"{register} is on a network file system (nfs4)" in run.err
    assert archtool("holdings", "events").err == ""
    assert "(nfs4)" in archtool("holdings", "init", tmp_path / "b.register").err


def test_a_command_without_a_register_file_says_how_to_create_it(tmp_path: Path) -> None:
    run = archtool("holdings", "list", "--register", tmp_path / "a.register")
    assert (run.code, "archtool holdings init" in run.err) == (3, True)


def test_a_misspelt_command_is_corrected() -> None:
    assert "did you mean `withdraw`" in archtool("holdings", "delete").err
    assert "did you mean `adopt`" in archtool("holdings", "adpot").err
