"""Every kind of finding has one permanent code, a summary and advice."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections import Counter

import pytest

import archtool
from archtool.findings import Kind
from archtool.operations.catalogue import all_kinds

CODE = re.compile(r"[a-z]+(-[a-z]+)*\.[a-z0-9]+(-[a-z0-9]+)*")


def declared_kinds() -> list[Kind]:
    """Return every kind in every module of kinds, whether or not the catalogue lists it."""
    modules = [
        m.name for m in pkgutil.walk_packages(archtool.__path__, "archtool.") if m.name.endswith("kinds")
    ]
    return [
        k for name in modules for k in vars(importlib.import_module(name)).values() if isinstance(k, Kind)
    ]


def test_no_code_is_declared_twice() -> None:
    assert [
        code for code, count in Counter(kind.code for kind in declared_kinds()).items() if count > 1
    ] == []


def test_the_catalogue_lists_every_kind_sorted_by_code() -> None:
    assert all_kinds() == {kind.code: kind for kind in declared_kinds()}
    assert list(all_kinds()) == sorted(all_kinds())


@pytest.mark.parametrize("kind", declared_kinds(), ids=lambda kind: kind.code)
def test_each_kind_has_a_summary_and_advice(kind: Kind) -> None:
    assert CODE.fullmatch(kind.code)
    assert len(kind.summary.split()) > 2
    assert not kind.summary.startswith(("a ", "the "))
    assert kind.summary.endswith(".")
    assert kind.advice
    assert not kind.advice.endswith(".")
    assert kind.clause != ""


@pytest.mark.parametrize("kind", declared_kinds(), ids=lambda kind: kind.code)
def test_no_two_kinds_have_the_same_summary(kind: Kind) -> None:
    same_words = [other.code for other in declared_kinds() if other.summary == kind.summary]
    assert same_words == [kind.code]
