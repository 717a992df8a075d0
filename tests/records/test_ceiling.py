"""The legal ceiling of collection (浙江省流动人口居住登记条例 Art. 29): nothing statutory is missing, nothing sensitive is asked."""

from __future__ import annotations

import pytest

from gridapp.fields.field import fields_of
from gridapp.records import ENTITIES, Person, Record

#: the article's items → the fields of a person that hold them; 相片 lies in the store of photos, 居住地址 is the room of the tenancy
STATUTORY = {"姓名": "name", "性别": "sex", "民族": "ethnic", "出生日期": "birth", "公民身份号码": "id_no", "户籍地址": "hukou_addr", "服务处所": "workplace",
             "政治面貌": "political", "学历": "education", "婚姻状况": "marital", "劳动就业": "employment", "社会保障": "social_security", "联系方式": "phone"}
#: what the registration itself needs besides (domain.md 1.2): kind of paper, other names, reason and days of the stay, the residence permit
#: (police register), who speaks for a minor (Art. 7), how a rare name is written
NEEDED = {"id_kind", "used_name", "foreign_name", "nationality", "hukou_code", "reason", "arrived_on", "registered_on", "living_kind", "leave_planned",
          "permit", "permit_no", "permit_until", "agent_name", "agent_phone", "name_note", "remark"}
UNIVERSAL = {"deleted", "into", "closed_on", "closed_why", "closed_note", "reported_on", "reported_batch"}
#: 敏感个人信息 and lists nobody asked the village to keep (PIPL Art. 28; domain.md 0.9)
FORBIDDEN = ("宗教", "信仰", "健康", "疾病", "血型", "收入", "婚育", "生育", "残疾", "吸毒", "精神", "矫正", "刑满", "上访", "重点人", "关注", "轨迹", "指纹", "人脸", "车牌", "银行")


def test_every_statutory_item_has_its_field() -> None:
    assert set(STATUTORY.values()) <= set(fields_of(Person))


def test_nothing_is_asked_of_a_person_beyond_the_law_and_the_registration() -> None:
    """A new field of a person belongs in one of the two lists, with its reason, or nowhere."""
    assert set(fields_of(Person)) == set(STATUTORY.values()) | NEEDED | UNIVERSAL


@pytest.mark.parametrize("entity", ENTITIES.values(), ids=lambda e: e.__tablename__)
def test_no_record_asks_for_what_is_sensitive(entity: type[Record]) -> None:
    labels = {name: f"{f.label} {f.hint}" for name, f in fields_of(entity).items()}
    assert {n: told for n, told in labels.items() if any(word in told for word in FORBIDDEN)} == {}


@pytest.mark.parametrize("entity", ENTITIES.values(), ids=lambda e: e.__tablename__)
def test_numbers_phones_and_homes_of_people_are_private(entity: type[Record]) -> None:
    """House style 9: masked in lists, absent from logs."""
    kinds = {name: type(f.kind).__name__ for name, f in fields_of(entity).items() if not f.private}
    assert {n for n, kind in kinds.items() if kind == "IdNumber"} == set()
    assert {n for n, kind in kinds.items() if kind == "Phone" and entity.__tablename__ != "village"} == set()
    assert not {"hukou_addr", "owner_addr", "birth", "permit_no"} & set(kinds)
