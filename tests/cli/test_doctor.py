"""`archtool doctor` tells what would make commands fail on this machine, and how to mend it."""

from __future__ import annotations

import os
import socket
import threading
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest

from archtool.cli.setup import doctor
from archtool.installation import DISTRIBUTION
from archtool.operations.doctor import clock, libraries, openssh_programs, platform_gaps, storage
from archtool.schemas import schema_faults
from command_line import Run, archtool
from packages import ARCHIVIST, needs_ssh_keygen, write_allowed_signers, write_key
from terminals import Terminal


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home folder without keys."""
    folder = tmp_path / "home"
    (folder / ".ssh").mkdir(parents=True)
    monkeypatch.setenv("HOME", str(folder))
    return folder


def checks(run: Run, area: str) -> list[dict[str, Any]]:
    """Return the checks of one area, from an output that follows the schema."""
    (seen,) = run.objects
    assert schema_faults("doctor.schema.json", seen) == ()
    return [check for check in seen["facts"]["checks"] if check["area"] == area]


def only(run: Run, area: str) -> dict[str, Any]:
    (check,) = checks(run, area)
    return check


def test_a_machine_with_everything_passes() -> None:
    seen = archtool("doctor", "--json")
    assert seen.code == 0
    assert seen.objects[0]["verdict"]["surroundings"] in ("pass", "warn")
    assert {check["state"] for check in checks(seen, "python")} == {"pass"}
    assert only(seen, "keys")["remedy"] == "archtool keys new FILE"


def test_the_screen_names_the_line_that_mends_a_failure(home: Path) -> None:
    key = write_key(home)
    key.chmod(0o644)
    seen = archtool("doctor", "--key", key)
    assert seen.code == 5
    assert "other users can read or change it (mode 0644)" in seen.said()
    assert f"        mend: chmod 600 {key}\n" in seen.out
    assert seen.out.splitlines()[-1].endswith("1 failed · 0 warnings")
    key.chmod(0o600)
    assert archtool("doctor", "--key", key).code == 0


def test_a_key_is_described_and_nothing_of_its_private_half_is_printed(home: Path) -> None:
    key = write_key(home / ".ssh", passphrase=b"secret words")
    key.rename(home / ".ssh" / "id_ed25519")
    check = only(archtool("doctor", "--json"), "keys")
    assert "ssh-ed25519 SHA256:" in check["message"]
    assert "with a passphrase" in check["message"]
    other = home / "key.pem"
    other.write_text("-----BEGIN EC PRIVATE KEY-----\nAAAA\n")
    other.chmod(0o600)
    seen = archtool("doctor", "--key", other, "--json")
    assert "not in OpenSSH's format" in checks(seen, "keys")[0]["message"]
    assert "AAAA" not in seen.out


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (None, "No such file"),
        ("folder", "not a file"),
        ("-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----\n", "key"),
    ],
)
def test_a_key_that_cannot_be_used_fails(home: Path, content: str | None, complaint: str) -> None:
    path = home / "key"
    if content == "folder":
        path.mkdir()
    elif content is not None:
        path.write_text(content)
        path.chmod(0o600)
    seen = archtool("doctor", "--key", path, "--json")
    check = checks(seen, "keys")[0]
    assert (seen.code, check["state"]) == (5, "fail")
    assert complaint in check["message"]


def test_files_that_the_user_cannot_read_fail(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    key, trust = write_key(home), write_allowed_signers(home, ARCHIVIST)
    monkeypatch.setenv("ARCHTOOL_TRUST", str(trust))
    monkeypatch.setattr(os, "access", lambda *_: False)  # root reads everything
    seen = archtool("doctor", "--key", key, "--json")
    assert {check["remedy"] for check in checks(seen, "keys") + checks(seen, "trust")} == {
        f"chmod u+r {key}", f"chmod u+r {trust}",
    }  # fmt: skip
    folders = checks(seen, "storage")
    assert [(check["state"], check["remedy"]) for check in folders] == [
        ("warn", "write into another folder: -o DIR/NAME"), ("fail", "export TMPDIR=DIR"),
    ]  # fmt: skip


def test_a_passphrase_file_that_others_can_read_fails_and_is_not_printed(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = home / "passphrase"
    path.write_text("open sesame\n")
    path.chmod(0o640)
    monkeypatch.setenv("ARCHTOOL_PASSPHRASE_FILE", str(path))
    seen = archtool("doctor", "--json")
    assert [check["state"] for check in checks(seen, "keys")] == ["pass", "fail"]
    assert "sesame" not in seen.out


def test_a_trust_file_that_others_can_change_is_a_warning(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trust = write_allowed_signers(home, ARCHIVIST)
    monkeypatch.setenv("ARCHTOOL_TRUST", str(trust))
    trust.chmod(0o644)
    assert only(archtool("doctor", "--json"), "trust")["state"] == "pass"
    trust.chmod(0o664)
    seen = archtool("doctor", "--json")
    assert (seen.code, only(seen, "trust")["remedy"]) == (0, f"chmod go-w {trust}")
    monkeypatch.setenv("ARCHTOOL_TRUST", str(home / "gone"))
    assert archtool("doctor", "--json").code == 5


def test_secrets_in_variables_are_masked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("https_proxy", "http://jane:hunter2@proxy.example:8080/")
    monkeypatch.setenv("ARCHTOOL_TOKEN", "hunter3")
    monkeypatch.setenv("ARCHTOOL_X", "https://host/?api_key=hunter4&a=1")
    (variables, _) = checks(archtool("doctor", "--json"), "settings")
    assert "hunter" not in variables["message"]
    assert "http://****@proxy.example:8080/" in variables["message"]
    assert "api_key=****&a=1" in variables["message"]


def test_what_the_configuration_sets_is_listed_and_a_faulty_one_fails_beside_the_other_checks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "config.toml"
    path.write_text("jobs = 4\n")
    monkeypatch.setenv("ARCHTOOL_CONFIG", str(path))
    assert checks(archtool("doctor", "--json"), "settings")[-1]["message"] == f"jobs = 4, from {path}:1"
    path.write_text("jbos = 4\n")
    seen = archtool("doctor", "--json")
    assert (seen.code, checks(seen, "settings")[0]["remedy"]) == (5, "did you mean `jobs`?")
    assert len(seen.objects[0]["facts"]["checks"]) > 10


def test_the_register_is_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    register = tmp_path / "archive.register"
    monkeypatch.setenv("ARCHTOOL_REGISTER", str(register))
    missing = archtool("doctor", "--json")
    assert (missing.code, only(missing, "register")["state"]) == (5, "fail")
    assert archtool("holdings", "init", register, "--agent", "Jane Doe").code == 0
    assert ": 1 events; prove it" in only(archtool("doctor", "--json"), "register")["message"]
    monkeypatch.setattr(storage, "network_file_system", lambda _: "nfs4")
    assert "network file system (nfs4)" in only(archtool("doctor", "--json"), "register")["message"]
    monkeypatch.setattr(storage, "network_file_system", lambda _: None)
    monkeypatch.setattr(os, "access", lambda *_: False)
    assert "not write into it" in only(archtool("doctor", "--json"), "register")["message"]


@pytest.mark.parametrize(
    ("free", "files", "states"),
    [
        (5_000_000, 10_000, {"fail"}),
        (50_000_000, 10_000, {"warn"}),
        (5_000_000_000, 0, {"pass"}),  # file systems without a number of files say 0
        (5_000_000_000, 3, {"fail"}),
    ],
)
def test_a_full_disk_is_told_before_it_is_full(
    monkeypatch: pytest.MonkeyPatch, free: int, files: int, states: set[str]
) -> None:
    monkeypatch.setattr(storage, "space_of", lambda _: (free, files))
    assert {check["state"] for check in checks(archtool("doctor", "--json"), "storage")} == states


def test_a_disk_that_cannot_be_asked_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: object) -> tuple[int, int]:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(storage, "space_of", fail)
    assert [check["state"] for check in checks(archtool("doctor", "--json"), "storage")] == ["warn", "fail"]
    monkeypatch.setattr(storage.tempfile, "gettempdir", lambda: fail(None))
    assert "no folder for temporary files" in checks(archtool("doctor", "--json"), "storage")[1]["message"]


def test_a_missing_outdated_or_broken_library_is_named_with_the_command_that_installs_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(name: str) -> None:
        raise ImportError(f"cannot load {name}")

    lines = ["click>=99", "no-such-library>=1", "lxml>=1", 'colorama; sys_platform == "win32"']
    monkeypatch.setattr(metadata, "requires", lambda _: lines)
    monkeypatch.setattr(libraries.importlib, "import_module", fail)
    found = [*libraries.check_libraries()]
    assert [check.message.split(":")[0] for check in found] == [
        f"click {metadata.version('click')}", "no-such-library is not installed",
        f"lxml {metadata.version('lxml')} is installed and cannot be loaded",
    ]  # fmt: skip
    assert [check.remedy.split(" install ")[1] for check in found if check.remedy] == [
        "'click>=99'", "'no-such-library>=1'", "--force-reinstall --no-deps 'lxml>=1'",
    ]  # fmt: skip


def test_an_optional_part_is_in_order_absent_or_incomplete(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = [
        'click>=8; extra == "cluster"',
        'no-such-library; extra == "cite"', 'click>=99; extra == "fido"',
    ]  # fmt: skip
    monkeypatch.setattr(metadata, "requires", lambda _: lines)
    found = [*libraries.check_optional_parts()]
    assert [check.state.value for check in found] == ["pass", "pass", "warn"]
    assert "not installed" in found[1].message
    assert "'fido'" in str(found[2].remedy) or "[fido]" in str(found[2].remedy)


def test_the_extras_of_a_library_are_checked_too(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = {
        DISTRIBUTION: ['click[inner]; extra == "cluster"'],
        "click": ['lxml>=99; extra == "inner"', 'colorama; extra == "other"'],
    }
    monkeypatch.setattr(metadata, "requires", lines.get)
    (cluster, *_) = libraries.check_optional_parts()
    assert (cluster.state.value, "incomplete (lxml" in cluster.message) == ("warn", True)


def test_a_checkout_that_is_not_installed_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: str) -> list[str]:
        raise metadata.PackageNotFoundError

    monkeypatch.setattr(metadata, "requires", fail)
    (found,) = libraries.check_libraries()
    assert (found.state.value, found.remedy) == ("warn", "python -m pip install --editable .")
    assert all("not installed" in check.message for check in libraries.check_optional_parts())


@pytest.mark.parametrize(("version", "state"), [((3, 10), "fail"), ((3, 99), "warn")])
def test_another_python_is_told(
    monkeypatch: pytest.MonkeyPatch, version: tuple[int, int], state: str
) -> None:
    monkeypatch.setattr(libraries.sys, "version_info", version)
    assert [check.state.value for check in libraries.check_python()] == [state]


def program(folder: Path, name: str, script: str) -> None:
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)


@pytest.mark.parametrize(
    ("ssh", "state", "words"),
    [
        (None, "pass", "of an unknown version"),
        ("exit 1", "pass", "of an unknown version"),
        ("echo OpenSSH_9.6p1, OpenSSL 3 >&2", "pass", "OpenSSH_9.6p1, ssh-keygen at"),
        ("echo OpenSSH_7.4p1, OpenSSL 1 >&2", "warn", "older than 8.2"),
    ],
)
def test_openssh_is_asked_for_its_version(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ssh: str | None, state: str, words: str
) -> None:
    program(tmp_path, "ssh-keygen", "exit 0")
    if ssh is not None:
        program(tmp_path, "ssh", ssh)
    monkeypatch.setenv("PATH", str(tmp_path))
    check = checks(archtool("doctor", "--json"), "openssh")[0]
    assert (check["state"], words in check["message"]) == (state, True)


def test_openssh_that_is_missing_or_does_not_run_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    missing = checks(archtool("doctor", "--json"), "openssh")[0]
    assert (missing["state"], "not in PATH" in missing["message"]) == ("warn", True)
    assert openssh_programs.version_banner(str(tmp_path)) == ""


@needs_ssh_keygen
def test_an_agent_is_asked_for_its_keys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "agent"
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(path))
        listening.listen()

        def answer() -> None:
            connection, _ = listening.accept()
            with connection:
                connection.recv(100)
                connection.sendall(b"\0\0\0\x05\x0c\0\0\0\0")  # SSH_AGENT_IDENTITIES_ANSWER, none

        thread = threading.Thread(target=answer)
        thread.start()
        monkeypatch.setenv("SSH_AUTH_SOCK", str(path))
        assert "has 0 keys" in checks(archtool("doctor", "--json"), "openssh")[1]["message"]
        thread.join()
    gone = checks(archtool("doctor", "--json"), "openssh")[1]
    assert (gone["state"], "no ssh-agent answers" in gone["message"]) == ("warn", True)


@pytest.mark.parametrize(("answer", "state"), [("yes", "pass"), ("no", "warn"), ("", "pass")])
def test_the_system_is_asked_whether_the_clock_is_synchronised(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answer: str, state: str
) -> None:
    program(tmp_path, "timedatectl", f"echo {answer}")
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    assert only(archtool("doctor", "--json"), "clock")["state"] == state


def test_a_clock_before_the_installation_and_a_fixed_date_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    future = tmp_path / "clock.py"
    future.touch()
    os.utime(future, (4_000_000_000, 4_000_000_000))
    monkeypatch.setattr(clock, "__file__", str(future))
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "0")
    early, fixed = checks(archtool("doctor", "--json"), "clock")
    assert (early["state"], fixed["state"]) == ("fail", "warn")
    assert "fixes the date" in fixed["message"]


@pytest.mark.parametrize(
    ("locale", "state"), [("fr_FR.UTF-8", "pass"), ("C", "pass"), ("fr_FR.ISO-8859-1", "warn")]
)
def test_a_locale_in_another_encoding_is_told(
    monkeypatch: pytest.MonkeyPatch, locale: str, state: str
) -> None:
    monkeypatch.setenv("LC_ALL", locale)
    assert only(archtool("doctor", "--json"), "terminal")["state"] == state


def test_file_names_in_another_encoding_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("latin-1", "no-such-encoding"):
        monkeypatch.setattr(doctor.sys, "getfilesystemencoding", lambda name=name: name)
        assert f"read as {name}" in only(archtool("doctor", "--json"), "terminal")["message"]


def test_a_narrow_window_is_told() -> None:
    screen = Terminal("doctor", columns=50)
    assert screen.end() == 0
    assert "the window has 50 columns" in " ".join(screen.text.split())


def test_what_the_platform_gives_up_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    (complete,) = platform_gaps.check_platform()
    assert "nothing is given up" in complete.message
    monkeypatch.setattr(platform_gaps, "CAN_REQUEST", False)
    monkeypatch.delattr(platform_gaps.os, "fork")
    system, *gaps = platform_gaps.check_platform()
    assert "gives up" in system.message
    assert [gap.message.partition(":")[0] for gap in gaps] == ["no fork", "no posix_fadvise"]
