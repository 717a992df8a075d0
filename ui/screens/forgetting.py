"""Forgetting a person at the window (依法删除): asked twice, with its legal ground, and what no program can promise is said afterwards."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

from gridapp.texts import _
from ui import messages
from ui.forms.form import Cell
from ui.forms.told import told_text
from ui.screens.pages import Pages

if TYPE_CHECKING:
    from gridapp.ledger import Ledger
    from gridapp.work.forgetting import Forgotten

#: so many backups and mentions are named; the rest is counted
NAMED = 5


def forgotten(ledger: Ledger, person: UUID, basis: str) -> Forgotten:
    """All of it, in the worker: photos of this PC go too, and the backups that still hold it are named."""
    from gridapp.exchange import pictures
    from gridapp.work import forgetting, rescue

    drop = getattr(pictures.album(ledger), "delete", lambda _content: None)
    kept = [] if ledger.home.shared else rescue.offers(Path(ledger.path))
    return forgetting.forget(ledger, person, basis, drop, [k.path.name for k in kept])


def in_words(done: Forgotten) -> str:
    """What went, what is left where, and what to do about it."""
    lines = [_("已删除 {0} 条登记、{1} 张照片、{2} 份草稿。").format(done.records, done.photos, done.drafts)]
    if done.backups:
        lines.append(_("以前的 {0} 份备份里还有：{1}").format(len(done.backups), "、".join(done.backups[:NAMED])))
    if done.mentions:
        lines.append(_("还有 {0} 条别的登记提到这个名字或号码，请逐条核对：{1}").format(
            len(done.mentions), "、".join(label for _entity, _id, label in done.mentions[:NAMED])))
    return "\n".join([*lines, _(done.beyond)])


def ask(screen: Pages, card: Any) -> None:
    """Ask whether, then on what ground; then do it and say what is left."""
    name = card.record.name
    if not messages.ask(_("依法删除“{0}”的登记、租住经过和照片？删除后不能撤销，别的电脑在下次交接时也会删除。").format(name), _("继续"), _("不删除")):
        return
    told = {"basis": told_text("basis", _("依据"), 100, required=True, hint=_("如“本人申请，个人信息保护法第四十七条”"))}
    screen.task(_("依法删除：{0}").format(name), told, [[Cell("basis", 5)]],
                lambda v, then, fail: screen.desk.call(lambda ledger: forgotten(ledger, card.record.id, v["basis"]), then, fail, acts=True),
                words=_("只在本人要求、保存期已满等法律规定的情形下删除。"), then=lambda done: messages.inform(in_words(done)))
