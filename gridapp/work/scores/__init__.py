"""Score-cards (村平安考核): the sheet as data, points by hand and appeals, and the cards counted from the register; nothing is stored twice."""

from __future__ import annotations

from gridapp.work.scores.cards import Card, Line, PointRow, card, ranking
from gridapp.work.scores.points import (APPEALS, AppealRow, answer_appeal, appeal, appeals, correct_points, evidence_of, give_points,
                                        withdraw_points)
from gridapp.work.scores.sheets import (KIND_OF, PERIODS, BadPeriod, NoSheet, add_item, correct_item, correct_sheet, drop_item, in_force,
                                        items, load_sheet, period, period_words, place_of, points, renew_sheet, settle, sheets, standing, usual_period, withdraw_sheet)

__all__ = ["APPEALS", "KIND_OF", "PERIODS", "AppealRow", "BadPeriod", "Card", "Line", "NoSheet", "PointRow", "add_item", "answer_appeal", "appeal", "appeals", "card",
           "correct_item", "correct_points", "correct_sheet", "drop_item", "evidence_of", "give_points", "in_force", "items", "load_sheet", "period", "period_words",
           "place_of", "points", "ranking", "renew_sheet", "settle", "sheets", "standing", "usual_period", "withdraw_points", "withdraw_sheet"]
