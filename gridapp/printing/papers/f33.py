"""F33 专项整治各村进度晾晒表: the villages of a town in the order of how far they are with one theme, to post; nobody's name stands on it."""

from __future__ import annotations

from gridapp.ledger import Reader
from gridapp.printing.papers.f20 import town_of
from gridapp.printing.papers.f29 import Posted, Row, row_of
from gridapp.printing.papers.office import Wish, words
from gridapp.work import progress


def gather(read: Reader, wish: Wish) -> Posted:
    """The theme of one campaign, of the one that ends first when none is named; an empty sheet when there is none. Raises Gone."""
    running = progress.list_campaigns(read, limit=1)
    if wish.record is None and not running:
        return Posted(day=read.today)
    campaign = progress.campaign_card(read, wish.record or running[0].id).record
    shares = progress.by_village(read, campaign.id)
    whole, idle = progress.together(shares), sum(not one.begun for one in shares)
    told = f"全镇 {whole.total - whole.excused} 处，已完成 {whole.done} 处，完成率 {whole.per_cent}%" + (f"；未开展 {idle} 个村" if idle else "")
    return Posted(town_of(shares[0].id) if shares else "", words("campaign_theme", campaign.theme) or campaign.title, read.today, told, [_row(one) for one in shares])


def _row(share: progress.Share) -> Row:
    return row_of(share.place, share.name, share.progress) if share.begun else Row(str(share.place), share.name, per_cent="未开展")
