"""Decides which network addresses a bag's URLs may reach.

A URL in a foreign bag must not reach services that are open only to this machine: its own services, those of
its network, the metadata service of a cloud.

Source: RFC 8493 §5.2; IANA special-purpose address registries (RFC 6890).
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
_V4 = ipaddress.IPv4Network
_V6 = ipaddress.IPv6Network
_SHARED = _V4("100.64.0.0/10")  # between a provider and its customers (RFC 6598)
_RELAY = _V4("192.88.99.0/24")  # relays of 6to4, deprecated (RFC 7526)
_NAT64 = _V6("64:ff9b::/96")  # the last 32 bits are the IPv4 address (RFC 6052)
_LOCAL_NAT64 = _V6("64:ff9b:1::/48")  # translators that a network operates for itself (RFC 8215)
_TEREDO = _V6("2001::/32")  # tunnels whose other end is an IPv4 address (RFC 4380)
_ISATAP = (0x00005EFE, 0x02005EFE)  # bits 64 to 95 of an address whose last 32 are IPv4 (RFC 5214)


def why_refused(address: str, *, allow_private: bool) -> str | None:
    """Return why an address is refused; `None` if it is allowed.

    `allow_private` allows private, shared and loopback addresses. Link-local ones stay refused: clouds serve
    the credentials of a machine there.
    """
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return "not an address"
    reasons = (_why_refused(target, allow_private) for target in _targets(parsed))
    return next((reason for reason in reasons if reason is not None), None)


def _targets(address: Address) -> Iterator[Address]:
    """Yield the address and the IPv4 addresses embedded in it; of IPv4 in IPv6 notation, only the latter."""
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
    # for Python 3.13 all of 2002::/16 is private, for 3.11 none: check the embedded IPv4 address instead
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
    """Return why an address is refused even with `allow_private`: no file server has such an address."""
    reasons = (
        (address.is_unspecified, "the unspecified address"),
        (address.is_multicast, "a multicast address"),
        (address.is_link_local, "a link-local address"),
        (address in _TEREDO or address in _RELAY, "an address of a tunnel"),
        (address in _LOCAL_NAT64, "an address of a translator"),
        (address.is_reserved and not address.is_loopback, "a reserved address"),
    )
    return next((reason for applies, reason in reasons if applies), None)
