"""The headings offices write over their columns, and the field each means (domain.md 5.x; unordered, partial, with brackets).

Every field's own label is a heading too, so that what this program wrote can be read again.
"""

from __future__ import annotations

from gridapp.fields.field import fields_of
from gridapp.fields.kinds import Kind, Link, Text
from gridapp.records import House, Person, Record, Room, Tenancy

PERSON: dict[str, tuple[str, ...]] = {
    "name": ("姓名", "人员姓名", "承租人姓名", "租客姓名", "流动人口姓名"),
    "sex": ("性别",),
    "ethnic": ("民族",),
    "id_kind": ("证件种类", "证件类型", "证件代码"),
    "id_no": ("公民身份号码/证件号码", "公民身份号码", "身份证号码", "身份证号", "身份证", "证件号码", "证件号"),
    "birth": ("出生日期", "出生年月", "出生年月日"),
    "hukou_addr": ("户籍地址", "户籍详址", "户口所在地", "籍贯地址"),
    "phone": ("联系电话", "联系方式", "电话", "手机", "手机号码", "手机号", "电话号码"),
    "house_no": ("房屋编号", "出租房编号", "房屋号"),
    "address": ("现住地址", "现住址", "现居住地址", "居住地址", "暂住地址", "现住详址"),
    "room_no": ("房号", "房间号", "室号", "房间"),
    "relation": ("与承租人关系", "与户主关系", "关系", "与租客关系"),
    "reason": ("流入事由", "流入原因", "暂住事由", "事由", "来本地事由"),
    "workplace": ("服务处所", "工作单位", "从业单位", "单位"),
    "arrived_on": ("来本地日期", "流入时间", "流入日期", "来永日期"),
    "start": ("入住日期", "起租日期", "租住日期", "入住时间", "承租日期"),
    "end": ("离开日期", "退租日期", "搬离日期", "离开时间"),
    "permit": ("居住证", "有无居住证", "是否办理居住证"),
    "permit_no": ("居住证号", "居住证编号", "居住证号码"),
    "permit_until": ("居住证到期", "居住证有效期", "证件到期日期"),
    "registered_on": ("登记日期", "登记时间"),
    "marital": ("婚姻状况", "婚姻"),
    "political": ("政治面貌",),
    "education": ("学历", "文化程度"),
    "used_name": ("曾用名",),
    "foreign_name": ("外文姓名", "英文姓名"),
    "employment": ("从业状况", "职业"),
    "social_security": ("参加社保", "是否参加社保", "社保"),
    "living_kind": ("居住处所", "住所类型", "居住处所类型"),
    "leave_planned": ("拟离开日期", "预计离开日期"),
    "agent_name": ("代办人", "监护人", "代办人（监护人）"),
    "agent_phone": ("代办人电话", "监护人电话"),
    "name_note": ("姓名用字说明",),
    "reported_on": ("报送日期", "已报送日期", "报送公安日期"),
    "remark": ("备注", "说明"),
}
HOUSE: dict[str, tuple[str, ...]] = {
    "house_no": ("房屋编号", "出租房编号", "房屋号"),
    "address": ("房屋坐落", "房屋地址", "坐落", "地址", "出租房地址"),
    "owner_name": ("出租人姓名", "房主姓名", "房东姓名", "房主", "房东", "出租人"),
    "owner_id_kind": ("房主证件种类",),
    "owner_id_no": ("证件号码", "房主证件号码", "出租人证件号码", "房主身份证号", "房东身份证"),
    "owner_phone": ("联系电话", "房主电话", "房主联系方式", "出租人电话", "房东电话"),
    "owner_addr": ("房主现住址", "房主地址", "房主现居详址"),
    "manager_name": ("管理人（二房东）", "管理人", "二房东"),
    "manager_phone": ("管理人电话", "二房东电话"),
    "lessor_kind": ("出租人类型",),
    "nature": ("房屋性质", "出租房性质"),
    "house_class": ("房屋类别", "出租房类别"),
    "floors": ("层数", "总层数", "楼层数"),
    "rooms_let": ("出租间数", "租用间数", "间数"),
    "max_people": ("限住人数", "核定人数"),
    "area": ("建筑面积（㎡）", "建筑面积", "面积"),
    "rent_use": ("出租用途",),
    "filing_no": ("租赁备案证号", "备案证号"),
    "registered_on": ("登记日期",),
    "rent_from": ("出租时间", "出租日期"),
    "smoke_alarm": ("独立烟感", "烟感"),
    "extinguisher": ("灭火器",),
    "guarantee": ("治安责任保证书", "责任书", "签订责任书", "治安消防责任书"),
    "safe_exit": ("安全通道", "有无安全通道"),
    "fire_exit": ("消防通道", "有无消防通道"),
    "degree": ("隐患程度", "隐患等级"),
    "remark": ("备注", "说明"),
}
#: fields a workbook may fill by their label: no links, and nothing that closes or takes back a record
KEPT_OUT = ("deleted", "into", "closed_on", "closed_why", "closed_note")
#: a heading of two fields: "户籍地" is an address unless the address has a column of its own
EITHER = {"hukou_code": "hukou_addr"}


def kinds_of(kind: str) -> dict[str, Kind]:
    """The kind of value of every column such a sheet may have."""
    if kind == "house":
        return _kinds(House)
    rooms = {"house_no": _kinds(House)["house_no"], "room_no": _kinds(Room)["room_no"]}
    return {"address": Text(200)} | rooms | _kinds(Tenancy) | _kinds(Person)


def _kinds(entity: type[Record]) -> dict[str, Kind]:
    return {n: f.kind for n, f in fields_of(entity).items() if not isinstance(f.kind, Link) and n not in KEPT_OUT}


def headings(kind: str) -> dict[str, tuple[str, ...]]:
    """Field → what may stand over its column, the field's own label last."""
    entities: tuple[type[Record], ...] = (House,) if kind == "house" else (Tenancy, Person)
    labels = {n: (f.label,) for e in entities for n, f in fields_of(e).items() if n in _kinds(e)}
    told = VOCABULARIES[kind]
    return {n: told.get(n, ()) + labels.get(n, ()) for n in dict.fromkeys((*labels, *told))}


#: what a row must tell to be of that kind; a sheet without these columns is not one
NEEDED = {"person": ("name",), "house": ("house_no", "address")}
#: one of these must be there too: names and telephone numbers alone are a list of something else
PROOF = {"person": ("id_no", "house_no", "address", "room_no", "arrived_on", "start", "hukou_addr"), "house": ("house_no",)}
VOCABULARIES = {"person": PERSON, "house": HOUSE}
#: words in the first columns that make a row a sum, not a person
SUMS = ("合计", "总计", "小计", "共计")
