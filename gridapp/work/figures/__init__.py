"""Figures (数字): every number shown anywhere has one definition here, in words and in SQL, and the list behind it; nothing is stored."""

from __future__ import annotations

from gridapp.work.figures.asking import (COUNTED, EVERY, FIGURES, LACKING, Behind, Line, behind, by_grid, by_place, by_village, count,
                                          count_behind, grids, many_villages, places, table, trend, villages)
from gridapp.work.figures.measures import Figure, Value
from gridapp.work.figures.tabulated import HouseRow, ReasonRow, by_reason, houses_by_place
from gridapp.work.figures.windows import DAY, HALF, KINDS, MONTH, QUARTER, YEAR, BadWindow, Window, between, named, of, spanning

__all__ = ["COUNTED", "DAY", "EVERY", "FIGURES", "HALF", "KINDS", "LACKING", "MONTH", "QUARTER", "YEAR", "BadWindow", "Behind", "Figure",
           "HouseRow", "Line", "ReasonRow", "Value", "Window", "behind", "between", "by_grid", "by_place", "by_reason", "by_village", "count",
           "count_behind", "grids", "houses_by_place", "many_villages", "named", "of", "places", "spanning", "table", "trend", "villages"]
