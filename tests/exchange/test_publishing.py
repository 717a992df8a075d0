"""Code tables the town publishes: every village speaks them after the next parcel, an undo takes them back, nothing of a record is lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from gridapp.exchange import publishing
from gridapp.exchange.publishing import PublishedMeanwhile, TownPublishes
from gridapp.fields import codes, editions
from gridapp.fields.kinds import Code
from gridapp.ledger import Ledger
from gridapp.records import Dictionary
from gridapp.work import people
from tests import ledgers
from tests.exchange import handing
from tests.exchange.paired import CONF, SCOPE

MORE = editions.text_of(codes.shipped("relation")) + "20\t保姆\t住家保姆\t\n"


def publish(town: Ledger, text: str = MORE, name: str = "relation", note: str | None = None) -> int:
    edition = editions.edition(name, text)
    return publishing.publish(town, edition, town.ask(publishing.newest, name), note)


def without(name: str, row: str) -> str:
    return "".join(line for line in editions.text_of(codes.table(name).offered).splitlines(True) if not line.startswith(row + "\t"))


def test_it_counts_at_once_at_the_town_and_after_the_next_parcel_in_the_village(town: Ledger, village_pc: Ledger, stick: Path) -> None:
    handing.round_trip(village_pc, town, stick)
    assert publish(town) == 1 and codes.table("relation").find("住家保姆") == "20"
    ledgers.reopen(_closed(village_pc)).close()
    assert codes.table("relation").find("保姆") is None, "the village has not heard of it"
    with ledgers.reopen(village_pc.path) as pc:
        handing.hand(town, "青后叶村一号机", stick)
        handing.take(pc, stick)
        assert codes.table("relation").label("20") == "保姆"
        codes.receive({})
    with ledgers.reopen(village_pc.path) as pc:
        assert codes.table("relation").label("20") == "保姆", "at opening too"
        assert pc.digest(CONF) == town.digest(CONF)


def _closed(ledger: Ledger) -> Path:
    ledger.close()
    return ledger.path


def test_a_code_the_village_has_not_heard_of_is_kept_through_a_correction(town: Ledger, village_pc: Ledger, stick: Path) -> None:
    handing.round_trip(village_pc, town, stick)
    publish(town, editions.text_of(codes.shipped("reason")) + "77\t直播带货\t\t\n", "reason")
    person, kind = town.search("扎西")[0].id, Code("reason")
    town.do_in(SCOPE, people.correct_person, person, reason="77")
    handing.hand(town, "青后叶村一号机", stick)
    handing.take(village_pc, stick)
    codes.receive({})  # as on a PC the table has not reached
    shown = kind.show(village_pc.ask(people.person_card, person).record.reason)
    assert shown == "新值 77"
    village_pc.do(people.correct_person, person, reason=kind.parse(shown), phone="13800001111")
    handing.round_trip(village_pc, town, stick)
    record = ledgers.whole(town, person)
    assert (record.reason, record.phone) == ("77", "13800001111")


def test_undo_takes_it_back_and_records_stay_readable(town: Ledger) -> None:
    publish(town)
    town.undo()
    table = codes.table("relation")
    assert "20" not in dict(table.choices()) and table.label("20") == "保姆" and town.ask(publishing.sheets, town.scope)[0].edition == 0
    town.redo()
    assert "20" in dict(table.choices())
    town.undo()
    assert publish(town, MORE.replace("住家保姆", "家政")) == 2, "a number is not given twice"


def test_an_edition_on_the_last_one_retires_what_it_leaves_out(town: Ledger) -> None:
    publish(town, note="按县里通知")
    assert publish(town, without("relation", "05")) == 2
    sheet = town.ask(publishing.sheets, town.scope)[0]
    assert (sheet.id, sheet.edition, sheet.day, len(sheet.editions), sheet.twice) == ("relation", 2, ledgers.TODAY, 2, False)
    assert [r.name for r in sheet.retired] == ["兄弟姐妹"] and [e[2] for e in sheet.editions] == ["", "按县里通知"]
    assert sheet.used == ("租住：与承租人关系",)


def test_who_published_in_between_is_not_overwritten(town: Ledger) -> None:
    edition = editions.edition("relation", MORE)
    publish(town, without("relation", "05"))
    with pytest.raises(PublishedMeanwhile, match="第 1 版"):
        publishing.publish(town, edition, 0)


def test_a_village_publishes_nothing(village_pc: Ledger) -> None:
    with pytest.raises(TownPublishes):
        publish(village_pc)


def test_what_a_village_writes_into_its_own_register_is_no_table(village_pc: Ledger) -> None:
    village_pc.do(lambda act: act.add(Dictionary(name="relation", edition=9, day=ledgers.TODAY, rows=MORE)) and None)
    village_pc.heed_codes()
    assert codes.table("relation").find("保姆") is None


def test_two_town_pcs_that_publish_at_once_both_stay_and_it_is_told(town: Ledger) -> None:
    publish(town)
    town.do_in(CONF, lambda act: act.add(Dictionary(name="relation", edition=1, day=ledgers.TODAY, rows=without("relation", "20"))) and None)
    sheet = town.ask(publishing.sheets, town.scope)[0]
    assert sheet.twice and [r.code for r in sheet.retired] == ["20"] and codes.table("relation").label("20") == "保姆"
    publish(town)
    assert not codes.table("relation").find("保姆") is None and "20" in dict(codes.table("relation").choices())


def test_changes_are_told_in_words() -> None:
    text = without("relation", "05").replace("02\t配偶\t", "02\t爱人\t配偶|") + "20\t保姆\t\t\n"
    assert publishing.changes(editions.edition("relation", text)) == [
        ("新增", "20 保姆"), ("改说法", "02 爱人（原来是“配偶”）"), ("停用", "05 兄弟姐妹")]


def test_another_clerk_of_the_database_hears_of_it_within_a_minute(hub_ledger: Ledger) -> None:
    clock = hub_ledger._wall
    assert isinstance(clock, ledgers.Clock)
    hub_ledger.hold_scopes([CONF])
    hub_ledger.ask(publishing.newest, "relation")
    hub_ledger.do_in(CONF, publishing.publish_codes, editions.edition("relation", MORE), 0)
    codes.receive({})  # what the other clerk's program knows
    hub_ledger.ask(publishing.newest, "relation")
    assert codes.table("relation").find("保姆") is None
    clock.ms += 60_000
    hub_ledger.ask(publishing.newest, "relation")
    assert codes.table("relation").find("保姆") == "20"
