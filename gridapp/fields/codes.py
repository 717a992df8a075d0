"""Code tables (代码表): national and local ones from resources/codes, found by code or by words; places and villages."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property

from gridapp import places


def _folded(word: str) -> str:
    """Half width, lower case, without blanks: （ and ( are the same to whoever types them."""
    return "".join(unicodedata.normalize("NFKC", word).lower().split())


@dataclass(frozen=True)
class Row:
    """One code; `words` are everything people write for it."""

    code: str
    name: str
    words: tuple[str, ...]
    suggested: bool


@dataclass(frozen=True)
class CodeTable:
    """A code table by its short name."""

    name: str
    rows: tuple[Row, ...]

    @cached_property
    def _by_code(self) -> dict[str, Row]:
        return {r.code: r for r in self.rows}

    @cached_property
    def _by_word(self) -> dict[str, str]:
        words: dict[str, str] = {}
        for row in self.rows:
            for word in (row.code, row.name, *row.words):
                words.setdefault(_folded(word), row.code)
        return words

    def label(self, code: str) -> str:
        """The words for a code; an unknown one is shown as such, never dropped (a newer program wrote it)."""
        row = self._by_code.get(code)
        return row.name if row else (f"新值 {code}" if code else "")

    def find(self, text: str) -> str | None:
        """The code that this text means: a code, a name, a short form or an alias."""
        text = unicodedata.normalize("NFKC", text).strip()
        return text if text in self._by_code else self._by_word.get(_folded(text))

    def choices(self) -> list[tuple[str, str]]:
        """(code, name) for a drop-down: the suggested ones when the table marks any, in table order."""
        suggested = [r for r in self.rows if r.suggested]
        return [(r.code, r.name) for r in suggested or self.rows]


def _lines(name: str) -> Iterator[dict[str, str]]:
    with places.resource("codes", f"{name}.tsv").open(encoding="utf-8") as handle:
        lines = (line.rstrip("\n") for line in handle if line.strip() and not line.startswith("#"))
        heads = next(lines).split("\t")
        for line in lines:
            yield dict(zip(heads, line.split("\t"), strict=False))


#: columns with another word for the same code
WORDS = ("short", "short_name_on_card", "alpha2", "name_en")


@cache
def table(name: str) -> CodeTable:
    """The table in resources/codes/NAME.tsv: columns code, name, and optionally WORDS, alias (parted by |), suggest_in_ui."""
    rows = []
    for told in _lines(name):
        words = [*(told.get(head, "") for head in WORDS), *told.get("alias", "").split("|")]
        rows.append(Row(told["code"], told["name"], tuple(w for w in words if w), told.get("suggest_in_ui") == "1"))
    return CodeTable(name, tuple(rows))


@dataclass(frozen=True)
class Division:
    """A county, city or province of GB/T 2260, current or retired; `name` is the full path from the province down.

    `successors` are the codes its land has now, or had next.
    """

    code: str
    name: str
    status: str
    start_year: int | None
    end_year: int | None
    successors: tuple[str, ...] = ()


#: rows of the second level that are headings, no cities; so is everything 直辖 (省直辖县级行政单位 …)
NO_PLACES = ("市辖区", "市辖县", "县", "市")


@cache
def _divisions() -> dict[str, Division]:
    told = {row["code"]: row for row in _lines("divisions")}
    found = {}
    for code, row in told.items():
        names = [told[p]["name"] for p in (code[:2] + "0000", code[:4] + "00") if p in told and p != code]
        path = "".join(n for n in names if n not in NO_PLACES and "直辖" not in n)
        found[code] = Division(code, path + row["name"], row["status"], _year(row.get("start_year")), _year(row.get("end_year")),
                               tuple(filter(None, row.get("successor_codes", "").split(","))))
    return found


def _year(text: str | None) -> int | None:
    return int(text) if text else None


def division(code: str) -> Division | None:
    """The place of a six-digit code, None when the table does not know it."""
    return _divisions().get(code)


def became(code: str, now: str) -> bool:
    """Whether a county is, or was made into, the county `now`: 永康县 330722 and 332422 became 永康市 330784."""
    met, ahead = set[str](), [code]
    while ahead:
        one = ahead.pop()
        if one == now:
            return True
        if one not in met and (found := division(one)) is not None:
            ahead += found.successors
        met.add(one)
    return False


@cache
def _by_path() -> dict[str, str]:
    return {d.name: d.code for d in _divisions().values() if d.status == "current"}


def division_named(path: str) -> str | None:
    """The code of a current place by its full name, e.g. 浙江省金华市永康市."""
    return _by_path().get(path)


def division_shown(code: str) -> str:
    """The full name; the code behind it when the name alone leads elsewhere (retired places): 浙江省金华市永康县（330722）."""
    found = division(code)
    if found is None:
        return code
    return found.name if division_named(found.name) == code else f"{found.name}（{code}）"


def divisions() -> list[Division]:
    """All of them, by code."""
    return list(_divisions().values())


@dataclass(frozen=True)
class Village:
    """A village of the statistics office (统计用区划代码, 2023); `name` ends in 村委会, `display_name` does not."""

    code: str
    name: str
    display_name: str
    town: str
    county: str


@cache
def _villages() -> dict[str, Village]:
    return {r["code"]: Village(r["code"], r["name"], r["display_name"], r["town"], r["county"]) for r in _lines("villages")}


def village(code: str) -> Village | None:
    """The village of a twelve-digit code; villages merged after 2023 are not known."""
    return _villages().get(code)


@cache
def _towns() -> dict[str, tuple[str, str]]:
    return {r["code"]: (r["name"], r["county"]) for r in _lines("towns")}


def town(code: str) -> tuple[str, str] | None:
    """Name and county of the town (街道) with this nine-digit code: ('古山镇', '永康市')."""
    return _towns().get(code)


def named(code: str) -> str:
    """A village or a town by its code, in a word; the code itself where the tables lack it."""
    known, place = village(code), town(code)
    return known.display_name if known else place[0] if place else code
