"""Which network addresses a bag may make us ask.

A URL in somebody else's bag must not reach what only this machine can reach: its own services, its
neighbours, a cloud's metadata service.

Source: RFC 8493 §5.2; IANA special-purpose address registries (RFC 6890).
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
_V4 = ipaddress.IPv4Network
_V6 = ipaddress.IPv6Network
_SHARED = _V4("100.64.0.0/10")  # between a provider and its customers (RFC 6598)
_RELAY = _V4("192.88.99.0/24")  # relays of 6to4, given up (RFC 7526)
_NAT64 = _V6("64:ff9b::/96")  # the last 32 bits are the IPv4 address (RFC 6052)
_LOCAL_NAT64 = _V6("64:ff9b:1::/48")  # the same, at a network's own discretion (RFC 8215)
_TEREDO = _V6("2001::/32")  # tunnels whose other end is an IPv4 address (RFC 4380)
_ISATAP = (0x00005EFE, 0x02005EFE)  # bits 64 to 95 of an address whose last 32 are IPv4 (RFC 5214)


def why_refused(address: str, *, allow_private: bool) -> str | None:
    """Why an address is not asked; `None` where it may be.

    `allow_private` opens private, shared and loopback addresses. Link-local ones stay closed: clouds keep
    the credentials of a machine there.
    """
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return "not an address"
    reasons = (why for meant in _meanings(parsed) if (why := _why_refused(meant, allow_private)) is not None)
    return next(reasons, None)


def _meanings(address: Address) -> Iterator[Address]:
    """The address, and every IPv4 address that is written inside it; of a mere spelling, only the latter."""
    if isinstance(address, ipaddress.IPv4Address):
        yield address
        return
    number = int(address)
    last_32_bits = ipaddress.IPv4Address(number & 0xFFFFFFFF)
    if address.ipv4_mapped is not None or address in _NAT64:
        yield last_32_bits
        return
    if (number >> 32) & 0xFFFFFFFF in _ISATAP:
        yield last_32_bits
    # Python 3.13 calls all of 2002::/16 private, 3.11 none of it: the IPv4 address inside decides
    yield address if address.sixtofour is None else address.sixtofour


def _why_refused(address: Address, allow_private: bool) -> str | None:
    never = _why_never(address)
    if never is not None or allow_private:
        return never
    if address.is_loopback:
        return "a loopback address"
    if address in _SHARED:
        return "an address shared behind a provider"
    if address.is_private or not address.is_global or getattr(address, "is_site_local", False):
        return "a private address"
    return None


def _why_never(address: Address) -> str | None:
    """Why nobody's flag opens an address: no store of files is there."""
    reasons = (
        (address.is_unspecified, "the unspecified address"),
        (address.is_multicast, "a multicast address"),
        (address.is_link_local, "a link-local address"),
        (address in _TEREDO or address in _RELAY, "an address of a tunnel"),
        (address in _LOCAL_NAT64, "an address of a translator"),
        (address.is_reserved and not address.is_loopback, "a reserved address"),
    )
    return next((reason for applies, reason in reasons if applies), None)
