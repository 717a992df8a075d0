"""Code tables (代码表): national and local ones from resources/codes, newer editions of the town's; places and villages."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property

from gridapp.fields import tablefiles

#: how a code is shown whose words are not known here (yet), and what is read back from it
NEW = "新值"
_NEW = re.compile(NEW + r"\s*([0-9A-Za-z._-]{1,20})")
#: tables the program's own steps hang on: they are never replaced by another edition
FIXED = frozenset({"hazard_state", "event_state", "dispute_state", "petition_state", "listing_state", "score_formula", "score_period",
                   "alarm_verdict", "station_role", "station_state"})


def folded(word: str) -> str:
    """Half width, lower case, without blanks: （ and ( are the same to whoever types them."""
    return "".join(unicodedata.normalize("NFKC", word).lower().split())


@dataclass(frozen=True)
class Row:
    """One code; `words` are everything people write for it."""

    code: str
    name: str
    words: tuple[str, ...]
    suggested: bool
    #: what the columns of FURTHER say of it: (head, cell), those that are filled
    more: tuple[tuple[str, str], ...] = ()

    def told(self, head: str) -> str:
        """The cell of one of those columns, '' where it is empty."""
        return dict(self.more).get(head, "")


@dataclass(frozen=True)
class _Content:
    """What a table says: the rows in force first, then every edition whose codes may still stand in a record."""

    editions: tuple[tuple[Row, ...], ...]

    @cached_property
    def by_code(self) -> dict[str, Row]:
        found: dict[str, Row] = {}
        for row in (row for edition in self.editions for row in edition):
            found.setdefault(row.code, row)
        return found

    @cached_property
    def by_word(self) -> dict[str, str]:
        """A word an edition gives away is its code's, whatever an earlier one meant by it."""
        words: dict[str, str] = {}
        for row in (row for edition in self.editions for row in edition):
            for word in (row.code, row.name, *row.words):
                words.setdefault(folded(word), row.code)
        return words


@dataclass(frozen=True)
class CodeTable:
    """A code table by its short name; what it says follows the newest edition, so it may be kept."""

    name: str

    @property
    def _content(self) -> _Content:
        return _content(self.name, _received.get(self.name, preferred.get(self.name, _NOTHING)))

    @property
    def rows(self) -> tuple[Row, ...]:
        """Every code that is known, retired ones last."""
        return tuple(self._content.by_code.values())

    @property
    def offered(self) -> tuple[Row, ...]:
        """The codes in force."""
        return next(iter(self._content.editions), ())

    def label(self, code: str) -> str:
        """The words for a code; an unknown one is shown as such, never dropped (a newer program or table wrote it)."""
        row = self._content.by_code.get(code)
        return row.name if row else (f"{NEW} {code}" if code else "")

    def find(self, text: str) -> str | None:
        """The code that this text means: a code, a name, a short form or an alias, retired ones too; or what `label` made of an unknown one."""
        text = unicodedata.normalize("NFKC", text).strip()
        content = self._content
        found = text if text in content.by_code else content.by_word.get(folded(text))
        unknown = _NEW.fullmatch(text) if found is None else None
        return unknown[1] if unknown else found

    def choices(self) -> list[tuple[str, str]]:
        """(code, name) for a drop-down: the suggested ones when the table marks any, in table order."""
        suggested = [r for r in self.offered if r.suggested]
        return [(r.code, r.name) for r in suggested or self.offered]


def told_in(lines: Iterable[str]) -> Iterator[dict[str, str]]:
    """{head: cell} for each line of a table in text: cells parted by tabulators, the heads in the first line that is no remark."""
    told = (line.rstrip("\r\n") for line in lines if line.strip() and not line.startswith("#"))
    heads = next(told, "").split("\t")
    for line in told:
        yield dict(zip(heads, line.split("\t"), strict=False))


def _lines(name: str) -> Iterator[dict[str, str]]:
    path = tablefiles.path_of(name)
    if path is not None:
        with path.open(encoding="utf-8") as handle:
            yield from told_in(handle)


#: columns with another word for the same code
WORDS = ("short", "short_name_on_card", "alpha2", "name_en")
#: columns that say more of a code: of an item of a checklist, of a class of places, of a grade, of what weighs in a plan of visits
FURTHER = ("category", "standard", "severity", "basis", "kind", "phrase", "checklist", "days", "points", "each", "from", "most", "unit")


def rows_in(told: Iterable[dict[str, str]]) -> tuple[Row, ...]:
    """Rows of columns code, name, and optionally WORDS, FURTHER, alias (parted by |), suggest_in_ui; what is no row is left out."""
    rows: dict[str, Row] = {}
    for line in told:
        words = [*(line.get(head, "") for head in WORDS), *line.get("alias", "").split("|")]
        if line.get("code") and line.get("name"):
            more = tuple((head, line[head]) for head in FURTHER if line.get(head))
            rows.setdefault(line["code"], Row(line["code"], line["name"], tuple(w for w in words if w), line.get("suggest_in_ui") == "1", more))
    return tuple(rows.values())


@cache
def shipped(name: str) -> tuple[Row, ...]:
    """What resources/codes/NAME.tsv says; of a checklist, its newest file in resources/checklists."""
    return rows_in(_lines(name))


def names() -> tuple[str, ...]:
    """Every table an edition may be published of: a table of codes and names that no step of the program hangs on; a town's own checklists too."""
    told = (name for name in tablefiles.names() if name not in FIXED and shipped(name))
    return tuple(sorted({*told, *(name for name in _received if name.startswith(tablefiles.CHECKLIST))}))


@dataclass(frozen=True)
class Editions:
    """A table's editions as texts, newest first: those in force, and those that were taken back (their codes may stand in records)."""

    standing: tuple[str, ...] = ()
    withdrawn: tuple[str, ...] = ()


_NOTHING = Editions()
_received: Mapping[str, Editions] = {}
#: what this PC goes by where nothing was published (gridapp.fields.presets)
preferred: dict[str, Editions] = {}


def receive(editions: Mapping[str, Editions]) -> None:
    """From now on these editions count, by the name of their table; all others are the shipped ones. The ledger hands them over."""
    global _received
    _received = {name: told for name, told in editions.items() if name not in FIXED}


@cache
def _content(name: str, editions: Editions) -> _Content:
    read: list[Sequence[Row]] = [*map(_rows_of, editions.standing), shipped(name), *map(_rows_of, editions.withdrawn)]
    return _Content(tuple(tuple(rows) for rows in read if rows))


def _rows_of(text: str) -> tuple[Row, ...]:
    return rows_in(told_in(text.splitlines()))


@cache
def table(name: str) -> CodeTable:
    """The table of this short name; it must be shipped, unless it is a checklist."""
    shipped(name)
    return CodeTable(name)


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
