"""Changing a paper's layout (改版式): tried on an empty form, told with the line that is wrong, kept whole or not at all, and put back as shipped."""

from __future__ import annotations

import difflib
import re
import typing
from dataclasses import is_dataclass
from datetime import date
from functools import cache

from gridapp.errors import Mistake
from gridapp.ledger import MANAGE, PLAIN, REVIEW, Reader, looks, needs
from gridapp.printing import layout
from gridapp.printing.layout import BadLayout
from gridapp.printing.page import Pages
from gridapp.printing.papers import PAPERS
from gridapp.printing.press import Imprint, NoGlyph, Stopped, lay, paper
from gridapp.printing.refused import Missing
from gridapp.store.files import make_folder, sorted_trouble, write_whole
from gridapp.texts import _

#: an empty form that goes on for longer is no form
MOST_PAGES = 30
_PLACES = re.compile(r"\{(\w+)(?::\w+)?\}")
_AT_LINE = re.compile(r"\(at line (\d+), column \d+\)")


class NotDrawn(Mistake):
    """A layout that is being changed does not make sense yet; `line` from 1, 0 where nobody can tell."""

    def __init__(self, what: str, line: int = 0) -> None:
        where = _("第 {0} 行：").format(line) if line else ""
        super().__init__(_("{0}{1}。改正以后才能保存，现在打印用的还是原来的版式。").format(where, what))
        self.line = line


def text_of(number: str, shipped: bool = False) -> str:
    """The layout as it is used now, or as it was shipped."""
    number = paper(number).number
    path = layout.shipped_path(number) if shipped else layout.path(number)
    with sorted_trouble(path):
        return path.read_text("utf-8-sig", errors="replace")


def changed(number: str) -> bool:
    """Whether the county has a copy of its own."""
    return layout.own_path(paper(number).number).exists()


def differences(number: str, text: str) -> list[str]:
    """What is other than shipped, line by line: '－ ' and '＋ ' in front, a head that tells where."""
    told = difflib.unified_diff(text_of(number, shipped=True).splitlines(), text.splitlines(), lineterm="", n=0)
    found = []
    for line in list(told)[2:]:
        if line.startswith("@@"):
            at = re.search(r"\+(\d+)", line)
            found.append(_("第 {0} 行").format(at[1] if at else ""))
        else:
            found.append(("－ " if line.startswith("-") else "＋ ") + line[1:])
    return found


def trial(number: str, text: str, today: date) -> bytes:
    """An empty form by this layout, as a PDF. Raises NotDrawn with the line."""
    chosen = paper(number)
    name = f"{chosen.number}.toml"
    try:
        section = layout.parse(name, text)
        if section.text("number") != chosen.number:
            raise BadLayout(name, _("“{0}”只能是 {1}").format("number", chosen.number))
        if section.text("shape") != layout.parse(name, text_of(number, shipped=True)).text("shape"):
            raise BadLayout(name, _("“{0}”不能改").format("shape"))
        _check_places(chosen.number, text)
        pages = Pages(section.text("title"), today)
        lay(pages, chosen, chosen.compose(chosen.blank()), Imprint(today, ""), lambda _done, _of: pages.count < MOST_PAGES, section)
    except BadLayout as failure:
        raise NotDrawn(_what(failure), line_of(failure, text)) from failure
    except Stopped:
        raise NotDrawn(_("一张空表排了 {0} 页还没有完，请检查行高和每页行数").format(MOST_PAGES)) from None
    missing = tuple(Missing(char, where, page) for (char, where), page in pages.missing.items())
    if missing:
        raise NotDrawn(NoGlyph(missing).text.rstrip("。"), _line_with(text, missing[0].char))
    return pages.data()


def _what(failure: BadLayout) -> str:
    return _("这一行的写法不对") if _AT_LINE.search(failure.what) else failure.what


@needs(MANAGE, REVIEW)
def keep_layout(read: Reader, number: str, text: str) -> None:
    """Keep the county's own copy on this PC, whole or not at all; the audit tells who did. Raises NotDrawn, CannotWrite, DiskFull."""
    number = paper(number).number
    trial(number, text, read.today)
    path = layout.own_path(number)
    read.mark(looks.LAYOUT, None, number)
    with sorted_trouble(path):
        make_folder(path.parent)
    write_whole(path, text.encode())


@needs(MANAGE, REVIEW)
def restore_layout(read: Reader, number: str) -> None:
    """Print as shipped again. Raises CannotWrite."""
    number = paper(number).number
    path = layout.own_path(number)
    read.mark(looks.LAYOUT, None, number)
    with sorted_trouble(path):
        path.unlink(missing_ok=True)


@needs(PLAIN)
def changed_layouts(_read: Reader) -> list[str]:
    """The papers whose layout was changed on this PC, by number."""
    return [number for number in PAPERS if changed(number)]


# ---------------------------------------------------------------- what may be filled in

def _check_places(number: str, text: str) -> None:
    """A column of a register is filled only where there are rows: a wrong name in it must be told now, not when it is printed."""
    for line, told in enumerate(text.splitlines(), 1):
        for name in _PLACES.findall(told.partition("#")[0]):
            if name not in known(number):
                raise BadLayout(f"{line}", _("没有名为“{0}”的内容可填").format(name))


@cache
def known(number: str) -> frozenset[str]:
    """Every name a layout of this paper may fill in: what the shipped one fills in, and what its values have."""
    names = set(_PLACES.findall(text_of(number, shipped=True))) | _names(Imprint, set())
    gathered = typing.get_type_hints(PAPERS[number].gather).get("return")
    return frozenset(names | _names(gathered, set()) | _names(type(PAPERS[number].blank()), set()))


def _names(kind: object, seen: set[object]) -> set[str]:
    """The fields of a class of values and of the classes in them, lists of rows above all."""
    if kind in seen:
        return set()
    seen.add(kind)
    inside = typing.get_args(kind)
    if isinstance(kind, type) and is_dataclass(kind):
        inside += tuple(typing.get_type_hints(kind).values())
    own = {name for name in dir(kind) if not name.startswith("_")} if isinstance(kind, type) and is_dataclass(kind) else set()
    own |= set(typing.get_type_hints(kind)) if isinstance(kind, type) and is_dataclass(kind) else set()
    return own.union(*(_names(one, seen) for one in inside))


# ---------------------------------------------------------------- where it is wrong

def line_of(failure: BadLayout, text: str) -> int:
    """The line a failure is about: TOML's own, else that of the table it names ('F04.toml columns 3'), and of the entry in it."""
    told = _AT_LINE.search(failure.what)
    if told:
        return int(told[1])
    if failure.where.isdecimal():
        return int(failure.where)
    lines, at, name = text.splitlines(), 0, ""
    words = failure.where.split()[1:]
    for place, word in enumerate(words):
        if not word.isdecimal():
            name = f"{name}.{word}" if name else word
            nth = int(words[place + 1]) if place + 1 < len(words) and words[place + 1].isdecimal() else 1
            at = _table(lines, name, word, nth, at)
    entry = re.search(r"“(\w+)”", failure.what)
    return _entry(lines, entry[1], at) if entry else (at + 1 if words else 0)


def _table(lines: list[str], name: str, word: str, nth: int, at: int) -> int:
    """Index of the nth table of this name after `at`, or of the entry that holds it."""
    heads = [place for place in range(at, len(lines)) if re.match(rf"\s*\[\[?{re.escape(name)}\]\]?\s*(#.*)?$", lines[place])]
    if len(heads) >= nth:
        return heads[nth - 1]
    return next((place for place in range(at, len(lines)) if re.match(rf"\s*{re.escape(word)}\s*=", lines[place])), at)


def _entry(lines: list[str], key: str, at: int) -> int:
    """Number of the line with an entry of the table at `at`; of the table itself where it has none."""
    for place in range(at, len(lines)):
        if place > at and lines[place].lstrip().startswith("["):
            break
        if re.search(rf"\b{re.escape(key)}\s*=", lines[place]):
            return place + 1
    return at + 1


def _line_with(text: str, char: str) -> int:
    return next((number for number, line in enumerate(text.splitlines(), 1) if char in line), 0)
