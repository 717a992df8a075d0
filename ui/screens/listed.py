"""A screen around a list: filters and rows, the chosen record beside them, and the same record on a page of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any
from uuid import UUID

from PySide6.QtWidgets import QPushButton, QWidget

from gridapp.printing import press
from gridapp.texts import _
from gridapp.work import evidence
from ui.desk import Desk
from ui.lists.browse import Browse
from ui.lists.facts import Action, Actions, Detail, Facts, ForChosen, Offer, Row, allowed
from ui.lists.model import PAGE, Column, Fetch
from ui.lists.record import FURTHER, STORY, RecordPage
from ui.photos import KEYED, PhotosPage
from ui.revealing import Veil
from ui.screens.arranging import Arranging
from ui.screens.forming import Forming
from ui.widgets import button

Groups = Sequence[tuple[str, Sequence[Row]]]


@dataclass(frozen=True)
class Subject:
    """What a list is about: questions for the ledger (first parameter: a Reader) and words for the answers."""

    columns: Sequence[Column]
    #: (read) -> {filter: how many}; None: `rows` tells every filter's rows at once
    count: Callable[..., Mapping[str, int]] | None
    #: (read, filter, offset, limit) -> rows with an `id`; without `count` (read) -> {filter: all its rows}, asked aside
    rows: Callable[..., Any]
    #: (read, id) -> card with a `record`
    card: Callable[..., Any]
    facts: Callable[[Any], Facts]
    #: '{0} {1:,} 人': filter title and count
    footer: str
    filters: Mapping[str, str]
    #: card -> further cards of its own page
    groups: Callable[[Any], Groups] = field(default=lambda _card: ())
    #: card -> ids of the records that belong to it, whose stories are told with its own
    parts: Callable[[Any], Sequence[UUID]] = field(default=lambda _card: ())
    #: (read, filter, sort) -> how all rows stand (gridapp.work.ordering); None: the list is short, its pages are counted to
    arrange: Callable[..., str] | None = None
    #: the paper that lists such records, which prints chosen ones too
    paper: str = ""


@dataclass(frozen=True)
class Way(Offer):
    """A button above the list."""

    icon: str
    words: str
    run: Callable[[], object]
    key: str = ""
    primary: bool = False

    def button(self) -> QPushButton:
        return button(self.words, self.run, icon=self.icon, key=self.key, role="primary" if self.primary else "tight")


class Listed(Forming):
    """The screens of people, houses, patrols and hazards."""

    def __init__(self, desk: Desk, subject: Subject, actions: Sequence[Action], ways: Sequence[Way]) -> None:
        super().__init__(desk)
        self.subject = subject
        self.ways = ways = allowed(desk, ways)
        self.card: Any = None
        self.detail = Detail()
        self.list = Browse(subject.columns, {k: _(t) for k, t in subject.filters.items()}, [w.button() for w in ways], self.detail,
                           _("Shift+↑↓ 多选   Enter 打开"), True)
        self.list.filter_changed.connect(lambda _key: self.refresh())
        self.list.sort_changed.connect(lambda _sort: self.refresh())
        #: filter and sort of the rows that are shown
        self._stands: tuple[str, str] | None = None
        self.list.selected.connect(self._selected)
        self.list.opened.connect(lambda row: self.open_card(row.id))
        self.offers = actions = allowed(desk, actions)
        self._offered = Actions(self.list, actions, lambda: self.card)
        self.set_home(self.list)
        self.arranging = Arranging(self, self.list, getattr(subject.rows, "func", subject.rows).__name__, self.for_chosen())
        self.veil = Veil(desk)
        self.veil.revealed.connect(self._show_again)
        self.veil.covered.connect(self._show_again)
        self._story: Sequence[Any] = ()
        #: so many steps of a story are told
        self._told = STORY
        self.page = self.standing = self.make_page(actions)
        self.addWidget(self.page)

    def for_chosen(self) -> list[ForChosen]:
        """What can be done with several chosen rows; a screen may have more."""
        return [ForChosen(_("打印选中的 {0:,} 行…"), self._print_chosen, calls=press.make)] if self.subject.paper else []

    def _print_chosen(self, rows: list[Any]) -> None:
        self.show_paper(self.subject.paper, _("选中的 {0:,} 行").format(len(rows)), records=[row.id for row in rows])

    def make_page(self, actions: Sequence[Action]) -> QWidget:
        """The page of one record; a screen may have its own kind."""
        page = RecordPage(actions, self.veil)
        page.left.connect(self.back)
        page.earlier.connect(self._tell_more)
        return page

    # -- the list

    def refresh(self) -> None:
        """Ask anew: the chosen record, counts, rows (the record first: an empty list then shows none)."""
        which = self.list.which
        if self.card is not None:
            self.show_card(self.card.record.id)
        if self.subject.count is None:
            self.desk.aside.ask(self.subject.rows, then=self._all_told, lane=f"rows {id(self)}")
        elif self.subject.arrange is not None:
            self._arrange(which, self.list.sort, self.subject.arrange, self.subject.count)
        else:
            self.desk.ask(self.subject.count, then=lambda told: self._counted(told, which, partial(self._rows, which)), lane=f"count {id(self)}")

    def _all_told(self, told: Mapping[str, Sequence[Any]]) -> None:
        """Every filter's rows: pages are cut here, another filter asks anew."""
        rows = told[self.list.which]
        self._counted({which: len(some) for which, some in told.items()}, self.list.which, lambda offset, limit, then: then(rows[offset:offset + limit]), rows[:PAGE])

    def _counted(self, told: Mapping[str, int], which: str, fetch: Fetch, first: Sequence[Any] = ()) -> None:
        self.list.counts(told)
        total, title = told[which], _(self.subject.filters.get(which, ""))
        if self.currentWidget() is self.list and not total:
            self._came(None)
        self.list.load(total, fetch, self.subject.footer.format(title, total), self.nothing(title), first)

    def _arrange(self, which: str, sort: str, arrange: Callable[..., str], count: Callable[..., Mapping[str, int]]) -> None:
        """A long list: the first page at once, then how the rest stands and how many each filter shows; another look at the same rows stays in its place."""
        before, self._stands = self._stands, (which, sort)
        title = _(self.subject.filters.get(which, ""))
        end: Callable[[int], str] = lambda total: self.subject.footer.format(title, total)  # noqa: E731

        def fetch(seqs: Callable[[int, int], Sequence[int]] | None) -> Fetch:
            return lambda offset, limit, then: self._rows(which, offset, limit, then, **({"seqs": seqs(offset, limit)} if seqs else {}))

        def came(rows: Sequence[Any]) -> None:
            if len(rows) < PAGE:
                all_there(len(rows), rows)
            else:
                self.list.begin(rows, fetch(None), _("{0}：正在数一共有多少 …").format(title))
                self.desk.aside.ask(arrange, which, sort, then=arranged, lane=f"arrange {id(self)}")
            self.desk.aside.ask(count, then=self.list.counts, lane=f"count {id(self)}")

        def all_there(total: int, first: Sequence[Any] = (), seqs: Callable[[int, int], Sequence[int]] | None = None) -> None:
            if self.currentWidget() is self.list and not total:
                self._came(None)
            self.list.load(total, fetch(seqs), end(total), self.nothing(title), first)

        def arranged(told: str) -> None:
            from gridapp.work import ordering

            if self._stands != (which, sort):  # meanwhile another filter, whose few rows needed no arrangement
                return
            total, seqs = ordering.length(told), partial(ordering.numbers, told)
            if new and total >= PAGE and reckoned:
                fetch(seqs)(0, PAGE, lambda rows: self._all_at_once(rows, total, fetch(seqs), end(total)))
            elif new and total >= PAGE:
                self.list.grow(total, fetch(seqs), end(total))
            else:
                all_there(total, (), seqs)

        new = before != (which, sort)
        reckoned = any(column.reckoned and column.key == sort.removeprefix("-") for column in self.subject.columns)
        if reckoned and new:
            self.list.footer.setText(_("{0}：正在排序 …").format(title))
        if reckoned or not new and self.list.table.rows.rowCount() >= PAGE:
            self.desk.aside.ask(arrange, which, sort, then=arranged, lane=f"arrange {id(self)}")
            self.desk.aside.ask(count, then=self.list.counts, lane=f"count {id(self)}")
        else:
            self._rows(which, 0, PAGE, came)

    def _all_at_once(self, rows: Sequence[Any], total: int, fetch: Fetch, end: str) -> None:
        """A list in an order that is reckoned, from its top."""
        self.list.begin(rows, fetch, end)
        self.list.grow(total, fetch, end)

    def nothing(self, title: str) -> str:
        """What stands in an empty list."""
        empty = _("“{0}”里现在没有内容。").format(title)
        return empty + _("登记新的请按 Ctrl+N。") if any(way.key == "Ctrl+N" for way in self.ways) else empty

    def _rows(self, which: str, offset: int, limit: int, then: Callable[[Sequence[Any]], None], **more: Any) -> None:
        """Two pages may be seen at once, an even and an odd one; while the bar is dragged, older questions are dropped."""
        if self.list.sort:
            more["sort"] = self.list.sort
        self.desk.ask(self.subject.rows, which, offset, limit, then=then, lane=f"rows {id(self)} {offset // limit % 2}", **more)

    def choose(self, which: str) -> None:
        """Show the list with this filter."""
        self.came_from, self._behind = "", None
        self.back()
        if which:
            self.list.choose(which)

    def back(self) -> None:
        """The list again, at the record that was open; or that record's own page."""
        super().back()
        if self.currentWidget() is self.page and self.card is None:  # what stood there is gone
            super().back()
        if self.currentWidget() is self.page:
            self.show_card(self.card.record.id)
        elif self.card is None or not self.list.select(self.card.record.id):
            self._selected(self.list.row)

    def _selected(self, row: Any) -> None:
        """The list behind an open record or form may move; what is open stays."""
        if row is not None and self.currentWidget() is self.list:
            self.show_card(row.id)

    # -- one record

    def show_card(self, record_id: UUID) -> None:
        """Show a record beside the list, and on its page when that is in front."""
        self.desk.ask(self.subject.card, record_id, then=self._came, fail=lambda _gone: self._lost(), lane=f"card {id(self)}")

    def open_card(self, record_id: UUID) -> None:
        """Show a record on its own page, with the newest of its story."""
        self._told = STORY
        self.show_page(self.page)
        self.show_card(record_id)

    def _lost(self) -> None:
        """The record is no longer there (its registration was taken back)."""
        self._came(None)
        if self.currentWidget() is self.page:
            self.back()

    def _came(self, card: Any) -> None:
        self.card = card
        self.detail.show_facts(self.subject.facts(card) if card is not None else None)
        if card is not None:
            self.detail.show_buttons(self._offered.buttons(card))
            if self.currentWidget() is self.page:
                self.show_on_page(card)

    def show_on_page(self, card: Any) -> None:
        """Fill the page of the record, its story included."""
        def came(story: Sequence[Any]) -> None:
            self._story = story
            self.draw_page(card)

        self.stand_over(card)
        self.desk.history([card.record.id, *self.subject.parts(card)], then=came, newest=self._told + 1)

    def _tell_more(self) -> None:
        """Further back in the story."""
        self._told *= FURTHER
        if self.card is not None:
            self.show_on_page(self.card)

    def draw_page(self, card: Any) -> None:
        """Show what is known of the record; its actions get the masked card."""
        page = self.page
        assert isinstance(page, RecordPage)
        seen = self.seen(card)
        page.show_record(card, self.subject.facts(seen), self.subject.groups(seen), self._story[:self._told], len(self._story) > self._told)

    # -- masked values

    def stand_over(self, card: Any, words: str = "") -> None:
        """The line that reveals what is masked of a record; another record is masked."""
        from gridapp.work import masking

        record = card.record
        self.veil.stand_for(record.__tablename__, [record.id], masking.hidden(record), ver=record.ver, words=words)

    def seen(self, card: Any) -> Any:
        """The card as it may be shown at the moment."""
        from gridapp.work import masking

        values = self.veil.values_of(card.record.id)
        return replace(card, record=masking.revealed(card.record, values)) if values else card

    def _show_again(self) -> None:
        if self.card is not None and self.currentWidget() is self.page:
            self.draw_page(self.card)

    # -- photos

    #: what photos of these records show, each with a key of its own
    stages: Sequence[str] = KEYED

    def photo_action(self) -> Action:
        """What a record offers that may have photos."""
        return Action(_("照片"), "image", "Ctrl+I", self.show_photos, calls=evidence.photos_of)

    def show_photos(self, card: Any) -> None:
        """The photos of a record on a page of their own; who may not change it may only look."""
        page = PhotosPage(self.desk, card.record.id, card.record.label(), self.desk.can(evidence.attach_photo), self.stages)
        page.left.connect(self.back)
        self.show_page(page, passing=True)
