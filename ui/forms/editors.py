"""Editors: for each kind of value the widget it is typed into, in one table."""

from __future__ import annotations

from gridapp.fields import kinds as k
from ui.forms.choices import CodeEditor, CodesEditor, YesEditor
from ui.forms.lines import DayEditor, Editor, LineEditor, LongEditor, NumberEditor, PlainEditor
from ui.forms.links import LinkEditor

#: kind of value → editor; a kind finds the entry of its nearest ancestor
EDITORS: dict[type[k.Kind], type[Editor]] = {
    k.Text: LineEditor, k.LongText: LongEditor, k.Name: LineEditor, k.IdNumber: NumberEditor, k.Phone: PlainEditor,
    k.Code: CodeEditor, k.Codes: CodesEditor, k.Day: DayEditor, k.Clock: PlainEditor, k.Whole: PlainEditor,
    k.Yes: YesEditor, k.Link: LinkEditor, k.Place: LineEditor, k.Moment: LineEditor,
}


def editor_for(kind: k.Kind) -> Editor:
    """The editor of a kind of value."""
    return next(EDITORS[c] for c in type(kind).__mro__ if c in EDITORS)(kind)
