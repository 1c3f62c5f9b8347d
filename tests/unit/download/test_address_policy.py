"""The address policy: a bag's URLs must not reach addresses of private networks."""

from __future__ import annotations

import pytest

from archtool.download.address_policy import why_refused

PUBLIC = [
    "93.184.216.34",
    "8.8.8.8",
    "2606:4700:4700::1111",
    "::ffff:8.8.8.8",  # IPv4 in IPv6 notation
    "64:ff9b::808:808",  # behind a translator
    "2002:808:808::1",  # 6to4
]
OWN_NETWORK = [
    "127.0.0.1",
    "127.255.255.254",
    "10.1.2.3",
    "172.16.0.1",
    "192.168.1.1",
    "100.64.0.1",
    "100.127.255.255",
    "::1",
    "fd00::1",
    "fec0::1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "64:ff9b::10.0.0.1",
    "64:ff9b::7f00:1",
    "2002:7f00:1::",
    "2002:c0a8:101::1",
    "2606:4700::5efe:10.0.0.1",
    "2606:4700::200:5efe:192.168.1.1",
]
NEVER = [
    "0.0.0.0",  # noqa: S104 - nothing is bound to it
    "::",
    "169.254.169.254",
    "::ffff:169.254.169.254",
    "64:ff9b::169.254.169.254",
    "2002:a9fe:a9fe::1",
    "fe80::1",
    "fe80::1%eth0",
    "224.0.0.1",
    "ff02::1",
    "240.0.0.1",
    "255.255.255.255",
    "::127.0.0.1",
    "64:ff9b:1::7f00:1",
    "2001:0:7f00:1::",
    "192.88.99.1",
]


@pytest.mark.parametrize("address", PUBLIC)
def test_a_public_address_is_allowed(address: str) -> None:
    assert why_refused(address, allow_private=False) is None


@pytest.mark.parametrize("address", [*OWN_NETWORK, "192.0.2.1", "2001:db8::1", "198.18.0.1"])
def test_a_private_address_is_refused_unless_private_ones_are_allowed(address: str) -> None:
    assert why_refused(address, allow_private=False) is not None
    assert why_refused(address, allow_private=True) is None


@pytest.mark.parametrize("address", NEVER)
def test_some_addresses_are_always_refused(address: str) -> None:
    assert why_refused(address, allow_private=True) is not None
    assert why_refused(address, allow_private=False) is not None


@pytest.mark.parametrize("text", ["", "localhost", "1.2.3", "0x7f000001"])
def test_a_text_that_is_no_address_is_refused(text: str) -> None:
    assert why_refused(text, allow_private=True) == "not an address"
