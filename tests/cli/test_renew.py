"""`archtool renew`: evidence records of many packages, renewed over decades, and attacks on them."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archtool.files.lock import wait_for_lock
from archtool.timestamps.evidence.record import EvidenceRecord
from command_line import Run, archtool, assert_loc_agrees
from evidence_reading import check_with_bouncy_castle, covered_files, needs_bouncy_castle
from packages import (
    ARCHIVIST,
    left_behind,
    locked_briefly,
    needs_sha512sum,
    pack,
    tree_bytes,
    write_allowed_signers,
    write_key,
    write_letter,
)
from timestamping import (
    STAMPED_AT,
    TimestampAuthority,
    Wish,
    certify,
    command_of,
    make_timestamp_authority,
    needs_faketime,
    needs_openssl,
    run,
)
from unit.bagit.bag_builders import bag_files, in_utf_16, with_tag_manifest, write_bag

pytestmark = [needs_openssl, needs_faketime]
FIRST, SECOND, THIRD = (f"evidence/000{number}.ers" for number in (1, 2, 3))


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> TimestampAuthority:
    return make_timestamp_authority(tmp_path_factory.mktemp("authority") / "tsa")


def make_packages(folder: Path, count: int, *options: str | Path) -> list[Path]:
    """Make signed packages, each of another letter."""
    key, packages = write_key(folder), []
    for number in range(count):
        sources = folder / f"sources-{number}"
        sources.mkdir()
        packages.append(folder / f"package-{number}")
        letter = write_letter(sources, text=f"Letter {number}.\n")
        assert pack(letter, packages[-1], "--sign", key, *options).code == 0
    return packages


def renew(authority: TimestampAuthority, *arguments: str | Path, at: datetime = STAMPED_AT) -> Run:
    """Renew at a time by the authority's clock; archtool's clock stands still."""
    return archtool("renew", *arguments, "--timestamp-command", command_of(authority, at))


def at_time(at: datetime, *arguments: str | Path) -> Run:
    """Run archtool with this time as the time of this machine."""
    command = [
        "faketime",
        "-f",
        f"{at:%Y-%m-%d %H:%M:%S}",
        sys.executable,
        "-m",
        "archtool",
        *map(str, arguments),
    ]
    done = subprocess.run(
        command, capture_output=True, check=False, text=True, env={"TZ": "UTC", "PATH": _PATH}
    )
    return Run(done.returncode, done.stdout, done.stderr)


_PATH = "/usr/local/bin:/usr/bin:/bin"


def renew_at(authority: TimestampAuthority, at: datetime, *arguments: str | Path) -> Run:
    """Renew with this time on both machines."""
    query, reply = authority.folder / "command.tsq", authority.folder / "command.tsr"
    script = (
        f"cat > {query}; openssl ts -reply -config {authority.folder}/tsa.cnf -section tsa "
        f"-queryfile {query} -out {reply} && cat {reply}"
    )
    command = shlex.join(["sh", "-c", script])
    return at_time(at, "renew", *arguments, "--timestamp-command", command)


def verify(package: Path, *authorities: TimestampAuthority, options: tuple[str | Path, ...] = ()) -> Run:
    roots = package.parent / "roots.pem"
    roots.write_bytes(b"".join(authority.roots.read_bytes() for authority in authorities))
    return archtool("verify", package, "--tsa-roots", roots, *options)


def evidence(run: Run) -> list[dict[str, object]]:
    (result,) = run.objects
    found = result["facts"]["evidence"]
    assert isinstance(found, list)
    return found


def test_one_timestamp_serves_many_packages_each_with_its_own_record(
    tmp_path: Path, authority: TimestampAuthority
) -> None:
    packages = make_packages(tmp_path, 5)
    made = renew(authority, *packages)
    assert (made.code, made.err) == (0, "")
    assert "5 bags · 5 renewed · 0 left out · timestamped 2026-11-22T12:00:00+00:00" in made.out
    tokens = {record_of(package, FIRST).chains[0][0].token.raw for package in packages}
    assert len(tokens) == 1
    shutil.move(packages[3], tmp_path / "alone")
    for package in packages[:3]:
        shutil.rmtree(package)
    seen = verify(tmp_path / "alone", authority, options=("--strict",))
    assert seen.code == 0
    assert f"{FIRST}: 13 files existed at 2026-11-22T12:00:00+00:00: proved by 1 timestamp" in seen.said()
    assert_loc_agrees(tmp_path / "alone")
    assert left_behind(tmp_path) == []


def record_of(package: Path, path: str) -> EvidenceRecord:
    return EvidenceRecord.parse((package / path).read_bytes(), path)


@needs_bouncy_castle
def test_bouncy_castle_accepts_new_and_renewed_records_and_refuses_other_files(
    tmp_path: Path, authority: TimestampAuthority
) -> None:
    other = make_timestamp_authority(tmp_path / "other", "rsa2048")
    packages = make_packages(tmp_path, 3)
    assert renew(authority, *packages).code == 0
    assert renew(other, packages[0]).code == 0
    assert renew(authority, *packages).code == 0
    assert renew(other, *packages, "--algorithm", "sha256").code == 0
    assert renew(authority, *packages).code == 0
    asked = [
        (record, covered_files(package))
        for package in packages
        for record in sorted((package / "evidence").iterdir())
    ]
    assert len(asked) == 5 + 4 + 4
    assert check_with_bouncy_castle(tmp_path, asked) == ["OK"] * len(asked)
    wrong = [(record, files[1:]) for record, files in asked]
    assert set(check_with_bouncy_castle(tmp_path, wrong)) == {"FAIL object hash not found"}
    exchanged = [(asked[0][0], asked[-1][1])]
    assert check_with_bouncy_castle(tmp_path, exchanged) == ["FAIL object hash not found"]
    for package in packages:
        assert verify(package, authority, other, options=("--strict",)).code == 0


@needs_bouncy_castle
def test_bouncy_castle_and_archtool_refuse_the_same_wrong_renewals(
    tmp_path: Path, authority: TimestampAuthority
) -> None:
    one, two = make_packages(tmp_path, 2)
    assert renew(authority, one).code == 0
    assert renew(authority, two).code == 0
    assert renew(authority, one).code == 0
    assert renew(authority, two).code == 0
    mine, theirs = record_of(one, SECOND), record_of(two, SECOND)
    spliced = EvidenceRecord(((mine.chains[0][0], theirs.chains[0][1]),))
    (one / SECOND).write_bytes(spliced.format())
    (said,) = check_with_bouncy_castle(tmp_path, [(one / SECOND, covered_files(one))])
    assert said.startswith("FAIL")
    seen = verify(one, authority)
    assert seen.code == 1
    assert "evidence.broken" in seen.said()


def test_a_record_renewed_over_the_decades_proves_the_first_time(
    tmp_path: Path, authority: TimestampAuthority
) -> None:
    """2026 by one authority, 2039 by another, read again with another digest in 2059, verified in 2070."""
    second = make_authority(tmp_path / "second", 2035, 2060)
    third = make_authority(tmp_path / "third", 2055, 2080)
    (package,) = make_packages(tmp_path, 1)
    assert renew(authority, package, "--algorithm", "sha256").code == 0
    assert renew_at(second, datetime(2039, 6, 1, tzinfo=UTC), package).code == 0
    renewed = renew_at(third, datetime(2059, 6, 1, tzinfo=UTC), package, "--algorithm", "sha512")
    assert (renewed.code, renewed.err) == (0, "")
    assert f"{THIRD}, renewed after reading all files again, over 13 files, sha512" in renewed.said()
    roots = tmp_path / "roots.pem"
    roots.write_bytes(b"".join(a.roots.read_bytes() for a in (authority, second, third)))
    trust = write_allowed_signers(tmp_path, ARCHIVIST)
    trust.write_text(trust.read_text().replace("namespaces=", 'valid-before="20310101Z",namespaces='))
    options = ("--tsa-roots", roots, "--trust", trust, "--json")
    seen = at_time(datetime(2070, 1, 1, tzinfo=UTC), "verify", package, *options)
    (result,) = seen.objects
    assert seen.codes == []
    assert (seen.code, result["verdict"]["trust"]) == (0, "trusted")
    (record,) = result["facts"]["evidence"]
    assert (record["proved_at"], record["timestamps"]) == (STAMPED_AT.isoformat(), 3)
    assert (record["path"], record["algorithm"], record["covers"]) == (THIRD, "sha512", 13)
    signature = result["facts"]["attestations"][0]["signatures"][0]
    assert (signature["proved_at"], signature["proved_by"]) == (STAMPED_AT.isoformat(), THIRD)


def make_authority(folder: Path, begin: int, end: int) -> TimestampAuthority:
    """Make an authority with other dates of validity."""
    years = Wish(
        begin=datetime(begin, 1, 1, tzinfo=UTC), end=datetime(end, 1, 1, tzinfo=UTC),
        purposes=None, is_authority=True,
    )  # fmt: skip
    authority = make_timestamp_authority(folder, root=certify(f"Root of {begin}", None, wish=years))
    signer = certify(f"Timestamps of {begin}", authority.root, wish=Wish(begin=years.begin, end=years.end))
    (folder / "signer.pem").write_bytes(signer.pem)
    (folder / "signer.key").write_bytes(signer.key_pem)
    return authority


def test_a_timestamp_renewal_reads_no_payload_and_a_renewal_of_the_hash_tree_does(
    tmp_path: Path, authority: TimestampAuthority
) -> None:
    (package,) = make_packages(tmp_path, 1)
    assert renew(authority, package).code == 0
    (package / "data" / "letter.txt").write_text("changed.  \n")
    by_timestamp = renew(authority, package)
    assert by_timestamp.code == 0
    assert "renewed by a timestamp over the previous timestamp, over 13 files, sha512" in by_timestamp.said()
    by_tree = renew(authority, package, "--algorithm", "sha256")
    assert by_tree.code == 1
    assert f"{package}: left out" in by_tree.out
    assert "fixity.digest-mismatch" in by_tree.said()
    assert not (package / THIRD).exists()


def test_no_record_is_ever_changed_by_renewing_it(tmp_path: Path, authority: TimestampAuthority) -> None:
    (package,) = make_packages(tmp_path, 1)
    renew(authority, package)
    before = tree_bytes(package)
    renew(authority, package)
    after = tree_bytes(package)
    assert {p for p in after if before.get(p) != after[p]} == {SECOND, "tagmanifest-sha512.txt"}
    (record,) = evidence(verify(package, authority, options=("--json",)))
    assert record["path"] == SECOND


def test_a_new_record_is_made_for_a_package_with_newer_attestations(
    tmp_path: Path, authority: TimestampAuthority
) -> None:
    (package,) = make_packages(tmp_path, 1)
    renew(authority, package)
    assert archtool("timestamp", package, "--command", command_of(authority)).code == 0
    again = renew(authority, package)
    assert f"{SECOND}, new record, over 15 files" in again.said()
    records = evidence(verify(package, authority, options=("--json", "--strict")))
    assert [(r["path"], r["covers"]) for r in records] == [(FIRST, 13), (SECOND, 15)]
    assert f"{THIRD}, new record" in renew(authority, package, "--new").said()


def test_an_unsigned_bag_gets_a_record(tmp_path: Path, authority: TimestampAuthority) -> None:
    bag = write_bag(tmp_path / "bag", with_tag_manifest(bag_files(info="Payload-Oxum: 34.1\n")))
    assert renew(authority, bag).code == 0
    seen = verify(bag, authority, options=("--strict",))
    assert seen.code == 0
    assert "proved by 1 timestamp" in seen.said()


def test_a_damaged_package_is_left_out_and_the_others_are_renewed(
    tmp_path: Path, authority: TimestampAuthority
) -> None:
    good, bad = make_packages(tmp_path, 2)
    (bad / "data" / "letter.txt").write_text("Letter 7.\n")
    made = renew(authority, bad, good, tmp_path / "nowhere", good)
    assert made.code == 3
    assert "3 bags · 1 renewed · 2 left out" in made.out
    assert "fixity.digest-mismatch" in made.said()
    assert "there is no such folder" in made.said()
    assert not (bad / "evidence").exists()
    assert verify(good, authority, options=("--strict",)).code == 0


def test_without_a_timestamp_no_package_gets_a_record(tmp_path: Path) -> None:
    packages = make_packages(tmp_path, 2)
    before = [tree_bytes(package) for package in packages]
    seen = archtool("renew", *packages, "--timestamp-command", "false")
    assert (seen.code, "no timestamp was received" in seen.err) == (5, True)
    assert [tree_bytes(package) for package in packages] == before


def test_attack_a_payload_file_and_its_manifests_are_exchanged_under_a_record(
    tmp_path: Path, authority: TimestampAuthority
) -> None:
    bag = write_bag(tmp_path / "bag", with_tag_manifest(bag_files(info="Payload-Oxum: 34.1\n")))
    renew(authority, bag)
    kept = (bag / FIRST).read_bytes()
    shutil.rmtree(bag)
    other = bag_files(
        {"data/letter.txt": b"Another letter, but of 34 bytes.\n\n"}, info="Payload-Oxum: 34.1\n"
    )
    write_bag(bag, with_tag_manifest(other))
    (bag / "evidence").mkdir()
    (bag / FIRST).write_bytes(kept)
    seen = verify(bag, authority)
    assert seen.code == 1
    assert "evidence.file-differs" in seen.said()
    assert "evidence.file-not-covered" in seen.said()
    assert f"{FIRST}: dated 2026-11-22T12:00:00+00:00, not proved" in seen.said()


def test_attack_the_record_of_another_package_proves_nothing(
    tmp_path: Path, authority: TimestampAuthority
) -> None:
    one, two = make_packages(tmp_path, 2)
    renew(authority, one, two)
    (one / FIRST).write_bytes((two / FIRST).read_bytes())
    seen = verify(one, authority, options=("--json",))
    assert seen.code == 1
    assert {"evidence.file-differs", "evidence.file-not-covered", "fixity.digest-mismatch"} <= set(seen.codes)
    (record,) = evidence(seen)
    assert (record["proved_at"], record["covers"]) == (None, 0)


def test_roots_of_only_one_of_two_authorities_prove_nothing(
    tmp_path: Path, authority: TimestampAuthority
) -> None:
    other = make_timestamp_authority(tmp_path / "other")
    (package,) = make_packages(tmp_path, 1)
    renew(authority, package)
    renew(other, package)
    seen = verify(package, authority, options=("--json",))
    assert (seen.code, seen.codes) == (0, ["evidence.unproved"])
    assert evidence(seen)[0]["proved_at"] is None
    without = archtool("verify", package)
    assert "not proved: not checked against root certificates (use --tsa-roots)" in without.said()


def test_a_renewal_that_is_too_late_is_reported_and_not_made(
    tmp_path: Path, authority: TimestampAuthority
) -> None:
    late = make_authority(tmp_path / "late", 2035, 2080)
    (package,) = make_packages(tmp_path, 1)
    renew(authority, package)
    spliced = record_of(package, FIRST)
    in_2050 = datetime(2050, 1, 1, tzinfo=UTC)
    made = renew_at(late, in_2050, package)
    assert f"{SECOND}, new record, over 14 files" in made.said()
    roots = tmp_path / "roots.pem"
    roots.write_bytes(authority.roots.read_bytes() + late.roots.read_bytes())
    seen = at_time(in_2050, "verify", package, "--tsa-roots", roots, "--json")
    assert [record["proved_at"] for record in evidence(seen)] == [STAMPED_AT.isoformat(), in_2050.isoformat()]
    assert seen.codes == []
    # the record is renewed by hand anyway
    answer = late.stamp(spliced.chains[0][0].token.raw, in_2050)
    from archtool.timestamps.evidence.renewal import timestamp_leaf

    by_hand = timestamp_leaf(spliced).record((), answer, "late")
    (package / SECOND).write_bytes(by_hand.format())
    seen = at_time(in_2050, "verify", package, "--tsa-roots", roots, "--json", "--only", "evidence")
    assert seen.codes == ["evidence.renewed-late"]
    assert evidence(seen)[0]["proved_at"] is None


def test_a_record_whose_certificates_expire_is_due_for_renewal(
    tmp_path: Path, authority: TimestampAuthority
) -> None:
    (package,) = make_packages(tmp_path, 1)
    renew(authority, package)
    for year, word in ((2039, "expire"), (2041, "expired")):
        seen = at_time(datetime(year, 12, 1, tzinfo=UTC), "verify", package, "--tsa-roots", authority.roots)
        assert seen.code == 0
        assert f"the certificates of its last timestamp {word} at 2040-01-01" in seen.said()
        assert "evidence.renewal-due" in seen.said()


DAMAGE: dict[str, Callable[[bytes], bytes]] = {
    "cut": lambda data: data[:-1],
    "more": lambda data: data + b"\0",
    "empty": lambda _: b"",
    "version": lambda data: data.replace(b"\x02\x01\x01", b"\x02\x01\x02", 1),
}


@pytest.mark.parametrize("name", DAMAGE)
def test_a_damaged_record_is_unreadable(tmp_path: Path, authority: TimestampAuthority, name: str) -> None:
    (package,) = make_packages(tmp_path, 1)
    renew(authority, package)
    (package / FIRST).write_bytes(DAMAGE[name]((package / FIRST).read_bytes()))
    seen = verify(package, authority, options=("--json",))
    assert seen.code == 1
    assert "evidence.unreadable" in seen.codes
    again = renew(authority, package)
    assert (again.code, f"{package}: left out" in again.out) == (1, True)


def test_a_file_among_the_records_that_is_not_a_record_is_reported(
    tmp_path: Path, authority: TimestampAuthority
) -> None:
    (package,) = make_packages(tmp_path, 1)
    renew(authority, package)
    (package / "evidence" / "note.txt").write_text("believe me\n")
    assert "attestation.uncovered-tag-file" in verify(package, authority).said()


def test_a_bag_whose_tag_files_are_in_utf_16_is_not_changed(
    tmp_path: Path, authority: TimestampAuthority
) -> None:
    bag = write_bag(tmp_path / "bag", in_utf_16(bag_files()))
    before = tree_bytes(bag)
    seen = renew(authority, bag)
    assert (seen.code, f"{bag}: left out" in seen.out) == (3, True)
    assert "lines cannot be added to tagmanifest-sha512.txt: the bag's tag files are in UTF-16" in seen.said()
    assert "archtool attest --sidecar DIR --timestamp URL" in seen.said()
    assert tree_bytes(bag) == before
    assert "bag valid" in archtool("verify", bag).out


def test_renew_waits_for_another_run_that_has_locked_the_package(
    tmp_path: Path, authority: TimestampAuthority
) -> None:
    (package,) = make_packages(tmp_path, 1)
    with wait_for_lock(package, 0, print):
        refused = renew(authority, package, "--wait", "0.1")
    assert (refused.code, "nothing was changed" in refused.err) == (5, True)
    with locked_briefly(package):
        done = renew(authority, package)
    assert (done.code, "waiting for another run" in done.err) == (0, True)
    assert (package / FIRST).is_file()


def test_contradictory_or_missing_options_are_refused(tmp_path: Path) -> None:
    assert archtool("renew", tmp_path).code == 2
    seen = archtool("renew", tmp_path, "--timestamp-command", "true", "--algorithm", "md5")
    assert (seen.code, "no timestamps are made with 'md5'" in seen.err) == (2, True)


@needs_sha512sum
def test_a_record_can_be_checked_with_stock_programs(tmp_path: Path, authority: TimestampAuthority) -> None:
    """Run the commands from schemas/README.md on a package that was renewed with others."""
    packages = make_packages(tmp_path, 3)
    renew(authority, *packages)
    package = packages[1]
    page = (Path(__file__).parents[2] / "schemas" / "README.md").read_text(encoding="utf-8")
    (script,) = re.findall(r"^```\n(record=evidence/0001\.ers\n.*?)^```$", page, re.MULTILINE | re.DOTALL)
    shutil.copy(authority.roots, tmp_path / "tsa-roots.pem")
    script = script.replace("tsa-roots.pem", str(tmp_path / "tsa-roots.pem"))
    done = run("bash", "-euc", f"cd {shlex.quote(str(package))}\n{script}", at=STAMPED_AT, check=False)
    assert b"Verification: OK" in done.stdout, done.stdout + done.stderr
    assert b"every file is in the record" in done.stdout
    (package / "data" / "letter.txt").write_text("Letter 9.\n")
    changed = run("bash", "-euc", f"cd {shlex.quote(str(package))}\n{script}", at=STAMPED_AT, check=False)
    assert b"every file is in the record" not in changed.stdout
