"""Printing (打印): papers from the ledger to a PDF. ReportLab is loaded with the first page, not with this package."""

from __future__ import annotations

from gridapp.printing.blanks import make_blank
from gridapp.printing.papers import PAPERS, Paper
from gridapp.printing.press import FileHeld, NoGlyph, Printed, Progress, Stopped, UnknownPaper, keep, make, make_audit, paper, render, write

__all__ = ["PAPERS", "FileHeld", "NoGlyph", "Paper", "Printed", "Progress", "Stopped", "UnknownPaper", "keep", "make", "make_audit", "make_blank", "paper",
           "render", "write"]
