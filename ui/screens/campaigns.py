"""专项: campaigns under way with how far each is, one of them beside the list, and what is done with it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from gridapp.fields import codes
from gridapp.fields.field import fields_of
from gridapp.fields.kinds import Codes, LongText, Whole, Yes
from gridapp.printing import press
from gridapp.records import Campaign
from gridapp.settings import Settings
from gridapp.texts import _
from gridapp.work import campaigns, listings, meetings, officers, outreach, progress
from gridapp.work.campaigns import Choice
from ui.desk import Desk
from ui.forms.chosen import Chosen
from ui.forms.form import Cell, Form, Section, Told
from ui.forms.form import fields_of as told_of
from ui.forms.page import FormPage
from ui.lists.facts import Action, Facts, Row
from ui.lists.model import Column
from ui.lists.record import all_fields
from ui.screens.assigning import at_work
from ui.screens.listed import Groups, Listed, Subject, Way
from ui.screens.pages import days_word

TASK_LIST, POSTED = "F21", "F29"
SAID = ("title", "theme", "start", "end", "goal", "content", "unit", "leader")


def columns(desk: Desk) -> list[Column]:
    theme, town = codes.table("campaign_theme"), desk.scope.startswith("t:")
    village = [Column(_("村"), lambda r: codes.named(r.village[2:]), 130, rank=0)] if town else []
    return [Column(_("专项名称"), lambda r: r.title, strong=True), *village, Column(_("主题"), lambda r: theme.label(r.theme or ""), 112, rank=1),
            Column(_("对象"), lambda r: str(r.progress.total), 72), Column(_("完成"), lambda r: f"{r.progress.per_cent}%", 76, pill=lambda r: far(r.progress)),
            Column(_("超期"), lambda r: str(r.progress.late or ""), 72, pill=lambda r: "red" if r.progress.late else ""),
            Column(_("责任人"), lambda r: r.leader, 96, rank=2), Column(_("结束日期"), lambda r: until(r, desk.today)[0], 128, pill=lambda r: until(r, desk.today)[1])]


def far(told: Any) -> str:
    """The colour of how far it is."""
    return "green" if told.per_cent == 100 else "red" if told.late else "blue"


def until(row: Any, today: Any) -> Row:
    """Words and colour of its last day."""
    return (_("已结束"), "grey") if row.ended else days_word((row.end - today).days)


class CampaignsScreen(Listed):
    """List, detail, record, forms."""

    def __init__(self, desk: Desk) -> None:
        def under_way(card: Any) -> bool:
            return card.record.ended_on is None

        super().__init__(desk, Subject(
            columns(desk), progress.count_campaigns, progress.list_campaigns, progress.campaign_card, lambda card: facts(card, desk),
            _("{0} {1:,} 个专项"), progress.CAMPAIGNS, groups), [
            Action(_("任务对象"), "clipboard-list", "F3", self.show_targets, primary=True, calls=progress.targets),
            Action(_("任务清单"), "printer", "F8", self.print_list, calls=press.make),
            Action(_("晾晒表"), "file-text", "F6", self.print_posted, calls=press.make),
            *([Action(_("各村进度"), "landmark", "F12", self.show_villages, calls=progress.by_village)] if desk.scope.startswith("t:") else []),
            Action(_("修改"), "pencil", "F2", self.correct, under_way, calls=campaigns.correct_campaign),
            Action(_("结束专项"), "check", "F9", self.end, under_way, calls=campaigns.end_campaign)],
            [Way("plus", _("建立专项（Ctrl+N）"), self.register, "Ctrl+N", primary=True, calls=campaigns.begin_campaign),
             Way("users", _("宣传（F10）"), lambda: self.go.emit("outreach", "", ()), "F10", calls=outreach.list_outreach),
             Way("users", _("会议（F4）"), lambda: self.go.emit("meetings", "", ()), "F4", calls=meetings.list_meetings),
             Way("triangle-alert", _("约谈挂牌（F7）"), lambda: self.go.emit("listings", "", ()), "F7", calls=listings.list_listings)])

    def open(self, _entity: str, record_id: Any) -> None:
        """Show a campaign on a page of its own."""
        self.open_card(record_id)

    def show_targets(self, card: Any) -> None:
        self.go.emit("targets", "show_campaign", (card.record.id,))

    def show_villages(self, card: Any) -> None:
        told = card.record
        self.go.emit("shares", "show_campaign", (told.id, codes.table("campaign_theme").label(told.theme) if told.theme else told.title))

    def print_list(self, card: Any) -> None:
        self.show_paper(TASK_LIST, _("专项整治任务清单"), record=card.record.id)

    def print_posted(self, card: Any) -> None:
        self.show_paper(POSTED, _("专项整治进度晾晒表"), record=card.record.id)

    # -- beginning one

    def register(self) -> None:
        """A new campaign: what is asked, of which places, of whom."""
        def came(people: Sequence[Any]) -> None:
            self.desk.ask(officers.grids, then=lambda grids: self._begin(people, grids))

        self.desk.ask(officers.list_officers, then=came)

    def _begin(self, people: Sequence[Any], grids: Sequence[tuple[UUID, str]]) -> None:
        pairs = at_work(people)
        told = told_of(Campaign, *SAID) | {
            "houses": Told("houses", Yes((_("查出租房屋"), _("不查"))), _("出租房屋"), True), "rooms": Told("rooms", Whole(1, 999), _("至少几间"), hint=_("空着就不限")),
            "hazard": Told("hazard", Yes((_("只查有隐患的"), _("都查"))), _("未销号隐患")), "classes": Told("classes", Codes("site_class"), _("场所类别")),
            "grid": Told("grid", Chosen(pairs=tuple((str(gid), name) for gid, name in grids), several=False), _("哪个网格"), hint=_("空着就是全村")),
            "officers": Told("officers", Chosen(pairs=pairs), _("分给谁"))}
        page = self.form_page(Form(told, [
            Section(_("做什么"), [[Cell("title", 3), Cell("theme", 2)], [Cell("start"), Cell("end"), Cell("leader"), Cell("unit", 2)], [Cell("goal")], [Cell("content")]]),
            Section(_("查哪些"), [[Cell("houses"), Cell("rooms"), Cell("hazard")], [Cell("grid")], [Cell("classes")]]),
            Section(_("谁去查"), [[Cell("officers")]])]), "", lambda values, _next: self._found(page, values))
        page.begin(_("建立专项"), {"start": self.desk.today, "houses": True, "officers": ",".join(one for one, _name in pairs) or None}, drafts=False)
        self.show_page(page, passing=True)
        page.form.focus_first()

    def _found(self, page: FormPage, values: dict[str, Any]) -> None:
        wanted = {name: values.pop(name) for name in ("houses", "rooms", "hazard", "classes", "grid", "officers")}
        choice = Choice(bool(wanted["houses"]), wanted["rooms"], bool(wanted["hazard"]), tuple((wanted["classes"] or "").split(",")) if wanted["classes"] else (),
                        UUID(wanted["grid"]) if wanted["grid"] else None)
        shared = [UUID(one) for one in (wanted["officers"] or "").split(",") if one]
        self.desk.do(campaigns.begin_campaign, choice, shared, then=self.saved(page, lambda done: self.open_card(done.result)), fail=page.failed, **values)

    def correct(self, card: Any) -> None:
        self.begin_correcting(Form(told_of(Campaign, *SAID), [Section(_("做什么"), [
            [Cell("title", 3), Cell("theme", 2)], [Cell("start"), Cell("end"), Cell("leader"), Cell("unit", 2)], [Cell("goal")], [Cell("content")]])]),
            campaigns.correct_campaign, card, _("修改专项"))

    def end(self, card: Any) -> None:
        told = {"report": Told("report", LongText(4000), _("总结"), True)}
        given = _("共 {0} 个对象，完成 {1} 个，免查 {2} 个，未完成 {3} 个，完成率 {4}%。").format(
            card.progress.total, card.progress.done, card.progress.excused, card.progress.open + card.progress.late, card.progress.per_cent)
        self.task(_("结束专项"), told, [[Cell("report")]], lambda v, then, fail: self.desk.do(campaigns.end_campaign, card.record.id, v["report"], then=then, fail=fail),
                  given={"report": given}, words=card.record.title)


def groups(card: Any) -> Groups:
    """The further cards of a campaign's page."""
    def lines(told: Any) -> list[Row]:
        return [(name, words(one)) for name, one in told]

    return [(_("专项"), all_fields(card.record)), (_("按网格"), lines(card.grids)), (_("按负责人"), lines(card.officers))]


def words(told: Any) -> str:
    """'12 / 20（60%），超期 3'."""
    late = _("，超期 {0}").format(told.late) if told.late else ""
    return f"{told.done} / {told.total - told.excused}（{told.per_cent}%）{late}"


def facts(card: Any, desk: Desk) -> Facts:
    """A campaign beside the list."""
    c, known = card.record, fields_of(Campaign)
    end, colour = (_("已结束"), "grey") if c.ended_on else days_word((c.end - desk.today).days)
    rows: list[Row] = [(_("对象"), c.choice or ""), (_("进度"), words(card.progress)), (_("起止"), f"{c.start} – {c.end}"), (_("目标"), c.goal or ""),
                       (_("责任人"), "  ".join(w for w in (c.unit, c.leader) if w)), (_("任务内容"), c.content or ""), (_("总结"), c.report or "")]
    return Facts(c.title, known["theme"].kind.show(c.theme), [(f"{card.progress.per_cent}%", far(card.progress)), (end, colour)], [r for r in rows if r[1]],
                 _("还没查的"), [(row.officer or _("未分派"), desk.short(row.place)) for row in card.open[:5]], icon="clipboard-list")


def build(desk: Desk, _settings: Settings) -> CampaignsScreen:
    return CampaignsScreen(desk)
