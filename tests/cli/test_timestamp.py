"""`archtool timestamp` and `pack --timestamp` with a real authority on this machine, and its failures."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from archtool.files.lock import wait_for_lock
from archtool.timestamps.limits import MAX_TIMESTAMP_BYTES
from command_line import DATE, Run, archtool, assert_loc_agrees
from packages import (
    ARCHIVIST,
    left_behind,
    locked_briefly,
    make_package,
    needs_ssh_keygen,
    pack,
    tree_bytes,
    write_allowed_signers,
    write_key,
    write_letter,
)
from timestamping import (
    STAMPED_AT,
    TimestampAuthority,
    command_of,
    make_timestamp_authority,
    needs_faketime,
    needs_openssl,
    over_http,
    run,
)
from unit.bagit.bag_builders import bag_files, in_utf_16, manifest, write_bag
from unit.download.certificates import make_authority, server_context
from unit.download.servers import Served, serving

pytestmark = [needs_openssl, needs_faketime]
FOLDER = "attestations/0001-packaging"
SIGNATURE = f"{FOLDER}/sha512sums.txt.archivist.sig"
TOKEN = f"{SIGNATURE}.tsr"
CURATOR = "curator@example.org"
REPLY = {"Content-Type": "application/timestamp-reply"}
SINCE = "existed at 2026-11-22T12:00:00+00:00: proved by Test timestamps"


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> TimestampAuthority:
    return make_timestamp_authority(tmp_path_factory.mktemp("authority") / "tsa")


def verify(package: Path, authority: TimestampAuthority, *options: str | Path) -> Run:
    return archtool("verify", package, "--tsa-roots", authority.roots, *options)


def test_pack_requests_a_timestamp_for_each_signature(tmp_path: Path, authority: TimestampAuthority) -> None:
    sources = tmp_path / "sources"
    sources.mkdir()
    signed = ["--sign", write_key(tmp_path), "--sign", write_key(tmp_path, CURATOR)]
    with serving({"/tsa": over_http(authority)}) as server:
        made = pack(
            write_letter(sources), tmp_path / "package", *signed,
            "--timestamp", server.url("/tsa"), "--tsa-roots", authority.roots,
        )  # fmt: skip
        assert len(server.requests) == 2
    assert (made.code, made.err) == (0, "")
    assert f"  stamped by {server.url('/tsa')}\n" in made.out
    package = tmp_path / "package"
    trust = write_allowed_signers(tmp_path, ARCHIVIST, CURATOR)
    seen = verify(package, authority, "--trust", trust)
    assert (seen.code, seen.said().count(SINCE)) == (0, 2)
    (result,) = verify(package, authority, "--trust", trust, "--json").objects
    (first, _) = result["facts"]["attestations"][0]["signatures"]
    assert first["proved_at"] == STAMPED_AT.isoformat()
    assert (first["timestamped_by"], first["proved_by"]) == ("Test timestamps", TOKEN)
    assert first["timestamp"] == {
        "path": TOKEN, "says": STAMPED_AT.isoformat(), "authority": "Test timestamps",
        "trusted_by": str(authority.roots), "reason": None,
    }  # fmt: skip


def test_without_roots_the_time_is_claimed_and_not_proved(
    tmp_path: Path, authority: TimestampAuthority
) -> None:
    package = make_package(tmp_path, "--timestamp-command", command_of(authority))
    seen = archtool("verify", package)
    assert seen.code == 0
    assert (
        "by Test timestamps, not proved: not checked against root certificates (use --tsa-roots)"
        in seen.said()
    )
    assert "proved by" not in seen.said()


def test_show_prints_since_when_a_signature_exists(tmp_path: Path, authority: TimestampAuthority) -> None:
    package = make_package(tmp_path, "--timestamp-command", command_of(authority))
    seen = archtool("show", package, "--tsa-roots", authority.roots)
    assert f"existed at 2026-11-22T12:00:00Z, proved by Test timestamps ({TOKEN})" in seen.said()
    assert "dated 2026-11-22T12:00:00Z by its timestamp, not proved" in archtool("show", package).said()
    assert "existed at" not in archtool("show", make_package_in(tmp_path / "other")).said()


def make_package_in(folder: Path) -> Path:
    folder.mkdir()
    return make_package(folder)


def test_roots_can_come_from_the_environment(
    tmp_path: Path, authority: TimestampAuthority, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = make_package(tmp_path, "--timestamp-command", command_of(authority))
    monkeypatch.setenv("ARCHTOOL_TSA_ROOTS", str(authority.roots))
    assert SINCE in archtool("verify", package).said()
    done = subprocess.run(
        [sys.executable, "-c", "from archtool.cli.entry import run; run()", "verify", str(package)],
        env={**os.environ, "ARCHTOOL_TSA_ROOTS": str(authority.roots)}, capture_output=True, check=True,
    )  # fmt: skip
    assert SINCE in " ".join(done.stdout.decode().split())


def timestamped_in_sidecar(
    tmp_path: Path, authority: TimestampAuthority, package: Path, *options: str | Path
) -> Run:
    """Attest a package in a sidecar, without a timestamp, and then request one."""
    claim = ["--event", "countersignature", "--date", DATE]
    done = archtool("attest", package, "--sign", write_key(tmp_path), *claim, *options)
    assert done.code == 0, done.err
    return archtool("timestamp", package, "--command", command_of(authority), *options)


def test_an_attestation_beside_an_archive_gets_its_timestamp_there(
    tmp_path: Path, authority: TimestampAuthority
) -> None:
    archive, beside = tmp_path / "package.tar", tmp_path / "package.tar.attestations"
    (tmp_path / "sources").mkdir()
    letter = write_letter(tmp_path / "sources")
    assert pack(letter, archive, "--archive", "tar", "--sign", write_key(tmp_path)).code == 0
    before = archive.read_bytes()
    stamped = timestamped_in_sidecar(tmp_path, authority, archive)
    assert (stamped.code, stamped.err) == (0, "")
    assert f"1 timestamp added to 0002-countersignature in {beside}" in stamped.said()
    token = beside / "0002-countersignature" / "sha512sums.txt.archivist.sig.tsr"
    assert token.is_file()
    assert archive.read_bytes() == before
    assert left_behind(tmp_path) == []
    seen = verify(archive, authority, "--trust", write_allowed_signers(tmp_path, ARCHIVIST))
    assert (seen.code, SINCE in seen.said()) == (0, True)
    again = archtool("timestamp", archive, "--command", "false")
    assert "has a timestamp already: none requested" in again.said()
    (result,) = archtool("timestamp", archive, "--command", "false", "--json").objects
    assert (result["facts"]["added"], result["facts"]["sidecar"]) == ([], str(beside))


def test_a_named_sidecar_gets_a_timestamp_by_request_and_response_and_is_merged(
    tmp_path: Path, authority: TimestampAuthority
) -> None:
    package, beside = make_package(tmp_path), tmp_path / "claims"
    before = tree_bytes(package)
    stamped = timestamped_in_sidecar(tmp_path, authority, package, "--sidecar", beside)
    assert (stamped.code, tree_bytes(package)) == (0, before)
    token = beside / "0002-countersignature" / "sha512sums.txt.archivist.sig.tsr"
    token.unlink()
    query, reply = tmp_path / "query.tsq", tmp_path / "reply.tsr"
    assert archtool("timestamp", package, "--sidecar", beside, "--request", query).code == 0
    reply.write_bytes(authority.reply(query.read_bytes()))
    assert archtool("timestamp", package, "--sidecar", beside, "--response", reply).code == 0
    assert token.read_bytes() == reply.read_bytes()
    assert archtool("attest", package, "--merge-sidecar", "--sidecar", beside).code == 0
    assert SINCE in verify(package, authority).said()


def test_an_attestation_in_an_archive_cannot_get_a_timestamp(
    tmp_path: Path, authority: TimestampAuthority
) -> None:
    (tmp_path / "sources").mkdir()
    archive = tmp_path / "package.tar"
    letter = write_letter(tmp_path / "sources")
    assert pack(letter, archive, "--archive", "tar", "--sign", write_key(tmp_path)).code == 0
    refused = archtool("timestamp", archive, "--command", command_of(authority))
    assert refused.code == 3
    assert "its newest attestation is in the archive, which is never changed" in refused.said()
    assert "archtool attest --timestamp URL" in refused.said()


def test_no_timestamp_breaks_a_tag_manifest_in_utf_16(tmp_path: Path, authority: TimestampAuthority) -> None:
    """Another program has written the attestation into the bag and listed it in UTF-16."""
    files = in_utf_16(bag_files())
    bag, beside = write_bag(tmp_path / "bag", files), tmp_path / "beside"
    signed = ["--sign", write_key(tmp_path), "--event", "validation", "--date", DATE]
    assert archtool("attest", bag, *signed, "--sidecar", beside).code == 0
    inside = {f"attestations/{path}": data for path, data in tree_bytes(beside).items()}
    shutil.rmtree(beside)
    text = files["tagmanifest-sha512.txt"].decode("utf-16") + manifest(inside).decode()
    write_bag(bag, inside | {"tagmanifest-sha512.txt": text.encode("utf-16")})
    before = tree_bytes(bag)
    refused = archtool("timestamp", bag, "--command", "touch " + str(tmp_path / "asked"))
    assert (refused.code, (tmp_path / "asked").exists()) == (3, False)
    assert "the bag's tag files are in UTF-16" in refused.said()
    assert tree_bytes(bag) == before
    assert "bag valid" in verify(bag, authority).out


@pytest.mark.parametrize("command", [("timestamp", "--command"), ("renew", "--timestamp-command")])
def test_a_package_named_through_a_link_gets_its_timestamp(
    tmp_path: Path, authority: TimestampAuthority, command: tuple[str, str]
) -> None:
    package, link = make_package(tmp_path), tmp_path / "links" / "package"
    link.parent.mkdir()
    link.symlink_to(package)
    done = archtool(command[0], link, command[1], command_of(authority))
    assert (done.code, done.err) == (0, "")
    assert left_behind(tmp_path) == left_behind(link.parent) == []
    assert archtool("verify", package, "--strict").code == 0


def test_timestamp_waits_for_another_run_that_has_locked_the_package(
    tmp_path: Path, authority: TimestampAuthority
) -> None:
    package = make_package(tmp_path)
    command = ["timestamp", package, "--command", command_of(authority)]
    with wait_for_lock(package, 0, print):
        refused = archtool(*command, "--wait", "0.1")
    assert (refused.code, "nothing was changed" in refused.err) == (5, True)
    with locked_briefly(package):
        done = archtool(*command)
    assert (done.code, "waiting for another run" in done.err) == (0, True)
    assert (package / TOKEN).is_file()


def test_openssl_accepts_the_stored_timestamp(tmp_path: Path, authority: TimestampAuthority) -> None:
    package = make_package(tmp_path, "--timestamp-command", command_of(authority))
    done = run(
        "openssl", "ts", "-verify", "-data", str(package / SIGNATURE), "-in", str(package / TOKEN),
        "-CAfile", str(authority.roots), "-attime", str(int(STAMPED_AT.timestamp())),
    )  # fmt: skip
    assert b"Verification: OK" in done.stdout


@needs_ssh_keygen
def test_in_2060_a_package_signed_by_a_key_that_expired_in_2031_verifies(
    tmp_path: Path, authority: TimestampAuthority
) -> None:
    package = make_package(tmp_path, "--timestamp-command", command_of(authority))
    trust = write_allowed_signers(tmp_path, ARCHIVIST)
    trust.write_text(trust.read_text().replace("namespaces=", 'valid-before="20310101Z",namespaces='))
    options = ["verify", str(package), "--trust", str(trust)]
    command = ["faketime", "-f", "2060-06-01 00:00:00", sys.executable, "-m", "archtool", *options]
    with_roots = subprocess.run(
        [*command, "--tsa-roots", str(authority.roots)], capture_output=True, check=False, text=True
    )
    without = subprocess.run(command, capture_output=True, check=False, text=True)
    assert (with_roots.returncode, without.returncode) == (0, 4)
    assert "trust trusted" in with_roots.stdout
    assert "trust.key-expired" in without.stdout


def test_timestamp_adds_what_is_missing_and_the_bag_stays_valid(
    tmp_path: Path, authority: TimestampAuthority
) -> None:
    package = make_package(tmp_path, "--algorithm", "sha512", "--algorithm", "sha256")
    before = tree_bytes(package)
    with serving({"/tsa": over_http(authority)}) as server:
        added = archtool("timestamp", package, "--url", server.url("/tsa"))
        again = archtool("timestamp", package, "--url", server.url("/tsa"))
        assert len(server.requests) == 1
    assert (added.code, again.code) == (0, 0)
    assert f"{package}: 1 timestamp added to 0001-packaging" in added.out
    assert "every signature of 0001-packaging has a timestamp already: none requested" in again.out
    after = tree_bytes(package)
    assert {p for p in after if before.get(p) != after[p]} == {
        TOKEN, "tagmanifest-sha256.txt", "tagmanifest-sha512.txt",
    }  # fmt: skip
    assert set(before["tagmanifest-sha512.txt"].splitlines()) < set(
        after["tagmanifest-sha512.txt"].splitlines()
    )
    assert_loc_agrees(package)
    assert verify(package, authority, "--strict").code == 0
    assert left_behind(tmp_path) == []


def test_a_program_can_make_the_timestamp(tmp_path: Path, authority: TimestampAuthority) -> None:
    package = make_package(tmp_path)
    (result,) = archtool("timestamp", package, "--command", command_of(authority), "--json").objects
    assert result["facts"]["added"] == [
        {"path": TOKEN, "time": STAMPED_AT.isoformat(), "authority": "Test timestamps", "trusted_by": None}
    ]
    assert verify(package, authority, "--strict").code == 0


def test_request_and_response_can_be_carried_across_an_air_gap(
    tmp_path: Path, authority: TimestampAuthority
) -> None:
    package = make_package(tmp_path)
    carried, answer = tmp_path / "ask.tsq", tmp_path / "answer.tsr"
    asked = archtool("timestamp", package, "--request", carried)
    assert asked.code == 0
    assert f"archtool timestamp {package} --response FILE" in asked.out
    assert archtool("timestamp", package, "--request", carried).code == 2
    answer.write_bytes(authority.reply(carried.read_bytes()))
    taken = archtool("timestamp", package, "--response", answer, "--tsa-roots", authority.roots)
    assert (taken.code, taken.err) == (0, "")
    assert (package / TOKEN).read_bytes() == answer.read_bytes()
    assert verify(package, authority, "--strict").code == 0
    done = archtool("timestamp", package, "--response", answer)
    assert done.code == 3
    assert "every signature of 0001-packaging has a timestamp already" in done.err


def test_a_request_names_one_of_several_signers(tmp_path: Path, authority: TimestampAuthority) -> None:
    package = make_package(tmp_path, "--sign", write_key(tmp_path, CURATOR))
    carried = tmp_path / "ask.tsq"
    unclear = archtool("timestamp", package, "--request", carried)
    assert unclear.code == 3
    assert "--signer NAME (one of: archivist, curator)" in unclear.err
    assert archtool("timestamp", package, "--request", carried, "--signer", "curator").code == 0
    answer = tmp_path / "answer.tsr"
    answer.write_bytes(authority.reply(carried.read_bytes()))
    wrong = archtool("timestamp", package, "--response", answer, "--signer", "archivist")
    assert wrong.code == 3
    assert "made for different bytes" in wrong.err
    assert archtool("timestamp", package, "--response", answer, "--signer", "curator").code == 0
    assert (package / f"{FOLDER}/sha512sums.txt.curator.sig.tsr").exists()


def test_a_run_killed_between_the_timestamp_and_its_manifest_line_is_completed_by_the_next(
    tmp_path: Path, authority: TimestampAuthority
) -> None:
    package = make_package(tmp_path)
    (package / TOKEN).write_bytes(authority.stamp((package / SIGNATURE).read_bytes()))
    assert_loc_agrees(package)
    assert verify(package, authority).code == 0
    assert verify(package, authority, "--strict").code == 1
    finished = archtool("timestamp", package, "--command", "false")
    assert finished.code == 0
    assert "left out by an interrupted run" in finished.said()
    assert verify(package, authority, "--strict").code == 0


NO_TIMESTAMPS = {
    "html": (Served(b"<html></html>", headers={"Content-Type": "text/html"}), "answer has type text/html"),
    "html that lies": (Served(b"<html>Welcome</html>", headers=REPLY), "does not begin like one"),
    "too much": (Served(bytes(MAX_TIMESTAMP_BYTES + 1), headers=REPLY), "the answer exceeds"),
    "endless": (
        Served(bytes(MAX_TIMESTAMP_BYTES * 4), headers=REPLY, length=False), "the answer exceeds"
    ),
    "cut off": (Served(b"\x30\x82\x10\x00" * 9, headers=REPLY, stops_after=12), "is cut short"),
    "error": (Served(b"", status=503, headers=REPLY), "503 Service Unavailable"),
    "elsewhere": (
        Served(b"", status=302, headers={"Location": "http://127.0.0.1:9/tsa"}), "give that address if it is"
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", NO_TIMESTAMPS)
def test_a_response_that_is_not_a_timestamp_leaves_no_file(tmp_path: Path, name: str) -> None:
    served, why = NO_TIMESTAMPS[name]
    sources = tmp_path / "sources"
    sources.mkdir()
    with serving({"/tsa": served}) as server:
        made = pack(
            write_letter(sources), tmp_path / "package", "--sign", write_key(tmp_path),
            "--timestamp", server.url("/tsa"),
        )  # fmt: skip
    assert made.code == 5
    assert "no timestamp was received: " in made.err
    assert why in made.err
    assert "hint: nothing was written; try again or use another authority" in made.err
    assert not (tmp_path / "package").exists()
    assert left_behind(tmp_path) == []


def test_an_unreachable_or_unexpected_authority_is_named(tmp_path: Path) -> None:
    package = make_package(tmp_path)
    before = tree_bytes(package)
    with serving({}) as server:
        gone = server.url("/tsa")
    away = archtool("timestamp", package, "--url", gone)
    assert (away.code, "Connection refused" in away.err) == (5, True)
    with serving({"/tsa": b""}, tls=server_context(make_authority(tmp_path))) as server:
        unknown = archtool("timestamp", package, "--url", server.url("/tsa"))
    assert (unknown.code, "certificate" in unknown.err) == (5, True)
    for url, why in (
        ("ftp://tsa.example.org/", "ftp"),
        ("http:///tsa", "no valid host"),
        ("tsa", "unsupported scheme"),
    ):
        seen = archtool("timestamp", package, "--url", url)
        assert (seen.code, why in seen.err) == (5, True), seen.err
    assert tree_bytes(package) == before


def test_a_response_to_another_request_is_refused(tmp_path: Path, authority: TimestampAuthority) -> None:
    package = make_package(tmp_path)
    replayed = Served(authority.stamp((package / SIGNATURE).read_bytes()), headers=REPLY)
    with serving({"/tsa": replayed}) as server:
        seen = archtool("timestamp", package, "--url", server.url("/tsa"))
    assert seen.code == 5
    assert "the answer to another request: its nonce differs" in seen.err
    assert not (package / TOKEN).exists()


def test_an_authority_that_refuses_is_quoted(tmp_path: Path) -> None:
    narrow = make_timestamp_authority(tmp_path / "narrow", settings="digests = sha256")
    package = make_package(tmp_path)
    seen = archtool("timestamp", package, "--command", command_of(narrow))
    assert seen.code == 5
    assert "the authority refused: rejected: it does not know the digest algorithm" in seen.err


def test_with_roots_a_timestamp_of_another_authority_is_refused(
    tmp_path: Path, authority: TimestampAuthority
) -> None:
    other = make_timestamp_authority(tmp_path / "other")
    package = make_package(tmp_path)
    seen = archtool("timestamp", package, "--command", command_of(other), "--tsa-roots", authority.roots)
    assert seen.code == 5
    assert "was not signed by the given 'Test timestamps root'" in seen.err
    assert not (package / TOKEN).exists()


@pytest.mark.parametrize(
    ("command", "why"),
    [
        ("false", "false ended with exit code 1: no error message"),
        ("sh -c 'echo no token here >&2; exit 3'", "sh ended with exit code 3: no token here"),
        ("no-such-program-at-all", "cannot be run: No such file or directory"),
        ("true", "true is not a timestamp: it does not begin like one"),
        ("head -c 300000 /dev/zero", "wrote more than 262,144 bytes"),
    ],
)
def test_a_program_that_makes_no_timestamp_is_quoted(tmp_path: Path, command: str, why: str) -> None:
    package = make_package(tmp_path)
    before = tree_bytes(package)
    seen = archtool("timestamp", package, "--command", command)
    assert (seen.code, why in seen.err) == (5, True), seen.err
    assert tree_bytes(package) == before


def test_a_damaged_package_gets_no_timestamp(tmp_path: Path) -> None:
    package = make_package(tmp_path)
    (package / "bag-info.txt").write_text("Title: something else\n")
    seen = archtool("timestamp", package, "--command", "true")
    assert seen.code == 1
    assert "has errors; nothing was written" in seen.err
    assert "fixity.digest-mismatch" in seen.err
    assert not (package / TOKEN).exists()


def test_a_bag_that_cannot_be_timestamped_is_refused_with_its_reason(tmp_path: Path) -> None:
    unsigned = make_package(tmp_path, signed=False)
    nobody = archtool("timestamp", unsigned, "--command", "true")
    assert (nobody.code, "its newest attestation has no signature to timestamp" in nobody.err) == (3, True)
    archive = tmp_path / "bag.tar"
    archive.write_bytes(b"")
    assert "is an empty file" in archtool("timestamp", archive, "--command", "true").err
    assert "unpack it first" in archtool("renew", archive, "--timestamp-command", "true").said()
    assert "no such folder" in archtool("timestamp", tmp_path / "none", "--command", "true").err


@pytest.mark.parametrize(
    ("options", "why"),
    [
        ([], "exactly one source of the timestamp is required"),
        (["--url", "http://x/", "--command", "y"], "contradict each other"),
        (["--url", "http://x/", "--request", "y"], "exactly one source"),
        (["--command", "'"], "not a command line"),
        (["--command", " "], "the command for timestamps is empty"),
        (["--command", "true", "--signer", "x"], "--signer requires --request"),
    ],
)
def test_contradictory_or_missing_options_are_refused(tmp_path: Path, options: list[str], why: str) -> None:
    seen = archtool("timestamp", tmp_path, *options)
    assert (seen.code, why in seen.err) == (2, True), seen.err


def test_pack_refuses_a_timestamp_without_a_signature(tmp_path: Path) -> None:
    seen = pack(write_letter(tmp_path), tmp_path / "package", "--timestamp", "http://127.0.0.1:9/")
    assert (seen.code, "--timestamp requires --sign" in seen.err) == (2, True)


def test_a_file_without_roots_is_refused(tmp_path: Path, authority: TimestampAuthority) -> None:
    package = make_package(tmp_path)
    none = tmp_path / "none.pem"
    none.write_text("nothing here\n")
    seen = archtool("verify", package, "--tsa-roots", none)
    assert (seen.code, "contains no certificate in PEM" in seen.err) == (3, True)
    signer = archtool("verify", package, "--tsa-roots", authority.folder / "signer.pem")
    assert (signer.code, "contains no root" in signer.err) == (3, True)


def test_attack_roots_inside_the_package_are_refused(tmp_path: Path, authority: TimestampAuthority) -> None:
    package = make_package(tmp_path, "--timestamp-command", command_of(authority))
    (package / "tsa-roots.pem").write_bytes(authority.roots.read_bytes())
    seen = archtool("verify", package)
    assert "proved by" not in seen.said()
    assert "attestation.uncovered-tag-file" in seen.said()
