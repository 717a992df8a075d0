"""To a printer: the dialog's choice reaches it, every page keeps its paper, what breaks goes on from the same page, and print is what the preview shows."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from PIL import Image, ImageChops, ImageStat
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtPrintSupport import QPrintDialog, QPrinter, QPrinterInfo
from pytestqt.qtbot import QtBot

from gridapp.printing import ruler
from gridapp.printing.layout import MM
from gridapp.printing.pieces import Job
from gridapp.settings import Settings
from tests.ledgers import TODAY
from tests.printing import reading
from tests.printing.test_pieces import A3, A4, K16, LYING, made
from ui import printers
from ui.paged import Document
from ui.printers import Filed, PrinterAway, PrintStopped, Rastered, Run, Spooled

#: takes what comes, once its gate is opened; fails from so many files on as “away” says that lies beside it
LP = """#!/bin/sh
here=$(dirname "$0")
[ -e "$here/gate" ] && read -r _word < "$here/gate"
n=$(ls "$here" | grep -c pdf)
[ -e "$here/away" ] && [ "$n" -ge "$(cat "$here/away")" ] && { cat > /dev/null; echo "lp: The printer or class does not exist." >&2; exit 1; }
cat > "$here/$n.pdf"
printf '%s\\n' "$*" >> "$here/told"
"""


@pytest.fixture
def lp(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A print command before all others on PATH; what it got lies beside it."""
    folder = tmp_path / "bin"
    folder.mkdir()
    (folder / "lp").write_text(LP, "utf-8")
    (folder / "lp").chmod(stat.S_IRWXU)
    monkeypatch.setenv("PATH", str(folder), prepend=os.pathsep)
    return folder


@pytest.fixture
def paper_printer(qapp: object, tmp_path: Path) -> QPrinter:
    """A printer of Qt's that prints into a file."""
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "paper.pdf"))
    printer.setResolution(300)
    return printer


def finished(qtbot: QtBot, run: Run) -> Any:
    """Begin, and what it ends with."""
    with qtbot.waitSignal(run.ended, timeout=30_000) as heard:
        run.begin()
    return heard.args[0] if heard.args else None


def pages_of(data: bytes | Path) -> list[tuple[int, int]]:
    with pypdfium2.PdfDocument(data) as pdf:
        return [(round(width / MM), round(height / MM)) for width, height in map(pdf.get_page_size, range(len(pdf)))]


# ---------------------------------------------------------------- what the dialog says

def test_the_pages_copies_and_sides_of_the_dialog_are_the_job(paper_printer: QPrinter) -> None:
    document = Document(made(LYING, LYING, LYING, LYING))
    assert printers.job_of(document, paper_printer).pages == (0, 1, 2, 3)
    paper_printer.setPrintRange(QPrinter.PrintRange.PageRange)
    paper_printer.setFromTo(2, 3)
    paper_printer.setCopyCount(2)
    paper_printer.setCollateCopies(False)
    paper_printer.setColorMode(QPrinter.ColorMode.GrayScale)
    job = printers.job_of(document, paper_printer)
    assert (job.pages, job.copies, job.collated, job.sides, job.grey) == ((1, 2), 2, False, "one-sided", True)
    paper_printer.setPageOrder(QPrinter.PageOrder.LastPageFirst)
    assert printers.job_of(document, paper_printer).pages == (2, 1)
    paper_printer.setPrintRange(QPrinter.PrintRange.CurrentPage)
    assert printers.job_of(document, paper_printer, page=4).pages == (3,)


@pytest.mark.parametrize(("chosen", "size", "told"), [
    (QPrinter.DuplexMode.DuplexNone, A4, "one-sided"), (QPrinter.DuplexMode.DuplexLongSide, LYING, "two-sided-long-edge"),
    (QPrinter.DuplexMode.DuplexShortSide, A4, "two-sided-short-edge"), (QPrinter.DuplexMode.DuplexAuto, A4, "two-sided-long-edge"),
    (QPrinter.DuplexMode.DuplexAuto, LYING, "two-sided-short-edge")])
def test_both_sides_turn_as_chosen(chosen: QPrinter.DuplexMode, size: tuple[int, int], told: str) -> None:
    assert printers.sides_of(chosen, size) == told


def test_the_offset_of_this_printer_is_the_jobs(paper_printer: QPrinter) -> None:
    settings = Settings()
    settings.shift(paper_printer.printerName(), 1.5, -2)
    settings.save()
    job = printers.job_of(Document(made(A4)), paper_printer)
    assert (job.across, job.down) == (1.5, -2.0)


def test_an_offset_that_was_written_by_hand_is_none_or_bounded() -> None:
    settings = Settings(printers={"a": ["x", 1], "b": [400, -1], "c": 5})
    assert [settings.offset(name) for name in "abcd"] == [(0, 0), (20, -1), (0, 0), (0, 0)]


# ---------------------------------------------------------------- the print command

def test_the_print_command_gets_the_very_file_and_what_was_chosen(qtbot: QtBot, lp: Path) -> None:
    data = made(A4, A4)
    run = Spooled(Document(data), Job((0, 1), "办公室", 2, sides="two-sided-long-edge"))
    assert finished(qtbot, run) is None
    assert (lp / "0.pdf").read_bytes() == data
    assert "-d 办公室 -n 2" in (lp / "told").read_text("utf-8") and "sides=two-sided-long-edge" in (lp / "told").read_text("utf-8")
    assert run.told() == "✓ 已交给打印机“办公室”，共 4 页。"


def test_each_paper_is_asked_for_by_its_size(qtbot: QtBot, lp: Path) -> None:
    assert finished(qtbot, Spooled(Document(made(A4, A3, K16)), Job((0, 1, 2)))) is None
    assert [line.split("media=")[1].split()[0] for line in (lp / "told").read_text("utf-8").splitlines()] == [
        "iso_a4_210x297mm", "iso_a3_297x420mm", "om_16k_184x260mm"]
    assert [pages_of(lp / f"{n}.pdf") for n in range(3)] == [[A4], [A3], [K16]]


def test_a_printer_that_goes_away_is_told_with_the_page_and_goes_on_from_there(qtbot: QtBot, lp: Path) -> None:
    (lp / "away").write_text("1")
    run = Spooled(Document(made(A4, A4, A3, K16)), Job((0, 1, 2, 3), "办公室"))
    failure = finished(qtbot, run)
    assert isinstance(failure, PrinterAway)
    assert "The printer or class does not exist" in failure.text and "已打印 2 页，第 3 页还没有打印" in failure.text
    (lp / "away").unlink()
    assert finished(qtbot, run) is None
    assert [pages_of(lp / f"{n}.pdf") for n in range(3)] == [[A4, A4], [A3], [K16]], "no page twice, none left out"


def test_without_the_print_command_it_is_said(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    failure = finished(qtbot, Spooled(Document(made(A4)), Job((0,))))
    assert isinstance(failure, PrinterAway) and "第 1 页还没有打印" in failure.text


# ---------------------------------------------------------------- a printer of Qt's

def test_each_page_has_the_paper_of_its_layout(qtbot: QtBot, paper_printer: QPrinter, tmp_path: Path) -> None:
    assert finished(qtbot, Rastered(Document(made(A4, LYING, A3, K16)), Job((0, 1, 2, 3)), paper_printer)) is None
    assert pages_of(tmp_path / "paper.pdf") == [A4, LYING, A3, K16]


def test_copies_a_printer_cannot_make_are_printed_one_after_another(qtbot: QtBot, paper_printer: QPrinter, tmp_path: Path) -> None:
    assert finished(qtbot, Rastered(Document(made(A4, K16)), Job((0, 1), copies=2), paper_printer)) is None
    assert pages_of(tmp_path / "paper.pdf") == [A4, K16, A4, K16]


def test_what_is_stopped_tells_its_page_and_goes_on_from_there(qtbot: QtBot, paper_printer: QPrinter, tmp_path: Path) -> None:
    run = Rastered(Document(made(A4, LYING, K16)), Job((0, 1, 2)), paper_printer)
    run.went.connect(lambda done, _of: run.stop() if done == 1 else None)
    failure = finished(qtbot, run)
    assert isinstance(failure, PrintStopped) and "打印了 1 页，第 2 页还没有打印" in failure.text
    assert pages_of(tmp_path / "paper.pdf") == [A4]
    paper_printer.setOutputFileName(str(tmp_path / "rest.pdf"))
    run.went.disconnect()
    assert finished(qtbot, run) is None
    assert pages_of(tmp_path / "rest.pdf") == [LYING, K16]


@pytest.mark.qt_log_ignore("QPainter::begin", "QPdfEngine")
def test_a_printer_that_takes_nothing_is_told_and_nothing_is_lost(qtbot: QtBot, paper_printer: QPrinter, tmp_path: Path) -> None:
    paper_printer.setOutputFileName(str(tmp_path / "no folder" / "paper.pdf"))
    run = Rastered(Document(made(A4, K16)), Job((0, 1)), paper_printer)
    failure = finished(qtbot, run)
    assert isinstance(failure, PrinterAway) and "已打印 0 页，第 1 页还没有打印" in failure.text
    paper_printer.setOutputFileName(str(tmp_path / "paper.pdf"))
    assert finished(qtbot, run) is None
    assert pages_of(tmp_path / "paper.pdf") == [A4, K16]


def test_the_dialogs_own_file_holds_letters_not_pictures(qtbot: QtBot, paper_printer: QPrinter, tmp_path: Path) -> None:
    run = printers.run_of(Document(made(A4, A4)), paper_printer)
    assert isinstance(run, Filed) and finished(qtbot, run) is None
    assert reading.texts(tmp_path / "paper.pdf") == ["第1页", "第2页"]


# ---------------------------------------------------------------- what is shown is what is printed

def grey(image: QImage) -> Image.Image:
    """The picture in shades of grey."""
    told = image.convertToFormat(QImage.Format.Format_Grayscale8)
    return Image.frombuffer("L", (told.width(), told.height()), bytes(told.constBits()), "raw", "L", told.bytesPerLine(), 1)


def apart(one: QImage, other: QImage) -> float:
    """How far two pictures are from each other: mean difference of lightness, of 255."""
    assert one.size() == other.size()
    mean: float = ImageStat.Stat(ImageChops.difference(grey(one), grey(other))).mean[0]
    return mean


def drawn(path: Path, page: int, width: int) -> QImage:
    """A page of a file as another program would show it, so many pixels wide."""
    with pypdfium2.PdfDocument(path) as pdf:
        sheet = pdf[page]
        picture = sheet.render(scale=width / sheet.get_width()).to_pil().convert("RGB")
    return QImage(picture.tobytes(), picture.width, picture.height, picture.width * 3, QImage.Format.Format_RGB888).copy()


@pytest.mark.parametrize("size", [(1366, 728), (820, 600)])
def test_the_saved_file_is_the_picture_in_the_window(open_office: Callable[..., Any], village: Any, tmp_path: Path, size: tuple[int, int]) -> None:
    from PySide6.QtCore import QSize

    office = open_office(village, size=QSize(*size))
    screen = office.show("houses")
    screen.print_all()
    office.settle()
    preview = screen._preview
    preview.save(tmp_path / "F04.pdf")
    for page in (1, 2):
        preview._page.setValue(page)
        office.settle()
        shown = preview._sheet.pixmap().toImage()
        assert apart(shown, drawn(tmp_path / "F04.pdf", page - 1, shown.width())) < 0.02
        assert apart(shown, drawn(tmp_path / "F04.pdf", 2 - page, shown.width())) > 0.2, "another page is another picture"


@pytest.mark.parametrize(("across", "down"), [(0.0, 0.0), (4.0, 6.0)])
def test_the_printer_gets_the_picture_of_the_preview_in_its_place(qtbot: QtBot, paper_printer: QPrinter, tmp_path: Path, across: float, down: float) -> None:
    document = Document(made(A4))
    assert finished(qtbot, Rastered(document, Job((0,), across=across, down=down), paper_printer)) is None
    before, after = (ink(drawn(path, 0, 840)) for path in (kept(tmp_path, document), tmp_path / "paper.pdf"))
    assert [round((b - a) / 4) for a, b in zip(before, after, strict=True)] == [across, down, across, down], "840 pixels are 210 mm"
    if not across:
        printed = drawn(tmp_path / "paper.pdf", 0, 840)
        assert apart(document.image(0, width=840), printed.copy(0, 0, 840, 1188)) < 0.1


def kept(folder: Path, document: Document) -> Path:
    path = folder / "seen.pdf"
    path.write_bytes(document.data)
    return path


def ink(image: QImage) -> tuple[int, int, int, int]:
    """Left, top, right and bottom of everything dark."""
    found = grey(image).point(lambda value: 255 * (value < 128)).getbbox()
    assert found is not None
    return found


def test_strips_are_the_page_whole(qapp: object) -> None:
    document = Document(made(LYING))
    whole, line, more = grey(document.image(0, dpi=150)), 0, True
    while more:
        picture, more = document.strip(0, 150, line, 200)
        part = grey(picture)
        assert ImageStat.Stat(ImageChops.difference(part, whole.crop((0, line, part.width, line + part.height)))).mean[0] < 0.2
        line += part.height
    assert abs(line - whole.height) <= 1 and ImageStat.Stat(whole).mean[0] < 255, "something stands on it"


# ---------------------------------------------------------------- in the window

@pytest.fixture
def preview(busy: Any) -> Any:
    screen = busy.show("houses")
    screen.print_all()
    busy.settle()
    return screen._preview


def test_without_a_printer_it_is_said_before_anything_is_asked(busy: Any, preview: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QPrinterInfo, "availablePrinterNames", staticmethod(list))
    busy.press(Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
    assert "还没有装打印机" in preview._told.text() and not preview.printing


def test_the_dialog_is_all_that_is_asked(busy: Any, preview: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def chosen(dialog: QPrintDialog) -> int:
        assert (dialog.minPage(), dialog.maxPage(), dialog.fromPage(), dialog.toPage()) == (1, 2, 1, 2)
        dialog.printer().setOutputFormat(QPrinter.OutputFormat.PdfFormat)
        dialog.printer().setOutputFileName(str(tmp_path / "chosen.pdf"))
        dialog.printer().setPrintRange(QPrinter.PrintRange.PageRange)
        dialog.printer().setFromTo(2, 2)
        return 1

    monkeypatch.setattr(QPrinterInfo, "availablePrinterNames", staticmethod(lambda: ["办公室"]))
    monkeypatch.setattr(QPrintDialog, "exec", chosen)
    busy.press(Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
    busy.qtbot.waitUntil(lambda: not preview.printing)
    assert len(pages_of(tmp_path / "chosen.pdf")) == 1 and "chosen.pdf" in preview._told.text()


def test_a_printer_that_broke_goes_on_by_its_key(busy: Any, preview: Any, lp: Path) -> None:
    (lp / "away").write_text("0")
    preview.print_with(Spooled(preview._document, Job((0, 1), "办公室")))
    busy.qtbot.waitUntil(lambda: not preview.printing)
    assert "第 1 页还没有打印" in preview._told.text() and preview._on.isVisible() and not preview._stop.isVisible()
    assert preview._print.isEnabled(), "and another printer may be chosen"
    (lp / "away").unlink()
    busy.press(Qt.Key.Key_F6)
    busy.qtbot.waitUntil(lambda: not preview.printing)
    assert "已交给打印机“办公室”，共 2 页" in preview._told.text() and not preview._on.isVisible()
    assert (lp / "0.pdf").read_bytes() == preview._document.data


def test_printing_is_stopped_by_its_key_and_the_window_answers_meanwhile(busy: Any, preview: Any, paper_printer: QPrinter, tmp_path: Path) -> None:
    run = Rastered(preview._document, Job((0, 1), copies=20), paper_printer)
    preview.print_with(run)
    busy.qtbot.waitUntil(lambda: run.done >= 1)
    assert preview.printing and preview._printing.isVisible() and not preview._print.isEnabled()
    busy.press(Qt.Key.Key_F9)
    assert not preview.printing and "已停止打印" in preview._told.text() and preview._on.isVisible()
    assert len(pages_of(tmp_path / "paper.pdf")) < 40


def test_what_is_being_printed_is_printed_when_the_page_is_left(busy: Any, preview: Any, lp: Path) -> None:
    said = list[str]()
    busy.desk.saved.connect(said.append)
    os.mkfifo(lp / "gate")
    preview.print_with(Spooled(preview._document, Job((0, 1), "办公室")))
    busy.press(Qt.Key.Key_Escape)
    assert preview.printing and not preview.isVisible()
    (lp / "gate").write_text("go\n", "utf-8")
    busy.qtbot.waitUntil(lambda: not preview.printing)
    assert (lp / "0.pdf").exists() and said[-1:] == ["✓ 已交给打印机“办公室”，共 2 页。"]


# ---------------------------------------------------------------- a printer is put right

def test_a_printer_is_put_right_by_its_name(busy: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QPrinterInfo, "availablePrinterNames", staticmethod(lambda: ["办公室", "大厅"]))
    card = busy.show("settings").printers
    card.printer.setCurrentText("大厅")
    card.across.setValue(1.5)
    card.down.setValue(-2.0)
    assert Settings.load().offset("大厅") == (1.5, -2.0) and "大厅" in card.told.text()
    card.printer.setCurrentText("办公室")
    assert card.across.value() == 0 == Settings.load().offset("办公室")[0]
    card.printer.setCurrentText("大厅")
    assert card.down.value() == -2.0


def test_without_a_printer_there_is_nothing_to_put_right(busy: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QPrinterInfo, "availablePrinterNames", staticmethod(list))
    card = busy.show("settings").printers
    assert "还没有装打印机" in card.told.text() and not card.page_button.isEnabled()


def test_the_page_that_tells_the_offset_is_not_moved_by_it(busy: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def chosen(dialog: QPrintDialog) -> int:
        dialog.printer().setOutputFormat(QPrinter.OutputFormat.PdfFormat)
        dialog.printer().setOutputFileName(str(tmp_path / "ruler.pdf"))
        return 1

    monkeypatch.setattr(QPrinterInfo, "availablePrinterNames", staticmethod(lambda: [""]))
    monkeypatch.setattr(QPrintDialog, "exec", chosen)
    card = busy.show("settings").printers
    card._settings.shift("", 5, 5)
    card._settings.save()
    card.print_page()
    busy.qtbot.waitUntil(lambda: "已保存" in card.told.text())
    with pypdfium2.PdfDocument(tmp_path / "ruler.pdf") as pdf:
        assert [round(side, 1) for side in pdf[0].get_mediabox()] == [0, 0, 595.3, 841.9]


def test_the_crease_lies_on_the_number_to_type_in(qtbot: QtBot, paper_printer: QPrinter, tmp_path: Path) -> None:
    """A printer that is 3 mm too far right and 2 mm too low, and the middle of the paper, where the creases are."""
    document = Document(ruler.drawn("办公室", TODAY))
    assert finished(qtbot, Rastered(document, Job((0,), across=3, down=2), paper_printer)) is None
    picture = drawn(tmp_path / "paper.pdf", 0, 2100)  # ten pixels a mm
    middle_x, middle_y, lies, stands = 1050, 1485, round(10 * (ruler.LIES_AT / MM + 2)), round(10 * (ruler.STANDS_AT / MM + 3))
    ticks = [place for place in range(-100, 101) if all(
        picture.pixelColor(middle_x + place, lies + off).lightness() < 128 for off in (-25, 25))]
    levels = [place for place in range(-100, 101) if all(
        picture.pixelColor(stands + off, middle_y + place).lightness() < 128 for off in (-25, 25))]
    zero_x, zero_y = (sum(near) / len(near) for near in ([x for x in found if abs(x - told) < 5] for found, told in ((ticks, 30), (levels, 20))))
    assert (round(-zero_x / 10), round(-zero_y / 10)) == (-3, -2), "what is read off at the crease puts it right"
