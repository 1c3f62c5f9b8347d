"""Reading a package without its payload: its citation, its page and its signers."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archtool.attestations.report import TrustVerdict
from archtool.description.model import Creator
from archtool.errors import InputError
from archtool.exports.citations.styles import STYLES
from archtool.openssh.trust_files.allowed_signers import AllowedSigners
from archtool.operations.cite import CiteRequest, cite
from archtool.operations.show import show
from archtool.operations.show_facts import view_facts
from archtool.operations.trust import trust_check
from archtool.operations.trust.trust_request import TrustRequest
from packages import ARCHIVIST, make_package, write_allowed_signers
from unit.provenance.rakovsky_case import appeal
from unit.report.views import view as view_of

AT = datetime(2026, 11, 23, tzinfo=UTC)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_package(tmp_path_factory.mktemp("made"))


@pytest.fixture
def package(made: Path, tmp_path: Path) -> Path:
    """A signed package of one letter, to be changed."""
    return Path(shutil.copytree(made, tmp_path / "package"))


@pytest.mark.parametrize("style", STYLES)
def test_the_citation_is_printed_in_every_style(made: Path, style: str) -> None:
    assert "Cahiers, no 3 (1979), pp. 12-14." in cite(CiteRequest((made,), style), AT).text


@pytest.mark.parametrize(
    "data", [None, b"{", b"null", b"[]", b"\xff", b"[" * 100_000, b'[{"id": 5, "type": {}}]']
)
def test_an_unusable_citation_is_an_error_with_a_hint(package: Path, data: bytes | None) -> None:
    path = package / "metadata" / "citation.json"
    path.unlink() if data is None else path.write_bytes(data)
    with pytest.raises(InputError, match="has no readable citation") as refused:
        cite(CiteRequest((package,)), AT)
    assert "archtool show" in (refused.value.hint or "")
    assert show(package, TrustRequest(), AT).citation is None


def test_the_page_of_a_package_is_built_from_the_metadata(made: Path) -> None:
    view = show(made, TrustRequest(), AT)
    assert (view.payload_files, view.payload_bytes, view.metadata_holds) == (1, 17, True)
    assert view.trust.verdict is TrustVerdict.NOT_ASKED
    facts = view_facts(view)
    expected = {
        "payload": {"files": 1, "bytes": 17},
        "metadata_holds": True,
        "id": None,
        "title": "Letter of the bureau to the sections",
        "date": "1932-05",
        "citation": "Cahiers, no 3 (1979), pp. 12-14.",
        "creators": [],
        "translation_credit": None,
        "annexes": [],
        "rights": {"original": "UND", "package": "CC0-1.0"},
        "own_labels": {},
        "own_keys": {},
        "placeholders": [],
        "tag_files": [],
        "languages": {"en": "English"},
        "transcription": [{"file": "data/letter.txt", "language": "en"}],
    }
    assert {key: facts[key] for key in expected} == expected


def test_creators_are_shown_with_the_status_of_their_attribution() -> None:
    case = appeal()
    stated = replace(case, creators=(*case.creators, Creator(case.creators[1].agent, "editor")))
    facts = view_facts(view_of(stated))
    assert [c["attribution"] for c in facts["creators"]] == ["attributed", "stated", "stated"]
    assert facts["translation_credit"] == "Traduction MIA"


def test_a_bag_without_a_description_is_shown_with_its_bag_info(package: Path) -> None:
    (package / "metadata" / "description.yaml").unlink()
    facts = view_facts(show(package, TrustRequest(), AT))
    assert "title" not in facts
    assert {"label": "Bag-Size", "value": "17 bytes"} in facts["bag_info"]
    assert facts["metadata_holds"] is False


@pytest.mark.parametrize("name", ["bag-info.txt", "metadata/annexes.json"])
def test_changed_metadata_is_not_confirmed(package: Path, name: str) -> None:
    (package / name).write_text((package / name).read_text() + "\n")
    assert not show(package, TrustRequest(), AT).metadata_holds


def test_metadata_without_a_tag_manifest_is_not_confirmed(package: Path) -> None:
    (package / "tagmanifest-sha512.txt").unlink()
    assert not show(package, TrustRequest(), AT).metadata_holds


def test_a_folder_that_is_not_a_package_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such folder or archive"):
        show(tmp_path / "nowhere", TrustRequest(), AT)
    with pytest.raises(InputError, match="not a bag"):
        show(tmp_path, TrustRequest(), AT)


def test_the_signers_are_in_the_result_for_scripts(package: Path, tmp_path: Path) -> None:
    allowed = AllowedSigners.parse(write_allowed_signers(tmp_path, ARCHIVIST).read_text(), "allowed_signers")
    view = show(package, TrustRequest(allowed), AT)
    assert view.trust.verdict is TrustVerdict.TRUSTED
    (attestation,) = view_facts(view)["attestations"]
    assert (attestation["event"], attestation["claimants"]) == ("packaging", [ARCHIVIST])
    (signature,) = attestation["signatures"]
    assert (signature["is_good"], signature["principals"]) == (True, [ARCHIVIST])
    assert str(signature["trusted_by"]).startswith("allowed_signers:1")


def test_a_statement_that_cannot_be_read_has_no_claimants(package: Path) -> None:
    (package / "attestations" / "0001-packaging" / "statement.json").write_text("{")
    (attestation,) = view_facts(show(package, TrustRequest(), AT))["attestations"]
    assert "claimants" not in attestation


def test_an_unsigned_package_is_not_digested(package: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.rmtree(package / "attestations")
    monkeypatch.setattr(trust_check, "hash_file", None)
    assert show(package, TrustRequest(), AT).trust.attestations == ()


def test_tag_files_that_cannot_be_read_prove_nothing(package: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(trust_check, "hash_file", fail)
    monkeypatch.setattr(trust_check, "MAX_TAG_FILE_BYTES", 1)
    assert show(package, TrustRequest(), AT).trust.verdict is not TrustVerdict.TRUSTED
