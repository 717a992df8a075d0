"""冲突: everything a person must decide after parcels came in; nothing of it stops any other work."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any
from uuid import UUID

from gridapp.errors import Sorted
from gridapp.exchange import clashes, easy, inbox
from gridapp.exchange.clashes import BOTH, ENDED
from gridapp.exchange.inbox import HOUSES, KINDS, LATE, MERGED, NOTICES, PROVISIONAL, STAYS, TWIN, UNHOUSED, Matter
from gridapp.ledger import Ledger
from gridapp.printing import press
from gridapp.settings import Settings
from gridapp.texts import N_, _
from gridapp.work import merging, people, strays
from gridapp.work.twins import NUMBER
from ui.desk import Desk
from ui.lists.facts import Action, Facts, Row
from ui.lists.model import Column
from ui.lists.record import show_time
from ui.screens import SCREENS
from ui.screens.deciding import DecidePage
from ui.screens.gathered import Gathered, Sort
from ui.screens.listed import Way
from ui.screens.twinned import LatePage, MergePage

SLIP = "F28"
COLOURS = {BOTH: "blue", ENDED: "yellow", LATE: "yellow", TWIN: "grey", STAYS: "yellow", UNHOUSED: "yellow", NOTICES: "red", HOUSES: "red",
           PROVISIONAL: "yellow", MERGED: "green"}
DECIDED = (BOTH, ENDED)


def one_of(*kinds: str) -> Any:
    return lambda matter: matter.kind in kinds


SORTS = {"open": Sort(N_("待处理"), lambda m: m.open), "both": Sort(N_("两边都改"), one_of(BOTH)),
         "ended": Sort(N_("注销后又改"), one_of(ENDED, LATE)), "twins": Sort(N_("疑似重复"), one_of(TWIN, STAYS, UNHOUSED, HOUSES)),
         "numbers": Sort(N_("文号"), one_of(NOTICES, PROVISIONAL)), "merged": Sort(N_("已合并"), one_of(MERGED))}


def since(matter: Matter) -> str:
    return show_time(matter.since)[5:] if matter.since is not None else ""


def columns() -> list[Column]:
    return [Column(_("类别"), lambda m: _(KINDS[m.kind]), 132, pill=lambda m: COLOURS[m.kind]), Column(_("记录"), lambda m: m.title, strong=True),
            Column(_("项目"), lambda m: m.what, 140), Column(_("内容"), lambda m: m.words, rank=2), Column(_("时间"), since, 116, rank=1)]


def take_advice(ledger: Ledger) -> int:
    """Decide everything a safe rule decides, village by village; returns how much."""
    safe = [m for m in inbox.matters(ledger) if m.advice is not None and m.advice.safe]
    return sum(len(ledger.do_in(scope, easy.settle_easy).result) for scope in sorted({m.scope for m in safe}))


class ClashesScreen(Gathered):
    """List, detail, the pages of deciding."""

    footer = N_("{0} {1:,} 项")

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, columns(), SORTS, self._actions(), [Way("check", _("全部采用建议（F7）"), self.take_all, "F7", calls=easy.settle_easy)])
        self.deciding, self.merging, self.late = DecidePage(desk), MergePage(desk), LatePage()
        for page in (self.deciding, self.merging, self.late):
            page.left.connect(self.back)
            self.addWidget(page)
        self.deciding.chosen.connect(self._settle)
        self.deciding.slip.connect(self._slip)
        self.deciding.record.connect(self._open_record)
        self.merging.merge.connect(self._merge)
        self.merging.two.connect(self._two)
        self.merging.record.connect(lambda person: self._show_record("person", person))
        self.late.carry.connect(self._carry)

    def _actions(self) -> list[Action]:
        return [
            Action(_("逐项选择"), "scale", "F3", self.open_row, one_of(BOTH, ENDED, LATE), primary=True, calls=clashes.settle),
            Action(_("对比、合并"), "combine", "F3", self.open_row, one_of(TWIN), primary=True, calls=merging.merge_people),
            Action(_("按建议办理"), "check", "F2", self.fix, lambda m: m.advice is not None or m.fix is not None and self.desk.can(m.fix[0]), calls=clashes.settle),
            Action(_("确认是两个人"), "split", "F9", self._two, lambda m: m.kind == TWIN and m.told.parted and m.told.reason != NUMBER, calls=merging.two_people),
            Action(_("更正证件号码"), "pencil", "F9", self._correct, lambda m: m.kind == TWIN and m.told.parted and m.told.reason == NUMBER, calls=people.correct_person),
            Action(_("打开记录"), "eye", "F6", self._open_record),
            Action(_("打印核对单"), "printer", "F8", self._slip, one_of(*DECIDED), calls=press.make),
            Action(_("拆开"), "split", "F9", self.unmerge, one_of(MERGED), calls=merging.unmerge),
        ]

    # -- the list

    def gather(self, ledger: Ledger) -> Sequence[Matter]:
        return inbox.matters(ledger)

    def nothing(self, title: str) -> str:
        return _("没有要处理的冲突。\n两台电脑改了同一项内容时会列在这里，不影响继续工作。") if self.list.which == "open" else super().nothing(title)

    def facts(self, row: Matter) -> Facts:
        return facts(row)

    def open_row(self, row: Matter) -> None:
        """The page on which it is decided; what has none, or is for others to decide, is shown as the record it is about."""
        self.card = row
        if not self.desk.can(clashes.settle, merging.merge_people, strays.carry_over):
            self._open_record(row)
        elif row.kind in DECIDED:
            self._show_deciding(row)
        elif row.kind == TWIN:
            self.desk.ask(inbox.side_by_side, row.told.keep, row.told.away, then=partial(self._show_twin, row))
        elif row.kind == LATE:
            self.show_page(self.late)
            self.late.show_late(row)
        else:
            self._open_record(row)

    def _came(self, rows: Sequence[Any]) -> None:
        super()._came(rows)
        if self.currentWidget() is self.deciding and self.deciding.matter is not None:
            self._show_again(self.deciding.matter)

    def _show_again(self, matter: Matter) -> None:
        """Something came while the officer looked: the page shows it, or the clash is gone."""
        now = next((r for r in self.rows if r.id == matter.id), None)
        if now is None:
            self.back()
        elif now != matter:
            self._show_deciding(now)

    # -- clashes

    def _decidable(self) -> list[Matter]:
        return [m for m in self.shown() if m.kind in DECIDED]

    def _show_deciding(self, matter: Matter) -> None:
        among = self._decidable()
        self.show_page(self.deciding)
        self.deciding.show_matter(matter, next((n for n, m in enumerate(among, 1) if m.id == matter.id), 1), max(1, len(among)))

    def _settle(self, matter: Matter, value: Any) -> None:
        """Decide, then show the next one."""
        among = self._decidable()
        place = next((n for n, m in enumerate(among) if m.id == matter.id), 0)
        following = next(iter([*among[place + 1:], *among[:place]]), None)

        def done(_done: Any) -> None:
            if following is not None and self.currentWidget() is self.deciding:
                self._show_deciding(following)
            else:
                self.back()

        self._do_settle(matter, value, done, lambda failure: self._not_settled(matter, failure))

    def _do_settle(self, matter: Matter, value: Any, then: Any, fail: Any) -> None:
        told = matter.told
        self.desk.do_in(matter.scope, clashes.settle, told.entity, told.id, told.field, value, seen=told.ver, then=then, fail=fail)

    def _not_settled(self, matter: Matter, failure: Sorted) -> None:
        if isinstance(failure, clashes.SettledAlready):
            self.say(_("别处已经处理过了"))
        self.deciding.failed(matter, failure)
        self.refresh()

    def fix(self, matter: Matter) -> None:
        """Do what is suggested, from the list."""
        if matter.advice is not None:
            self._do_settle(matter, matter.advice.value, None, None)
        elif matter.fix is not None:
            verb, told = matter.fix
            self.desk.do_in(matter.scope, verb, *told)

    def take_all(self) -> None:
        """Every suggestion of a rule marked safe."""
        self.desk.call(take_advice, lambda count: self.say(_("采用 {0:,} 条建议").format(count)), acts=True)

    def _slip(self, matter: Matter | None) -> None:
        if matter is not None:
            self.show_paper(SLIP, _("冲突核对单"), record=matter.told.id)

    def _open_record(self, matter: Matter | None) -> None:
        if matter is not None:
            self._show_record(*matter.opens)

    def _show_record(self, entity: str, record: UUID) -> None:
        key = next((e.key for e in SCREENS if entity in e.entities), None)
        if key is not None:
            self.go.emit(key, "open", (entity, record))

    # -- people registered twice

    def _show_twin(self, row: Matter, pairs: Any) -> None:
        self.show_page(self.merging)
        self.merging.show_twin(row, pairs)

    def _merge(self, matter: Matter, values: dict[str, Any]) -> None:
        told = matter.told
        self.desk.do_in(matter.scope, merging.merge_people, told.keep, told.away, then=lambda _done: self.back(), fail=self.merging.failed, **values)

    def _two(self, matter: Matter) -> None:
        """They are not asked about again, on no PC."""
        told = matter.told
        self.desk.do_in(matter.scope, merging.two_people, told.keep, told.away, then=lambda _done: self.back(), fail=self.merging.failed)

    def _correct(self, matter: Matter) -> None:
        """The one registered later, on its own page, where F2 corrects the number; the list of the two stays behind it."""
        self._show_record("person", matter.told.away)

    def _carry(self, matter: Matter, fields: list[str]) -> None:
        self.desk.do_in(matter.scope, strays.carry_over, matter.told[0].away, fields, then=lambda _done: self.back(), fail=self.late.failed)

    def unmerge(self, matter: Matter) -> None:
        """Make two people of one again."""
        self.desk.do_in(matter.scope, merging.unmerge, matter.told)


def facts(matter: Matter) -> Facts:
    """A matter beside the list."""
    rows: list[Row] = [(_("项目"), matter.what)]
    if matter.kind in DECIDED:
        rows += _sides(matter)
    else:
        rows.append((_("说明"), matter.words))
    if matter.advice is not None:
        taken = "" if matter.kind == ENDED else _("（采用“{0}”）").format(matter.advice_words)
        rows.append((_("建议"), matter.advice.why + taken))
    if matter.since is not None:
        rows.append((_("时间"), show_time(matter.since)))
    return Facts(matter.title, "", [(_(KINDS[matter.kind]), COLOURS[matter.kind])], [r for r in rows if r[1]], icon="scale")


def _sides(matter: Matter) -> list[Row]:
    told = matter.told
    if told.kind == ENDED:
        return [(told.field_label, told.sides[0].words), (_("后来"), matter.words)]
    return [(_("我方") if side is told.ours else _("对方"),
             _("{0}（{1}，{2}）").format(side.words, side.officer, side.station)) for side in (told.ours, *told.theirs)]


def build(desk: Desk, _settings: Settings) -> ClashesScreen:
    return ClashesScreen(desk)
