"""Bad files: each gets its own sentence, this process is never harmed, and a child that goes too far is ended."""

from __future__ import annotations

import os
import random
import zipfile
from collections.abc import Callable
from pathlib import Path
from time import monotonic

import pytest

from gridapp import spreadsheet
from gridapp.spreadsheet import guard, reading
from gridapp.spreadsheet.guard import Broken, Encrypted, NoSuchFile, NotAWorkbook, TooBig, Unsafe, WebPage
from gridapp.spreadsheet.matching import NoKnownColumn
from gridapp.spreadsheet.reading import TooSlow
from gridapp.work.weighing import Cancelled
from tests.spreadsheet import workbooks

ROW = '<row r="{0}"><c r="A{0}" t="inlineStr"><is><t>姓名</t></is></c></row>'
LAUGHS = '<!DOCTYPE l [<!ENTITY a "ha">' + "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True)) + "]>"
MAKERS: dict[str, tuple[type[Exception], Callable[[Path], object]]] = {}


def bad(expected: type[Exception], name: str) -> Callable[[Callable[[Path], object]], Callable[[Path], object]]:
    """Register a maker of a bad file, with the Mistake it must come to."""
    def register(make: Callable[[Path], object]) -> Callable[[Path], object]:
        MAKERS[name] = expected, make
        return make

    return register


def _same(expected: type[Exception], name: str, data: bytes) -> None:
    MAKERS[name] = expected, lambda path: path.write_bytes(data)


_same(NotAWorkbook, "empty.xlsx", b"")
_same(NotAWorkbook, "empty.csv", b"")
_same(NotAWorkbook, "random.xlsx", random.Random(1).randbytes(50_000))
_same(NotAWorkbook, "picture.xlsx", b"\x89PNG\r\n\x1a\n" + bytes(100))
_same(WebPage, "table.xls", "<html><table><tr><td>姓名</td></tr></table></html>".encode())
_same(NoKnownColumn, "letter.csv", "通知：\r\n请各位房东于周五前登记。\r\n".encode())
_same(TooBig, "huge.xlsx", b"PK\x03\x04" + bytes(guard.LARGEST_FILE))
_same(Broken, "cut.xlsx", workbooks.plain_xlsx()[:3000])
_same(Broken, "no-directory.xlsx", b"PK\x03\x04" + bytes(200))
_same(Encrypted, "locked.xlsx", workbooks.compound(EncryptionInfo=b"4\0" * 200, EncryptedPackage=b"y" * 6000))
_same(Encrypted, "locked.xls", workbooks.xls([workbooks.HEAD], locked=True))
_same(Unsafe, "macro.xls", workbooks.compound(Workbook=b"x" * 600, _VBA_PROJECT=b"y" * 600))
_same(Broken, "nothing.xls", workbooks.compound(Other=b"x"))
_same(Broken, "cut.xls", workbooks.xls([workbooks.HEAD, workbooks.PENG])[:1500])


@bad(NotAWorkbook, "other.xlsx")
def _archive_of_something_else(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("word/document.xml", "<a/>")


@bad(NoKnownColumn, "prices.xlsx")
def _a_workbook_of_something_else(path: Path) -> None:
    workbooks.book(path, [("品名", "单价"), ("铁锅", 30)], [("姓名", "电话"), ("李四", "13900000000")])


@bad(TooBig, "far-cell.xlsx")
def _a_cell_in_the_last_corner(path: Path) -> None:
    workbooks.raw(path, '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')


@bad(TooBig, "far-cell-hidden.xlsx")
def _a_cell_in_the_last_corner_in_other_quotes(path: Path) -> None:
    workbooks.raw(path, "<row r='1'><c r='A1'><v>1</v></c></row><row r='1048576'><c r='XFD1048576'><v>1</v></c></row>")


@bad(TooBig, "rows.xlsx")
def _sixty_thousand_rows(path: Path) -> None:
    workbooks.raw(path, "".join(ROW.format(n) for n in range(1, 60_001)))


@bad(TooBig, "rows.csv")
def _sixty_thousand_lines(path: Path) -> None:
    path.write_text("姓名,证件号码\n" + "张三,\n" * 60_000, "utf-8")


@bad(TooBig, "dense.xlsx")
def _an_archive_that_swells(path: Path) -> None:
    workbooks.raw(path, **{"xl/media/a.bin": bytes(60 << 20)})


@bad(TooBig, "parts.xlsx")
def _too_many_parts(path: Path) -> None:
    workbooks.raw(path, **{f"xl/media/{n}.bin": b"" for n in range(guard.MOST_ENTRIES)})


@bad(TooBig, "strings.xlsx")
def _one_long_string_in_very_many_cells(path: Path) -> None:
    """1 MiB said 3,000 times: 60 KB of file that ask for 3 GB."""
    cells = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(1, 3001))
    text = random.Random(3).randbytes(1 << 16).hex() * 8
    workbooks.raw(path, cells, **{"xl/sharedStrings.xml": f"<sst><si><t>{text}</t></si></sst>"})


@bad(Unsafe, "laughs.xlsx")
def _a_billion_laughs(path: Path) -> None:
    workbooks.raw(path, '<row r="1"><c r="A1" t="inlineStr"><is><t>&i;</t></is></c></row>', before=LAUGHS)


@bad(Unsafe, "entity.xlsx")
def _strings_that_would_read_a_file(path: Path) -> None:
    text = '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><sst><si><t>&x;</t></si></sst>'
    workbooks.raw(path, **{"xl/sharedStrings.xml": text})


@bad(Unsafe, "macro.xlsx")
def _macros(path: Path) -> None:
    workbooks.raw(path, **{"xl/vbaProject.bin": b"\0" * 100})


@bad(Unsafe, "links.xlsx")
def _links_to_other_files(path: Path) -> None:
    workbooks.raw(path, **{"xl/externalLinks/externalLink1.xml": "<externalLink/>"})


@bad(Unsafe, "nested.xlsx")
def _an_archive_inside(path: Path) -> None:
    workbooks.raw(path, **{"xl/embeddings/inner.zip": b"PK"})


@bad(Broken, "no-sheet.xlsx")
def _a_workbook_without_its_sheet(path: Path) -> None:
    workbooks.raw(path, **{"xl/workbook.xml": "<workbook>"})


@bad(NoSuchFile, "folder.xlsx")
def _a_folder(path: Path) -> None:
    path.mkdir()


@bad(NoSuchFile, "gone.xlsx")
def _no_file(path: Path) -> None:
    assert not path.exists()


if os.name == "posix":
    @bad(NoSuchFile, "unreadable.xlsx")
    def _a_link_to_itself(path: Path) -> None:
        path.symlink_to(path)

    @bad(NoSuchFile, "pipe.xlsx")
    def _a_pipe_nobody_writes_to(path: Path) -> None:
        os.mkfifo(path)


def peak_kib() -> int:
    """The most memory this process has had so far; 0 where the system does not tell."""
    try:
        import resource
    except ImportError:
        return 0
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


@pytest.mark.parametrize("name", MAKERS)
def test_a_bad_file_gets_its_sentence(name: str, tmp_path: Path) -> None:
    expected, make = MAKERS[name]
    make(tmp_path / name)
    before, begun = peak_kib(), monotonic()
    with pytest.raises(expected) as told:
        spreadsheet.read_rows(tmp_path / name)
    assert monotonic() - begun < reading.WALL_SECONDS
    assert peak_kib() - before < 50 << 10, "this process stays small"
    text = getattr(told.value, "text", "")
    assert name in text and text.endswith("。"), "which file, and what to do"
    assert not (set("<>{}_") & set(text.replace(name, ""))), "a sentence, no code"


def test_a_name_no_file_can_have_is_no_file(tmp_path: Path) -> None:
    for name in ("a\0b.xlsx", "x" * 5000 + ".xlsx"):
        with pytest.raises(NoSuchFile):
            spreadsheet.read(tmp_path / name)


def test_an_archive_that_swells_slowly_is_stopped_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "LARGEST_INFLATED", 3 << 20)
    noise = random.Random(2).randbytes(1 << 20)
    path = workbooks.raw(tmp_path / "wide.xlsx", **{f"xl/media/{n}.bin": noise for n in range(4)})
    with pytest.raises(TooBig):
        spreadsheet.read(path)


def test_a_size_that_lies_does_not_help(tmp_path: Path) -> None:
    """The directory of the archive says 100 bytes where 60 MiB come out."""
    path = workbooks.raw(tmp_path / "lies.xlsx", **{"xl/media/a.bin": bytes(60 << 20)})
    told = bytearray(path.read_bytes())
    place = told.rindex(b"PK\x01\x02")
    while b"a.bin" not in told[place:place + 80]:
        place = told.rindex(b"PK\x01\x02", 0, place)
    told[place + 24:place + 28] = (100).to_bytes(4, "little")
    path.write_bytes(told)
    with pytest.raises((Broken, TooBig)):
        spreadsheet.read(path)


def test_a_child_that_takes_too_long_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = workbooks.book(tmp_path / "slow.xlsx", [workbooks.HEAD, workbooks.PENG])
    pid = _slow_child(tmp_path, monkeypatch)
    begun = monotonic()
    with pytest.raises(TooSlow):
        spreadsheet.read(path, wall_seconds=0.5)
    assert 0.5 <= monotonic() - begun < 10
    assert _is_gone(pid)


def test_cancelling_ends_the_child_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = workbooks.book(tmp_path / "slow.xlsx", [workbooks.HEAD, workbooks.PENG])
    pid = _slow_child(tmp_path, monkeypatch)
    asked: list[tuple[int, int]] = []

    def until_it_runs(done: int, total: int) -> bool:
        asked.append((done, total))
        return not (pid.exists() and pid.read_text())

    with pytest.raises(Cancelled):
        spreadsheet.read_rows(path, until_it_runs)
    assert set(asked) == {(0, 0)}, "how much there is to do is not known yet"
    assert _is_gone(pid)


@pytest.mark.skipif(os.name != "posix", reason="on Windows a job object sets the limits, from outside the child")
@pytest.mark.parametrize(("what", "expected"), [
    ("bytearray(2 << 30)", TooBig), ("while True: pass", TooSlow), ("os.abort()", TooBig), ("os.kill(os.getpid(), 11)", Broken),
    ("sys.exit(1)", Broken)])
def test_a_child_has_little_memory_and_time(what: str, expected: type[Exception], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The limits are the kernel's: a parser that asks for 2 GiB, or calculates for ever, is ended and told so."""
    path = workbooks.book(tmp_path / "a.xlsx", [workbooks.HEAD, workbooks.PENG])
    source = reading.CHILD.read_text("utf-8").replace("CPU_SECONDS = 20", "CPU_SECONDS = 1")
    child = tmp_path / "child.py"
    child.write_text(source.replace("        told = answer(", f"        import os\n        {what}\n        told = answer("), "utf-8")
    assert child.read_text("utf-8").count(what) == 1
    monkeypatch.setattr(reading, "CHILD", child)
    with pytest.raises(expected):
        spreadsheet.read(path)


def _slow_child(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Puts a child that never answers in place of the parser; it writes down its process id."""
    pid, child = folder / "pid", folder / "child.py"
    child.write_text(f"import os, threading\nopen({str(pid)!r}, 'w').write(str(os.getpid()))\nthreading.Event().wait()\n", "utf-8")
    monkeypatch.setattr(reading, "CHILD", child)
    return pid


def _is_gone(pid: Path) -> bool:
    try:
        os.kill(int(pid.read_text()), 0)
    except ProcessLookupError:
        return True
    return False
