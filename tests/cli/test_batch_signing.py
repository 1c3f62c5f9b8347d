"""Batches with an institution's X.509 signature and with timestamps."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from archtool.batch.journal.journal import JOURNAL_NAME
from batches import batch, batch_of, endings, write_letters
from clusters import running_cluster
from command_line import DATE, archtool
from packages import ARCHIVIST, write_allowed_signers, write_key
from timestamping import (
    Identity,
    TimestampAuthority,
    Wish,
    certify,
    command_of,
    make_timestamp_authority,
    needs_faketime,
    needs_openssl,
    over_http,
    run,
)
from unit.download.servers import serving

pytestmark = [needs_openssl, needs_faketime]
NAMES = ["a", "b", "c"]
DONE, LEFT = ("done", 0), ("left", 0)
LIST = "sha512sums.txt"
STAMPED = "existed at 2026-11-22T12:00:00+00:00: proved by Test timestamps"


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> TimestampAuthority:
    return make_timestamp_authority(tmp_path_factory.mktemp("authority") / "tsa")


def institution(folder: Path, name: str = "archive") -> tuple[Path, Path, Identity]:
    """Make an X.509 key, its certificate and its root."""
    root = certify(f"Root of {name}", None)
    own = certify(name, root, wish=Wish(purposes=None))
    key, certificate = folder / f"{name}.key", folder / f"{name}.pem"
    key.write_bytes(own.key_pem)
    certificate.write_bytes(own.pem)
    return key, certificate, root


def signing(tmp_path: Path, authority: TimestampAuthority) -> list[str | Path]:
    """Return the options for a signature of each kind, and a timestamp."""
    key, certificate, _ = institution(tmp_path)
    return [
        "--sign", write_key(tmp_path), "--cms-key", key, "--cms-cert", certificate,
        "--timestamp-command", command_of(authority), "--tsa-roots", authority.roots,
    ]  # fmt: skip


def assert_signed(package: Path, event: str, tmp_path: Path, authority: TimestampAuthority) -> None:
    """Check that an attestation has an SSH signature, a CMS signature and a timestamp."""
    folder = package / "attestations" / event
    names = {path.name for path in folder.iterdir()}
    assert {f"{LIST}.archivist.sig", f"{LIST}.archivist.sig.tsr", f"{LIST}.p7s"} <= names
    checked = run(
        "openssl", "cms", "-verify", "-binary", "-inform", "DER", "-in", str(folder / f"{LIST}.p7s"),
        "-content", str(folder / LIST), "-noverify", "-out", "/dev/null", check=False,
    )  # fmt: skip
    assert checked.returncode == 0, checked.stderr
    trust = write_allowed_signers(tmp_path, ARCHIVIST)
    seen = archtool("verify", package, "--trust", trust, "--tsa-roots", authority.roots, "--strict")
    assert (seen.code, STAMPED in seen.said()) == (0, True), seen.said()


@pytest.mark.parametrize("jobs", ["1", "3"])
def test_a_batch_packs_and_attests_with_both_signatures_and_timestamps(
    tmp_path: Path, authority: TimestampAuthority, jobs: str
) -> None:
    source, output = write_letters(tmp_path / "letters", *NAMES), tmp_path / "out"
    options = [*signing(tmp_path, authority), "--jobs", jobs]
    packed = batch(source, output, *options)
    assert endings(packed) == dict.fromkeys(NAMES, DONE), packed.err
    assert {told["facts"]["cms_signer"] for told in packed.objects} == {"archive"}
    claim = ["--event", "validation", "--date", DATE]
    attested = batch_of("attest", output, tmp_path / "journal", *claim, *options)
    assert endings(attested) == dict.fromkeys(NAMES, DONE), attested.err
    for name in NAMES:
        assert_signed(output / name, "0001-packaging", tmp_path, authority)
        assert_signed(output / name, "0002-validation", tmp_path, authority)
    assert set(endings(batch(source, output, *options)).values()) == {LEFT}
    again = batch_of("attest", output, tmp_path / "journal", *claim, *options)
    assert set(endings(again).values()) == {LEFT}


def test_a_batch_on_a_cluster_signs_in_cms_and_asks_for_timestamps(
    tmp_path: Path, authority: TimestampAuthority
) -> None:
    pytest.importorskip("distributed")
    source, output = write_letters(tmp_path / "letters", *NAMES), tmp_path / "out"
    key, certificate, _ = institution(tmp_path)
    options = ["--sign", write_key(tmp_path), "--cms-key", key, "--cms-cert", certificate]
    with (
        running_cluster(tmp_path / "cluster") as cluster,
        serving({"/tsa": over_http(authority)}) as server,
    ):
        there = ["--cluster", cluster.scheduler_file, "--tsa-roots", authority.roots]
        stamped = ["--timestamp", server.url("/tsa"), *there]
        packed = batch(source, output, *options, *stamped)
        claim = ["--event", "validation", "--date", DATE, "--timestamp-command", command_of(authority)]
        attested = batch_of("attest", output, tmp_path / "journal", *claim, *options, *there)
        sent = (cluster.folder / "scheduler.log").read_bytes() + b"".join(
            cluster.log_of(number).encode() for number in range(len(cluster.workers))
        )
    assert endings(packed) == dict.fromkeys(NAMES, DONE), packed.err
    assert endings(attested) == dict.fromkeys(NAMES, DONE), attested.err
    assert b"PRIVATE KEY" not in sent
    for name in NAMES:
        assert_signed(output / name, "0001-packaging", tmp_path, authority)
        assert_signed(output / name, "0002-validation", tmp_path, authority)


def test_a_password_in_the_address_of_an_authority_is_not_sent_to_a_cluster(tmp_path: Path) -> None:
    source = write_letters(tmp_path / "letters", "a")
    refused = batch(
        source, tmp_path / "out", "--sign", write_key(tmp_path),
        "--timestamp", "https://me:secret@tsa.example.org/", "--cluster", "tcp://127.0.0.1:1",
    )  # fmt: skip
    assert refused.code == 2
    assert "contains a name or a password, which the scheduler would see" in refused.said()
    assert "secret" not in refused.said()


def test_a_package_packed_and_timestamped_by_a_killed_run_is_made_again(
    tmp_path: Path, authority: TimestampAuthority
) -> None:
    """The package is complete and has its timestamp; the journal records only the start of the job."""
    source, output = write_letters(tmp_path / "letters", "a"), tmp_path / "out"
    options = signing(tmp_path, authority)
    assert endings(batch(source, output, *options)) == {"a": DONE}
    journal = output / JOURNAL_NAME
    lines = journal.read_text().splitlines(keepends=True)
    journal.write_text("".join(line for line in lines if "exit_code" not in line and "complete" not in line))
    again = batch(source, output, *options)
    assert endings(again) == {"a": DONE}, again.out
    assert_signed(output / "a", "0001-packaging", tmp_path, authority)


def test_a_timestamped_package_is_not_replaced_by_a_batch(
    tmp_path: Path, authority: TimestampAuthority
) -> None:
    source, output = write_letters(tmp_path / "letters", "a"), tmp_path / "out"
    options = signing(tmp_path, authority)
    assert endings(batch(source, output, *options)) == {"a": DONE}
    description = source / "a" / "description.yaml"
    description.write_text(description.read_text().replace("Letter a", "Letter A"))
    kept = batch(source, output, *options)
    assert endings(kept) == {"a": ("failed", 2)}
    assert f"the timestamp attestations/0001-packaging/{LIST}.archivist.sig.tsr" in kept.out
    assert endings(batch(source, output, *options, "--keep-predecessor")) == {"a": DONE}


def test_an_unreachable_authority_fails_each_job_and_the_next_run_resumes(
    tmp_path: Path, authority: TimestampAuthority
) -> None:
    source, output = write_letters(tmp_path / "letters", *NAMES), tmp_path / "out"
    signed = ["--sign", write_key(tmp_path)]
    failed = batch(source, output, *signed, "--timestamp-command", "false", "--jobs", "2")
    assert failed.code == 6
    assert endings(failed) == dict.fromkeys(NAMES, ("failed", 5))
    assert not any((output / name).exists() for name in NAMES)
    done = batch(source, output, *signed, "--timestamp-command", command_of(authority), "--jobs", "2")
    assert endings(done) == dict.fromkeys(NAMES, DONE)


def test_another_x509_key_makes_a_package_again_and_a_new_timestamp_attests_nothing_twice(
    tmp_path: Path, authority: TimestampAuthority
) -> None:
    source, output = write_letters(tmp_path / "letters", "a"), tmp_path / "out"
    signed = ["--sign", write_key(tmp_path)]
    assert endings(batch(source, output, *signed)) == {"a": DONE}
    key, certificate, _ = institution(tmp_path, "other")
    cms = ["--cms-key", key, "--cms-cert", certificate]
    assert endings(batch(source, output, *signed, *cms)) == {"a": DONE}
    assert (output / "a" / "attestations" / "0001-packaging" / f"{LIST}.p7s").is_file()
    claim = ["--event", "validation", "--date", DATE, *signed]
    assert endings(batch_of("attest", output, tmp_path / "journal", *claim)) == {"a": DONE}
    stamped = [*claim, "--timestamp-command", command_of(authority)]
    assert endings(batch_of("attest", output, tmp_path / "journal", *stamped)) == {"a": LEFT}


@pytest.mark.parametrize(
    ("verb", "options", "said"),
    [
        ("pack", ["--timestamp-command", "true"], "--timestamp requires --sign"),
        ("pack", ["--cms-key", "key.pem"], "a CMS signature needs a key and a certificate"),
        ("verify", ["--timestamp-command", "true"], "--timestamp-command does not belong to --verb verify"),
        ("verify", ["--cms-key", "key.pem"], "--cms-key does not belong to --verb verify"),
    ],
)
def test_contradictory_signing_options_are_refused(
    tmp_path: Path, verb: str, options: list[str], said: str
) -> None:
    source = write_letters(tmp_path / "letters", "a")
    refused = batch_of(verb, source, tmp_path / "out", *options)
    assert (refused.code, said in refused.said()) == (2, True), refused.said()
    assert not (tmp_path / "out").exists()


def test_the_result_line_of_a_job_names_the_timestamp_authority(
    tmp_path: Path, authority: TimestampAuthority
) -> None:
    source = write_letters(tmp_path / "letters", "a")
    with serving({"/tsa": over_http(authority)}) as server:
        seen = batch(
            source, tmp_path / "out", "--sign", write_key(tmp_path), "--timestamp", server.url("/tsa"),
            "--jobs", "1",
        )  # fmt: skip
        (told,) = map(json.loads, seen.out.splitlines())
        assert told["facts"]["stamped_by"] == server.url("/tsa")
