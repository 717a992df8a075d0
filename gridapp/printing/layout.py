"""Reading a paper's layout file (版式文件): measures in mm, texts with {places} to fill; a county's own copy in the data folder wins."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from gridapp import places
from gridapp.errors import Mistake
from gridapp.texts import _

MM = 72 / 25.4
CONTINUED = "（续上页）"
_SIZES = {"A4": (210.0, 297.0), "A3": (297.0, 420.0), "16K": (184.0, 260.0)}
#: no measure of a paper is larger; type is not smaller; so much must be left between the margins
_LARGEST, _SMALLEST, _ROOM = 1000.0, {"size": 3.0}, 30 * MM
_PLACE = re.compile(r"\{(\w+)(?::(\w+))?\}")
_NOTHING = object()
_BLANK_DAY = "　　年　　月　　日"


class BadLayout(Mistake):
    """A layout file the county changed does not make sense."""

    def __init__(self, where: str, what: str) -> None:
        super().__init__(_("表单版式文件“{0}”有误：{1}。请改正这一处，或删除数据文件夹里的这个文件以恢复原样。").format(where, what))
        self.where, self.what = where, what


class Values:
    """What may fill the places of a layout: the first of several objects that has an attribute of that name."""

    def __init__(self, where: str, *sources: object) -> None:
        self._where = where
        self._sources = sources

    def __getitem__(self, key: str) -> object:
        for source in self._sources:
            found = getattr(source, key, _NOTHING)
            if found is not _NOTHING:
                return found
        raise BadLayout(self._where, _("没有名为“{0}”的内容可填").format(key))

    def also(self, *sources: object) -> Values:
        """The same with nearer sources in front."""
        return Values(self._where, *sources, *self._sources)

    def many(self, key: str) -> tuple[object, ...]:
        """The entries of a list such as the findings of a patrol."""
        found = self[key]
        return tuple(found) if isinstance(found, (tuple, list)) else ()


def say(value: object, form: str = "") -> str:
    """A value as a paper writes it; `年月日` gives 2026年11月23日, or blanks to fill in by hand; a number leaves room to write."""
    if form == "年月日":
        return f"{value.year}年{value.month}月{value.day}日" if isinstance(value, date) else _BLANK_DAY
    if form.isdecimal():
        return say(value) or "　" * int(form)
    if value is None:
        return ""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (tuple, list)):
        return "、".join(map(say, value))
    return str(value)


class Template:
    """A text with places to fill; what is filled in is never read as a place again."""

    def __init__(self, text: str) -> None:
        pieces = _PLACE.split(text)
        self._texts, self._keys, self._forms = pieces[0::3], pieces[1::3], pieces[2::3]
        #: most columns are one value and nothing around it
        self._alone = self._keys[0] if self._texts == ["", ""] and not self._forms[0] else ""

    def fill(self, values: Values) -> str:
        if self._alone:
            value = values[self._alone]
            return value if type(value) is str else say(value)
        out = [self._texts[0]]
        for key, form, text in zip(self._keys, self._forms, self._texts[1:], strict=True):
            out += [say(values[key], form or ""), text]
        return "".join(out)

    def __bool__(self) -> bool:
        return bool(self._texts[0] or self._keys)


@dataclass(frozen=True)
class Frame:
    """A sheet of paper and its margins, in points."""

    width: float
    height: float
    left: float
    right: float
    top: float
    bottom: float

    @property
    def across(self) -> float:
        """Width between the margins."""
        return self.width - self.left - self.right


class Section:
    """One table of a layout file, read with the type each entry must have."""

    def __init__(self, where: str, entries: dict[str, object]) -> None:
        self.where = where
        self._entries = entries

    def _take(self, key: str, kinds: tuple[type, ...], default: object) -> object:
        value = self._entries.get(key, default)
        if value is None:
            raise BadLayout(self.where, _("缺少“{0}”").format(key))
        if not isinstance(value, kinds) or isinstance(value, bool) and bool not in kinds:
            raise BadLayout(self.where, _("“{0}”的写法不对").format(key))
        return value

    def text(self, key: str, default: str | None = None) -> str:
        return str(self._take(key, (str,), default))

    def choice(self, key: str, allowed: tuple[str, ...], default: str) -> str:
        value = self.text(key, default)
        if value not in allowed:
            raise BadLayout(self.where, _("“{0}”只能是 {1}").format(key, "、".join(allowed)))
        return value

    def number(self, key: str, default: float | None = None) -> float:
        value = self._take(key, (int, float), default)
        assert isinstance(value, (int, float))
        least = _SMALLEST.get(key, 0.0)
        if not least <= value <= _LARGEST:  # not a number is neither
            raise BadLayout(self.where, _("“{0}”应在 {1:g} 到 {2:g} 之间").format(key, least, _LARGEST))
        return float(value)

    def texts(self, key: str) -> tuple[str, ...]:
        value = self._take(key, (list,), [])
        assert isinstance(value, list)
        if not all(isinstance(item, str) for item in value):
            raise BadLayout(self.where, _("“{0}”应是一列文字").format(key))
        return tuple(value)

    def template(self, key: str, default: str | None = "") -> Template:
        return Template(self.text(key, default))

    def templates(self, key: str) -> tuple[Template, ...]:
        return tuple(map(Template, self.texts(key)))

    def section(self, key: str) -> Section:
        value = self._take(key, (dict,), {})
        assert isinstance(value, dict)
        return Section(f"{self.where} {key}", value)

    def sections(self, key: str) -> list[Section]:
        value = self._take(key, (list,), [])
        assert isinstance(value, list)
        if not all(isinstance(item, dict) for item in value):
            raise BadLayout(self.where, _("“{0}”的写法不对").format(key))
        return [Section(f"{self.where} {key} {place}", item) for place, item in enumerate(value, 1)]

    def frame(self) -> Frame:
        """Page, orientation and margins."""
        page = self.choice("page", tuple(_SIZES), "A4")
        width, height = _SIZES[page]
        if self.choice("orientation", ("portrait", "landscape"), "portrait") == "landscape":
            width, height = height, width
        margins = self.section("margins")
        sides = [margins.number(side, 20) * MM for side in ("left", "right", "top", "bottom")]
        made = Frame(width * MM, height * MM, *sides)
        if min(made.across, made.height - made.top - made.bottom) < _ROOM:
            raise BadLayout(margins.where, _("页边距太大，纸上没有地方了"))
        return made


def own_path(number: str) -> Path:
    """Where the county's own copy of a paper's layout is, or would be."""
    return places.data_dir() / "papers" / f"{number}.toml"


def shipped_path(number: str) -> Path:
    """Where the layout is that came with the program."""
    return places.resource("papers", f"{number}.toml")


def path(number: str) -> Path:
    """Where a paper's layout is: the county's own copy, else the shipped one."""
    own = own_path(number)
    return own if own.exists() else shipped_path(number)


def load(number: str) -> Section:
    """A paper's layout file."""
    found = path(number)
    try:
        return parse(found.name, found.read_text("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise BadLayout(found.name, _("文件内容读不懂（{0}）").format(error)) from error


def parse(name: str, text: str) -> Section:
    """A layout as it is written, perhaps not yet saved."""
    try:
        return Section(name, tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise BadLayout(name, _("文件内容读不懂（{0}）").format(error)) from error
