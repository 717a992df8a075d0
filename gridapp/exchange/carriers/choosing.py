"""Which carrier stands behind a place: a folder or stick by its path, a postbox by https://, the town's database by postgresql://, all else by its fsspec address."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from urllib.request import url2pathname

from gridapp.exchange.carriers import sticks
from gridapp.exchange.carriers.carrier import Carrier
from gridapp.exchange.carriers.folder import Folder
from gridapp.exchange.carriers.troubles import NoSuchWay
from gridapp.store.hub import address, is_hub


def carrier_at(place: str, token: str = "", certificate: str | None = None, **options: Any) -> Carrier:
    """The carrier of a path or address. `token`, `certificate`: of a postbox (the password, of a database); `options`: of an fsspec plug-in (username, password; WebDAV: base_url, auth).

    Raises NoSuchWay for an address nobody here can open, Pulled for a folder that is not there.
    """
    if "://" not in place:
        return _folder(Path(place))
    scheme = place.partition("://")[0].lower()
    if scheme == "file":
        return _folder(Path(url2pathname(urlsplit(place).path)))
    if scheme == "https":
        from gridapp.exchange.carriers.https import Https

        return Https(place, token, certificate)
    if is_hub(place):
        from gridapp.exchange.carriers.letterbox import Letterbox
        from gridapp.ledger.letters import Letters

        url = address(place)
        return Letterbox(Letters(url.set(password=token) if token else url))
    if scheme == "http":
        raise NoSuchWay(place)
    from gridapp.exchange.carriers.remote import Remote

    return Remote(place, **options)


def _folder(root: Path) -> Folder:
    """A folder that lies on a stick knows it, so that it can be ejected."""
    return Folder(root, sticks.stick_of(root.absolute(), sticks.plugged_in()))
