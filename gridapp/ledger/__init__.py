"""The ledger (台账): the only way in, to read it or to act on it."""

from __future__ import annotations

from gridapp.ledger.admission import Admitted, BadSeal, Seen, Weighed
from gridapp.ledger.doing import Done
from gridapp.ledger.ledger import Ledger
from gridapp.ledger.meanwhile import ChangedMeanwhile
from gridapp.ledger.permits import AUDIT, EXPORT, HAND, LOOK, MANAGE, PLAIN, PRINT, REGISTER, REVEAL, REVIEW, gated, needs
from gridapp.ledger.proof import Report
from gridapp.ledger.reader import Acting, Reader
from gridapp.ledger.search import Hit
from gridapp.ledger.verbs import VERBS, verb

__all__ = ["AUDIT", "EXPORT", "HAND", "LOOK", "MANAGE", "PLAIN", "PRINT", "REGISTER", "REVEAL", "REVIEW", "VERBS", "Acting", "Admitted", "BadSeal",
           "ChangedMeanwhile", "Done", "Hit", "Ledger", "Reader", "Report", "Seen", "Weighed", "gated", "needs", "verb"]
