"""A real scheduler and real workers, in separate processes, make the same packages as one process."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from archtool.batch.journal.journal import JOURNAL_NAME
from batches import batch, endings, packages_in, write_letters
from budgets import budget
from cli.test_batch_heads import recorded, shelf_of
from cli.test_heads_in_register import cut_off_newest, head_on_shelf
from clusters import RunningCluster, archtool_tls, dask_tls, environment, make_certificates, running_cluster
from command_line import ARCHTOOL, DATE, archtool, archtool_process, unmeasured
from packages import ARCHIVIST, EXAMPLES, left_behind, write_allowed_signers, write_key

MANY = budget(240, 2_000)


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningCluster]:
    with running_cluster(tmp_path_factory.mktemp("cluster"), env=environment()) as running:
        yield running


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, dict[str, bytes]]:
    """Make the sources of many packages, a key, and the packages that one process makes."""
    folder = tmp_path_factory.mktemp("many")
    names = [f"{number // 100:02}/letter-{number:04}" for number in range(MANY)]
    source, key = write_letters(folder / "letters", *names), write_key(folder)
    command = [*ARCHTOOL, "batch", str(source), "-o", str(folder / "out"), "--date", DATE]
    options = ["--sign", str(key), "--jobs", "1", "--no-sync"]
    subprocess.run([*command, *options], check=True, stdout=subprocess.DEVNULL, env=unmeasured())
    return source, key, packages_in(folder / "out")


@pytest.mark.parametrize("is_encrypted", [False, True], ids=["in the clear", "with TLS"])
def test_a_cluster_that_loses_a_worker_makes_the_packages_of_one_process(
    many: tuple[Path, Path, dict[str, bytes]], tmp_path: Path, *, is_encrypted: bool
) -> None:
    source, key, wanted = many
    pem = make_certificates(tmp_path / "pem")
    archtool_options, dask_options = (archtool_tls(pem), dask_tls(pem)) if is_encrypted else ([], [])
    output = tmp_path / "out"
    with running_cluster(tmp_path / "cluster", tls=dask_options) as cluster:
        assert cluster.address.startswith("tls://" if is_encrypted else "tcp://")
        command = [*ARCHTOOL, "batch", source, "-o", output, "--date", DATE, "--sign", key, "--no-sync"]
        with subprocess.Popen(
            [*map(str, command), "--cluster", str(cluster.scheduler_file), *map(str, archtool_options)],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=unmeasured(),
        ) as process:  # fmt: skip
            assert process.stdout is not None
            for _ in range(MANY // 3):
                assert process.stdout.readline()
            cluster.workers[0].kill()
            _, errors = process.communicate(timeout=300)
    assert process.returncode == 0, errors
    assert errors.decode().startswith(f"{MANY:,} jobs · {MANY:,} done · 0 failed · ")
    assert packages_in(output) == wanted
    assert left_behind(output) == []
    assert not list(output.glob(".archtool-run-*"))


def on(cluster: RunningCluster) -> tuple[str, Path]:
    return "--cluster", cluster.scheduler_file


def test_every_verb_is_done_by_the_workers(cluster: RunningCluster, tmp_path: Path) -> None:
    source, output = write_letters(tmp_path / "letters", "a", "b", "c"), tmp_path / "out"
    key = write_key(tmp_path, passphrase=b"a test's")
    secret = tmp_path / "passphrase"
    secret.write_text("a test's\n")
    signing = ["--sign", key, "--passphrase-file", secret]
    (source / "b" / "letter.txt").unlink()
    packed = archtool_process("batch", source, "-o", output, "--date", DATE, *signing, *on(cluster))
    assert (packed.code, endings(packed)) == (6, {"a": ("done", 0), "b": ("failed", 3), "c": ("done", 0)})
    (bad,) = [line for line in packed.objects if line["job"] == "b"]
    assert "payload.missing" in [finding["code"] for finding in bad["findings"]]

    trust = ["--trust", write_allowed_signers(tmp_path, ARCHIVIST)]
    (tmp_path / "policy.yaml").write_text("archtool-policy: 1\nclaims:\n  - { event: packaging }\n")
    (tmp_path / "revoked").write_text(f"SHA256:{'A' * 43}\n")
    trust_options = [
        "--tsa-roots",
        make_certificates(tmp_path / "pem")["ca"],
        "--revoked",
        tmp_path / "revoked",
    ]
    options = [*trust, *trust_options, "--policy", tmp_path / "policy.yaml"]
    checked = archtool_process(
        "batch", output, "-o", tmp_path / "checks", "--verb", "verify", *options, *on(cluster)
    )
    assert (checked.code, endings(checked)) == (0, {"a": ("done", 0), "c": ("done", 0)}), checked.err
    assert {line["verdict"]["trust"] for line in checked.objects} == {"trusted"}
    claim = ["--verb", "attest", "--event", "fixity-check", *signing, *on(cluster)]
    claimed = archtool_process("batch", output, "-o", tmp_path / "claims", "--date", DATE, *claim)
    assert (claimed.code, endings(claimed)) == (0, {"a": ("done", 0), "c": ("done", 0)}), claimed.err
    assert archtool("verify", output / "a", output / "c", *trust, "--strict").code == 0


def test_the_client_of_a_cluster_records_the_heads_and_the_workers_require_them(
    cluster: RunningCluster, tmp_path: Path
) -> None:
    shelf, register = shelf_of(tmp_path, 2)
    claim = ["--verb", "attest", "--event", "countersignature", "--sign", write_key(tmp_path)]
    with_register = ["--register", register, *on(cluster)]
    claimed = archtool_process("batch", shelf, "-o", tmp_path / "claims", *claim, *with_register)
    assert endings(claimed) == {"letters-0": ("done", 0), "letters-1": ("done", 0)}, claimed.err
    assert recorded(register) == [str(head_on_shelf(package)) for package in sorted(shelf.iterdir())]
    cut_off_newest(shelf / "letters-1")
    verify = ["--verb", "verify", *with_register]
    checked = archtool_process("batch", shelf, "-o", tmp_path / "checks", *verify)
    assert endings(checked) == {"letters-0": ("done", 0), "letters-1": ("failed", 1)}


def test_a_cluster_and_other_runs_resume_each_other(cluster: RunningCluster, tmp_path: Path) -> None:
    source, output = write_letters(tmp_path / "letters", "a", "b"), tmp_path / "out"
    first = archtool_process("batch", source, "-o", output, "--date", DATE, *on(cluster))
    assert endings(first) == {"a": ("done", 0), "b": ("done", 0)}
    assert endings(batch(source.absolute(), output)) == {"a": ("left", 0), "b": ("left", 0)}
    write_letters(source, "c")
    (source / "a" / "letter.txt").write_text("Another text.\n")
    again = archtool_process("batch", source, "-o", output, *on(cluster))
    assert endings(again) == {"a": ("done", 0), "b": ("left", 0), "c": ("done", 0)}
    assert (output / "a/data/letter.txt").read_text() == "Another text.\n"


def test_checking_on_a_cluster_writes_nothing(cluster: RunningCluster, tmp_path: Path) -> None:
    source = write_letters(tmp_path / "letters", "a", "b")
    (source / "b" / "letter.txt").unlink()
    result = archtool_process("batch", source, "-o", tmp_path / "out", "--check", *on(cluster))
    assert (result.code, endings(result)) == (6, {"a": ("done", 0), "b": ("failed", 3)})
    assert not (tmp_path / "out").exists()


def test_the_real_case_is_packed_on_a_cluster_as_in_one_process(
    cluster: RunningCluster, tmp_path: Path
) -> None:
    key = write_key(tmp_path)
    command = ["batch", EXAMPLES, "--match", "description.yaml", "--date", DATE, "--sign", key]
    result = archtool_process(*command, "-o", tmp_path / "there", *on(cluster))
    assert endings(result)["rakovsky-1932"] == ("done", 0)
    assert archtool(*command, "-o", tmp_path / "here", "--jobs", "1").code == result.code
    assert packages_in(tmp_path / "there") == packages_in(tmp_path / "here")
    assert (tmp_path / "there" / JOURNAL_NAME).is_file()
