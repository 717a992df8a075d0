"""F01, F03, F05, F08, F22 and F26: filled from the ledger, ticked, with the face in its box, two copies where two sign; nobody's data unasked."""

from __future__ import annotations

from dataclasses import fields
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import pypdf
import pytest

from gridapp import printing
from gridapp.exchange import pictures
from gridapp.fields import keeping
from gridapp.ledger import Ledger
from gridapp.ledger.reader import Gone
from gridapp.printing import press
from gridapp.printing.papers import PAPERS, f01, f03, f05, f08, f22, f26
from gridapp.printing.papers.office import Wish
from gridapp.work import evidence, hazards, houses, patrols, people, tenancies, village
from tests import ledgers
from tests.ledgers import NUMBERS, TODAY
from tests.printing import reading
from tests.printing.test_photos_on_paper import BLUE, RED, jpeg, seen

SIX = ("F01", "F03", "F05", "F08", "F22", "F26")
LONG = "永康市古山镇青后叶村祠堂路与方岩大道交叉口东北角第三排自建房" * 4


@pytest.fixture
def house(ledger: Ledger) -> UUID:
    return ledgers.a_house(ledger, owner_id_no=NUMBERS[3], max_people=6, floors=3, area=25_650, rooms_let=5, nature="02", house_class="02", lessor_kind="01",
                           rent_use="03", smoke_alarm=True, guarantee=True, safe_exit=False, degree="02", registered_on=date(2026, 3, 2),
                           rent_from=date(2026, 3, 5), manager_name="李𬱟")


@pytest.fixture
def tenant(ledger: Ledger, house: UUID) -> UUID:
    room = ledgers.rooms_of(ledger, house)[0]
    person = ledgers.a_tenant(ledger, room, "王𬱟")
    ledger.do(people.correct_person, person, reason="01", living_kind="5", social_security=True, permit=False, phone="13900000000", workplace="永康市某五金厂")
    other = ledgers.a_person(ledger, "李红", NUMBERS[1])
    ledger.do(tenancies.move_in, other, room, TODAY, "02")
    return person


def written(ledger: Ledger, number: str, out: Path, **wish: Any) -> str:
    printed = ledger.ask(printing.write, number, out, **wish)
    assert not printed.overflow and not printed.missing
    return reading.whole(out)


# ---------------------------------------------------------------- F01

def test_a_person_is_printed_in_full_with_who_lives_with_them(ledger: Ledger, tenant: UUID, tmp_path: Path) -> None:
    text = written(ledger, "F01", tmp_path / "a.pdf", record=tenant)
    for said in ("姓名王𬱟", NUMBERS[0], "13900000000", "祠堂路1号101", "QHY0001", "张浩", "☑租赁房屋", "☑务工", "□务农", "☑是□否", "☑无□有", "永康市某五金厂", "2026-11-24",
                 f"李红女{NUMBERS[1]}配偶", "登记人（网格员）王建国", "照片（35×45毫米）"):
        assert said in text, said


def test_nobodys_data_is_printed_unasked(ledger: Ledger, tenant: UUID) -> None:
    with ledger.read() as read:
        empty = f01.gather(read, Wish())
        with pytest.raises(Gone):
            f01.gather(read, Wish(record=UUID(int=1)))
    assert empty == f01.Form(issuer="永康市古山镇青后叶村村民委员会") and tenant


def test_who_has_left_is_printed_with_where_they_went_and_alone(ledger: Ledger, tenant: UUID) -> None:
    stay = ledger.ask(people.person_card, tenant).stays[0].id
    ledger.do(tenancies.move_out, stay, TODAY, "04", "贵州老家")
    with ledger.read() as read:
        form = f01.gather(read, Wish(record=tenant))
    assert (form.end, form.end_to, form.home, list(form.lodgers)) == (TODAY, "贵州老家", "永康市古山镇青后叶村祠堂路1号 101", [])


def test_the_face_stands_in_its_box_of_35_by_45_millimetres(ledger: Ledger, tenant: UUID, tmp_path: Path) -> None:
    pictures.add(ledger, tenant, jpeg(RED, (350, 450)), None)
    pictures.add(ledger, tenant, jpeg(BLUE), evidence.stage("材料"))
    text = written(ledger, "F01", tmp_path / "a.pdf", record=tenant, photo=pictures.album(ledger).get)
    assert seen(tmp_path / "a.pdf") == [RED] and "35×45" not in text
    [page] = pypdf.PdfReader(tmp_path / "a.pdf").pages
    [placed] = [line.split() for line in page.get_contents().get_data().decode("ascii").splitlines() if " cm /P0 Do" in line]  # type: ignore[union-attr]
    across, down = float(placed[1]) / reading.MM, float(placed[4]) / reading.MM
    assert 34 < across <= 36 and 44 < down <= 46


def test_a_face_that_has_not_come_yet_leaves_the_box_to_stick_one_on(ledger: Ledger, tenant: UUID, tmp_path: Path) -> None:
    ledger.do(evidence.attach_photo, tenant, "ab" * 32, 100)
    assert "照片（35×45毫米）" in written(ledger, "F01", tmp_path / "a.pdf", record=tenant, photo=pictures.album(ledger).get)


# ---------------------------------------------------------------- F03, F05, F22

def test_a_house_is_printed_with_what_makes_it_safe_and_what_does_not(ledger: Ledger, house: UUID, tenant: UUID, tmp_path: Path) -> None:
    for content in ("楼道内停放电动自行车并充电。", "私拉乱接电线"):
        ledger.do(hazards.raise_hazard, found_on=TODAY, house=house, place="一楼", content=content, degree="02")
    ledgers.a_house(ledger, "QHY0002")
    text = written(ledger, "F03", tmp_path / "a.pdf", house="QHY0001")
    for said in ("☑个人□单位", NUMBERS[3], "李𬱟", "□公房☑私房", "☑落地房", "/3层", "256.5", "总间数6出租间数5限住人数6实住人数2", "☑居住兼经营", "2026年3月5日起",
                 "☑治安责任保证书□安全通道", "☑独立烟感", "□灭火器", "☑一般（黄）", "管理等级红", "1．楼道内停放电动自行车并充电；2．私拉乱接电线"):
        assert said in text, said
    assert "QHY0002" not in text and tenant


def test_a_cover_names_whose_file_it_is_and_what_belongs_into_it(ledger: Ledger, house: UUID, tmp_path: Path) -> None:
    text = written(ledger, "F05", tmp_path / "a.pdf", house="QHY0001")
    for said in ("永康市古山镇青后叶村出租房屋管理档案", "QHY0001", "张浩", "2026年3月2日", "网格员", "1居住房屋出租登记表", "9整改通知书及复查意见书", "10其他"):
        assert said in text, said
    assert house


def test_the_officers_of_a_houses_grid_stand_on_its_cover(ledger: Ledger, house: UUID) -> None:
    with ledger.read() as read:
        grid = village.own_grid(read)
    ledger.do(houses.correct_house, house, grid=grid)
    with ledger.read() as read:
        [cover] = f05.gather(read, Wish("QHY0001"))
    assert list(cover.officers) == ["王建国"]


def test_both_sides_keep_a_copy_of_the_pledge(ledger: Ledger, house: UUID, tmp_path: Path) -> None:
    written(ledger, "F22", tmp_path / "a.pdf", house="QHY0001")
    first, second = ("".join(page.split()) for page in reading.texts(tmp_path / "a.pdf"))
    assert "第一联甲方存档" in first and "第二联乙方存" in second
    for copy in (first, second):
        for said in ("张浩（管理人：李𬱟）", "出租5间，限住6人", "永康市古山镇青后叶村村民委员会", "第1页共1页", "三个工作日内", "一式两份"):
            assert said in copy, said
    assert house


@pytest.mark.parametrize("number", ["F03", "F05", "F22"])
def test_without_a_house_all_that_are_let_are_printed_and_none_that_is_closed(ledger: Ledger, number: str, tmp_path: Path) -> None:
    for place in range(3):
        ledgers.a_house(ledger, f"QHY000{place}")
    shut = ledgers.a_house(ledger, "QHY0009")
    ledger.do(houses.close_house, shut, TODAY, "01")
    text = written(ledger, number, tmp_path / "a.pdf", all_houses=True)
    assert all(f"QHY000{place}" in text for place in range(3)) and "QHY0009" not in text
    assert "QHY0009" in written(ledger, number, tmp_path / "b.pdf", house="QHY0009")


# ---------------------------------------------------------------- F08

def test_the_book_of_patrols_tells_what_was_found_and_done(ledger: Ledger, house: UUID, tmp_path: Path) -> None:
    ledger.do(patrols.log_patrol, [{"place": "一楼楼梯间", "house": house, "problem": "疏散通道被占用", "category": "02", "hazard": True},
                                   {"place": "工业区一路", "problem": "路灯不亮", "handling": "03"}],
              day=TODAY, start="20:00", end="21:30", people="王建国、叶𬀩", weather="01", route="祠堂路")
    ledger.do(patrols.log_patrol, day=date(2026, 11, 1), start="09:00", people="王建国")
    ledger.do(patrols.log_patrol, day=date(2026, 10, 31), start="08:00", people="李红")
    text = written(ledger, "F08", tmp_path / "a.pdf")
    for said in ("2026年11月", "20:00—21:30", "1．一楼楼梯间：疏散通道被占用2．工业区一路：路灯不亮", "1．转为隐患2．上报", "未发现问题", "王建国、叶𬀩"):
        assert said in text, said
    assert "李红" not in text and text.index("2026-11-01") < text.index("2026-11-24")
    assert "李红" in written(ledger, "F08", tmp_path / "b.pdf", since=date(2026, 10, 15), until=TODAY)


@pytest.mark.parametrize(("since", "until", "said"), [
    (date(2026, 11, 1), date(2026, 11, 30), "2026年11月"), (date(2026, 11, 2), date(2026, 11, 30), "2026年11月2日至2026年11月30日"),
    (date(2025, 11, 1), date(2026, 11, 30), "2025年11月1日至2026年11月30日")])
def test_the_head_of_the_book_tells_its_period(ledger: Ledger, since: date, until: date, said: str) -> None:
    with ledger.read() as read:
        assert f08.gather(read, Wish(since=since, until=until)).period == said


# ---------------------------------------------------------------- F26

def test_the_notice_says_who_keeps_what_for_how_long(ledger: Ledger, tenant: UUID, tmp_path: Path) -> None:
    ledger.do(village.correct_village, phone="0579-87000000")
    text = written(ledger, "F26", tmp_path / "a.pdf", record=tenant)
    kept = keeping.kept
    for said in ("被告知人：王𬱟", "处理者：永康市古山镇青后叶村村民委员会", "联系人：王建国联系电话：0579-87000000",
                 f"离开本地（或注销）后保存{kept('person').years}年", f"租住经过保存{kept('tenancy').years}年", f"照片保存{kept('photo').years}年",
                 f"操作日志保存{kept('act').years}年", "敏感个人信息的必要性和影响", "签名（监护人）"):
        assert said in text, said
    assert "王𬱟" not in written(ledger, "F26", tmp_path / "b.pdf")


# ---------------------------------------------------------------- all six

def longest(values: Any) -> Any:
    """The same with every text as long as the ledger takes it."""
    told = {one.name: LONG[:120] for one in fields(values) if isinstance(getattr(values, one.name), str) and one.name not in ("living_kind", "reason", "insured")}
    return type(values)(**told)


@pytest.mark.parametrize(("number", "values"), [
    ("F01", longest(f01.Form())), ("F03", [longest(f03.Form())]), ("F05", [longest(f05.Cover())]), ("F22", [longest(f22.Pledge())]), ("F26", longest(f26.Notice())),
    ("F08", f08.Book(LONG, "2026年11月", [longest(f08.Row())] * 40))])
def test_the_longest_is_not_cut(number: str, values: Any, tmp_path: Path) -> None:
    printed = press.render(number, values, tmp_path / "a.pdf", today=TODAY)
    told = values[0] if isinstance(values, list) else values
    written_once = [getattr(told, one.name) for one in fields(told) if getattr(told, one.name) == LONG[:120]]
    assert not printed.overflow and reading.whole(tmp_path / "a.pdf").count(LONG[:60]) >= len(written_once)


def test_a_room_full_of_people_goes_on_over_the_page(tmp_path: Path) -> None:
    form = f01.Form(lodgers=[f01.Lodger(f"人{number}", "男", NUMBERS[0], "同住") for number in range(60)])
    printed = press.render("F01", form, tmp_path / "a.pdf", today=TODAY)
    text = reading.whole(tmp_path / "a.pdf")
    assert printed.pages == 3 and all(f"人{number}男" in text for number in range(60)) and "流动人口登记表（续上页）" in text


@pytest.mark.parametrize("number", SIX)
def test_a_blank_form_stays_on_one_page_for_each_copy(number: str, tmp_path: Path) -> None:
    printed = press.render(number, PAPERS[number].blank(), tmp_path / "a.pdf", today=TODAY)
    assert printed.pages == (2 if number == "F22" else 1) and "None" not in reading.whole(tmp_path / "a.pdf")
