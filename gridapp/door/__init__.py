"""The windowless door (gridapp …): its verbs by subject; importing it makes all of them known."""

from __future__ import annotations

from gridapp.door import auditing, backups, exchange, hygiene, officers, parcels, pushes, register, town
from gridapp.door.base import door

__all__ = ["auditing", "backups", "door", "exchange", "hygiene", "officers", "parcels", "pushes", "register", "town"]
