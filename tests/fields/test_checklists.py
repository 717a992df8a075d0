"""Checklists: what is shipped is whole, a town may publish its own, answers and notes fit into one field and come back out."""

from __future__ import annotations

from hashlib import blake2b

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridapp import places
from gridapp.fields import checklists, codes, editions, tablefiles
from gridapp.fields.checklists import BAD, Item, NoteTooLong
from gridapp.fields.codes import Editions
from gridapp.fields.editions import BadCodeTable

SHIPPED = [name for name in tablefiles.names() if name.startswith(tablefiles.CHECKLIST)]
HEAD = "code\tname\tcategory\tstandard\tseverity\tkind\tphrase\n"
BATH = HEAD + "B01\t热水器排烟\t燃气\t排到室外\t严重\t燃气\t51000041\n"


def faults(name: str, text: str) -> list[str]:
    with pytest.raises(BadCodeTable) as refused:
        editions.edition(name, text)
    return [m.text for m in refused.value.marks]


@pytest.mark.parametrize("name", SHIPPED)
def test_every_item_says_what_to_look_at_and_what_it_opens(name: str) -> None:
    for item in map(checklists.item_of, codes.table(name).rows):
        assert item.text and item.category and item.standard and item.severity in checklists.SEVERITIES, item
        assert item.kind is not None, item
        assert not any(c.isdigit() and c * 8 in item.wording() for c in "0123456789") and "51000" not in item.wording(), item
    with places.resource("checklists", f"{name.removeprefix('checklist_')}.tsv").open(encoding="utf-8") as lines:
        assert {line.count("\t") for line in lines if not line.startswith("#")} == {7}


def test_a_released_checklist_is_never_changed() -> None:
    """An inspection is shown with the edition it was made with for ever: a changed list is a new file, rental.900001.tsv."""
    made = {name: blake2b(tablefiles.checklist_editions(name)[0].read_text("utf-8").encode(), digest_size=4).hexdigest() for name in SHIPPED}
    assert made == RELEASED


def test_the_rental_list_has_the_31_items_of_the_paper() -> None:
    rows = codes.table("checklist_rental").rows
    assert sorted(r.code for r in rows) == [f"R{n:02d}" for n in range(1, 32)]


@pytest.mark.parametrize(("item", "said"), [
    ("R10", "占用、堵塞、封闭疏散通道、安全出口（三楼）"), ("R14", "灭火器：消防设施、器材、消防安全标志配置、设置不符合标准（三楼）"),
    ("R07", "居室居住人数超过2人（三楼）")])
def test_a_hazard_speaks_as_the_police_do_where_they_have_words(item: str, said: str) -> None:
    row = next(r for r in codes.table("checklist_rental").rows if r.code == item)
    assert checklists.item_of(row).wording("三楼") == said
    assert Item("X1", "楼顶").wording() == "楼顶", "a list without a phrase"


# ---------------------------------------------------------------- what a town may publish

def test_every_class_of_places_names_a_list_there_is() -> None:
    assert {r.told("checklist") for r in codes.table("site_class").rows} <= {name.removeprefix("checklist_") for name in codes.names()}


def test_a_new_class_with_a_list_of_its_own_is_data_only() -> None:
    bath = editions.edition("checklist_bath", BATH)
    classes = editions.text_of(codes.shipped("site_class")) + "77\t浴室\t澡堂\t\tbath\n"
    assert faults("site_class", classes) == ["类别“浴室”要用的检查表 bath 还没有，请先发布 checklist_bath。"]
    codes.receive({"checklist_bath": Editions((bath.text,))})
    again = editions.edition("site_class", classes)
    codes.receive({"checklist_bath": Editions((bath.text,)), "site_class": Editions((again.text,))})
    row = next(r for r in codes.table("site_class").rows if r.code == "77")
    assert row.told("checklist") == "bath" and "checklist_bath" in codes.names()
    item = checklists.item_of(codes.table("checklist_bath").rows[0])
    assert (item.severity, item.kind, item.wording()) == ("严重", codes.table("hazard_kind").find("燃气"), "燃气用具的安装、使用不符合规定")


def test_an_older_file_of_classes_keeps_their_lists() -> None:
    text = "code\tname\n" + "".join(f"{r.code}\t{r.name}\n" for r in codes.shipped("site_class")) + "78\t市场\n"
    told = editions.edition("site_class", text)
    assert {r.code: r.told("checklist") for r in told.rows} == {r.code: r.told("checklist") for r in codes.shipped("site_class")} | {"78": ""}


def test_what_an_item_may_not_say_is_told_by_its_code() -> None:
    assert faults("checklist_bath", HEAD + "B01\t热水器\t燃气\t\t很重\t燃气\t\nB02\t地面\t\t\t一般\t打滑\t\n") == [
        "检查项 B01 的 severity 列应是 一般、严重、提示 之一。", "检查项 B02 的 kind 列“打滑”不是隐患类别。"]
    assert faults("checklist_bath", HEAD + f"B01\t热水器\t燃气\t{'长' * 201}\t一般\t燃气\t\n") == ["检查项 B01 有一格太长，最多 200 个字。"]
    assert faults("place_grade", "code\tname\tdays\nred\t红\t一周\nyellow\t黄\t30\n") == ["等级“红”的 days 列应是天数。"]
    assert "没有" in faults("checklist_Bath", BATH)[0], "a name of other letters is no checklist"


def test_another_standard_is_a_change_too() -> None:
    text = editions.text_of(codes.shipped("checklist_rental"))
    told = editions.edition("checklist_rental", text.replace("不小于6㎡", "不小于8㎡"))
    assert [r.code for r in told.retold] == ["R06"] and not told.renamed and not told.added


# ---------------------------------------------------------------- one field

_items = st.from_regex(r"[A-Z][0-9]{2}", fullmatch=True)


@given(st.dictionaries(_items, st.sampled_from((1, 2, 3)), min_size=1), st.dictionaries(_items, st.text(max_size=100)))
def test_answers_and_notes_come_back_as_they_were(answers: dict[str, int], notes: dict[str, str]) -> None:
    kept = {item: " ".join(note.split()).replace("=", "＝") for item, note in notes.items() if item in answers and note.split()}
    assert checklists.unpack(checklists.pack(answers, notes)) == (answers, kept)


def test_what_is_no_answer_is_left_out() -> None:
    assert checklists.unpack("R01=1 R02=4 R03 =2 R04=2\nR04 坏了\nR99 没有\n\n") == ({"R01": 1, "R04": 2}, {"R04": "坏了"})
    assert checklists.unpack(None) == ({}, {})
    with pytest.raises(NoteTooLong, match="R01"):
        checklists.pack({"R01": BAD}, {"R01": "长" * 101})


#: name → digest of its first edition
RELEASED = {"checklist_rental": "c6558158", "checklist_road": "0fa5b6ed", "checklist_shop": "17070914", "checklist_zone": "8da83011"}
