"""typst: one table with a repeated head; it breaks the pages and counts them itself."""

from __future__ import annotations

import json
from pathlib import Path

import typst

from gridapp import places
from tests.bench.papers import lay, sample

SOURCE = """
#set page(width: {width}pt, height: {height}pt, margin: (left: {left}pt, right: {right}pt, top: {top}pt, bottom: {bottom}pt),
  header: align(center)[#text(font: ("Form BiaoSong",), size: 20pt)[{title}] \\ #text(size: 10pt)[{head} #h(1fr) {day}]], header-ascent: 2pt,
  footer: context [#text(size: 9.5pt)[{foot} #h(1fr) 第 #counter(page).display() 页　共 #counter(page).final().first() 页]])
#set text(font: ("Form Song", "Form Latin", "Form Rare A", "Form Rare B"), size: 9pt, lang: "zh")
#set par(leading: 0.2em)
#let houses = json("houses.json")
#table(columns: ({columns}), align: center + horizon, inset: (x: {pad}pt, y: 1pt), stroke: 0.5pt, rows: auto,
  table.header({heads}),
  ..houses.map(h => (
    table.cell(colspan: 8, align: left + horizon, box(height: {band}pt)[#align(left + horizon)[#text(font: ("Form Hei", "Form Song"))[#h.at(0)] \\ #h.at(1)]]),
    table.cell(colspan: 3, align: left + horizon)[{side}],
    image(bytes(h.at(2)), format: "svg", width: {code}pt),
    ..h.at(3).map(row => row.map(cell => box(height: {row}pt, align(horizon, cell)))).flatten()
  )).flatten())
"""


def draw(data: Path, out: Path) -> int:
    """Pages."""
    frame = lay.FRAME
    columns = ", ".join(f"{column.width}pt" for column in lay.COLUMNS)
    heads = ", ".join(f'text(font: ("Form Hei",), size: 9.5pt, "{column.name.replace(chr(10), "")}")' for column in lay.COLUMNS)
    source = SOURCE.format(width=frame.width, height=frame.height, left=frame.left, right=frame.right, top=lay.TOP, bottom=frame.height - lay.BOTTOM, title=lay.TITLE,
                           head=lay.HEAD[0], day=lay.HEAD[1], foot=lay.FOOT, columns=columns, pad=lay.PAD, heads=heads, band=lay.BAND, side=" \\ ".join(lay.SIDE),
                           code=lay.CODE, row=lay.ROW)
    folder = out.parent
    (folder / "houses.json").write_text(json.dumps([_told(house) for house in sample.read(data)], ensure_ascii=False), "utf-8")
    (folder / "roster.typ").write_text(source, "utf-8")
    typst.compile(str(folder / "roster.typ"), output=str(out), font_paths=[str(places.font("FormSong").parent)], ignore_system_fonts=True)
    import pypdfium2

    with pypdfium2.PdfDocument(out) as made:
        return len(made)


def _told(house: sample.House) -> list[object]:
    found, across = lay.bars(house.house_no)
    path = "".join(f"M{start} {row}h{length}v1h-{length}z" for start, row, length in found)
    code = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {across} {across}"><path d="{path}"/></svg>'
    rows = [lay.texts_of(number, tenant) for number, tenant in enumerate(house.tenants, 1)]
    return [*lay.Band(house).texts, code, rows]
