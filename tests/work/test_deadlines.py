"""What is due: three working days for landlords, half a year for a permit, thirty days with relatives."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import sqlalchemy as sa

from gridapp.fields import codes, limits
from gridapp.fields.workdays import Calendar
from gridapp.ledger import Ledger
from gridapp.work import deadlines, hazards, invent, people, tenancies
from tests import ledgers
from tests.ledgers import TODAY


def groups(ledger: Ledger) -> dict[str, deadlines.Group]:
    return {g.rule: g for g in ledger.ask(deadlines.due)}


def test_a_landlord_has_three_working_days(ledger: Ledger) -> None:
    rooms = ledgers.rooms_of(ledger, ledgers.a_house(ledger))
    ledgers.a_tenant(ledger, rooms[0], start=date(2026, 11, 20))
    due = groups(ledger)["landlord_report_start"].first[0]
    assert (due.day, due.left) == (date(2026, 11, 25), 1)


def test_the_end_of_a_lease_is_reported_too_and_reporting_ends_it(ledger: Ledger) -> None:
    rooms = ledgers.rooms_of(ledger, ledgers.a_house(ledger))
    person = ledgers.a_tenant(ledger, rooms[0], start=date(2026, 11, 10))
    stay = ledger.ask(people.person_card, person).stays[0].id
    ledger.do(tenancies.move_out, stay, TODAY)
    assert set(groups(ledger)) == {"landlord_report_start", "landlord_report_end"}
    ledger.do(tenancies.mark_reported, [stay], TODAY, "一")
    assert groups(ledger) == {}


def test_half_a_year_after_registration_a_permit_may_be_asked_for(ledger: Ledger) -> None:
    rooms = ledgers.rooms_of(ledger, ledgers.a_house(ledger))
    person = ledgers.a_person(ledger, registered_on=date(2026, 5, 20))
    ledger.do(tenancies.move_in, person, rooms[0], date(2026, 5, 20))
    assert groups(ledger)["permit_eligible"].first[0].day == date(2026, 11, 20)


def test_foreigners_are_reported_within_a_day(ledger: Ledger) -> None:
    rooms = ledgers.rooms_of(ledger, ledgers.a_house(ledger))
    person = ledger.do(people.register_person, name="JOHN SMITH", id_kind="414", id_no="G1234567", nationality="USA").result
    ledger.do(tenancies.move_in, person, rooms[0], TODAY)
    assert groups(ledger)["foreigner_24h"].first[0].day == date(2026, 11, 25)


def test_a_stay_with_relatives_is_free_for_thirty_days(ledger: Ledger) -> None:
    rooms = ledgers.rooms_of(ledger, ledgers.a_house(ledger))
    at_home = codes.table("living_kind").find("居民家中")
    for name, id_no, start in (("彭兵", ledgers.NUMBERS[0], TODAY - timedelta(days=20)), ("吴丽", ledgers.NUMBERS[1], TODAY - timedelta(days=25)),
                               ("张国", ledgers.NUMBERS[2], TODAY - timedelta(days=31))):
        person = ledgers.a_person(ledger, name, id_no, living_kind=at_home)
        ledger.do(tenancies.move_in, person, rooms[0], start)
    found = groups(ledger)
    assert set(found) == {"relative_exempt"}
    assert [(d.label, d.left) for d in found["relative_exempt"].first] == [("张国", -1), ("吴丽", 5)]
    assert (found["relative_exempt"].count, found["relative_exempt"].late) == (2, 1)


def test_a_permit_is_endorsed_in_the_month_before_its_end(ledger: Ledger) -> None:
    rooms = ledgers.rooms_of(ledger, ledgers.a_house(ledger))
    for id_no, until in zip(ledgers.NUMBERS, (date(2026, 12, 24), date(2026, 12, 25), date(2026, 11, 1), date(2019, 1, 1)), strict=True):
        person = ledgers.a_person(ledger, until.isoformat(), id_no, permit=True, permit_until=until)
        ledger.do(tenancies.move_in, person, rooms[0], date(2024, 1, 1))
    found = groups(ledger)
    assert set(found) == {"permit_endorse"}
    assert [d.label for d in found["permit_endorse"].first] == ["2026-11-01", "2026-12-24"] and found["permit_endorse"].late == 1


def test_a_hazard_stays_until_it_is_closed_however_old(ledger: Ledger) -> None:
    old = ledger.do(hazards.raise_hazard, place="祠堂路1号", content="私拉电线", degree="1", found_on=date(2024, 1, 1), due_on=date(2024, 2, 1)).result
    due = groups(ledger)["hazard_due"]
    assert (due.first[0].entity, due.first[0].id, due.first[0].place, due.late, due.basis) == ("hazard", old, "祠堂路1号", 1, "整改通知书写明的期限")
    ledger.do(hazards.recheck, old, True, "王建国")
    assert groups(ledger) == {}


def test_stays_of_years_ago_do_not_flood_today(ledger: Ledger) -> None:
    rooms = ledgers.rooms_of(ledger, ledgers.a_house(ledger))
    person = ledgers.a_person(ledger, registered_on=date(2023, 5, 1), permit_until=date(2024, 5, 1))
    stay = ledger.do(tenancies.move_in, person, rooms[0], date(2023, 5, 1)).result
    assert groups(ledger) == {}
    ledger.do(tenancies.move_out, stay, date(2024, 6, 1))
    assert groups(ledger) == {}


def test_who_was_closed_or_withdrawn_is_not_due(ledger: Ledger) -> None:
    rooms = ledgers.rooms_of(ledger, ledgers.a_house(ledger))
    person = ledgers.a_tenant(ledger, rooms[0])
    ledger.do(tenancies.move_out, ledger.ask(people.person_card, person).stays[0].id, TODAY)
    ledger.do(people.close_person, person, TODAY, codes.table("close_reason").rows[0].code)
    assert groups(ledger) == {}
    ledgers.a_tenant(ledger, rooms[1], "吴丽", ledgers.NUMBERS[1])
    assert set(groups(ledger)) == {"landlord_report_start"}
    ledger.undo()
    assert groups(ledger) == {}


def test_the_holidays_of_this_pc_move_the_day(ledger: Ledger, tmp_path: Path) -> None:
    rooms = ledgers.rooms_of(ledger, ledgers.a_house(ledger))
    ledgers.a_tenant(ledger, rooms[0], start=TODAY)
    (tmp_path / "节假日.txt").write_text("2026-11-26\t休\t停电\n", "utf-8")
    own = Calendar.load(tmp_path / "节假日.txt")
    assert [ledger.ask(deadlines.due, calendar)[0].first[0].day for calendar in (None, own)] == [date(2026, 11, 27), date(2026, 11, 30)]


def test_a_county_changes_a_limit_in_the_table_alone(ledger: Ledger, tmp_path: Path) -> None:
    rooms = ledgers.rooms_of(ledger, ledgers.a_house(ledger))
    ledgers.a_tenant(ledger, rooms[0], start=TODAY)
    (tmp_path / "t.tsv").write_text("rule\ttitle\tlimit\tunit\tbasis\nlandlord_report_start\t入住\t10\tday\t县办法\nunheard_of\t其他\t1\tday\t县办法\n", "utf-8")
    found = ledger.ask(deadlines.due, table=limits.load(tmp_path / "t.tsv"))
    assert [(g.rule, g.title, g.basis, g.first[0].day) for g in found] == [("landlord_report_start", "入住", "县办法：10 日", date(2026, 12, 4))]


def test_every_rule_asked_of_the_ledger_stands_in_the_table() -> None:
    assert set(deadlines.TRIGGERS) <= set(limits.load())


def test_a_long_list_is_cut_and_counted_whole_and_each_rule_is_two_questions_at_most(ledger: Ledger) -> None:
    ledger.do(invent.invent, 400)
    asked: list[str] = []
    with ledger.read() as read:
        sa.event.listen(ledger.home.engine, "before_cursor_execute", lambda _c, _k, statement, *_rest: asked.append(statement))
        found = {g.rule: g for g in deadlines.due(read, each=5)}
        whole = {g.rule: g for g in deadlines.due(read, each=10_000)}
    assert sum(a.startswith("SELECT") for a in asked) == 2 * (len(deadlines.TRIGGERS) + len(found))
    group, everything = found["permit_eligible"], whole["permit_eligible"]
    assert len(group.first) == 5 < group.count == len(everything.first)
    assert group.late == everything.late == sum(d.left < 0 for d in everything.first) > 5
    assert group.first == everything.first[:5] and list(everything.first) == sorted(everything.first, key=lambda d: (d.day, d.label, d.id))


def test_the_figures_count_what_is_there(ledger: Ledger) -> None:
    rooms = ledgers.rooms_of(ledger, ledgers.a_house(ledger))
    ledgers.a_tenant(ledger, rooms[0])
    told = ledger.ask(deadlines.figures)
    assert (told.people, told.houses, told.rooms, told.unreported) == (1, 1, 6, 1)
