"""F12 to F16: the papers of a dispute say what the ministry's formats ask for, filled and blank, and cut nothing."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import date
from itertools import combinations
from pathlib import Path

import pytest
import sqlalchemy as sa

from gridapp.ledger import Ledger
from gridapp.printing import PAPERS, layout, press
from gridapp.printing.papers import f12, mediated
from gridapp.printing.papers.mediated import Case, Paper, Side
from gridapp.work import disputes, mediations, sittings
from tests.ledgers import TODAY
from tests.printing import reading
from tests.work import cases
from tests.work.cases import PARTIES, TO_AGREEMENT, TO_VISIT, a_dispute, walk

BOXED = ("F13", "F13A", "F13B", "F14", "F15", "F16", "F16A", "F16B")
LONG = "因排水沟改道，雨天积水流入邻家院内，双方多次口角。"
SIDE = Side("申请人", "阿卜杜热合曼·买买提艾力", "男", "维吾尔族", 59, "五金加工个体经营", "13857900001", "永康市古山镇青后叶村工业区一路12号三楼东侧", cases.ZHANG)
FULL = Case("永康市古山镇青后叶村人民调解委员会", "古青后叶调〔2026〕第001号", "排水沟相邻纠纷", "邻里关系", mediated.APPLIED, TODAY, TODAY, LONG * 60, LONG * 8, [SIDE] * 12,
            "王建国、李红", "王建国", LONG * 70, LONG * 4, TODAY, TODAY, "古青后叶调协〔2026〕第001号", TODAY, LONG * 3, [Paper("受理登记表", "有")] * 50, "已装 50/50",
            "调解", TODAY, "09:00", "10:30", "村委会", "叶永福、" * 40, (LONG + "\n") * 120, "达成协议", LONG * 5, "王建国")


def printed(ledger: Ledger, tmp_path: Path, number: str, record: object = None, pages: int = 1) -> str:
    told, data = ledger.ask(press.make, number, record=record)
    (tmp_path / f"{number}.pdf").write_bytes(data)
    assert told.pages == pages and not told.overflow
    return reading.whole(tmp_path / f"{number}.pdf")


def test_intake_papers_tell_the_parties_the_matter_and_the_rights(ledger: Ledger, tmp_path: Path) -> None:
    dispute = walk(ledger, a_dispute(ledger, claim="1．恢复原排水沟。"), "受理")
    text = printed(ledger, tmp_path, "F13", dispute)
    for said in ("古青后叶调〔2026〕第001号", "2026年11月24日", "张大海", "13857900001", "李小河", "邻里关系", "☑当事人申请□人民调解委员会主动调解", "因排水沟改道",
                 "永康市古山镇青后叶村人民调解委员会"):
        assert said in text, said
    text = printed(ledger, tmp_path, "F13A", dispute)
    assert text.index("张大海") < text.index("李小河") and "申请人被申请人" in text and "1．恢复原排水沟。" in text and "现自愿申请人民调解委员会进行调解" in text
    text = printed(ledger, tmp_path, "F13B", dispute)
    for said in ("张大海、李小河：", "不收取任何费用", "接受调解、拒绝调解或者要求终止调解", "如实陈述纠纷事实", "三十日内共同向人民法院申请司法确认"):
        assert said in text, said


def test_a_dispute_the_committee_took_up_itself_is_ticked_so(ledger: Ledger, tmp_path: Path) -> None:
    assert "□当事人申请☑人民调解委员会主动调解" in printed(ledger, tmp_path, "F13", a_dispute(ledger, source="01"))


def test_a_record_is_of_the_sitting_named_or_of_the_last_one(ledger: Ledger, tmp_path: Path) -> None:
    dispute = walk(ledger, a_dispute(ledger), *TO_AGREEMENT[:2])
    first = ledger.do(sittings.record_sitting, dispute, kind=sittings.kind("调查"), mediators="李红", present="叶永福", content="邻居说沟是去年填的。").result
    ledger.do(sittings.record_sitting, dispute, kind=sittings.kind("调解"), mediators="王建国", start="09:00", end="10:30", place="村委会", content="双方各退一步。")
    walk(ledger, dispute, "签书面协议")
    text = printed(ledger, tmp_path, "F14", dispute)
    for said in ("人民调解记录", "2026年11月24日09:00—10:30", "村委会", "双方各退一步。", "☑达成协议□未达成协议", "已将人民调解的相关规定告知各方当事人"):
        assert said in text, said
    text = printed(ledger, tmp_path, "F14", first)
    assert "人民调查记录" in text and "邻居说沟是去年填的。" in text and "叶永福" in text and "双方各退一步" not in text


def test_a_written_agreement_has_what_the_law_asks_for(ledger: Ledger, tmp_path: Path) -> None:
    """人民调解法 Art. 29: parties, facts and issues, terms, way and time of performance."""
    text = printed(ledger, tmp_path, "F15", walk(ledger, a_dispute(ledger), *TO_AGREEMENT), pages=len(PARTIES) + 1)
    assert text.count("第1页共1页") == text.count("编号：古青后叶调协〔2026〕第001号") == 3, "a copy for each party and one for the committee"
    for said in ("编号：古青后叶调协〔2026〕第001号", "张大海", "李小河", "因排水沟改道", "一、张大海恢复原排水沟。", "自行修复", "履行期限：2026年12月14日前", "一式3份",
                 "当事人（签名盖章或按指印）", "人民调解员（签名）", "人民调解委员会印", "2026年11月24日"):
        assert said in text, said


def test_word_of_mouth_and_the_visit_afterwards_are_written_down(ledger: Ledger, tmp_path: Path) -> None:
    dispute = walk(ledger, a_dispute(ledger), *TO_AGREEMENT[:2], "口头协议", "开始履行", "履行完毕", "回访")
    assert "当场清理排水沟。" in printed(ledger, tmp_path, "F16", dispute)
    text = printed(ledger, tmp_path, "F16A", dispute)
    for said in ("双方满意，没有新的矛盾。", "回访人", "王建国", "排水沟相邻纠纷"):
        assert said in text, said


def test_the_contents_of_the_file_tell_what_is_there_and_what_it_lacks(ledger: Ledger, tmp_path: Path) -> None:
    dispute = walk(ledger, a_dispute(ledger), *TO_VISIT)
    text = printed(ledger, tmp_path, "F16B", dispute, pages=2)
    for said in ("卷号古青后叶调〔2026〕第001号", "权利义务告知书有", "回访记录缺", "委托书—", "已装1/13，还缺：人民调解申请书"):
        assert said in text, said


def test_the_register_holds_the_disputes_of_a_period(ledger: Ledger, tmp_path: Path) -> None:
    a_dispute(ledger, found_on=date(2025, 12, 31), content="去年的一件。")
    walk(ledger, a_dispute(ledger, risk="02"), *TO_AGREEMENT)
    text = printed(ledger, tmp_path, "F12")
    for said in ("张大海13857900001", "李小河13857900002", "邻里关系", "王建国、李红", "一、张大海恢复原排水沟。", "2026-01-01至2026-11-24"):
        assert said in text, said
    assert "去年的一件。" not in text
    told, data = ledger.ask(press.make, "F12", since=date(2025, 1, 1), until=date(2025, 12, 31))
    (tmp_path / "before.pdf").write_bytes(data)
    text = reading.whole(tmp_path / "before.pdf")
    assert told.pages == 1 and "去年的一件。" in text and "王建国、李红" not in text


@pytest.mark.parametrize("number", [*BOXED, "F12"])
def test_a_ledger_without_disputes_prints_a_form_to_fill_in(ledger: Ledger, tmp_path: Path, number: str) -> None:
    text = printed(ledger, tmp_path, number, pages={"F16B": 2, "F15": 3}.get(number, 1))
    assert PAPERS[number].title in text and "永康市古山镇青后叶村人民调解委员会" in text or number in ("F13A", "F14"), text
    assert "None" not in text


def test_the_register_asks_two_questions_whatever_its_length(ledger: Ledger) -> None:
    for number in range(4):
        a_dispute(ledger, f"第{number}件", content=f"第{number}件的经过")
    asked: list[str] = []
    with ledger.read() as read:
        sa.event.listen(ledger.home.engine, "before_cursor_execute", lambda _c, _k, statement, *_rest: asked.append(statement))
        lines = disputes.dispute_register(read, date(2026, 1, 1), TODAY)
    assert sum("dispute" in statement for statement in asked) == 2
    assert [line.content for line in lines] == [f"第{n}件的经过" for n in range(4)] and {line.day for line in lines} == {TODAY}
    assert {tuple(name for name, _phone in line.parties) for line in lines} == {tuple(one["name"] for one in PARTIES)}


@pytest.mark.parametrize("number", BOXED)
def test_nothing_is_cut_and_no_letter_stands_on_a_line_or_another(tmp_path: Path, number: str) -> None:
    out, frame = tmp_path / f"{number}.pdf", layout.load(number).frame()
    assert not press.render(number, FULL, out, today=TODAY, maker="王建国").overflow and frame.left >= 25 * layout.MM, "room to bind"
    for letters, lines in zip(reading.letters(out), reading.lines(out), strict=True):
        assert [letter for letter in letters if any(letter.meets(line, 0.1) for line in lines)] == []
        rows: defaultdict[int, list[reading.Ink]] = defaultdict(list)
        for letter in letters:
            rows[int(letter.bottom // 20)].append(letter)
        assert [pair for row in rows.values() for pair in combinations(row, 2) if pair[0].meets(pair[1])] == []
        assert min(letter.left for letter in letters) >= frame.left - 1 and max(letter.right for letter in letters) <= frame.width - frame.right + 6


def test_a_record_to_be_written_by_hand_has_twenty_lines_and_a_typed_one_none(tmp_path: Path) -> None:
    def many(case: Case) -> int:
        press.render("F14", case, tmp_path / "a.pdf", today=TODAY)
        return len(reading.lines(tmp_path / "a.pdf")[0])

    assert many(mediated.blank()) - many(replace(mediated.blank(), record="双方到场。")) >= 19


def test_long_texts_go_on_over_the_pages_whole(tmp_path: Path) -> None:
    press.render("F15", FULL, tmp_path / "f.pdf", today=TODAY)
    assert reading.whole(tmp_path / "f.pdf").count(LONG[:6]) == (60 + 70 + 4) * (len(FULL.sides) + 1)
    press.render("F14", FULL, tmp_path / "g.pdf", today=TODAY)
    assert reading.whole(tmp_path / "g.pdf").count(LONG[:6]) == 120 + 5


def test_a_crowded_register_goes_on(tmp_path: Path) -> None:
    rows = [f12.Row(TODAY, "当事人申请", "邻里关系", "张大海　13857900001\n李小河　13857900002", 2, LONG * (1 + n % 6), "中", "王建国、李红", LONG, "履行中", "古青后叶调协〔2026〕第001号")
            for n in range(40)]
    told = press.render("F12", f12.Book("永康市古山镇青后叶村人民调解委员会", "2026年", rows), tmp_path / "f.pdf", today=TODAY)
    assert told.pages > 3 and not told.overflow and reading.whole(tmp_path / "f.pdf").count("13857900002") == 40


def test_an_agreement_day_tells_the_outcome_of_that_days_sitting_only(ledger: Ledger, tmp_path: Path) -> None:
    dispute = walk(ledger, a_dispute(ledger, found_on=date(2026, 11, 1)), *TO_AGREEMENT[:2])
    first = ledger.do(sittings.record_sitting, dispute, kind=sittings.kind("调解"), mediators="王建国", day=date(2026, 11, 20), content="没有谈成。").result
    ledger.do(mediations.sign_agreement, dispute, "一、和解。", "现金", TODAY)
    assert "□达成协议☑未达成协议" in printed(ledger, tmp_path, "F14", first)
