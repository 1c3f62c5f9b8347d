"""Other programs and official schemas accept archtool's packages, and archtool accepts their output."""

from __future__ import annotations

import json
import os
import subprocess
from collections import Counter
from pathlib import Path
from typing import Any

import bagit
import pytest

from command_line import archtool
from packages import ARCHIVIST, EXAMPLES, REPOSITORY, needs_ssh_keygen, pack, write_allowed_signers, write_key
from repaired_texts import make_repair, write_repair
from unit.bagit.bag_builders import look

REFERENCE = Path(os.environ.get("ARCHTOOL_REFERENCE_SCHEMAS", REPOSITORY.parent / "shared" / "reference"))
needs_reference = pytest.mark.skipif(
    not (REFERENCE / "premis-v3.xsd").is_file(),
    reason=f"no official schemas in {REFERENCE} (name their folder with ARCHTOOL_REFERENCE_SCHEMAS)",
)
KEY_KINDS = [("ecdsa", "256"), ("ecdsa", "384"), ("ecdsa", "521"), ("rsa", "3072")]
DESCRIPTIONS = sorted(EXAMPLES.rglob("description.yaml"))


@pytest.fixture(params=DESCRIPTIONS, ids=lambda p: p.parent.name)
def package(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """Pack and sign each example."""
    assert pack(request.param, tmp_path / "package", "--sign", write_key(tmp_path)).code == 0
    return tmp_path / "package"


@needs_reference
@pytest.mark.parametrize("option", ["--keep-times", "--split-size=1f"])
def test_premis_with_times_or_of_parts_is_valid_to_the_official_schema(option: str, tmp_path: Path) -> None:
    assert pack(DESCRIPTIONS[0], tmp_path / "package", option).code == 0
    for made in tmp_path.glob("package*"):
        test_premis_is_valid_to_the_official_schema(made)
        test_the_prov_library_loads_the_provenance_without_loss(made)


@needs_reference
def test_the_history_of_a_repaired_text_is_valid_to_the_official_schema(tmp_path: Path) -> None:
    sources = tmp_path / "sources"
    sources.mkdir()
    repair = make_repair(reviewer="Une relectrice", open_places=1)
    assert pack(write_repair(sources, repair), tmp_path / "package").code == 0
    test_premis_is_valid_to_the_official_schema(tmp_path / "package")
    test_the_prov_library_loads_the_provenance_without_loss(tmp_path / "package")


@needs_reference
def test_premis_is_valid_to_the_official_schema(package: Path) -> None:
    from lxml import etree

    schema = etree.XMLSchema(etree.parse(str(REFERENCE / "premis-v3.xsd"), etree.XMLParser(no_network=True)))
    schema.assertValid(etree.parse(str(package / "metadata" / "premis.xml")))


@needs_reference
def test_the_citation_is_valid_csl_json(package: Path) -> None:
    import jsonschema

    schema = json.loads((REFERENCE / "csl-data.schema.json").read_text(encoding="utf-8"))
    items = json.loads((package / "metadata" / "citation.json").read_text(encoding="utf-8"))
    assert list(jsonschema.Draft7Validator(schema).iter_errors(items)) == []


def test_the_prov_library_loads_the_provenance_without_loss(package: Path) -> None:
    from prov.model import ProvDocument

    text = (package / "metadata" / "provenance.json").read_text(encoding="utf-8")
    loaded = ProvDocument.deserialize(content=text, format="json")
    again = json.loads(loaded.serialize(format="json"))
    assert count_facts(again) == count_facts(json.loads(text))
    assert loaded == ProvDocument.deserialize(content=json.dumps(again), format="json")


def count_facts(document: dict[str, Any]) -> Counter[tuple[str, str]]:
    """Count each attribute in each kind of record; a single value can be a list or not."""
    counts: Counter[tuple[str, str]] = Counter()
    for kind, records in document.items():
        if kind == "prefix":
            continue
        for record in records.values():
            for one in record if isinstance(record, list) else [record]:
                for name, value in one.items():
                    counts[kind, name] += len(value) if isinstance(value, list) else 1
    return counts


@needs_ssh_keygen
def test_ssh_keygen_makes_the_same_signature_as_archtool(package: Path, tmp_path: Path) -> None:
    signed = package / "attestations" / "0001-packaging" / "sha512sums.txt"
    own = (package / "attestations" / "0001-packaging" / "sha512sums.txt.archivist.sig").read_bytes()
    done = subprocess.run(
        ["ssh-keygen", "-Y", "sign", "-n", "archtool", "-f", str(write_key(tmp_path))],
        input=signed.read_bytes(), capture_output=True, check=True,
    )  # fmt: skip
    assert done.stdout == own


@needs_ssh_keygen
@pytest.mark.parametrize(
    ("kind", "bits"), [("ecdsa", "256"), ("ecdsa", "384"), ("ecdsa", "521"), ("rsa", "3072")]
)
def test_keys_of_other_kinds_sign_and_are_accepted(tmp_path: Path, kind: str, bits: str) -> None:
    key = tmp_path / "key"
    subprocess.run(
        ["ssh-keygen", "-q", "-t", kind, "-b", bits, "-N", "", "-C", ARCHIVIST, "-f", str(key)], check=True
    )
    package = tmp_path / "package"
    assert pack(EXAMPLES / "letter" / "description.yaml", package, "--sign", key).code == 0
    trust = tmp_path / "allowed_signers"
    trust.write_text(archtool("keys", "trust", tmp_path / "key.pub").out)
    assert archtool("verify", package, "--trust", trust).code == 0
    attestation = package / "attestations" / "0001-packaging"
    done = subprocess.run(
        ["ssh-keygen", "-Y", "verify", "-f", str(trust), "-I", ARCHIVIST, "-n", "archtool",
         "-s", str(attestation / "sha512sums.txt.archivist.sig")],
        input=(attestation / "sha512sums.txt").read_bytes(), capture_output=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


def test_a_list_made_by_ssh_keygen_is_accepted(package: Path, tmp_path: Path) -> None:
    trust = write_allowed_signers(tmp_path, ARCHIVIST)
    windowed = trust.read_text().replace("namespaces=", 'valid-after="20200101",namespaces=')
    trust.write_text(f"# the archive's own keys\n\n{windowed}")
    assert archtool("verify", package, "--trust", trust).code == 0


@pytest.mark.parametrize("checksums", [None, ["sha256"], ["sha512", "md5"]])
def test_a_bag_of_bagit_py_is_valid_without_findings(checksums: list[str] | None, tmp_path: Path) -> None:
    root = tmp_path / "bag"
    (root / "letters").mkdir(parents=True)
    for name in ("1938.txt", "letters/Kráľ.txt", "letters/a b.txt"):
        (root / name).write_text(name, encoding="utf-8")
    info = {"Contact-Name": ["É. Weil", "A. Novák"], "External-Description": "Letters.\nIn two lines."}
    bagit.make_bag(str(root), info, checksums=checksums)
    result = look(root)
    assert (result.verdict["bag"], result.findings) == ("valid", ())
