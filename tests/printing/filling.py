"""Values for any paper, from the classes it prints: as much of everything as wished for, one text or the longest, always the same."""

from __future__ import annotations

import dataclasses
import sys
import typing
from collections.abc import Sequence
from datetime import date
from typing import Any

from gridapp.printing.charts import Chart
from gridapp.printing.listed import Entry
from gridapp.printing.papers import Paper

DAY = date(2026, 11, 23)
#: never issued: county code 510185 is younger than the birth date
NUMBER = "510185196707119619"
#: names people bear, rare characters and other scripts among them, and one that looks like markup
NAMES = ("王𬱟", "阿卜杜热合曼·买买提江·吐尔逊", "李𪐀", "NGUYỄN THỊ HUYỀN", "陈𰻞", "<b>赵&amp;</b>", "周𮯰", "洛桑")
PLAIN = "古山镇青后叶村二楼西侧疏散通道被杂物占用"
LONG = "新疆维吾尔自治区喀什地区疏附县托克扎克镇（原英吾斯坦乡）阿亚格曼干村第4村民小组128号“幸福小区”3栋2单元502室，" * 3
#: how many of everything there may be several of
_FEW = 4
AMOUNTS = {"none": 0, "one": 1, "many": 45, "longest": 3}
_LIKE = {"name": NAMES, "id_no": (NUMBER,), "phone": ("15026310431",), "house_no": ("QHY0001",), "code": ("QHY0001",), "room": ("201",), "number": ("古前黄〔2026〕第001号",),
         "sex": ("女",), "age": ("37",), "label": ("",)}
#: texts that have a few letters in life, however long others are
_SHORT = ("number", "sex", "ethnic", "id_no", "phone", "house_no", "code", "room", "age", "start", "end", "degree", "grade", "registrar", "rank", "label", "weather", "result",
          "check", "size", "records", "per_cent", "total", "done", "late", "excused", "lost", "rate", "notice_no", "agreement_no", "closed", "shut", "risk", "source",
          "category", "kind", "title", "photo", "unit", "now", "before", "change", "there", "period", "month", "grid", "place", "who", "reason", "step")


def filled(paper: Paper, amount: str) -> Any:
    """Values of the class that paper prints; `amount` is a key of AMOUNTS."""
    blank = paper.blank()
    if AMOUNTS[amount] == 0:
        return blank
    filler = _Filler(paper, amount)
    return [filler.of(type(blank[0]))] if isinstance(blank, list) else filler.of(type(blank))


class _Filler:
    """Counts on, so that names take turns."""

    def __init__(self, paper: Paper, amount: str) -> None:
        self._paper, self._many, self._long, self._turn, self._depth = paper, AMOUNTS[amount], amount == "longest", 0, 0

    def of(self, kind: type[Any]) -> Any:
        hints = typing.get_type_hints(kind)
        return kind(**{field.name: self._value(field.name, hints[field.name], field) for field in dataclasses.fields(kind) if field.init})

    def _value(self, name: str, kind: Any, field: dataclasses.Field[Any]) -> Any:
        kinds = typing.get_args(kind) or (kind,)
        if kind is str:
            return self._text(name)
        if typing.get_origin(kind) is Sequence:
            return self._several(kinds[0], field)
        if date in kinds:
            return DAY
        return 12 if int in kinds else field.default

    def _several(self, kind: Any, field: dataclasses.Field[Any]) -> Any:
        if kind is str:
            return (PLAIN[:4],)
        if kind is Entry:
            kind = sys.modules[self._paper.gather.__module__].Row  # type: ignore[attr-defined]
        if not dataclasses.is_dataclass(kind) or kind is Chart:
            return field.default
        self._depth += 1  # many houses with a few tenants, not many times many
        made = [self.of(kind) for _place in range(self._many if self._depth == 1 else min(self._many, _FEW))]
        self._depth -= 1
        return made

    def _text(self, name: str) -> str:
        self._turn += 1
        choice = _LIKE.get(name)
        if choice:
            return choice[self._turn % len(choice)]
        if name in _SHORT:
            return PLAIN[self._turn % 9:][:4]
        return LONG if self._long else PLAIN[:6 + self._turn % 14]
