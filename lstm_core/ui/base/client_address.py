"""Where a connection comes from, as far as counting goes."""

from __future__ import annotations

from ipaddress import IPv6Address, ip_address, ip_network

from starlette.types import Scope


def client_address(scope: Scope) -> str:
    """Return the address that counts for a connection.

    Behind a proxy it is the one the proxy names in ``X-Forwarded-For``, when uvicorn believes that proxy.
    """
    host = scope["client"][0] if scope.get("client") else ""
    return internet_line(host) or str(host)


def internet_line(host: object) -> str:
    """Return the address that one line to the internet has: of IPv6 the first 64 bits, for the rest is free to choose.

    "": it is no address.
    """
    try:
        address = ip_address(str(host))
    except ValueError:
        return ""
    if isinstance(address, IPv6Address):
        return str(address.ipv4_mapped or ip_network((int(address), 64), strict=False))
    return str(address)
