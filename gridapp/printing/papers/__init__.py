"""The papers (表单) this program prints, by number: a layout file in resources/papers and a small module each."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal
from uuid import UUID

from gridapp.ledger import Reader
from gridapp.printing import layout, veiled
from gridapp.printing.boxed import Filled
from gridapp.printing.listed import Register, in_one_group
from gridapp.printing.papers import (
    a01, f01, f02, f03, f04, f05, f06, f07, f08, f09, f10, f11, f12, f13, f13a, f13b, f14, f15, f16, f16a, f16b, f17, f18, f19, f20, f21, f22, f23, f23a, f24, f25, f26,
    f27, f28, f29, f30, f31, f32, f33, f34)
from gridapp.printing.papers.office import Wish


@dataclass(frozen=True)
class Paper:
    """One paper: `gather` its values from the ledger, `compose` turns them into what is drawn, `blank` is an empty form.

    `by` is what may be asked for: one house, one record (a patrol, a hazard, a parcel, what clashes), a place (a house by
    its number, or a house, a site or an inspection as a record), a period, or only the whole village.
    """

    number: str
    gather: Callable[[Reader, Any], object]  # a Wish; the audit has one of its own
    compose: Callable[[Any], Register | Filled]  # each paper has its own class of values
    blank: Callable[[], object]
    by: Literal["house", "record", "place", "period", ""] = ""
    #: a list of which some records alone may be asked for
    some: bool = False
    #: whether photos stand on it: whoever has it made hands over the album
    photos: bool = False
    #: the values of several houses at once, for a batch; without it each is gathered by itself
    each: Callable[[Reader, Sequence[UUID]], Mapping[UUID, object]] | None = None
    #: of a list that may hang on a wall: how what it says of people is masked
    private: Mapping[str, veiled.How] = field(default_factory=dict)
    #: made to be posted: masked unless somebody says why not
    posted: bool = False
    #: filed or served: without a watermark
    official: bool = True

    @property
    def maskable(self) -> bool:
        """Whether it can be had with names and numbers masked."""
        return bool(self.private)

    @property
    def title(self) -> str:
        """As in the layout file, which a county may have changed."""
        return layout.load(self.number).text("title")


_PERSON: dict[str, veiled.How] = {"name": veiled.name, "id_no": veiled.number, "birth": veiled.day, "hukou": veiled.text, "home": veiled.text, "phone": veiled.phone}

PAPERS = {
    paper.number: paper
    for paper in (
        Paper("F01", f01.gather, f01.compose, f01.Form, "record", photos=True),
        Paper("F02", f02.gather, in_one_group, f02.Book, some=True, private=_PERSON),
        Paper("F03", f03.gather, f03.compose, f03.blank, "house"),
        Paper("F04", f04.gather, f04.compose, f04.Roster, "house", some=True, each=f04.each, private=_PERSON | {"owner": veiled.name}),
        Paper("F05", f05.gather, f05.compose, f05.blank, "house"),
        Paper("F06", f06.gather, f06.compose, f06.blank, "place"),
        Paper("F07", f07.gather, f07.compose, f07.Diary, "record"),
        Paper("F08", f08.gather, in_one_group, f08.Book, "period", some=True),
        Paper("F09", f09.gather, f09.compose, f09.blank, "record"),
        Paper("F10", f10.gather, f10.compose, f10.blank, "record"),
        Paper("F11", f11.gather, in_one_group, f11.Book, "period", some=True, private={"keeper": veiled.people}),
        Paper("F12", f12.gather, in_one_group, f12.Book, "period", some=True, private={"parties": veiled.people}),
        Paper("F13", f13.gather, f13.compose, f13.blank, "record"),
        Paper("F13A", f13a.gather, f13a.compose, f13a.blank, "record"),
        Paper("F13B", f13b.gather, f13b.compose, f13b.blank, "record"),
        Paper("F14", f14.gather, f14.compose, f14.blank, "record"),
        Paper("F15", f15.gather, f15.compose, f15.blank, "record"),
        Paper("F16", f16.gather, f16.compose, f16.blank, "record"),
        Paper("F16A", f16a.gather, f16a.compose, f16a.blank, "record"),
        Paper("F16B", f16b.gather, f16b.compose, f16b.blank, "record"),
        Paper("F17", f17.gather, f17.compose, f17.Record, "record", photos=True),
        Paper("F18", f18.gather, f18.compose, f18.Minutes, "record"),
        Paper("F19", f19.gather, f19.compose, f19.Feedback, "record"),
        Paper("F20", f20.gather, f20.compose, f20.blank, "period"),
        Paper("F21", f21.gather, in_one_group, f21.TaskList, "record"),
        Paper("F22", f22.gather, f22.compose, f22.blank, "house"),
        Paper("F23", f23.gather, in_one_group, f23.Table, "period"),
        Paper("F23A", f23a.gather, in_one_group, f23.Table, "period"),
        Paper("F24", f24.gather, f24.compose, f24.blank, "place"),
        Paper("F25", f25.gather, f25.compose, f25.Sheet, "record"),
        Paper("F26", f26.gather, f26.compose, f26.Notice, "record"),
        Paper("F27", f27.gather, f27.compose, f27.Handover, "record"),
        Paper("F28", f28.gather, f28.compose, f28.blank, "record", official=False),
        Paper("F29", f29.gather, in_one_group, f29.Posted, "record", posted=True, official=False),
        Paper("F30", f30.gather, f30.compose, f30.Report, "period"),
        Paper("F31", f31.gather, f31.compose, f31.Board, "period", posted=True, official=False),
        Paper("F32", f32.gather, in_one_group, f32.Posted, "period", private={"name": veiled.name}, posted=True, official=False),
        Paper("F33", f33.gather, in_one_group, f29.Posted, "record", posted=True, official=False),
        Paper("F34", f34.gather, in_one_group, f34.Plan, "record", some=True, official=False),
    )
}

#: for whoever checks, not among the papers of the day
AUDIT_PAPER = Paper("A01", a01.gather, in_one_group, a01.Extract)
