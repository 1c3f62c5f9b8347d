"""What a verification after a repair says about the state of the copy in the register."""

from __future__ import annotations

import pytest

from archtool.holdings.copy_state import CopyState
from archtool.operations.repair.registered import state_after


@pytest.mark.parametrize(
    ("bag", "trust", "state"),
    [
        ("valid", "trusted", CopyState.OK),
        ("valid", "not-asked", CopyState.OK),
        ("valid", "broken", CopyState.CHANGED),
        ("incomplete", "not-asked", CopyState.MISSING),
        ("invalid", "trusted", CopyState.CHANGED),
        ("unreadable", "not-asked", CopyState.UNREADABLE),
    ],
)
def test_a_repaired_copy_is_in_order_only_if_it_is_valid_and_its_chain_unbroken(
    bag: str, trust: str, state: CopyState
) -> None:
    assert state_after(bag, trust) is state
