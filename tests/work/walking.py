"""How each step of a hazard's machine is taken by a verb an officer has; for walks over all paths."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

from gridapp.ledger import Ledger
from gridapp.work import hazards
from tests.ledgers import TODAY

Walk = Callable[[Ledger, UUID], object]
IN_TIME, PAST = TODAY + timedelta(30), TODAY - timedelta(1)
#: the date that notices set
until = [IN_TIME]

VERBS: dict[str, Walk] = {
    "当场改正": lambda ledger, h: ledger.do(hazards.mend_at_once, h),
    "发整改通知书": lambda ledger, h: ledger.do(hazards.serve_notice, h, until[0]),
    "直接上报": lambda ledger, h: ledger.do(hazards.refer, h, "古山镇应急办"),
    "撤销(需理由)": lambda ledger, h: ledger.do(hazards.cancel_hazard, h, "看错了", "王建国"),
    "签收": lambda ledger, h: ledger.do(hazards.sign_notice, h, "张浩"),
    "申报整改完成": lambda ledger, h: ledger.do(hazards.tell_rectified, h, "已拆除"),
    "复查合格": lambda ledger, h: ledger.do(hazards.recheck, h, True, "王建国"),
    "复查不合格": lambda ledger, h: ledger.do(hazards.recheck, h, False, "王建国", due_on=until[0]),
    "到期未报": lambda ledger, h: ledger.do(hazards.write_late, h),
    "上报": lambda ledger, h: ledger.do(hazards.refer, h, "古山镇应急办"),
    "上级退回": lambda ledger, h: ledger.do(hazards.send_back, h, until[0]),
    "挂牌督办": lambda ledger, h: ledger.do(hazards.put_on_list, h, "永康市安委会"),
    "验收达标": lambda ledger, h: ledger.do(hazards.accept, h, "永康市安委会"),
}


def serving(late: bool, walk: Walk) -> Walk:
    """The same where notices set a date that has passed, or one that has not."""
    def walks(ledger: Ledger, hazard: UUID) -> object:
        until[0] = PAST if late else IN_TIME
        try:
            return walk(ledger, hazard)
        finally:
            until[0] = IN_TIME

    return walks
