"""Figures (数字): every number shown anywhere has one definition here, in words and in SQL, and the list behind it; nothing is stored."""

from __future__ import annotations

from gridapp.work.figures.asking import (COUNTED, EVERY, FIGURES, LACKING, Behind, Line, behind, by_grid, by_village, count, count_behind, grids, table)
from gridapp.work.figures.measures import Figure, Value
from gridapp.work.figures.windows import DAY, HALF, KINDS, MONTH, QUARTER, YEAR, BadWindow, Window, between, named, of

__all__ = ["COUNTED", "DAY", "EVERY", "FIGURES", "HALF", "KINDS", "LACKING", "MONTH", "QUARTER", "YEAR", "BadWindow", "Behind", "Figure", "Line",
           "Value", "Window", "behind", "between", "by_grid", "by_village", "count", "count_behind", "grids", "named", "of", "table"]
