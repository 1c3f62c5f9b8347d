"""`archtool fetch`: its output, its JSON, and the bag afterwards."""

from __future__ import annotations

from pathlib import Path

import pytest

from command_line import archtool, archtool_process
from unit.bagit.bag_builders import bag_files, write_bag
from unit.download.certificates import make_authority, server_context
from unit.download.holey import LETTERS, holey_bag, leftovers, payload_of, served_bag
from unit.download.servers import Served, serving

ON_SERVER = {"/" + path: data for path, data in LETTERS.items()}


def test_a_holey_bag_is_filled_and_then_valid(tmp_path: Path) -> None:
    with serving(ON_SERVER) as store:
        bag = served_bag(tmp_path / "bag", store)
        assert archtool("verify", bag).code == 1
        seen = archtool("fetch", bag, "--allow-private")
    assert (seen.code, seen.err) == (0, "")
    assert payload_of(bag) == dict(sorted(LETTERS.items()))
    assert seen.out.splitlines()[0] == f"{bag}: fetch complete"
    assert "1 bag · 2 files fetched · 1.4 KB · 0 failed · 0 already present" in seen.out
    assert seen.out.splitlines()[-1] == f"to check the result, run: archtool verify {bag}"
    assert archtool("verify", bag).code == 0
    assert leftovers(bag) == []


def test_a_second_run_contacts_no_server(tmp_path: Path) -> None:
    with serving(ON_SERVER) as store:
        bag = served_bag(tmp_path / "bag", store)
        assert archtool("fetch", bag, "--allow-private").code == 0
        asked = len(store.requests)
        (again,) = archtool("fetch", bag, "--allow-private", "--json").objects
        assert len(store.requests) == asked
    assert again["verdict"] == {"fetch": "complete"}
    assert again["facts"]["fetched"] == []
    assert {item["reason"] for item in again["facts"]["skipped"]} == {"there-and-right"}


def test_json_names_every_file_and_no_password(tmp_path: Path) -> None:
    with serving(ON_SERVER) as store:
        base = store.base.replace("://", "://reader:secret@")
        lines = f"{base}/data/letter.txt 1360 data/letter.txt\n{base}/gone - data/annexe/list.txt\n"
        bag = holey_bag(tmp_path / "bag", LETTERS, lines)
        seen = archtool("fetch", bag, "--allow-private", "--json")
    (result,) = seen.objects
    assert (seen.code, result["schema"], result["exit_code"]) == (1, "archtool/fetch/1", 1)
    assert result["verdict"] == {"fetch": "incomplete"}
    url = store.url("/data/letter.txt")
    assert result["facts"]["fetched"] == [
        {"path": "data/letter.txt", "url": url, "bytes": 1360, "resumed": False}
    ]
    assert result["facts"]["failed"] == [
        {"path": "data/annexe/list.txt", "url": store.url("/gone"), "line": 2, "code": "remote.not-there"}
    ]
    assert [(f["file"], f["line"]) for f in result["findings"]] == [("fetch.txt", 2)]
    assert "secret" not in seen.out + seen.err
    assert "Authorization" not in store.requests[0].headers
    assert "to check the result" in seen.err


def test_a_dry_run_lists_the_downloads_and_contacts_no_server(tmp_path: Path) -> None:
    with serving(ON_SERVER) as store:
        bag = holey_bag(
            tmp_path / "bag",
            LETTERS,
            f"{store.url('/data/letter.txt')} 1360 data/letter.txt\n"
            f"{store.url('/x')} - data/annexe/list.txt\n",
        )
        seen = archtool("fetch", bag, "--dry-run")
        assert store.requests == []
    assert seen.code == 0
    assert f"  data/letter.txt  1.4 KB  {store.url('/data/letter.txt')}\n" in seen.out
    assert f"  data/annexe/list.txt  unknown length  {store.url('/x')}\n" in seen.out
    assert "1 bag · 2 files to fetch · 1.4 KB · 1 of unknown length · 0 already present" in seen.out
    assert "archtool verify" not in seen.out
    assert payload_of(bag) == {}
    assert leftovers(bag) == []


def test_a_dry_run_lists_existing_files_without_checking_them(tmp_path: Path) -> None:
    bag = holey_bag(
        tmp_path / "bag", LETTERS, "http://example.org/x - data/letter.txt\n", present=["data/letter.txt"]
    )
    (result,) = archtool("fetch", bag, "--dry-run", "--json").objects
    assert result["facts"]["planned"] == []
    assert result["facts"]["skipped"] == [{"path": "data/letter.txt", "reason": "there"}]


def test_a_server_on_this_machine_is_contacted_only_if_allowed(tmp_path: Path) -> None:
    with serving(ON_SERVER) as store:
        bag = served_bag(tmp_path / "bag", store)
        seen = archtool("fetch", bag)
        assert store.requests == []
    assert seen.code == 1
    assert "127.0.0.1 is a loopback address [remote.address-refused]" in seen.said()
    assert "--allow-private" in seen.said()
    assert payload_of(bag) == {}


def test_each_bag_has_its_own_result_and_the_worst_exit_code_wins(tmp_path: Path) -> None:
    with serving(ON_SERVER) as store:
        good = served_bag(tmp_path / "good", store)
        seen = archtool("fetch", tmp_path / "nowhere", good, "--allow-private", "--json")
    nowhere, filled = seen.objects
    assert seen.code == 3
    assert [f["code"] for f in nowhere["findings"]] == ["bag.unreadable"]
    assert nowhere["verdict"] == {"fetch": "unreadable"}
    assert filled["verdict"] == {"fetch": "complete"}


def test_an_archive_of_a_bag_must_be_unpacked_first(tmp_path: Path) -> None:
    archive = tmp_path / "bag.tar"
    archive.write_bytes(b"")
    seen = archtool("fetch", archive)
    assert seen.code == 3
    assert "only the folder of a bag can be filled" in seen.said()
    assert "unpack it first" in seen.said()


def test_a_bag_without_fetch_txt_has_nothing_to_fetch(tmp_path: Path) -> None:
    seen = archtool("fetch", write_bag(tmp_path / "bag", bag_files()))
    assert seen.code == 0
    assert "0 files fetched" in seen.out


def test_files_on_this_machine_require_an_option(tmp_path: Path) -> None:
    source = tmp_path / "store" / "letter one.txt"
    source.parent.mkdir()
    source.write_bytes(LETTERS["data/letter.txt"])
    payload = {"data/letter.txt": LETTERS["data/letter.txt"]}
    bag = holey_bag(tmp_path / "bag", payload, f"{source.as_uri()} 1360 data/letter.txt\n")
    assert archtool("fetch", bag, "--json").codes == ["remote.scheme-refused"]
    assert archtool("fetch", bag, "--allow-scheme", "file").code == 0
    assert payload_of(bag) == payload


@pytest.mark.parametrize(
    ("written", "limit_bytes"), [("100", 100), ("1kB", 1000), ("1KiB", 1024), ("2 MB", 2_000_000)]
)
def test_a_size_can_have_a_unit(written: str, limit_bytes: int, tmp_path: Path) -> None:
    fits, over = b"x" * limit_bytes, b"x" * (limit_bytes + 1)
    payload = {"data/fits": fits, "data/over": over}
    with serving({"/" + path: data for path, data in payload.items()}) as store:
        bag = served_bag(tmp_path / "bag", store, payload, lengths=False)
        seen = archtool("fetch", bag, "--allow-private", "--max-size", written, "--json")
    assert seen.codes == ["remote.over-limit"]
    assert payload_of(bag) == {"data/fits": fits}


@pytest.mark.parametrize(
    "wrong",
    [
        ("--max-size", "much"),
        ("--jobs", "0"),
        ("--timeout", "0"),
        ("--allow-scheme", "ftp"),
        ("--max-total", "-1"),
    ],
)
def test_an_invalid_option_value_is_a_usage_error(wrong: tuple[str, str], tmp_path: Path) -> None:
    assert archtool("fetch", tmp_path, *wrong).code == 2


def test_a_download_over_the_total_limit_is_not_started(tmp_path: Path) -> None:
    with serving(ON_SERVER) as store:
        bag = served_bag(tmp_path / "bag", store)
        seen = archtool("fetch", bag, "--allow-private", "--max-total", "1000", "--json")
        assert store.requests == []
    assert seen.codes == ["remote.over-total"]


def test_a_fetch_warning_counts_only_with_strict(tmp_path: Path) -> None:
    with serving(ON_SERVER) as store:
        line = f"{store.url('/data/letter.txt')} 1360 data/letter.txt\n"
        bag = holey_bag(tmp_path / "bag", {"data/letter.txt": LETTERS["data/letter.txt"]}, line * 2)
        assert archtool("fetch", bag, "--allow-private", "--json").codes == ["remote.listed-twice"]
        assert len(store.requests) == 1
    assert archtool("fetch", bag, "--allow-private").code == 0
    assert archtool("fetch", bag, "--allow-private", "--strict").code == 1


def test_a_server_with_a_trusted_certificate_is_accepted(tmp_path: Path) -> None:
    """The authority is one of the system, or named by SSL_CERT_FILE."""
    authority = make_authority(tmp_path)
    with serving(ON_SERVER, server_context(authority)) as store:
        bag = served_bag(tmp_path / "bag", store)
        env = {"SSL_CERT_FILE": str(authority.certificate)}
        seen = archtool_process("fetch", bag, "--allow-private", env=env)
    assert (seen.code, seen.err) == (0, "")
    assert payload_of(bag) == dict(sorted(LETTERS.items()))


def test_a_server_with_an_untrusted_certificate_is_refused(tmp_path: Path) -> None:
    with serving(ON_SERVER, server_context(make_authority(tmp_path))) as store:
        bag = served_bag(tmp_path / "bag", store)
        seen = archtool("fetch", bag, "--allow-private", "--json")
        assert store.requests == []
    assert (seen.code, set(seen.codes)) == (5, {"remote.not-authentic"})


def test_no_proxy_of_the_environment_is_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with serving() as proxy, serving(ON_SERVER) as store:
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
            monkeypatch.setenv(name, proxy.base)
        monkeypatch.delenv("no_proxy", raising=False)
        bag = served_bag(tmp_path / "bag", store)
        assert archtool("fetch", bag, "--allow-private").code == 0
        assert proxy.requests == []


def test_a_slow_server_times_out_and_the_others_do_not(tmp_path: Path) -> None:
    slow = Served(LETTERS["data/letter.txt"], waits_after=10)
    with serving({**ON_SERVER, "/data/letter.txt": slow}) as store:
        bag = served_bag(tmp_path / "bag", store)
        seen = archtool("fetch", bag, "--allow-private", "--timeout", "0.3", "--json")
    assert (seen.code, seen.codes) == (5, ["remote.too-slow"])
    assert payload_of(bag) == {"data/annexe/list.txt": LETTERS["data/annexe/list.txt"]}
    assert len(leftovers(bag)) == 1
