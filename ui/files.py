"""Choosing a file to read or to write: begins where the last one was, at first among the officer's own documents."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QStandardPaths
from PySide6.QtWidgets import QFileDialog, QWidget

_last: list[Path] = []


def folder() -> Path:
    """Where the next file is looked for; never where the program happens to have been started."""
    if _last and _last[-1].is_dir():
        return _last[-1]
    documents = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
    return Path(documents) if Path(documents).is_dir() else Path.home()


def _took(chosen: str) -> Path | None:
    if not chosen:
        return None
    _last[:] = [Path(chosen).parent]
    return Path(chosen)


def to_read(asking: QWidget, title: str, kinds: str, begin: Path | None = None) -> Path | None:
    """The file to read, or None; `kinds` as Qt writes them: '表格 (*.xlsx);;所有文件 (*)'."""
    return _took(QFileDialog.getOpenFileName(asking, title, str(begin or folder()), kinds)[0])


def several_to_read(asking: QWidget, title: str, kinds: str) -> list[Path]:
    """The files to read, none when nobody chose one."""
    chosen = QFileDialog.getOpenFileNames(asking, title, str(folder()), kinds)[0]
    for name in chosen:
        _took(name)
    return [Path(name) for name in chosen]


def to_write(asking: QWidget, title: str, name: str, kinds: str) -> Path | None:
    """Where to write, or None; its ending is added when it was not typed."""
    chosen = _took(QFileDialog.getSaveFileName(asking, title, str(folder() / name), kinds)[0])
    return chosen.with_name(chosen.name + Path(name).suffix) if chosen and not chosen.suffix else chosen


def to_folder(asking: QWidget, title: str) -> Path | None:
    """A folder of one's choosing, or None; the next file is looked for there."""
    chosen = QFileDialog.getExistingDirectory(asking, title, str(folder()))
    if chosen:
        _last[:] = [Path(chosen)]
    return Path(chosen) if chosen else None
