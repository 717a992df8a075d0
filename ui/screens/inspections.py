"""检查: the inspections that were made, one of them item by item, and the form that fills in a new one with the keyboard alone."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from gridapp.fields import codes
from gridapp.fields.checklists import BAD, GOOD, NOT_APPLICABLE
from gridapp.printing import press
from gridapp.settings import Settings
from gridapp.texts import _
from gridapp.work import inspected, inspections
from ui.desk import Desk
from ui.forms.inspection import InspectionForm
from ui.forms.page import FormPage
from ui.lists.facts import Action, Facts, Row
from ui.lists.model import Column
from ui.lists.record import all_fields
from ui.screens.graded import inspection_words
from ui.screens.listed import Groups, Listed, Subject, Way

OF_HOUSE, OF_SITE = "F06", "F24"
#: words of an answer on a card
SIGNS = {GOOD: "✓", BAD: "✕", NOT_APPLICABLE: "—"}


def columns(desk: Desk) -> list[Column]:
    def colour(row: Any) -> str:
        return "grey" if row.nobody_home else "yellow" if row.bad else "green"

    return [Column(_("日期"), lambda r: str(r.day), 112, strong=True), Column(_("房屋（场所）"), lambda r: r.place, 150),
            Column(_("地址"), lambda r: desk.short(r.address)), Column(_("检查表"), lambda r: r.checklist, 190, rank=3),
            Column(_("检查人"), lambda r: r.people, 130, rank=2), Column(_("结果"), inspection_words, 210, pill=colour)]


class InspectionsScreen(Listed):
    """List, detail, record, form."""

    def __init__(self, desk: Desk) -> None:
        #: what the inspections of this run of the program led to
        self._led_to: dict[UUID, Any] = {}
        super().__init__(desk, Subject(
            columns(desk), inspected.count_inspections, inspected.list_inspections, inspected.inspection_card, facts, _("{0} {1:,} 次检查"),
            inspected.FILTERS, self._groups), [
            Action(_("打印检查表"), "printer", "F8", self.print_card, primary=True, calls=press.make),
            Action(_("看隐患"), "triangle-alert", "F7", self.show_hazard, lambda card: any(a.hazard for a in card.answered)),
            Action(_("再查一次"), "clipboard-list", "F3", self.again, calls=inspections.inspect),
            Action(_("看这一处"), "eye", "F4", self.show_place),
            self.photo_action(), Action(_("修改"), "pencil", "F2", self.correct, calls=inspections.correct_inspection)],
            [Way("hourglass", _("该走访（F6）"), lambda: self.go.emit("visits", "", ()), "F6")])

    def open(self, _entity: str, record_id: Any) -> None:
        """Show an inspection on a page of its own."""
        self.open_card(record_id)

    def nothing(self, title: str) -> str:
        return super().nothing(title) + _("要检查，请在“场所”里选一处按 F3，或在“房屋”里选一处按 F12。")

    # -- a new one

    def inspect_house(self, house: UUID, on_paper: bool = False, checklist: str | None = None) -> None:
        """The form for a house, by the list of rented houses or another."""
        self.desk.ask(inspections.sheet, house=house, checklist=checklist, then=lambda sheet: self._begin(sheet, on_paper))

    def inspect_site(self, site: UUID, on_paper: bool = False, checklist: str | None = None) -> None:
        """The form for a site, by the list of its class or another (a zone check)."""
        self.desk.ask(inspections.sheet, site=site, checklist=checklist, then=lambda sheet: self._begin(sheet, on_paper))

    def _put_away(self) -> None:
        """A form of before, saved or left half filled in (that is a draft), is of no more use: a checklist is hundreds of widgets."""
        page, self._passing = self._passing, None
        if isinstance(page, FormPage):
            page.keep_now()
            self.removeWidget(page)
            page.deleteLater()

    def _begin(self, sheet: Any, on_paper: bool) -> None:
        self._put_away()
        page = self.form_page(InspectionForm(sheet.checklist, sheet.open), f"inspection {sheet.checklist.name} {sheet.house or sheet.site}",
                              lambda values, _next: self._inspect(page, sheet, values))
        page.begin(_("检查：{0}").format(sheet.label.replace(self.desk.home, "")), {"day": None if on_paper else self.desk.today, "people": sheet.people, "on_paper": on_paper or None})
        self.show_page(page, passing=True)
        if on_paper:
            page.form.focus("day")

    def _inspect(self, page: FormPage, sheet: Any, values: dict[str, Any]) -> None:
        self.desk.do(inspections.inspect, house=sheet.house, site=sheet.site, checklist=sheet.checklist.name, edition=sheet.checklist.edition,
                     then=self.saved(page, self._done), fail=page.failed, **values)

    def _done(self, done: Any) -> None:
        """What it led to stands on its page."""
        self._led_to[done.result.id] = done.result
        self.open_card(done.result.id)
        self._put_away()

    def again(self, card: Any) -> None:
        record = card.record
        self.inspect_house(record.house) if record.house else self.inspect_site(record.site, False, record.checklist)

    def correct(self, card: Any) -> None:
        """Answers and the rest; the place and the list stay."""
        self._put_away()
        page = self.form_page(InspectionForm(card.checklist, {}), f"inspection {card.record.id}", lambda values, _next: self._correct(page, card, values))
        page.begin(_("修改检查：{0}").format(card.record.label()), card.record)
        self.show_page(page, passing=True)

    def _correct(self, page: FormPage, card: Any, values: dict[str, Any]) -> None:
        self.desk.do(inspections.correct_inspection, card.record.id, then=self.saved(page, self._done), fail=page.failed, seen=page.seen, **values)

    # -- where it leads

    def show_hazard(self, card: Any) -> None:
        self.go.emit("hazards", "open", ("hazard", next(a.hazard for a in card.answered if a.hazard)))

    def show_place(self, card: Any) -> None:
        record = card.record
        self.go.emit(*(("houses", "open", ("house", record.house)) if record.house else ("sites", "open", ("site", record.site))))

    def print_card(self, card: Any) -> None:
        self.show_paper(OF_HOUSE if card.record.house else OF_SITE, _("检查表 {0}").format(card.record.day), record=card.record.id)

    def _groups(self, card: Any) -> Groups:
        """The further cards of an inspection's page: what it led to first."""
        return [(_("这次检查"), outcome(self._led_to.get(card.record.id))), *groups(card)]


def outcome(told: Any) -> list[Row]:
    """What an inspection led to, in words; [] when that is not known any more."""
    if told is None:
        return []
    return [*((_("新登记隐患 {0}").format(n.item), n.content) for n in told.opened),
            *((_("已有未销号隐患 {0}，没有重复登记").format(n.item), n.content) for n in told.standing),
            *((_("这次合格 {0}，请办理复查销号").format(n.item), n.content) for n in told.better)]


def groups(card: Any) -> Groups:
    """Items not in order, the rest by their categories, and what was written down beside them."""
    def line(one: Any) -> Row:
        state = codes.table("hazard_state").label(one.state) if one.state else ""
        said = "  ".join(filter(None, (f"{SIGNS.get(one.answer, '')} {one.words}".strip() or _("没有填"), one.note, _("隐患：{0}").format(state) if state else "")))
        return f"{one.item.id}  {one.item.text}", said

    rest = [a for a in card.answered if a.answer != BAD] if any(a.answer for a in card.answered) else []
    shown: list[tuple[str, list[Row]]] = [(_("不合格"), [line(a) for a in card.bad]), (_("其他项目"), [line(a) for a in rest])]
    told = [row for row in all_fields(card.record) if row[0] not in (_("逐项结果"), _("检查表"), _("检查表版次"))]
    return [*shown, (_("登记内容"), [(_("检查表"), list_words(card)), *told])]


def list_words(card: Any) -> str:
    """Which edition of which list it was made with."""
    used = card.checklist
    edition = _("第 {0} 版").format(used.edition) if used.edition else _("随程序的版次")
    return f"{used.title}  {edition}" + ("" if used.exact else _("（本机还没有这一版，暂按现在用的显示，请接收镇里的交接包）"))


def facts(card: Any) -> Facts:
    """An inspection beside the list."""
    i = card.record
    place = card.house.label() if card.house is not None else card.site.label() if card.site is not None else ""
    given = [a.answer for a in card.answered if a.answer]
    pills: list[Row] = [(_("无人在家"), "grey")] if i.nobody_home else [
        (_("不合格 {0} 项").format(len(card.bad)), "yellow") if card.bad else (_("全部合格"), "green")]
    rows: list[Row] = [(_("日期"), " ".join(filter(None, (str(i.day), i.start)))), (_("检查人"), i.people or ""), (_("陪同人"), i.with_whom or ""),
                       (_("检查表"), list_words(card)), (_("填了"), _("{0} / {1} 项").format(len(given), len(card.answered)) if given else ""),
                       (_("照片"), _("{0} 张").format(card.photos) if card.photos else ""), (_("备注"), i.remark or "")]
    return Facts(place or str(i.day), str(i.day), pills, [r for r in rows if r[1]], _("不合格"), [(a.item.text, a.note or a.words) for a in card.bad[:6]],
                 icon="clipboard-list")


def build(desk: Desk, _settings: Settings) -> InspectionsScreen:
    return InspectionsScreen(desk)
