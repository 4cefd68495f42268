"""The Dask cluster that takes the meters, where one is configured."""

from urllib.parse import urlsplit

from services import cluster
from services.database.team_server import is_local
from services.doctor.check import Seen, Unwell, seen


def look(address: str) -> Seen:
    """Raises `Unwell` for what is not as it should be, and `ClusterRefused` where this machine does all."""
    with cluster.connected(address) as client:
        fit, refusals = cluster.usable(client)
    for refused in refusals:
        raise refused
    parts = urlsplit(address)
    if parts.scheme != "tls" and not is_local(parts.hostname or ""):
        raise Unwell(
            "What goes to {address} can be read on its way, and who answers there can run programs on this "
            "machine. Set Dask up for TLS, and have the address begin with tls://.",
            address=address,
        )
    if parts.scheme == "tls":
        return seen("the workers of {address} take the meters: {count}", address=address, count=len(fit))
    return seen(
        "the workers of {address} take the meters: {count}; whoever answers there runs programs as you, so "
        "let no other user of this machine take its place",
        address=address,
        count=len(fit),
    )
