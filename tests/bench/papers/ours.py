"""This program: the shipped layout F04 with the houses below each other, 22 rows a page."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from gridapp import places
from gridapp.ledger.resting import collector_rests
from gridapp.printing import cidfont, press, table
from gridapp.printing.layout import Section
from gridapp.printing.listed import Group, Register
from gridapp.printing.page import Pages
from gridapp.printing.papers import f04
from gridapp.store import files
from tests.bench.papers import lay, sample

TODAY = date(2026, 11, 23)


def draw(data: Path, out: Path) -> int:
    """Pages."""
    assert cidfont  # its ReportLab is loaded with this module, as the peers' libraries are
    entries = tomllib.loads(places.resource("papers", "F04.toml").read_text("utf-8"))
    entries["band"]["begins"], entries["rows_per_page"] = "line", lay.ROWS
    register = Register(f04.Roster(lay.VILLAGE, lay.GRID), _groups(data), 0)

    def written(sink: files.Sink) -> int:
        pages = Pages(lay.TITLE, TODAY, sink)
        with collector_rests():
            table.draw(pages, Section("F04", entries), register, press.Imprint(TODAY, lay.MAKER), lambda _done: None)
        pages.finish()
        assert not pages.missing
        return pages.count

    return files.write_streamed(out, written)


def _groups(data: Path) -> Iterator[Group]:
    for house in sample.read(data):
        rows = [f04.Row(*tenant[:8], date.fromisoformat(tenant[8]), date.fromisoformat(tenant[9]) if tenant[9] else None, tenant[10]) for tenant in house.tenants]
        yield Group(f04.House(house.house_no, house.address, house.owner, house.phone, house.rooms, rows), rows)
