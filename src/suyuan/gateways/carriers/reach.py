"""Whether anybody listens where a carrier would call: a connection is opened and closed, nothing is said."""

import socket
import threading
from collections.abc import Sequence
from time import monotonic
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

from .apprise import robot

Place = tuple[str, int]
"""A host and its port."""
PORTS = {"http": 80, "https": 443}


def knock(places: Sequence[Place], seconds: float) -> dict[Place, str]:
    """Return what is wrong with each place that does not answer; all are tried at once, for so long."""
    found: dict[Place, str] = dict.fromkeys(places, "timeout")
    threads = [threading.Thread(target=_try, args=(each, seconds, found), daemon=True) for each in found]
    for thread in threads:
        thread.start()
    until = monotonic() + seconds
    for thread in threads:  # looking a name up keeps no limit of ours
        thread.join(max(0.0, until - monotonic()))
    return {place: problem for place, problem in list(found.items()) if problem}


def _try(place: Place, seconds: float, found: dict[Place, str]) -> None:
    try:
        socket.create_connection(place, timeout=seconds).close()
        found[place] = ""
    except TimeoutError:
        found[place] = "timeout"
    except (socket.gaierror, UnicodeError):
        found[place] = "no_such_host"
    except OSError:
        found[place] = "nobody_listens"


def of_url(url: str) -> Place | None:
    """Return the place a URL calls, None for one that names none."""
    try:
        parts = urlsplit(url)
        port = parts.port or PORTS.get(parts.scheme, 0)
    except ValueError:
        return None
    return (parts.hostname, port) if parts.hostname and port else None


def of_target(target: str) -> Place | None:
    """Return the place an Apprise address calls; None where it calls none, or a proxy calls for it.

    Raise ValueError for an address Apprise does not understand.
    """
    found = robot(target)
    if found is None:
        raise ValueError
    url = getattr(found, "notify_url", None)
    if not isinstance(url, str):
        named = found.host and any("{host}" in template for template in found.templates)
        scheme = "https" if found.secure else "http"
        url = f"{scheme}://{found.host}:{found.port or PORTS[scheme]}" if named else ""
    place = of_url(url)
    by_proxy = place and getproxies().get(urlsplit(url).scheme) and not proxy_bypass(place[0])
    return None if by_proxy else place
