"""A PDF on its way to a printer: pages, copies, paper and offset reach the print command, and the pages stay what they were."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from gridapp.printing import pieces
from gridapp.printing.layout import MM
from gridapp.printing.page import Pages
from gridapp.printing.pieces import Job, Piece
from tests.printing import reading

A4, LYING, A3, K16 = (210, 297), (297, 210), (297, 420), (184, 260)


def made(*sizes: tuple[int, int]) -> bytes:
    """A page of each size (mm), its number 40 mm from the left and 50 from the top."""
    pages = Pages("页")
    for number, (width, height) in enumerate(sizes, 1):
        pages.start(width * MM, height * MM)
        pages.text(40 * MM, 50 * MM, f"第{number}页", "song", 12)
        pages.turn()
    pages.end_section(lambda _page, _of: None)
    return pages.data()


@pytest.fixture
def kept(tmp_path: Path) -> Callable[[bytes], Path]:
    def keep(data: bytes) -> Path:
        path = tmp_path / "cut.pdf"
        path.write_bytes(data)
        return path

    return keep


def test_pages_of_one_paper_go_at_once_whether_they_lie_or_stand() -> None:
    assert pieces.pieces(made(A4, LYING, A4), Job((0, 1, 2), copies=3)) == [Piece((0, 1, 2), "iso_a4_210x297mm", 3)]


def test_pages_of_several_papers_go_run_by_run_each_copy_whole() -> None:
    data = made(A4, A4, A3, K16)
    a4, a3, k16 = Piece((0, 1), "iso_a4_210x297mm", 1), Piece((2,), "iso_a3_297x420mm", 1), Piece((3,), "om_16k_184x260mm", 1)
    assert pieces.pieces(data, Job((0, 1, 2, 3), copies=2)) == [a4, a3, k16, a4, a3, k16]
    assert [(p.pages, p.copies) for p in pieces.pieces(data, Job((0, 1, 2, 3), copies=2, collated=False))] == [((0, 1), 2), ((2,), 2), ((3,), 2)]


def test_a_paper_nobody_has_a_name_for_is_told_by_its_size() -> None:
    assert pieces.medium((130.2, 185.1)) == "Custom.130x185mm"


def test_every_page_comes_as_often_as_it_is_asked_for() -> None:
    assert Job((4, 5), copies=2).plan == (4, 5, 4, 5)
    assert Job((4, 5), copies=2, collated=False).plan == (4, 4, 5, 5)


def test_the_print_command_hears_printer_copies_paper_and_sides() -> None:
    job = Job((0,), "办公室", 2, collated=False, sides="two-sided-short-edge", grey=True)
    assert " ".join(pieces.command(job, Piece((0,), "iso_a4_210x297mm", 2))) == (
        "-d 办公室 -n 2 -o media=iso_a4_210x297mm -o print-scaling=none -o collate=false -o sides=two-sided-short-edge -o print-color-mode=monochrome")
    assert "sides" not in " ".join(pieces.command(Job((0,)), Piece((0,), "x", 1))), "the printer's own setting counts"


def test_all_pages_where_they_are_are_the_very_file() -> None:
    data = made(A4, A4)
    assert pieces.cut(data, (0, 1)) is data


def test_what_is_cut_keeps_size_and_order(kept: Callable[[bytes], Path]) -> None:
    path = kept(pieces.cut(made(A4, LYING, K16), (2, 1)))
    assert reading.texts(path) == ["第3页", "第2页"]
    assert [tuple(map(round, size)) for size in pieces.sizes(path.read_bytes())] == [K16, LYING]


@pytest.mark.parametrize(("across", "down"), [(3.0, 5.0), (-2.0, -4.0), (0.0, 2.0)])
def test_an_offset_moves_what_is_printed_and_not_the_paper(kept: Callable[[bytes], Path], across: float, down: float) -> None:
    before = reading.letters(kept(made(A4)))[0][0]
    moved = kept(pieces.cut(made(A4), (0,), across, down))
    after = reading.letters(moved)[0][0]
    with_box = pieces.sizes(moved.read_bytes())[0]
    assert tuple(map(round, with_box)) == A4
    import pypdfium2

    with pypdfium2.PdfDocument(moved) as pdf:
        left, bottom, _right, _top = pdf[0].get_mediabox()
    assert (after.left - left - before.left) / MM == pytest.approx(across, abs=0.05)
    assert (after.bottom - bottom - before.bottom) / MM == pytest.approx(-down, abs=0.05)
