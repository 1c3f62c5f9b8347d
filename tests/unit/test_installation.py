"""The install command uses the source that archtool itself was installed from."""

from __future__ import annotations

import json
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest

from archtool import installation


class Installed:
    """A stand-in for the metadata of an installed distribution."""

    def __init__(self, url: str | None) -> None:
        self.url = url

    def read_text(self, _name: str) -> str | None:
        return None if self.url is None else json.dumps({"url": self.url})


@pytest.mark.parametrize("place", ["folder", "file", "elsewhere", "index", "gone"])
def test_a_missing_part_is_installed_from_the_source_of_archtool(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    wheel = tmp_path / "archtool_bagit.whl"
    wheel.write_bytes(b"")
    urls = {
        "folder": tmp_path.as_uri(), "file": wheel.as_uri(), "elsewhere": "https://example.org/a.whl",
        "gone": (tmp_path / "gone").as_uri(), "index": None,
    }  # fmt: skip
    monkeypatch.setattr(metadata, "distribution", lambda _name: Installed(urls[place]))
    expected = {
        "folder": f"{tmp_path}[xlsx]", "file": f"archtool-bagit[xlsx] @ {wheel.as_uri()}",
    }  # fmt: skip
    assert installation._requirement("xlsx") == expected.get(place, "archtool-bagit[xlsx]")


def test_a_checkout_that_is_not_installed_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> Any:
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(metadata, "distribution", missing)
    checkout = Path(installation.__file__).resolve().parent.parent
    assert installation._requirement("cms") == f"{checkout}[cms]"


def test_an_environment_without_pip_uses_the_pip_of_its_base_python(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(installation.util, "find_spec", lambda _name: None)
    assert "-m pip --python " in installation._pip()
