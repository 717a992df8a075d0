"""The search box: everything an officer may type, best answers first, each saying why; no number in the open."""

from __future__ import annotations

from datetime import timedelta
from hashlib import blake2b
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from gridapp.ledger import Ledger, tokens
from gridapp.work import hazards, houses, people, tenancies
from tests import ledgers
from tests.ledgers import NUMBERS, TODAY

#: U+2EBF0 (Ext I, Unicode 15.1), U+31350 (Ext H), U+E815 (somebody's own): newer than Python 3.11's tables, or in none
YOUNG_CHARACTERS = ("\U0002ebf0", "\U00031350", "\ue815", "\U00030edd")


@pytest.fixture
def village(ledger: Ledger) -> Ledger:
    """Two houses; 彭兵 lives in QHY0001 102, 单雄信 and 阿卜杜拉·买买提 are registered without a room."""
    rooms = ledgers.rooms_of(ledger, ledgers.a_house(ledger))
    ledgers.a_house(ledger, "QHY0002", address="永康市古山镇青后叶村祠堂路12号", owner_name="欧阳婷", owner_phone="0579-87123456")
    pengbing = ledgers.a_person(ledger, phone="13857912345", hukou_addr="四川省成都市简阳市马街121号", used_name="彭小兵")
    ledger.do(tenancies.move_in, pengbing, rooms[1], TODAY)
    ledgers.a_person(ledger, "单雄信", NUMBERS[1], phone="15026310431 0579-86001234")
    ledgers.a_person(ledger, "阿卜杜拉·买买提", NUMBERS[2])
    return ledger


def found(ledger: Ledger, text: str) -> list[str]:
    """The first word of every answer: a name or a house number."""
    return [hit.label.split()[0] for hit in ledger.search(text)]


def why(ledger: Ledger, text: str) -> str:
    return ledger.search(text)[0].why


# ---------------------------------------------------------------- every way of asking

@pytest.mark.parametrize(("text", "first", "reason"), [
    ("彭兵", "彭兵", "姓名"),
    ("彭", "彭兵", "姓名"),
    ("雄信", "单雄信", "姓名"),
    ("彭小兵", "彭兵", "曾用名"),
    ("pengbing", "彭兵", "姓名拼音"),
    ("PengB", "彭兵", "姓名拼音"),
    ("pb", "彭兵", "姓名拼音"),
    ("shanxiongxin", "单雄信", "姓名拼音"),
    ("danxiongxin", "单雄信", "姓名拼音"),
    ("xiongxin", "单雄信", "姓名拼音"),
    ("xx", "单雄信", "姓名拼音"),
    ("阿卜杜拉买买提", "阿卜杜拉·买买提", "姓名"),
    ("阿卜杜拉•买买提", "阿卜杜拉·买买提", "姓名"),
    ("阿卜杜拉 买买提", "阿卜杜拉·买买提", "姓名"),
    ("买买提", "阿卜杜拉·买买提", "姓名"),
    (NUMBERS[0], "彭兵", "证件号码"),
    ("５１０１８５１９６７０７１１９６１９", "彭兵", "证件号码"),
    ("510185 19670711 9619", "彭兵", "证件号码"),
    ("510185", "彭兵", "证件号码"),
    ("9619", "彭兵", "证件号码尾号 9619"),
    ("19619", "彭兵", "证件号码尾号 19619"),
    ("119619", "彭兵", "证件号码尾号 119619"),
    ("13857912345", "彭兵", "电话 138****2345"),
    ("138 5791 2345", "彭兵", "电话 138****2345"),
    ("1385", "彭兵", "电话 138****2345"),
    ("2345", "彭兵", "电话 138****2345"),
    ("86001234", "单雄信", "电话 150****0431 057****1234"),
    ("0579-86001234", "单雄信", "电话 150****0431 057****1234"),
    ("马街121号", "彭兵", "户籍地址"),
    ("祠堂路12号", "QHY0002", "房屋坐落"),
    ("QHY0002", "QHY0002", "房屋编号"),
    ("qhy", "QHY0002", "房屋编号"),
    ("彭b", "彭兵", "姓名拼音"),
    ("pengb", "彭兵", "姓名拼音"),
    ("p兵", "彭兵", "姓名拼音"),
    ("单xx", "单雄信", "姓名拼音"),
    ("單雄信", "单雄信", "姓名"),
    ("雄x", "单雄信", "姓名拼音"),
    ("歐陽", "QHY0002", "房主姓名"),
    ("欧阳", "QHY0002", "房主姓名"),
    ("oyt", "QHY0002", "房主姓名拼音"),
    ("87123456", "QHY0002", "房主电话 057****3456"),
    ("QHY0001 102", "QHY0001", "房屋编号、房号"),
    ("QHY0001-102", "QHY0001", "房号"),
    ("102", "彭兵", "住址"),
    ("祠堂路 102", "彭兵", "住址"),
    ("祠堂路1号102", "彭兵", "住址"),
    ("祠堂路1号 102", "彭兵", "住址"),
    ("彭 102", "彭兵", "姓名、住址"),
    ("彭兵 9619", "彭兵", "姓名、证件号码尾号 9619"),
    ("pb qhy0001", "彭兵", "姓名拼音、住址"),
])
def test_it_is_found_by(village: Ledger, text: str, first: str, reason: str) -> None:
    assert found(village, text)[:1] == [first]
    assert why(village, text) == reason


@pytest.mark.parametrize("text", ["", " ", "·", "　", "😀", "彭雄", "彭兵 0000", "祠堂路99号", "zzz", "9618", "0", "01234567890123456789"])
def test_nothing_is_found_by(village: Ledger, text: str) -> None:
    assert village.search(text) == []


@pytest.mark.parametrize("text", ['"彭兵"', "彭兵*", "'彭兵'", "(彭兵)", "彭兵%", "_彭兵", "^彭兵", "-彭兵", "彭 兵", "彭兵;--", "彭兵😀"])
def test_signs_are_no_operators(village: Ledger, text: str) -> None:
    assert found(village, text) == ["彭兵"]


@pytest.mark.parametrize("text", ['"', "*", "%", "_", "AND", "彭兵 AND", "彭兵 OR 单雄信", "NOT 彭兵", "NEAR(彭兵 单雄信)", "t:彭兵", "彭兵 %",
                                  "{t}", "\\", "\x00", "\ud800", "彭" * 10_000, "1" * 10_000, "彭 " * 5_000, "q1彭" * 3_000])
def test_whatever_is_typed_is_answered(village: Ledger, text: str) -> None:
    for hit in village.search(text):
        assert hit.label and hit.why


@pytest.mark.parametrize("text", ["彭" * 10_000, "彭 " * 5_000, "q1彭" * 3_000, "彭" * 10_000 + " 兵"])
def test_a_pasted_page_is_asked_as_a_short_question(village: Ledger, text: str) -> None:
    asked: list[str] = []
    sa.event.listen(village.home.engine, "before_cursor_execute", lambda *told: asked.append(str(told[3])))
    village.search(text)
    matches = [parameters for parameters in asked if "彭" in parameters]
    assert matches and max(map(len, matches)) < 5_000


@pytest.mark.parametrize("char", YOUNG_CHARACTERS)
def test_characters_newer_than_python_are_found(ledger: Ledger, char: str) -> None:
    ledgers.a_person(ledger, f"王{char}")
    ledgers.a_person(ledger, "王兵", NUMBERS[1])
    for text in (f"王{char}", char):
        assert found(ledger, text) == [f"王{char}"]


def test_a_latin_name_with_a_blank_is_found_in_every_way(ledger: Ledger) -> None:
    ledgers.a_person(ledger, "John Smith", "E12345678", id_kind="414")
    ledgers.a_person(ledger, "Mary O'Brien", "E87654321", id_kind="414")
    assert found(ledger, "obrien") == found(ledger, "O'Brien") == found(ledger, "mary o") == ["Mary"]
    for text in ("john smith", "JohnSmith", "smith", "john", "E12345678", "5678"):
        assert found(ledger, text) == ["John"]


# ---------------------------------------------------------------- order

def test_exact_comes_before_beginning_before_inside(ledger: Ledger) -> None:
    for name, number in zip(("张王伟", "王伟东", "王伟"), NUMBERS, strict=False):
        ledgers.a_person(ledger, name, number)
    assert found(ledger, "王伟") == ["王伟", "王伟东", "张王伟"]
    assert found(ledger, "wangwei") == ["王伟", "王伟东", "张王伟"]
    assert found(ledger, "ww") == ["王伟", "王伟东", "张王伟"]


def test_several_words_are_as_good_as_the_weakest(ledger: Ledger) -> None:
    room = ledgers.rooms_of(ledger, ledgers.a_house(ledger))[0]
    for name, number in zip(("张王伟", "王伟"), NUMBERS, strict=False):
        ledgers.a_tenant(ledger, room, name, number)
    assert found(ledger, "王 101") == found(ledger, "101 王") == found(ledger, "wang qhy0001") == ["王伟", "张王伟"]


def test_a_surname_and_a_number_mean_just_that_number(village: Ledger) -> None:
    for house, name, number in (("QHY0002", "王甲", NUMBERS[3]), ("QHY0001", "王乙", "510185196707119635")):
        ledgers.a_tenant(village, ledgers.rooms_of(village, village.search(house)[0].id)[0], name, number)
    assert found(village, "王 1") == ["王乙", "王甲"]


def test_who_lives_here_comes_before_who_left(ledger: Ledger) -> None:
    rooms = ledgers.rooms_of(ledger, ledgers.a_house(ledger))
    left, never = ledgers.a_tenant(ledger, rooms[0], "王一", NUMBERS[0]), ledgers.a_person(ledger, "王二", NUMBERS[1])
    ledgers.a_tenant(ledger, rooms[0], "王三", NUMBERS[2])
    ledger.do(tenancies.move_out, ledger.ask(people.person_card, left).stays[0].id, TODAY)
    assert [hit.label.rpartition(" ")[::2] for hit in ledger.search("王")] == [
        ("王三 410783********5927 永康市古山镇青后叶村祠堂路1号", "101"), ("王二 500152********7284", "未登记住处"),
        ("王一 510185********9619", "已离开")]
    ledger.do(people.close_person, never, TODAY, "其他")
    assert ledger.search("王二")[0].label.endswith("已注销")


def test_the_house_comes_before_who_lives_in_it(village: Ledger) -> None:
    for text in ("QHY0001", "祠堂路1号"):
        assert [hit.entity for hit in village.search(text)][:2] == ["house", "person"]


def test_the_number_asked_for_comes_before_longer_ones(village: Ledger) -> None:
    assert found(village, "祠堂路1")[0] == "QHY0001"
    assert found(village, "祠堂路1").index("QHY0001") < found(village, "祠堂路1").index("QHY0002")
    assert "QHY0002" not in found(village, "祠堂路1号")


def test_no_more_answers_than_asked_for_and_the_best_of_them(ledger: Ledger) -> None:
    ledger.do(houses.register_house, houses.numbered(6, 8), house_no="QHY0009", address="祠堂路9号", owner_name="张浩")
    assert len(ledger.search("祠堂路", 20)) == 20
    assert [hit.entity for hit in ledger.search("祠堂路", 1)] == ["house"]
    assert len(ledger.search("QHY0009", 100)) == 49


# ---------------------------------------------------------------- privacy

def test_no_answer_shows_a_number_that_was_not_typed(village: Ledger) -> None:
    for text in ("彭兵", "9619", "2345", "QHY0001", "欧阳婷", "永康"):
        for hit in village.search(text):
            shown = hit.label + hit.why
            for secret in (NUMBERS[0], "13857912345", "15026310431", "87123456", "19670711"):
                assert secret not in shown


# ---------------------------------------------------------------- what changes is found as it is now

def test_a_corrected_name_is_found_and_the_old_one_not(village: Ledger) -> None:
    person = village.search("彭兵")[0].id
    village.do(people.correct_person, person, name="彭斌", used_name=None)
    assert (found(village, "彭斌"), found(village, "彭兵")) == (["彭斌"], [])
    village.undo()
    assert (found(village, "彭斌"), found(village, "彭兵")) == ([], ["彭兵"])
    village.redo()
    assert found(village, "彭斌") == ["彭斌"]


def test_moving_is_followed(village: Ledger) -> None:
    person = village.search("彭兵")[0].id
    other = ledgers.rooms_of(village, village.search("QHY0002")[0].id)[0]
    village.do(tenancies.change_room, person, other, TODAY)
    assert "彭兵" in found(village, "祠堂路12号") and "彭兵" not in found(village, "QHY0001")
    village.undo()
    assert "彭兵" not in found(village, "祠堂路12号") and "彭兵" in found(village, "QHY0001")
    village.do(tenancies.move_out, village.ask(people.person_card, person).stays[0].id, TODAY + timedelta(days=1))
    assert "彭兵" not in found(village, "QHY0001") and found(village, "彭兵") == ["彭兵"]


def test_a_renumbered_house_takes_rooms_and_people_along(village: Ledger) -> None:
    house = village.search("QHY0001")[0].id
    before = [(hit.entity, hit.id) for hit in village.search("QHY0001")]
    village.do(houses.correct_house, house, house_no="GS77", address="永康市古山镇青后叶村河头巷5号")
    assert village.search("QHY0001") == []
    assert [(hit.entity, hit.id) for hit in village.search("GS77")] == before
    assert "彭兵" in found(village, "河头巷5号")


def test_a_renumbered_room_takes_its_people_along(village: Ledger) -> None:
    room = next(hit.id for hit in village.search("QHY0001102") if hit.entity == "room")
    village.do(houses.correct_room, room, room_no="阁楼")
    assert [hit.entity for hit in village.search("阁楼")] == ["person", "room"]
    assert "彭兵" not in found(village, "102")
    village.do(houses.correct_room, room, room_no="三楼东间")
    assert [hit.entity for hit in village.search("楼东")] == ["person", "room"]


def test_a_withdrawn_registration_is_not_found(ledger: Ledger) -> None:
    ledgers.a_person(ledger)
    ledger.undo()
    assert ledger.search("彭兵") == []
    ledger.redo()
    assert found(ledger, "彭兵") == ["彭兵"]


def test_somebody_closed_is_found_and_reopened_as_before(ledger: Ledger) -> None:
    person = ledgers.a_person(ledger)
    before = ledger.search("彭兵")
    ledger.do(people.close_person, person, TODAY, "其他")
    assert ledger.search("彭兵")[0].label.endswith("已注销")
    ledger.do(people.reopen_person, person)
    assert ledger.search("彭兵") == before


def test_a_hazard_is_found_by_place_content_and_notice(village: Ledger) -> None:
    hazard = village.do(hazards.raise_hazard, place="祠堂路1号三楼", content="楼道堆放杂物", degree="一般").result
    assert [(hit.entity, hit.why) for hit in village.search("堆放杂物")] == [("hazard", "隐患内容")]
    assert [(hit.entity, hit.why) for hit in village.search("三楼 杂物")] == [("hazard", "隐患地点、隐患内容")]
    assert village.search("堆放杂物")[0].id == hazard


def test_many_changes_later_the_index_is_what_a_new_one_would_be(village: Ledger) -> None:
    person = village.search("彭兵")[0].id
    for number in range(12):
        village.do(people.correct_person, person, name=f"彭兵{'甲乙丙丁'[number % 4]}", phone=f"1385791{number:04d}")
    village.undo()
    texts = ("彭兵丙", "彭兵丁", "13857910010", "13857910011", "QHY0001", "祠堂路", "1", "p")
    before = {text: village.search(text) for text in texts}
    village.rebuild()
    assert {text: village.search(text) for text in texts} == before
    assert found(village, "彭兵丁") == []


# ---------------------------------------------------------------- the index and the reasons agree

def test_every_answer_has_a_reason_for_every_word(village: Ledger) -> None:
    """The reasons are worked out from the record, the answers from the index: they must mean the same."""
    typed = ["彭兵", "pengbing", NUMBERS[0], "13857912345", "祠堂路12号", "QHY0001", "102", "欧阳婷", "成都市", "买买提"]
    beginnings = {word[:k] for word in typed for k in range(1, len(word) + 1)}
    for text in sorted(beginnings) + [f"{a} {b}" for a in typed for b in typed if a != b]:
        for hit in village.search(text, 50):
            assert hit.why, text


def test_a_token_never_holds_an_operator() -> None:
    for text in ('a"b*c', "NEAR(x)", "x:y^z", "* *", "甲\x00乙", "甲\u200b乙"):
        for bag in (tokens.of_name(text), tokens.of_place(text), tokens.of_number(text), tokens.of_phone(text)):
            assert all(c.isalnum() for token in bag for c in token)


def test_an_index_of_other_tokens_is_made_again(village: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    before = village.search("彭兵")
    with village.home.writer.begin() as connection:
        connection.exec_driver_sql("INSERT INTO find(find) VALUES ('delete-all')")
    village.close()
    with ledgers.reopen(village.path) as same:
        assert same.search("彭兵") == []
    monkeypatch.setattr(tokens, "VERSION", "newer")
    with ledgers.reopen(village.path) as again:
        assert again.search("彭兵") == before
        assert again.verify().faults == ()


def test_tokens_do_not_change_unnoticed() -> None:
    """When this fails, raise tokens.VERSION and put the new hash here: files in use hold an index of the old ones."""
    bags = [tokens.of_name("欧阳单·O'Neil"), tokens.of_number("11010519491231002X"), tokens.of_phone("0579-87123456 13857912345"),
            tokens.of_place("祠堂路12号b座"), tokens.of_place("马街1号", "g"), tokens.of_room("祠堂路12号", "三楼101"),
            tokens.one("h", "QHY-0001"), tokens.one("u", "QHY0001", "101"),
            tokens.of_case_no("古青后叶事〔2026〕第001号"), tokens.of_name("張龍")]
    told = " ".join("|".join(sorted(bag)) for bag in bags)
    assert (tokens.VERSION, blake2b(told.encode(), digest_size=8).hexdigest()) == ("5", "22c1761c6db7c6ac")


def _in_index(ledger: Ledger) -> int:
    with Session(ledger.home.engine) as session:
        return session.connection().exec_driver_sql("SELECT count(*) FROM find_docsize").scalar_one()


def test_a_record_stands_in_the_index_once(village: Ledger) -> None:
    before = _in_index(village)
    person: UUID = village.search("彭兵")[0].id
    stay = village.ask(people.person_card, person).stays[0].id
    village.do(tenancies.move_out, stay, TODAY + timedelta(days=1))
    village.do(tenancies.cancel_move_out, stay)
    village.do(people.correct_person, person, remark="说明")
    assert _in_index(village) == before


# ---------------------------------------------------------------- sites

@pytest.mark.parametrize(("text", "reason"), [
    ("老王五金", "场所名称"), ("五金店", "场所名称"), ("lwwjd", "场所名称拼音"), ("老王的五金店", ""), ("方岩大道99号", "场所地址"), ("钱七", "负责人姓名"), ("qianqi", "负责人姓名拼音"),
    ("13957988888", "负责人电话 139****8888"), ("8888", "负责人电话 139****8888"), ("方岩大道 钱七", "场所地址、负责人姓名")])
def test_a_site_is_found_by_name_address_keeper_and_phone(village: Ledger, text: str, reason: str) -> None:
    from gridapp.work import sites

    site = village.do(sites.register_site, kind="01", name="老王五金店", address="永康市古山镇青后叶村方岩大道99号", keeper="钱七",
                      phone="13957988888").result
    told = [(hit.entity, hit.id, hit.why) for hit in village.search(text)]
    assert told == ([("site", site, reason)] if reason else [])
    village.do(sites.correct_site, site, name="小李修车", keeper="孙八", phone=None, address="9号")
    assert [hit.entity for hit in village.search(text)] == []
    assert [hit.label for hit in village.search("孙八")] == ["小李修车 9号"]


def test_a_closed_site_comes_after_those_that_are_open(village: Ledger) -> None:
    from gridapp.work import sites

    first, second = (village.do(sites.register_site, kind="01", name="五金店", address=f"方岩大道{n}号").result for n in (1, 2))
    village.do(sites.close_site, first, TODAY, "01")
    assert [hit.id for hit in village.search("五金店")] == [second, first]


def test_an_index_that_knows_no_sites_is_made_again_when_the_ledger_is_opened(village: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    """As a ledger of the last release brings it: its ranks were those of four kinds of records."""
    from gridapp.ledger import findable, search
    from gridapp.work import sites

    village.do(sites.register_site, kind="01", name="五金店", address="方岩大道1号")
    with monkeypatch.context() as old, Session(village.home.writer) as session, session.begin():
        old.setattr(search, "SOUGHT", findable.SOUGHT[:4])
        old.setattr(tokens, "VERSION", "1")
        search.index_all(session)
        search.keep_up(session)
    assert village.search("五金店") == []
    village.close()
    with ledgers.reopen(village.path) as again:
        assert [hit.entity for hit in again.search("五金店")] == ["site"] and again.search("彭兵")[0].entity == "person"
        assert again.verify().faults == ()
