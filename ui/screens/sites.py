"""场所: shops, workshops, building sites, schools, points on the road, self-built houses; one of them with its grade, and everything done with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any
from uuid import UUID

from gridapp.fields import codes
from gridapp.fields.field import fields_of
from gridapp.printing import press
from gridapp.records import Site
from gridapp.settings import Settings
from gridapp.texts import _
from gridapp.work import hazards, inspected, inspections, officers, sites, visits
from ui.desk import Desk
from ui.forms.chosen import Chosen
from ui.forms.form import Cell, Form, Section, Told
from ui.forms.form import fields_of as told_of
from ui.forms.page import FormPage
from ui.forms.told import told_code, told_day, told_text
from ui.lists.facts import Action, Facts, ForChosen, Row
from ui.lists.model import Column
from ui.lists.record import all_fields
from ui.screens.assigning import to_campaign
from ui.screens.graded import grade, grade_column, hazard_lines, inspection_lines, last_column, next_visit, standing_rows
from ui.screens.listed import Groups, Listed, Subject, Way
from ui.screens.otherlist import inspect_by

RECORD = "F24"
#: so many open hazards stand beside the list, all of them on the page
BESIDE = 2


def columns(desk: Desk) -> list[Column]:
    kind = codes.table("site_class")
    return [Column(_("名称"), lambda r: r.name, strong=True, key="name"), Column(_("类别"), lambda r: kind.label(r.kind), 124, rank=1, key="kind"),
            Column(_("地址"), lambda r: desk.short(r.address), rank=2, key="address"), grade_column("grade"), last_column(3, "last"),
            Column(_("下次走访"), lambda r: "" if r.closed else next_visit(r.next, desk.today)[0], 118,
                   pill=lambda r: "" if r.closed else next_visit(r.next, desk.today)[1], why=_("下次走访由等级和上次检查算出，请按这两列排序；要先去哪里看“走访计划”。")),
            Column(_("鉴定"), lambda r: _("已注销") if r.closed else r.mark, 120, pill=lambda r: "grey" if r.closed else "red", rank=1, key="mark")]


class SitesScreen(Listed):
    """List, detail, record, forms."""

    def __init__(self, desk: Desk) -> None:
        #: what the list is narrowed to: a class and a grid
        self.only: dict[str, Any] = {}
        super().__init__(desk, Subject(
            columns(desk), sites.count_sites, sites.list_sites, sites.site_card, lambda card: facts(card, desk), _("{0} {1:,} 处"), sites.FILTERS, groups, arrange=sites.arrange_sites), self._actions(), [
            Way("hourglass", _("该走访（F4）"), lambda: self.go.emit("visits", "", ()), "F4", calls=visits.due_visits),
            Way("clipboard-list", _("检查记录（Ctrl+J）"), lambda: self.go.emit("inspections", "", ()), "Ctrl+J", calls=inspected.list_inspections),
            Way("search", _("只看…（Ctrl+F）"), self.narrow, "Ctrl+F"),
            Way("plus", _("登记场所（Ctrl+N）"), self.register, "Ctrl+N", primary=True, calls=sites.register_site)])
        self._new: FormPage | None = None

    def for_chosen(self) -> list[ForChosen]:
        """A campaign that is to look at them."""
        return [*super().for_chosen(), to_campaign(self, "sites")]

    def _actions(self) -> list[Action]:
        def is_open(card: Any) -> bool:
            return card.record.closed_on is None

        return [
            Action(_("检查"), "clipboard-list", "F3", self.inspect, is_open, primary=True, calls=inspections.inspect),
            Action(_("补录"), "file-text", "F6", self.inspect_from_paper, is_open, calls=inspections.inspect),
            Action(_("换表检查"), "clipboard-list", "Ctrl+F3", self.inspect_by, is_open, calls=inspections.inspect),
            Action(_("空表"), "printer", "F8", self.print_blank, is_open, calls=press.make),
            Action(_("登记隐患"), "triangle-alert", "F7", self.raise_hazard, is_open, calls=hazards.raise_hazard),
            self.photo_action(), Action(_("修改"), "pencil", "F2", self.correct, calls=sites.correct_site),
            Action(_("注销"), "ban", "F9", self.close_site, is_open, calls=sites.close_site),
            Action(_("取消注销"), "rotate-ccw", "F9", self.reopen, lambda card: not is_open(card), calls=sites.reopen_site)]

    def open(self, _entity: str, record_id: Any) -> None:
        """Show a site on a page of its own."""
        self.open_card(record_id)

    # -- the list

    def narrow(self) -> None:
        """Only one class, only one grid; both left empty shows all again."""
        def begin(grids: Sequence[tuple[UUID, str]]) -> None:
            told = {"kind": told_code("kind", "site_class", _("类别")),
                    "grid": Told("grid", Chosen(pairs=tuple((str(gid), name) for gid, name in grids), several=False), _("网格"), hint=_("都空着就看全部"))}
            given = {"kind": self.only.get("kind"), "grid": str(self.only["grid"]) if "grid" in self.only else None}
            self.task(_("只看哪些场所"), told, [[Cell("kind")], [Cell("grid")]], self._narrowed, given=given)

        self.desk.ask(officers.grids, then=begin)

    def _narrowed(self, values: Mapping[str, Any], then: Any, _fail: Any) -> None:
        self.only = ({"kind": values["kind"]} if values["kind"] else {}) | ({"grid": UUID(values["grid"])} if values["grid"] else {})
        self.subject = replace(self.subject, count=partial(sites.count_sites, **self.only), rows=partial(sites.list_sites, **self.only), arrange=partial(sites.arrange_sites, **self.only))
        then(None)
        self.refresh()

    def nothing(self, title: str) -> str:
        return super().nothing(title) + (_("现在只看一部分场所，按 Ctrl+F 改回全部。") if self.only else "")

    # -- registering and correcting

    def _form(self) -> Form:
        return Form(told_of(Site), [
            Section(_("是什么场所"), [
                [Cell("name", 4), Cell("kind", 2)], [Cell("address")],
                [Cell("keeper", 2), Cell("phone", 2), Cell("trade", 3), Cell("licence", 3)]]),
            Section(_("情况"), [
                [Cell("staff"), Cell("area"), Cell("floors"), Cell("sleeping"), Cell("dangerous")],
                [Cell("let"), Cell("appraisal"), Cell("appraised_on"), Cell("appraiser", 2)], [Cell("registered_on"), Cell("remark", 3)]])])

    def register(self) -> None:
        """A new site; it lies in the grid of whoever registers it."""
        if self._new is None:
            self._new = self.form_page(self._form(), "site", self._register)
        self._new.begin(_("登记场所"), {"registered_on": self.desk.today, "kind": self.only.get("kind")})
        self.show_page(self._new)

    def _register(self, values: dict[str, Any], _next: bool) -> None:
        page = self._new
        assert page is not None
        self.desk.do(sites.register_site, then=self.saved(page, lambda done: self.open_card(done.result)), fail=page.failed, **values)

    def correct(self, card: Any) -> None:
        page = self.form_page(self._form(), f"site {card.record.id}", lambda v, _next: self._correct(page, card, v))
        page.begin(_("修改场所"), card.record)
        self.show_page(page, passing=True)

    def _correct(self, page: FormPage, card: Any, values: dict[str, Any]) -> None:
        self.desk.do(sites.correct_site, card.record.id, then=self.saved(page), fail=page.failed, seen=page.seen, **values)

    def close_site(self, card: Any) -> None:
        told = {"day": told_day("day", _("注销日期")), "why": told_code("why", "close_reason", _("注销原因"), True), "note": told_text("note", _("说明"))}
        self.task(_("注销：{0}").format(card.record.label()), told, [[Cell("day", 2), Cell("why", 2), Cell("note", 3)]],
                  lambda v, then, fail: self.desk.do(sites.close_site, card.record.id, v["day"], v["why"], v["note"], then=then, fail=fail),
                  given={"day": self.desk.today})

    def reopen(self, card: Any) -> None:
        self.desk.do(sites.reopen_site, card.record.id)

    # -- what is done there

    def inspect(self, card: Any) -> None:
        self.go.emit("inspections", "inspect_site", (card.record.id,))

    def inspect_by(self, card: Any) -> None:
        inspect_by(self, card.record, "inspect_site")

    def inspect_from_paper(self, card: Any) -> None:
        self.go.emit("inspections", "inspect_site", (card.record.id, True))

    def raise_hazard(self, card: Any) -> None:
        """A hazard seen here outside an inspection."""
        site = card.record
        self.go.emit("hazards", "register", ({"site": (site.id, f"{site.name} {site.address}"), "place": f"{site.address} {site.name}"},))

    def print_blank(self, card: Any) -> None:
        """The list of this site to be filled in by hand."""
        self.show_paper(RECORD, _("检查记录 {0}").format(card.record.name), record=card.record.id)


def groups(card: Any) -> Groups:
    """The further cards of a site's page."""
    return [(_("未销号隐患"), hazard_lines(card.hazards)), (_("检查记录"), inspection_lines(card.inspections)), (_("登记内容"), all_fields(card.record))]


def facts(card: Any, desk: Desk) -> Facts:
    """A site beside the list."""
    s, known = card.record, fields_of(Site)
    pills: list[Row] = [(_("已注销 {0}").format(s.closed_on), "grey")] if s.closed_on else [grade(card.standing.grade)]
    if sites.mark_of(s) and not s.closed_on:
        pills.append((sites.mark_of(s), "red"))
    appraisal = "  ".join(str(w) for w in (known["appraisal"].kind.show(s.appraisal), s.appraised_on, s.appraiser) if w)
    rows: list[Row] = [(_("地址"), desk.short(s.address)), (_("负责人"), f"{s.keeper or ''}  {s.phone or ''}".strip()), (_("网格"), card.grid),
                       *(standing_rows(card.standing, desk.today) if s.closed_on is None else []), (_("经营内容"), s.trade or ""), (_("房屋鉴定"), appraisal),
                       (_("照片"), _("{0} 张").format(card.photos) if card.photos else ""), (_("备注"), s.remark or "")]
    return Facts(s.name, known["kind"].kind.show(s.kind), pills, [r for r in rows if r[1]], _("未销号隐患"), hazard_lines(card.hazards[:BESIDE]), icon="store")


def build(desk: Desk, _settings: Settings) -> SitesScreen:
    return SitesScreen(desk)
