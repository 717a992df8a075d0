"""The search box finds disputes, petitions, events and campaigns by number, title, parties and place, and never by a word of what was said or agreed."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from gridapp.ledger import Acting, Ledger, findable, needs, search, tokens
from gridapp.ledger.erasure import leave_nothing
from gridapp.ledger.permits import NotAllowed
from gridapp.records import Dispute, Grid, Hazard, House, Officer, Party, Petition, Village
from gridapp.work import campaigns, disputes, events, hazards, mediations, parties, petitions, sittings, steps
from tests import ledgers
from tests.ledger.test_meeting import beside, give
from tests.ledgers import TODAY
from tests.work.cases import LATER, LI, OF_DISPUTES, PARTIES, ZHANG, a_dispute, a_petition, walk

#: words nothing else holds
SECRET = "赌债纠葛"


def an_event(ledger: Ledger, title: str = "工业区一路路灯不亮", **values: Any) -> UUID:
    told = {"kind": "99", "place": "工业区一路十字路口", "content": "三天不亮了", "day": TODAY} | values
    made: UUID = ledger.do(events.report_event, title=title, **told).result
    return made


def a_campaign(ledger: Ledger) -> UUID:
    ledgers.a_house(ledger)
    made: UUID = ledger.do(campaigns.begin_campaign, campaigns.Choice(), title="电动自行车充电整治", start=TODAY, end=LATER).result
    return made


@pytest.fixture
def cases(ledger: Ledger) -> dict[str, UUID]:
    """One of each kind."""
    return {"dispute": a_dispute(ledger), "petition": a_petition(ledger), "event": an_event(ledger), "campaign": a_campaign(ledger)}


def hits(ledger: Ledger, text: str) -> list[tuple[str, str]]:
    return [(hit.entity, hit.why) for hit in ledger.search(text)]


# ---------------------------------------------------------------- by what they are found

@pytest.mark.parametrize("text", [
    "古青后叶事〔2026〕第001号", "〔2026〕第001号", "［２０２６］第００１号", "[2026]第001号", "(2026)第1号", "（２０２６）第１号", "【2026】第 001 号", "2026 第001号",
    "第001号", "第1号", "第００１号"])
def test_a_number_is_found_however_it_is_typed(ledger: Ledger, text: str) -> None:
    event = an_event(ledger)
    an_event(ledger, "另一件")
    assert [(hit.id, hit.why.partition("、")[0]) for hit in ledger.search(text)] == [(event, "事件编号")]


def test_the_number_of_another_is_not_found(ledger: Ledger) -> None:
    for n in range(12):
        an_event(ledger, f"第{'甲乙丙丁戊己庚辛壬癸子丑'[n]}件")
    assert [hit.label.split()[0] for hit in ledger.search("〔2026〕第1号")] == ["古青后叶事〔2026〕第001号"]
    assert [hit.label.split()[0] for hit in ledger.search("第012号")] == ["古青后叶事〔2026〕第012号"]
    assert ledger.search("〔2025〕第001号") == []


def test_notices_and_files_have_numbers_too(ledger: Ledger) -> None:
    hazard = ledger.do(hazards.raise_hazard, place="祠堂路", content="私拉电线", degree="01", finder="张三").result
    number = ledger.do(hazards.serve_notice, hazard, LATER, "拆除", responsible="李四").result
    dispute = walk(ledger, a_dispute(ledger), "受理", of=OF_DISPUTES)
    told = [(hit.id, hit.why) for hit in ledger.search("〔２０２６〕第1号")]
    assert "第001号" in number and told == [(hazard, "通知书文号"), (dispute, "卷号")]


@pytest.mark.parametrize(("text", "found"), [
    ("张大海", [("dispute", "当事人姓名"), ("petition", "当事人姓名")]), ("大海", [("dispute", "当事人姓名"), ("petition", "当事人姓名")]),
    ("李小河", [("dispute", "当事人姓名")]), ("lixiaohe", [("dispute", "当事人姓名拼音")]), ("lxh", [("dispute", "当事人姓名拼音")]), ("zdh", [("dispute", "当事人姓名拼音"), ("petition", "当事人姓名拼音")]),
    ("张大海 李小河", [("dispute", "当事人姓名")]), ("李小河 排水沟", [("dispute", "当事人姓名、纠纷名称")]), ("排水沟", [("dispute", "纠纷名称")]), ("夜间施工", [("petition", "信访事项")]),
    ("路灯", [("event", "事件标题")]), ("十字路口", [("event", "发生地点")]), ("路灯 十字路口", [("event", "事件标题、发生地点")]), ("充电整治", [("campaign", "专项名称")])])
def test_parties_titles_and_places_are_found(ledger: Ledger, cases: dict[str, UUID], text: str, found: list[tuple[str, str]]) -> None:
    assert hits(ledger, text) == found
    assert [hit.id for hit in ledger.search(text)] == [cases[entity] for entity, _why in found]


def test_an_answer_names_the_case_and_shows_no_number_of_anybody(ledger: Ledger, cases: dict[str, UUID]) -> None:
    assert ledger.search("路灯")[0].label == "古青后叶事〔2026〕第001号 工业区一路路灯不亮"
    assert ledger.search("夜间施工")[0].label == "古青后叶访〔2026〕第001号 反映夜间施工扰民"
    told = "".join(hit.label + hit.why for text in ("张大海", "lxh", "排水沟", "夜间施工") for hit in ledger.search(text))
    assert told and not any(secret in told for secret in (ZHANG, LI, "13857900001", "13857900002", "李小河", "祠堂路"))


# ---------------------------------------------------------------- what is confidential

def test_no_word_of_what_was_said_agreed_or_wanted_is_in_the_index(ledger: Ledger) -> None:
    """人民调解法 Art. 15: only titles, names and numbers are searched."""
    dispute = walk(ledger, a_dispute(ledger, content=SECRET, claim=SECRET, place=SECRET), "受理", "指派调解员", of=OF_DISPUTES)
    ledger.do(sittings.record_sitting, dispute, kind=sittings.kind("调解"), mediators="王建国", content=SECRET, result=SECRET, present=SECRET)
    ledger.do(mediations.sign_agreement, dispute, SECRET, SECRET, LATER)
    a_petition(ledger, content=SECRET)
    an_event(ledger, content=SECRET, teller=SECRET, teller_phone="13857911111")
    for text in (SECRET, SECRET[:2], SECRET[2:], "13857911111", "13857900001", ZHANG, "dzjg"):
        assert ledger.search(text) == [], text


def test_whoever_may_not_look_finds_nothing(ledger: Ledger, cases: dict[str, UUID]) -> None:
    @needs()
    def auditor(act: Acting) -> None:
        act.add(Officer(number=9, name="孙九", role="audit"))

    ledger.do(auditor)
    ledger.sign_in(9)
    for text in ("张大海", "路灯", "第001号"):
        with pytest.raises(NotAllowed):
            ledger.search(text)


def test_cases_at_places_of_another_grid_are_not_found(ledger: Ledger) -> None:
    @needs()
    def two_grids(act: Acting) -> list[UUID]:
        village = act.one(sa.select(Village))
        own = act.one(sa.select(Grid))
        assert village is not None and own is not None
        other = act.add(Grid(village=village.id, name="第二网格", code="330784108238002")).id
        act.add(Officer(number=7, name="李红", role="grid", grid=other))
        return [act.add(House(house_no=f"QHY70{n}", address=f"后街{n}号", owner_name="张浩", grid=grid)).id for n, grid in enumerate((own.id, other))]

    there, here = ledger.do(two_grids).result
    far, near = a_dispute(ledger, "相邻甲", house=there), a_dispute(ledger, "相邻乙", house=here)
    an_event(ledger, "井盖甲", house=there)
    event = an_event(ledger, "井盖乙", house=here)
    assert {hit.id for hit in ledger.search("张大海")} == {far, near}
    ledger.sign_in(7)
    assert [hit.id for hit in ledger.search("张大海")] == [near] == [hit.id for hit in ledger.search("相邻")]
    assert [hit.id for hit in ledger.search("井盖")] == [event]
    assert ledger.search("相邻甲") == [] == ledger.search("井盖甲")


# ---------------------------------------------------------------- what changes is found as it is now

def test_a_party_that_is_renamed_taken_out_or_added_is_followed(ledger: Ledger) -> None:
    dispute = a_dispute(ledger, told=(*PARTIES, {"side": "03", "name": "赵旁人"}))
    third = next(p.id for p in ledger.ask(parties.parties_of, dispute) if p.name == "赵旁人")
    assert hits(ledger, "赵旁人") == [("dispute", "当事人姓名")]
    ledger.do(parties.correct_party, third, name="钱旁人")
    assert (hits(ledger, "赵旁人"), hits(ledger, "qpr")) == ([], [("dispute", "当事人姓名拼音")])
    ledger.undo()
    assert (hits(ledger, "赵旁人"), hits(ledger, "qpr")) == ([("dispute", "当事人姓名")], [])
    ledger.do(parties.take_party_out, third, "登记有误")
    assert hits(ledger, "赵旁人") == [] and hits(ledger, "李小河") == [("dispute", "当事人姓名")]
    ledger.do(parties.add_party, dispute, side="03", name="周后来")
    assert hits(ledger, "周后来") == [("dispute", "当事人姓名")]
    ledger.undo()
    assert hits(ledger, "周后来") == []


def test_a_withdrawn_case_is_not_found(ledger: Ledger) -> None:
    a_dispute(ledger)
    ledger.undo()
    assert ledger.search("张大海") == [] == ledger.search("排水沟")
    ledger.redo()
    assert hits(ledger, "张大海") == [("dispute", "当事人姓名")]


@needs()
def _erase(act: Acting, party: UUID) -> None:
    act.erase(act.get(Party, party), "个人信息保护法第四十七条")


def _index(ledger: Ledger) -> bytes:
    """The pages of the index: its words stand in them as they are."""
    with Session(ledger.home.writer) as session:
        rows = session.connection().exec_driver_sql("SELECT block FROM find_data").scalars().all()
    return b"".join(rows)


def test_after_an_erasure_the_index_has_nothing_of_the_name_here_and_elsewhere(ledger: Ledger, tmp_path: Path) -> None:
    for made in (a_dispute(ledger), a_petition(ledger, told=[{"name": "李小河"}])):
        assert made
    with beside(tmp_path / "b.grid", ledger) as other:
        gone = [p.id for matter in (Dispute, Petition) for c in [ledger.ask(lambda read, m=matter: read.records(sa.select(m)))[0].id]
                for p in ledger.ask(parties.parties_of, c) if p.name == "李小河"]
        assert len(gone) == 2 and "李小河".encode() in _index(ledger) and "李小河".encode() in _index(other)
        for party in gone:
            ledger.do(_erase, party)
        give(ledger, other)
        for one in (ledger, other):
            leave_nothing(one.home.writer)
            assert one.search("李小河") == [] == one.search("lxh") and hits(one, "张大海") == [("dispute", "当事人姓名")]
            assert hits(one, "夜间施工") == [("petition", "信访事项")] and b"lixiaohe" not in _index(one) and "小河".encode() not in _index(one)


def test_whatever_is_taken_in_the_index_is_what_a_new_one_would_be(ledger: Ledger, tmp_path: Path, cases: dict[str, UUID]) -> None:
    third = ledger.do(parties.add_party, cases["dispute"], side="03", name="赵旁人").result
    changes: tuple[tuple[Any, ...], ...] = (
        (disputes.correct_dispute, cases["dispute"], {"title": "围墙纠纷"}), (petitions.correct_petition, cases["petition"], {"title": "反映垃圾清运"}),
        (events.correct_event, cases["event"], {"place": "村口"}), (events.correct_event, cases["event"], {"title": "井盖丢了"}),
        (parties.correct_party, third, {"name": "钱旁人"}), (parties.take_party_out, third, {"why": "登记有误"}),
        (campaigns.correct_campaign, cases["campaign"], {"title": "九小场所整治"}), (campaigns.end_campaign, cases["campaign"], {"report": "完成"}))
    texts = ("围墙", "排水沟", "垃圾", "施工", "村口", "路口", "井盖", "路灯", "赵旁人", "钱旁人", "qpr", "张大海", "九小", "充电", "第001号", "整治")
    with beside(tmp_path / "b.grid", ledger) as other:
        for verb, record, values in changes:
            ledger.do(verb, record, **values)
            give(ledger, other)
            told = {text: other.search(text) for text in texts}
            assert told == {text: ledger.search(text) for text in texts}, values
        ledger.rebuild()
        assert told == {text: ledger.search(text) for text in texts}


# ---------------------------------------------------------------- order, and the index of a file in use

def test_what_is_done_with_comes_after_what_is_under_way(ledger: Ledger) -> None:
    first, second = a_dispute(ledger, "围墙甲"), a_dispute(ledger, "围墙乙")
    assert [hit.id for hit in ledger.search("围墙")] == [second, first]
    walk(ledger, second, "不属于范围", of=OF_DISPUTES)
    assert [hit.id for hit in ledger.search("围墙")] == [first, second]


def test_done_with_is_what_the_machines_end_in() -> None:
    assert {entity: (steps.COURSES[entity][1], set(steps.machine_of(entity).ends)) for entity in findable.ENDED} == {
        entity: (table, set(ended)) for entity, (table, ended) in findable.ENDED.items()}
    assert Hazard in findable.ENDED


def test_an_index_that_knows_no_cases_is_made_again_when_the_ledger_is_opened(ledger: Ledger, cases: dict[str, UUID], monkeypatch: pytest.MonkeyPatch) -> None:
    """As a ledger of the last release brings it: its ranks were those of five kinds of records."""
    with monkeypatch.context() as old, Session(ledger.home.writer) as session, session.begin():
        old.setattr(search, "SOUGHT", findable.SOUGHT[:5])
        old.setattr(tokens, "VERSION", "2")
        search.index_all(session)
        search.keep_up(session)
    assert ledger.search("张大海") == []
    ledger.close()
    with ledgers.reopen(ledger.path) as again:
        assert hits(again, "张大海") == [("dispute", "当事人姓名"), ("petition", "当事人姓名")] and again.search("QHY0001")[0].entity == "house"
        assert again.verify().faults == ()
