"""Batches: all rosters into one file or a file each; whatever stops them, they go on from the same house and the pages are numbered right."""

from __future__ import annotations

import errno
import io
import os
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pypdf
import pytest

from gridapp import places
from gridapp.ledger import Ledger, looks
from gridapp.printing import batches, batchhouses, press
from gridapp.printing.batchstate import Batch, Item, safe_name
from gridapp.printing.papers import PAPERS
from gridapp.store.files import CannotWrite, DiskFull
from gridapp.store.remains import Remains
from gridapp.work import audit, forgetting, houses, invent, village
from tests import ledgers
from tests.printing import reading

SOME = 3
VILLAGES = ("v:330784108238", "v:330784108247")
_COUNTED = re.compile(r"第(\d+)页共(\d+)页（总第(\d+)页）")


@pytest.fixture
def lived_in(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> Ledger:
    """A village of twelve houses; a batch takes three of them at a step."""
    monkeypatch.setattr(batches, "AT_ONCE", SOME)
    ledger.do(invent.invent, 90)
    ledger.sign_in(1)
    return ledger


def run(ledger: Ledger, batch: Batch, steps: int = 1000) -> batches.Told:
    """So many steps, or to the end."""
    told = batches.go_on(ledger, batch)
    while not told.finished and (steps := steps - 1) > 0:
        told = batches.go_on(ledger, batch)
    return told


def noted(ledger: Ledger, what: str) -> list[str]:
    """What the audit says of it, newest first, as the program itself may read it."""
    ledger.guarded = False
    found = [line.why for line in ledger.ask(audit.lines, audit.Wish(what=what))]
    ledger.guarded = True
    return found


def left(ledger: Ledger) -> Batch:
    """The batch as a program that was started anew finds it."""
    (found,) = batches.batches(ledger)
    return found


def pages(data: bytes | Path) -> list[tuple[str, ...]]:
    """House, page, pages of the house, page of the file, of every page."""
    told = []
    for page in pypdf.PdfReader(io.BytesIO(data) if isinstance(data, bytes) else data).pages:
        text = "".join(page.extract_text().split())
        counted, house = _COUNTED.search(text), re.search(r"房屋编号：(\w+?)坐落", text)
        assert counted and house, text
        told.append((house[1], *counted.groups()))
    return told


def test_all_rosters_in_one_file_have_right_page_numbers_and_one_number_in_the_audit(lived_in: Ledger, tmp_path: Path) -> None:
    batch = batches.begin(lived_in, "F04", tmp_path / "all.pdf")
    told = run(lived_in, batch)
    found = pages(tmp_path / "all.pdf")
    assert told.finished and told.done == told.total == len(batch.plan.items) > 3 * SOME and told.pages == len(found)
    assert [int(page[3]) for page in found] == list(range(1, len(found) + 1))
    assert list(dict.fromkeys(page[0] for page in found)) == [item.name for item in batch.plan.items]
    assert noted(lived_in, looks.PRINTED) == [f"F04　第 1 号　批量 {told.total} 户　归档"]
    assert all("打印编号" in text and "-000001" in text for text in reading.texts(tmp_path / "all.pdf"))


@pytest.mark.parametrize("steps", [1, 2, 3])
def test_a_program_that_was_killed_goes_on_and_makes_the_very_same_file(lived_in: Ledger, tmp_path: Path, steps: int) -> None:
    begun = batches.begin(lived_in, "F04", tmp_path / "b.pdf")
    whole = Batch(Remains.fresh(tmp_path / "other", bytes(32)), replace(begun.plan, out=str(tmp_path / "a.pdf")))
    run(lived_in, whole)
    run(lived_in, begun, steps)
    assert not (tmp_path / "b.pdf").exists()
    told = run(lived_in, again := left(lived_in))
    assert again.done == told.total and told.finished and not told.changed
    assert noted(lived_in, looks.OPENED)[0] == f"F04　接着打印 {batches.number_in(begun.plan.trace)}"
    assert (tmp_path / "b.pdf").read_bytes() == (tmp_path / "a.pdf").read_bytes()


@pytest.mark.parametrize(("number", "kind"), [(errno.ENOSPC, DiskFull), (errno.EIO, CannotWrite)])
def test_a_disk_that_is_full_or_pulled_out_costs_nothing_that_is_done(lived_in: Ledger, tmp_path: Path, number: int, kind: type[Exception],
                                                                     monkeypatch: pytest.MonkeyPatch) -> None:
    batch = batches.begin(lived_in, "F04", tmp_path / "all.pdf")
    run(lived_in, batch, 2)
    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", _refusing(number))
        for _again in range(2):
            with pytest.raises(kind):
                batches.go_on(lived_in, batch)
    assert batch.done == 2 * SOME and left(lived_in).done == 2 * SOME
    run(lived_in, batch)
    assert [int(page[3]) for page in pages(tmp_path / "all.pdf")] == list(range(1, batch.pages + 1))


def _refusing(number: int) -> Any:
    def refuse(*_paths: object) -> None:
        raise OSError(number, "no")

    return refuse


def test_a_file_another_program_holds_is_said_and_only_the_last_step_is_tried_again(lived_in: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "all.pdf"
    out.write_bytes(b"old")
    batch, replaced = batches.begin(lived_in, "F04", out), os.replace

    def held(source: str | Path, target: str | Path) -> None:
        if Path(target) == out:
            raise PermissionError(13, "held")
        replaced(source, target)

    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", held)
        with pytest.raises(press.FileHeld, match="正被别的程序打开"):
            run(lived_in, batch)
        assert out.read_bytes() == b"old" and batch.done == len(batch.plan.items) and list(tmp_path.glob("*.part")) == []
    drawn = list[object]()
    monkeypatch.setattr(press, "lay", lambda *told: drawn.append(told))
    assert run(lived_in, left(lived_in)).finished and not drawn
    assert [int(page[3]) for page in pages(out)] == list(range(1, batch.pages + 1))


def test_a_file_for_each_house_is_named_by_its_number_and_goes_on_after_the_stick_is_back(lived_in: Ledger, tmp_path: Path) -> None:
    stick, drawer = tmp_path / "stick", tmp_path / "drawer"
    stick.mkdir()
    batch = batches.begin(lived_in, "F04", stick, one_file=False)
    run(lived_in, batch, 2)
    stick.rename(drawer)
    with pytest.raises(CannotWrite):
        batches.go_on(lived_in, batch)
    drawer.rename(stick)
    written = {path: path.stat().st_mtime_ns for path in stick.iterdir()}
    run(lived_in, left(lived_in))
    assert sorted(path.name for path in stick.iterdir()) == sorted(f"{item.name} F04.pdf" for item in batch.plan.items)
    assert all(path.stat().st_mtime_ns == before for path, before in written.items()), "what was done is not made again"
    found = [page for item in batch.plan.items for page in pages(stick / f"{item.name} F04.pdf")]
    assert [int(page[3]) for page in found] == list(range(1, len(found) + 1))


def test_pages_printed_again_are_exactly_those_of_the_batch(lived_in: Ledger, tmp_path: Path) -> None:
    batch = batches.begin(lived_in, "F04", tmp_path / "all.pdf")
    run(lived_in, batch)
    whole = reading.texts(tmp_path / "all.pdf")
    printed, data, other = batches.reprint(lived_in, left(lived_in), 3, 9)
    (tmp_path / "r.pdf").write_bytes(data)
    again = reading.texts(tmp_path / "r.pdf")
    assert printed.pages == len(again) == 7 and not other
    assert [text.split("打印编号")[0] for text in again] == [text.split("打印编号")[0] for text in whole[2:9]]
    assert all("-000002" in text and re.search(r"重印自 \w{4}-000001", text) for text in again)
    assert noted(lived_in, looks.PRINTED)[0] == "F04　第 2 号　重印第 3-9 页"


@pytest.mark.parametrize("wanted", [(0, 1), (5, 4), (1, 10_000)])
def test_pages_there_are_not_are_refused_with_those_there_are(lived_in: Ledger, tmp_path: Path, wanted: tuple[int, int]) -> None:
    run(lived_in, batch := batches.begin(lived_in, "F04", tmp_path / "all.pdf"))
    with pytest.raises(batches.NoSuchPages, match=f"第 1 到 {batch.pages} 页"):
        batches.reprint(lived_in, batch, *wanted)


def test_houses_changed_in_between_are_printed_as_they_are_now_and_told(lived_in: Ledger, tmp_path: Path) -> None:
    batch = batches.begin(lived_in, "F04", tmp_path / "all.pdf")
    run(lived_in, batch, 1)
    early, late, gone = batch.plan.items[0], batch.plan.items[-1], batch.plan.items[-2]
    ledgers.a_tenant(lived_in, ledgers.rooms_of(lived_in, late.id)[0], "赵后来")
    lived_in.do(houses.correct_house, early.id, remark="改过")
    rooms = {item.id: ledgers.rooms_of(lived_in, item.id) for item in batch.plan.items}
    assert rooms[gone.id]
    again = left(lived_in)
    told = batches.go_on(lived_in, again)
    assert told.changed == (early.name, late.name)
    assert batches.go_on(lived_in, again).changed == (), "told once"
    run(lived_in, again)
    assert "赵后来" in reading.whole(tmp_path / "all.pdf")


def test_printing_changes_no_record(lived_in: Ledger, tmp_path: Path) -> None:
    before = lived_in.digest()
    run(lived_in, batches.begin(lived_in, "F04", tmp_path / "all.pdf"))
    batches.reprint(lived_in, left(lived_in), 1, 2)
    assert lived_in.digest() == before


def test_what_is_left_of_a_batch_tells_nobody_anything(lived_in: Ledger, tmp_path: Path) -> None:
    batch = batches.begin(lived_in, "F04", tmp_path / "all.pdf")
    run(lived_in, batch, 2)
    found = [path for path in (places.data_dir() / "batches").rglob("*") if path.is_file()]
    assert len(found) == 3
    for path in found:
        data = path.read_bytes()
        assert b"QHY" not in data and b"PDF" not in data and "王建国".encode() not in data and b"FlateDecode" not in data
    other = Remains(found[0].parent, bytes(32))
    assert other.plan is None and other.piece(0) is None


def test_a_piece_that_is_damaged_or_swapped_is_made_anew(lived_in: Ledger, tmp_path: Path) -> None:
    batch = batches.begin(lived_in, "F04", tmp_path / "all.pdf")
    run(lived_in, batch, 3)
    first, second = (batch.remains.folder / name for name in ("000000", "000001"))
    second.write_bytes(first.read_bytes())
    again = left(lived_in)
    assert again.done == SOME
    run(lived_in, again)
    assert [int(page[3]) for page in pages(tmp_path / "all.pdf")] == list(range(1, again.pages + 1))


def test_a_character_no_font_has_stops_the_batch_and_a_mark_lets_it_go_on(lived_in: Ledger, tmp_path: Path) -> None:
    batch = batches.begin(lived_in, "F04", tmp_path / "all.pdf")
    late = batch.plan.items[-1]
    ledgers.a_tenant(lived_in, ledgers.rooms_of(lived_in, late.id)[0], "王\U00033479")
    with pytest.raises(press.NoGlyph, match="王"):
        run(lived_in, batch)
    stopped_at = left(lived_in).done
    assert stopped_at == (len(batch.plan.items) - 1) // SOME * SOME
    again = left(lived_in)
    again.mark_missing()
    run(lived_in, again)
    assert "王〓(U+33479)" in reading.whole(tmp_path / "all.pdf")


def test_a_batch_is_gone_on_with_by_whoever_began_it(lived_in: Ledger, tmp_path: Path) -> None:
    batch = batches.begin(lived_in, "F04", tmp_path / "all.pdf")
    batch.plan = replace(batch.plan, officer=7)
    batch.remains.keep_plan(batch.plan.dump())
    assert batches.batches(lived_in) == []
    with pytest.raises(batches.NotYours):
        batches.go_on(lived_in, batch)


def test_a_checklist_for_every_house_counts_its_pages_at_the_foot(ledger: Ledger, tmp_path: Path) -> None:
    for number in ("QHY0001", "QHY0002"):
        ledgers.a_house(ledger, number)
    batch = batches.begin(ledger, "F06", tmp_path / "6.pdf")
    told = run(ledger, batch)
    texts = ["".join(text.split()) for text in reading.texts(tmp_path / "6.pdf")]
    assert told.pages == len(texts) and all(f"总第{place}页" in text for place, text in enumerate(texts, 1))


def test_an_empty_village_is_said(ledger: Ledger, tmp_path: Path) -> None:
    with pytest.raises(batches.NothingToPrint, match="没有出租房屋"):
        batches.begin(ledger, "F04", tmp_path / "all.pdf")
    with pytest.raises(press.NotAsked):
        batches.begin(ledger, "F11", tmp_path / "all.pdf")
    assert batches.batches(ledger) == []


@pytest.mark.parametrize(("name", "safe"), [("QHY0001", "QHY0001"), ("A/1:2*?", "A_1_2__"), ("con", "_con"), ("NUL.x", "_NUL.x"), ("x. .", "x"), ("", "_"),
                                            ("宅" * 200, "宅" * 80), ("a\tb", "a_b")])
def test_a_files_name_is_one_every_system_takes(name: str, safe: str) -> None:
    assert safe_name(name) == safe


def test_two_houses_never_share_a_file(ledger: Ledger, tmp_path: Path) -> None:
    ids = [ledgers.a_house(ledger, number) for number in ("A1", "a1", "B/1")]
    items = tuple(Item("", key, name) for key, name in zip(ids, ("A1", "a1", "B/1"), strict=True))
    batch = batches.begin(ledger, "F04", tmp_path, one_file=False)
    batch.plan = replace(batch.plan, items=items)
    names = [batch.file_name(item) for item in items]
    assert len({name.lower() for name in names}) == 3 and names[2] == "B_1 F04.pdf"


def test_of_finished_batches_the_last_ones_are_kept(ledger: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches, "KEPT", 2)
    ledgers.a_house(ledger)
    for number in range(4):
        run(ledger, batches.begin(ledger, "F04", tmp_path / f"{number}.pdf"))
    assert [Path(batch.plan.out).name for batch in batches.batches(ledger)] == ["3.pdf", "2.pdf"]
    assert [len(list(one.remains.folder.iterdir())) for one in batches.batches(ledger)] == [1, 1]


def test_given_up_it_is_gone(lived_in: Ledger, tmp_path: Path) -> None:
    run(lived_in, batch := batches.begin(lived_in, "F04", tmp_path / "all.pdf"), 1)
    batches.give_up(lived_in, batch)
    assert batches.batches(lived_in) == [] and list((places.data_dir() / "batches").iterdir()) == []


def test_one_grid_is_a_range(ledger: Ledger, tmp_path: Path) -> None:
    ledgers.a_house(ledger)
    with pytest.raises(batches.NothingToPrint):
        batches.begin(ledger, "F04", tmp_path / "all.pdf", batchhouses.Where(grid=ledgers.a_house(ledger, "QHY0002")))


def test_a_piece_taken_away_while_the_batch_runs_is_made_anew_before_the_file_is_written(lived_in: Ledger, tmp_path: Path) -> None:
    run(lived_in, batch := batches.begin(lived_in, "F04", tmp_path / "all.pdf"), 3)
    (batch.remains.folder / "000001").unlink()
    run(lived_in, batch)
    assert [int(page[3]) for page in pages(tmp_path / "all.pdf")] == list(range(1, batch.pages + 1)) and batch.done == len(batch.plan.items)


def test_who_is_forgotten_waits_in_no_batch_either(lived_in: Ledger, tmp_path: Path) -> None:
    lived_in.guarded = False
    person = ledgers.a_person(lived_in, "赵小妹", ledgers.NUMBERS[3])
    run(lived_in, batches.begin(lived_in, "F04", tmp_path / "all.pdf"), 2)
    forgetting.forget(lived_in, person, "本人要求删除")
    again = left(lived_in)
    assert again.done == 0 and [path.name for path in again.remains.folder.iterdir()] == ["plan"]
    run(lived_in, again)
    assert len(pages(tmp_path / "all.pdf")) == again.pages


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Ledger]:
    """A town's ledger with two villages, in each a house of the same number."""
    with Ledger.create(tmp_path / "town.grid", ledgers.PASSWORD, "officer 1", "t:330784108", wall=ledgers.Clock(), cost=ledgers.CHEAP) as made:
        made.hold_scopes(VILLAGES)
        for scope in VILLAGES:
            made.do_in(scope, village.found_village, scope[2:], "第一网格", "王建国")
            made.work_in(scope)
            ledgers.a_tenant(made, ledgers.rooms_of(made, ledgers.a_house(made))[0], f"租客{scope[-2:]}", ledgers.NUMBERS[VILLAGES.index(scope)])
        made.work_in(None)
        yield made


def test_a_town_prints_all_its_villages_each_from_its_own_desk(town: Ledger, tmp_path: Path) -> None:
    assert [name for name, _where in town.ask(batchhouses.ranges)] == ["全镇", "青后叶村", "前杭村"]
    run(town, batch := batches.begin(town, "F04", tmp_path / "all.pdf"))
    first, second = ("".join(text.split()) for text in reading.texts(tmp_path / "all.pdf"))
    assert "青后叶村村民委员会" in first and "租客38" in first and "前杭村村民委员会" in second and "租客47" in second and "总第2页" in second
    assert town.working is None, "what is looked at stays as it was"
    folder = tmp_path / "each"
    folder.mkdir()
    run(town, batches.begin(town, "F04", folder, one_file=False))
    assert sorted(path.name for path in folder.iterdir()) == ["前杭村 QHY0001 F04.pdf", "青后叶村 QHY0001 F04.pdf"]
    run(town, batches.begin(town, "F03", tmp_path / "one.pdf", batchhouses.Where(VILLAGES[1])))
    assert "租客38" not in reading.whole(tmp_path / "all.pdf").split("总第2页")[1] and len(reading.texts(tmp_path / "one.pdf")) >= 1
    assert [count for _item, _before, count in batch.spans()] == [1, 1]


@pytest.mark.parametrize("number", [number for number, paper in PAPERS.items() if batches.batchable(paper)])
def test_every_paper_of_a_house_prints_as_a_batch(lived_in: Ledger, tmp_path: Path, number: str) -> None:
    run(lived_in, batch := batches.begin(lived_in, number, tmp_path / "all.pdf"))
    assert batch.pages == len(reading.texts(tmp_path / "all.pdf")) >= len(batch.plan.items) and all(batch.counts)


def test_of_a_house_with_several_pages_only_those_wanted_are_printed_again(ledger: Ledger, tmp_path: Path) -> None:
    for number in ("QHY0001", "QHY0002", "QHY0003"):
        ledgers.a_house(ledger, number)
    run(ledger, batch := batches.begin(ledger, "F06", tmp_path / "6.pdf"))
    whole, each = reading.texts(tmp_path / "6.pdf"), batch.counts[0]
    assert each > 1
    printed, data, _other = batches.reprint(ledger, batch, each, each + 1)
    (tmp_path / "r.pdf").write_bytes(data)
    again = reading.texts(tmp_path / "r.pdf")
    assert printed.pages == 2 and again == whole[each - 1:each + 1]


def test_a_piece_that_followed_another_one_than_is_there_now_counts_for_nothing(lived_in: Ledger, tmp_path: Path) -> None:
    batch = batches.begin(lived_in, "F04", tmp_path / "all.pdf")
    run(lived_in, batch, 3)
    (batch.remains.folder / "000001").unlink()
    ledgers.a_tenant(lived_in, ledgers.rooms_of(lived_in, batch.plan.items[SOME].id)[0], "赵后来", ledgers.NUMBERS[3])
    again = left(lived_in)
    batches.go_on(lived_in, again)
    assert left(lived_in).done == again.done == 2 * SOME, "the third was drawn behind another second"
    run(lived_in, left(lived_in))
    assert "赵后来" in reading.whole(tmp_path / "all.pdf") and len(pages(tmp_path / "all.pdf")) == left(lived_in).pages
