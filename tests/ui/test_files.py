"""Choosing files: where the looking begins, and the ending nobody types."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QFileDialog

from ui import files


@pytest.fixture(autouse=True)
def _nothing_yet(monkeypatch: pytest.MonkeyPatch, qapp: Any) -> None:
    monkeypatch.setattr(files, "_last", [])


def test_it_begins_among_the_documents_and_then_where_the_last_file_was(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    asked: list[str] = []
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda _p, _t, begin, _k: (asked.append(begin) or "", ""))
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_told: (str(tmp_path / "a.xlsx"), ""))
    assert files.folder() != Path.cwd()
    assert files.to_read(None, "", "") == tmp_path / "a.xlsx"  # type: ignore[arg-type]
    assert files.to_write(None, "", "b.pdf", "") is None  # type: ignore[arg-type]
    assert asked == [str(tmp_path / "b.pdf")]


def test_the_ending_is_added(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for typed, wanted in (("通知书", "通知书.pdf"), ("通知书.pdf", "通知书.pdf")):
        monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_told, typed=typed: (str(tmp_path / typed), ""))
        assert files.to_write(None, "", "x.pdf", "") == tmp_path / wanted  # type: ignore[arg-type]
