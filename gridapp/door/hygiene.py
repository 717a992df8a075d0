"""The door's verbs of keeping and forgetting: what has been kept long enough, and erasing a person by law."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import UUID

import click

from gridapp.door.base import Door, door
from gridapp.door.register import NoSuchRecord
from gridapp.texts import _


@door.command()
@click.pass_obj
def overdue(told: Door) -> None:
    """列出保存期已满、可以依法删除的登记；不会自动删除。"""
    from gridapp.work import retention

    with told.open() as ledger:
        found = retention.propose(ledger)
    rows = [{"entity": o.entity, "id": str(o.id), "ended": o.ended, "until": o.until, "basis": o.basis, "held": o.held}
            for o in (*found.over, *found.held)]
    told.say({"doubt": found.doubt.text if found.doubt else None, "records": rows}, lambda: _in_words(found.doubt, rows))


def _in_words(doubt: Any, rows: list[dict[str, Any]]) -> str:
    if doubt is not None:
        return str(doubt.text)
    kept = _("依法保留：{0}")
    return "\n".join(f"{r['until']}  {r['entity']}  {r['id']}  {kept.format(r['held']) if r['held'] else r['basis']}" for r in rows) or _("没有保存期已满的登记。")


@door.command()
@click.argument("id")
@click.option("--basis", required=True, help="依据，如“本人申请，个人信息保护法第四十七条”")
@click.pass_obj
def forget(told: Door, id: str, basis: str) -> None:
    """依法删除一个人的登记、租住经过和照片；不能撤销。"""
    from gridapp.exchange import pictures
    from gridapp.work import forgetting, rescue

    try:
        person = UUID(id)
    except ValueError:
        raise NoSuchRecord(id) from None
    with told.open() as ledger:
        drop = getattr(pictures.album(ledger), "delete", lambda _content: None)
        kept = [] if ledger.home.shared else rescue.offers(Path(ledger.path))
        done = forgetting.forget(ledger, person, basis, drop, [str(k.path) for k in kept])
    told.say({"records": done.records, "photos": done.photos, "drafts": done.drafts, "backups": done.backups, "beyond": done.beyond,
              "mentions": [{"entity": e, "id": str(i)} for e, i, _label in done.mentions]}, lambda: "\n".join((
                  _("已删除 {0} 条登记、{1} 张照片、{2} 份草稿。").format(done.records, done.photos, done.drafts),
                  *(_("这份备份里还有：{0}").format(name) for name in done.backups),
                  *(_("别处的文字里还有这个名字或号码：{0} {1}").format(e, i) for e, i, _label in done.mentions), _(done.beyond))))
