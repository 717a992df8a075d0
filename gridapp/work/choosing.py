"""In which register something is written: a village's ledger has one; a town's shows them all, and one must be chosen."""

from __future__ import annotations

from gridapp.errors import Mistake
from gridapp.ledger import PLAIN, Ledger, gated
from gridapp.texts import _


class WholeTown(Mistake):
    """All villages are shown, so nobody can tell to which of them it would belong."""

    def __init__(self) -> None:
        super().__init__(_("现在看的是全镇。要登记或修改，请先到“镇”里选中一个村的站点，按 F2“只看这个村”。"))


def undecided(scope: str, working: str | None) -> bool:
    """Whether a ledger of this scope shows several villages at once: `working` is the one chosen."""
    return scope.startswith("t:") and working is None


@gated(PLAIN)
def chosen(ledger: Ledger) -> Ledger:
    """The ledger, ready for an act in one village. Raises WholeTown."""
    if undecided(ledger.scope, ledger.working):
        raise WholeTown
    return ledger
