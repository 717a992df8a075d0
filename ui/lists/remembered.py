"""What is remembered of a list for an officer on this PC: its order, the widths and places of its columns, and the filters they saved. Nobody's data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from gridapp.settings import Settings

#: narrowest a column is kept, in design pixels; most saved filters of one list
NARROWEST, MOST = 40, 6


@dataclass
class Saved:
    """A filter an officer saved: what they call it, what it filters, how it is sorted."""

    name: str
    which: str
    sort: str = ""


@dataclass
class Remembered:
    """A list as its officer left it; columns are told by their titles, those of another version are left out."""

    sort: str = ""
    widths: dict[str, int] = field(default_factory=dict)
    order: list[str] = field(default_factory=list)
    saved: list[Saved] = field(default_factory=list)

    @classmethod
    def of(cls, told: Any, titles: Sequence[str], filters: Sequence[str]) -> Remembered:
        """What stands in the settings; whatever of it cannot be right is as good as none."""
        told = told if isinstance(told, dict) else {}
        widths, order, saved = told.get("widths"), told.get("order"), told.get("saved")
        return cls(
            told["sort"] if isinstance(told.get("sort"), str) else "",
            {t: w for t, w in widths.items() if t in titles and type(w) is int and w >= NARROWEST} if isinstance(widths, dict) else {},
            list(order) if isinstance(order, list) and sorted(map(str, order)) == sorted(titles) else [],
            [Saved(*one) for one in saved if isinstance(one, list) and len(one) == 3 and all(isinstance(x, str) for x in one) and one[1] in filters][:MOST]
            if isinstance(saved, list) else [])

    def told(self) -> dict[str, Any]:
        """As the settings keep it."""
        return {"sort": self.sort, "widths": self.widths, "order": self.order, "saved": [[s.name, s.which, s.sort] for s in self.saved]}


def read(settings: Settings | None, key: str, titles: Sequence[str], filters: Sequence[str]) -> Remembered:
    """What is remembered under 'ledger officer list'."""
    return Remembered.of(settings.lists.get(key) if settings is not None else None, titles, filters)


def keep(settings: Settings | None, key: str, remembered: Remembered) -> None:
    """Remember it from now on. Raises CannotWrite, DiskFull."""
    if settings is None:
        return
    if remembered == Remembered():
        settings.lists.pop(key, None)
    else:
        settings.lists[key] = remembered.told()
    settings.save()
