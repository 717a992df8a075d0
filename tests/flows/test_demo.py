"""`main.py --demo`, run as a program: the whole story on the sample workbook, and what it leaves in its folder."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pypdfium2
from PySide6.QtGui import QImage

from gridapp.work import opening
from ui import demo
from ui.screens import navigation

ROOT = Path(__file__).resolve().parents[2]


def test_the_demonstration_tells_the_whole_story(tmp_path: Path) -> None:
    folder = tmp_path / "演示"
    ran = subprocess.run([sys.executable, "main.py", "--demo", str(folder)], cwd=ROOT, capture_output=True, text=True, encoding="utf-8",
                         env=os.environ | {"GRIDAPP_HOME": str(tmp_path / "home"), "PYTHONUTF8": "1"})
    assert ran.returncode == 0 and ran.stderr == "", ran.stderr
    assert "演示完成" in ran.stdout and "检查无误" in ran.stdout
    pictures = {p.stem.removeprefix("截图-"): QImage(str(p)) for p in folder.glob("截图-*.png")}
    assert {e.title for e in navigation("v:330784108238")} <= set(pictures)
    for name, picture in pictures.items():
        colours = {picture.pixel(x, y) for x in range(0, picture.width(), 7) for y in range(0, picture.height(), 7)}
        assert (picture.width(), picture.height()) == (1366, 728) and len(colours) > 30, name
    for number, fewest in (("F02", 230), ("F04", 642), ("F07", 1), ("F09", 2)):
        with pypdfium2.PdfDocument(next(folder.glob(f"{number} *.pdf"))) as pdf:
            assert len(pdf) >= fewest, number
    assert (folder / "导入检查结果.xlsx").stat().st_size > 5000
    with opening.open_ledger(folder / "青后叶村.grid", demo.PASSWORD) as ledger:
        assert ledger.verify().faults == ()


def test_a_folder_that_is_there_already_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "演示").mkdir()
    assert demo._fresh(tmp_path / "演示").name == "演示-2"
