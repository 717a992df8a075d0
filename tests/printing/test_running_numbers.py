"""Every print has a running number of its own, on its pages and in the audit, without a gap: whoever holds a page finds the line, and no line lacks."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from gridapp import printing
from gridapp.ledger import Ledger, looks
from gridapp.ledger.tables import LOOKS
from gridapp.printing import batches, press
from tests import ledgers
from tests.printing import reading


def numbers(ledger: Ledger) -> dict[str, list[int]]:
    """The running numbers of prints and exports, by the beginning of the station's key."""
    found = dict[str, list[int]]()
    ledger.guarded = False
    with ledger.read() as read:
        for dev, number in read.rows(LOOKS.select().with_only_columns(LOOKS.c.dev, LOOKS.c.number).where(LOOKS.c.number.is_not(None)).order_by(LOOKS.c.seq)):
            found.setdefault(dev.hex()[:4].upper(), []).append(number)
    ledger.guarded = True
    return found


def on_paper(path: Path) -> set[str]:
    """The numbers at the feet of all its pages."""
    return {found for text in reading.texts(path) for found in re.findall(r"打印编号 ([0-9A-F]{4}-\d{6})", text)}


def test_prints_batches_and_reprints_are_numbered_without_a_gap_whoever_prints_and_whatever_fails(ledger: Ledger, tmp_path: Path) -> None:
    house = ledgers.a_house(ledger)
    ledgers.a_tenant(ledger, ledgers.rooms_of(ledger, house)[0])
    ledger.sign_in(1)
    told = list[str]()
    for number in ("F04", "F02", "F06"):
        ledger.ask(printing.write, number, tmp_path / "t.pdf")
        told += on_paper(tmp_path / "t.pdf")
    with pytest.raises(press.Stopped):
        ledger.ask(printing.make, "F04", progress=lambda _done, _total: False)
    batch = batches.begin(ledger, "F04", tmp_path / "b.pdf")
    assert batches.go_on(ledger, batch).finished
    told += on_paper(tmp_path / "b.pdf")
    (tmp_path / "r.pdf").write_bytes(batches.reprint(ledger, batch, 1, 1)[1])
    told += on_paper(tmp_path / "r.pdf")
    with ledger.read() as read:
        read.mark(looks.EXPORTED, None, "people")
    (device, given), = numbers(ledger).items()
    assert given == [1, 2, 3, 4, 5, 6, 7]
    assert told == [f"{device}-{number:06d}" for number in (1, 2, 3, 5, 6)], "the fourth was stopped: it stands in the audit, on no paper"


def test_each_pc_numbers_by_itself(empty_ledger: Path, tmp_path: Path) -> None:
    for name in ("a", "b"):
        path = tmp_path / name / "台账.grid"
        path.parent.mkdir()
        with ledgers.begin(path) as ledger:
            ledger.sign_in(1)
            for _again in range(2):
                ledger.ask(printing.make, "F02")
            assert list(numbers(ledger).values()) == [[1, 2]]
