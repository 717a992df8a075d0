"""Routes are due again some days after they were walked; traffic posts count, and what is posted has no whole name on it."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from gridapp.ledger import Ledger
from gridapp.ledger.reader import Refused
from gridapp.work import duties, patrols, routes
from tests.ledgers import TODAY


def a_route(ledger: Ledger, name: str = "工业区夜巡", **told: object) -> UUID:
    return ledger.do(routes.lay_route, **{"name": name, "points": "祠堂\n工业区一路\n\n桥头", "every_days": 3, "shift": "02", "team": "王建国、李红"} | told).result


def test_a_route_never_walked_is_due_at_once_and_again_after_its_days(ledger: Ledger) -> None:
    route, other = a_route(ledger), a_route(ledger, "周巡", every_days=None)
    assert [r.name for r in ledger.ask(routes.list_routes, routes.DUE)] == ["工业区夜巡"]
    patrol = ledger.do(patrols.log_patrol, day=TODAY - timedelta(2), start="20:00", people="王建国", route_walked=route, shift="02").result
    card = ledger.ask(routes.route_card, route)
    assert (card.row.points, card.row.last, card.row.due_on) == (3, TODAY - timedelta(2), TODAY + timedelta(1)) and card.walked == ((TODAY - timedelta(2), "王建国"),)
    assert ledger.ask(routes.count_routes) == {routes.USED: 2, routes.DUE: 0, routes.SHUT: 0}
    ledger.do(patrols.correct_patrol, patrol, day=TODAY - timedelta(3))
    assert ledger.ask(routes.count_routes)[routes.DUE] == 1
    ledger.do(routes.close_route, other)
    assert ledger.ask(routes.count_routes) == {routes.USED: 1, routes.DUE: 1, routes.SHUT: 1}
    assert ledger.ask(routes.routes_matching, "桥头") == [(route, "工业区夜巡")] and ledger.ask(routes.routes_matching, "周") == []


def a_duty(ledger: Ledger, **told: object) -> UUID:
    values = {"day": TODAY, "place": "村口劝导站", "start": "07:00", "end": "08:30", "people": "张浩", "persuaded": 12, "passed": 40, "helmets": 31}
    return ledger.do(duties.log_duty, [{"name": "彭兵", "what": "01", "employer": "方岩五金厂"}, {"name": "阿卜杜拉·买买提", "what": "02"}], **values | told).result


def test_helmets_are_reckoned_and_never_more_than_all(ledger: Ledger) -> None:
    a_duty(ledger)
    assert [(d.rate, d.offenders, d.time) for d in ledger.ask(duties.list_duties)] == [(77, 2, "07:00–08:30")]
    with pytest.raises(Refused, match="戴头盔的人数多于骑乘人数"):
        a_duty(ledger, helmets=41)
    assert ledger.ask(duties.count_duties) == {duties.MONTH: 1, duties.ALL: 1}


def test_what_is_posted_has_no_whole_name(ledger: Ledger) -> None:
    duty = a_duty(ledger)
    ledger.do(duties.add_offender, duty, what="03")
    a_duty(ledger, day=TODAY - timedelta(40))
    told = ledger.ask(duties.posted, TODAY - timedelta(7), TODAY)
    assert [(row.name, row.what) for row in told] == [("彭*", "骑电动车不戴头盔"), ("阿*******", "违规载人"), ("", "逆行")]


def test_a_factory_is_posted_in_full_and_spells_out_no_name_that_is_masked(ledger: Ledger) -> None:
    duty = a_duty(ledger)
    ledger.do(duties.add_offender, duty, name="王建国", what="03", employer="王建国五金加工店")
    assert [(row.name, row.employer) for row in ledger.ask(duties.posted, TODAY, TODAY)] == [("彭*", "方岩五金厂"), ("阿*******", ""), ("王**", "王**五金加工店")]


def test_months_end_and_all_are_told_apart(ledger: Ledger) -> None:
    a_duty(ledger, day=TODAY.replace(day=1) - timedelta(1))
    duty = a_duty(ledger)
    ledger.do(duties.correct_duty, duty, persuaded=15)
    assert [d.persuaded for d in ledger.ask(duties.list_duties)] == [15] and ledger.ask(duties.count_duties) == {duties.MONTH: 1, duties.ALL: 2}
