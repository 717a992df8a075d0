"""Figures of people and the houses they live in (domain.md 4.5): who lives here, who is registered, reported in time, known by their room."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from gridapp.fields import codes
from gridapp.fields.days import plus_months
from gridapp.records import House, Inspection, Person, Room, Tenancy
from gridapp.work.figures.measures import Asked, Base, Clause, Count, Figure, Share

GROUP = "人口房屋"
START_RULE, END_RULE = "landlord_report_start", "landlord_report_end"
FREE_DAYS_RULE, PERMIT_RULE = "relative_exempt", "permit_eligible"


def _stands(asked: Asked, ended: Any) -> Clause:
    """Not ended by the day: as the lists of today tell it, or as it was on a day that is past."""
    return ended.is_(None) if asked.day >= asked.today else sa.or_(ended.is_(None), ended > asked.day)


def _begun(asked: Asked, began: Any) -> Clause:
    return sa.true() if asked.day >= asked.today else sa.or_(began.is_(None), began <= asked.day)


def _stay(asked: Asked) -> Clause:
    """A tenancy that holds on the day."""
    return sa.and_(Tenancy.deleted.is_not(True), _stands(asked, Tenancy.end), _begun(asked, Tenancy.start))


def _housed(asked: Asked, *more: Clause) -> Clause:
    """The person lives in a room on the day, by a stay of which more holds."""
    stays = sa.select(Tenancy.seq).where(Tenancy.person == Person.id, Tenancy.scope == Person.scope, _stay(asked), *more)
    return sa.exists(stays.correlate(Person))


def _stay_of_person() -> Any:
    """The grid somebody lives in, or lived in last."""
    return (sa.select(House.grid).select_from(Tenancy).join(Room, sa.and_(Room.id == Tenancy.room, Room.scope == Tenancy.scope))
            .join(House, sa.and_(House.id == Room.house, House.scope == Room.scope))
            .where(Tenancy.person == Person.id, Tenancy.scope == Person.scope, Tenancy.deleted.is_not(True))
            .order_by(Tenancy.end.is_not(None), Tenancy.seq).limit(1).correlate(Person).scalar_subquery())


def _home_of_person() -> Any:
    """Where they live, or lived last."""
    return (sa.select(House.address + " " + Room.room_no).select_from(Tenancy)
            .join(Room, sa.and_(Room.id == Tenancy.room, Room.scope == Tenancy.scope))
            .join(House, sa.and_(House.id == Room.house, House.scope == Room.scope))
            .where(Tenancy.person == Person.id, Tenancy.scope == Person.scope, Tenancy.deleted.is_not(True))
            .order_by(Tenancy.end.is_not(None), Tenancy.seq).limit(1).correlate(Person).scalar_subquery())


PEOPLE = Base(Person, Person.name, Person.registered_on, _home_of_person(), _stay_of_person(), (Person.deleted.is_not(True), Person.unmerged()))


def _joined(asked: Any) -> Any:
    return asked.join(Person, sa.and_(Person.id == Tenancy.person, Person.scope == Tenancy.scope))


def _housed_in(asked: Any) -> Any:
    return (asked.outerjoin(Room, sa.and_(Room.id == Tenancy.room, Room.scope == Tenancy.scope))
            .outerjoin(House, sa.and_(House.id == Room.house, House.scope == Room.scope)))


STAYS_BEGUN = Base(Tenancy, Person.name, Tenancy.start, House.address + " " + Room.room_no, House.grid,
                   (Tenancy.deleted.is_not(True), Person.deleted.is_not(True), Person.unmerged()), _joined, _housed_in)
STAYS_ENDED = Base(Tenancy, Person.name, Tenancy.end, House.address + " " + Room.room_no, House.grid, STAYS_BEGUN.where, _joined, _housed_in)
HOUSES = Base(House, House.house_no, House.registered_on, House.address, House.grid, (House.deleted.is_not(True),))
ROOMS = Base(Room, Room.room_no, House.registered_on, House.address, House.grid, (Room.deleted.is_not(True),),
             placed=lambda asked: asked.outerjoin(House, sa.and_(House.id == Room.house, House.scope == Room.scope)))


def _kept(asked: Asked) -> Clause:
    """On the register on the day."""
    return _stands(asked, Person.closed_on)


def residents(asked: Asked) -> Clause:
    """Living here: on the register and in a room."""
    return sa.and_(_kept(asked), _housed(asked))


def _free() -> Clause:
    """Living in somebody's home is no lease (Art. 12)."""
    return sa.func.coalesce(Person.living_kind, "") == codes.table("living_kind").find("居民家中")


def foreign() -> Clause:
    """Reported within a day, by another rule."""
    kinds = [row.code for row in codes.table("id_kind").rows if "外国人" in row.name]
    return sa.or_(sa.func.coalesce(Person.nationality, "CHN").not_in(["CHN", ""]), sa.func.coalesce(Person.id_kind, "").in_(kinds))


def _to_be_registered(asked: Asked) -> Clause:
    """Whoever lives here, but not those with near relatives for less than the free days: one look at the stays tells both."""
    free = asked.limits[FREE_DAYS_RULE].count
    return sa.and_(_kept(asked), _housed(asked, sa.or_(~_free(), Tenancy.start.is_(None), Tenancy.start <= asked.back(free))))


def _registered(asked: Asked) -> Clause:
    return sa.and_(Person.registered_on.is_not(None), Person.registered_on <= asked.day)


def _leases_begun(asked: Asked) -> Clause:
    return sa.and_(asked.within(Tenancy.start), ~_free(), ~foreign(), asked.in_time(START_RULE, Tenancy.start, Tenancy.reported_on)[1])


def _leases_ended(asked: Asked) -> Clause:
    return sa.and_(asked.within(Tenancy.end), ~_free(), asked.in_time(END_RULE, Tenancy.end, Tenancy.end_reported_on)[1])


def open_houses(asked: Asked) -> Clause:
    """Let on the day."""
    return sa.and_(_stands(asked, House.closed_on), _begun(asked, House.registered_on))


def _long_registered(asked: Asked) -> Clause:
    months = asked.limits[PERMIT_RULE].count
    return sa.and_(residents(asked), Person.registered_on <= plus_months(asked.day, -months))


def _checked(asked: Asked) -> Clause:
    return sa.exists(sa.select(Inspection.seq).where(
        Inspection.house == House.id, Inspection.scope == House.scope, asked.within(Inspection.day), Inspection.deleted.is_not(True),
        Inspection.nobody_home.is_not(True)).correlate(House))


FIGURES = (
    Figure("people", "在住人口", "期末（本期未结束的算到今天）住在村里、没有注销的流动人口。", "人", Count(PEOPLE, residents), GROUP),
    Figure("to_register", "应登记人数", "期末在住的流动人口；投靠近亲属住在居民家中不满 30 日的不算（条例第十二条）。", "人",
           Count(PEOPLE, _to_be_registered), GROUP),
    Figure("registered", "已登记人数", "应登记人员中，登记日期在期末以前的。", "人",
           Count(PEOPLE, lambda asked: sa.and_(_to_be_registered(asked), _registered(asked))), GROUP),
    Figure("registration_rate", "居住登记率", "已登记人数占应登记人数的百分比。", "%", Share(Count(PEOPLE, _to_be_registered), _registered), GROUP, "up"),
    Figure("unreported", "未报送人数", "没有注销、还没有报送公安的流动人口（今天的情况）。", "人",
           Count(PEOPLE, lambda _asked: sa.and_(Person.reported_on.is_(None), Person.closed_on.is_(None))), GROUP, "down", standing=True),
    Figure("start_in_time", "三个工作日内登记率",
           "本期入住的租住中，入住后 3 个工作日内报送公安的百分比；期限没到又没报的不算，投靠近亲属和境外人员（24 小时）不算。", "%",
           Share(Count(STAYS_BEGUN, _leases_begun), lambda asked: asked.in_time(START_RULE, Tenancy.start, Tenancy.reported_on)[0]), GROUP, "up"),
    Figure("end_in_time", "退租注销及时率", "本期退租的租住中，退租后 3 个工作日内报送公安的百分比；期限没到又没报的不算，投靠近亲属的不算。", "%",
           Share(Count(STAYS_ENDED, _leases_ended), lambda asked: asked.in_time(END_RULE, Tenancy.end, Tenancy.end_reported_on)[0]), GROUP, "up"),
    Figure("housed_rate", "人房关联率", "期末在册（没有注销）的流动人口中，登记着现住房间的百分比；走了没有注销的会使它变低。", "%",
           Share(Count(PEOPLE, _kept), _housed), GROUP, "up"),
    Figure("permit_rate", "居住证申领率", "期末在住、登记满半年的流动人口中，领有居住证的百分比。", "%",
           Share(Count(PEOPLE, _long_registered), lambda _asked: Person.permit.is_(True)), GROUP, "up"),
    Figure("houses", "出租房登记数", "期末在册（没有注销）的出租房屋。", "户", Count(HOUSES, open_houses), GROUP),
    Figure("rooms", "房间数", "登记的全部房间（今天的情况）。", "间", Count(ROOMS, lambda _asked: sa.true()), GROUP, standing=True),
    Figure("coverage", "检查覆盖率", "期末在册的出租房屋中，本期检查过（不含无人在家）的百分比。", "%",
           Share(Count(HOUSES, open_houses), _checked), GROUP, "up"),
)
