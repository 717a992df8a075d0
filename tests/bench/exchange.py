"""What a hand-over costs: bytes in the file, making it, looking at it, taking it in; beside it the same rows through other formats and
the bare rows into SQLite and PostgreSQL, all in one run."""

from __future__ import annotations

import argparse
import gc
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from gridapp.ledger import Ledger
from tests import ledgers, postgres
from tests.bench import handing, hubbed, peers, peers_raw, sample
from tests.bench.figures import Figure
from tests.bench.handing import Made, Stations, Taken
from tests.bench.sample import Clocked

RUNS = 3
#: people of the measurements that are done several times; `--people` is for the first load of a new PC
MOST = 100_000
CHANGED, FEW = 10_000, 1_000


def exchange(folder: Path, told: argparse.Namespace) -> list[Figure]:
    count, who = min(told.people, MOST), handing.stations()
    run = _Run(folder, count, who)
    return [*run.first_load(), *run.corrections(), *run.hub(), *run.beside(), *run.linear(), *(_million(folder, told.people, who) if told.people > MOST else [])]


def _usual(times: Iterable[float | Clocked]) -> float:
    """The median, by the wall's clock."""
    return statistics.median(t.wall if isinstance(t, Clocked) else t for t in times)


def _against(taken: Sequence[Clocked], bare: Sequence[Clocked]) -> str:
    """How many times the bare rows, by both clocks: on a busy machine the second is the steadier one."""
    mine, least = (statistics.median(t.cpu for t in times) for times in (taken, bare))
    return f"{_usual(taken):.2f} s = {_usual(taken) / _usual(bare):.2f} × the bare rows ({mine / least:.2f} × by CPU time)"


@dataclass
class _Run:
    """One village that hands over to an office, again and again."""

    folder: Path
    count: int
    who: Stations

    # -- everything, into a ledger that holds nothing ------------------------------------------------------

    def first_load(self) -> list[Figure]:
        sample.filled(self.folder / "village.grid", self.count).close()
        made, looked, bare, plain, taken = list[float](), list[float](), list[Clocked](), list[Clocked](), list[Taken]()
        with ledgers.reopen(self.folder / "village.grid") as village:
            for run in range(RUNS):
                self.parcel = handing.make(village, self.folder / f"first{run}.wsb", (), self.who)
                made.append(self.parcel.seconds)
            writes, digest, self.known = peers_raw.everything(village), village.digest(), handing.heads(village)
            for run in range(RUNS):
                gc.collect()
                with sample.empty(self.folder / f"office{run}.grid") as office:
                    looked.append(handing.preview(office, self.parcel, self.who))
                    taken.append(handing.take(office, self.parcel, self.who))
                    assert office.digest() == digest, "what was taken in is not what was handed over"
                bare.append(peers_raw.encrypted(self.folder / f"bare{run}.grid", writes))
                plain.append(peers_raw.plain(self.folder / f"plain{run}.db", village, writes))
            costs = handing.costs(self.parcel, self.who)
        rows = _usual([t.rows for t in taken])
        people = f"{self.count:,} people"
        return [
            Figure("exchange: a person in the file, signed and encrypted", f"{self.parcel.size / self.count:.1f} bytes ({people} × 15 fields)",
                   "", "≤ 55 bytes"),
            Figure(f"exchange: file of {people}", f"{_usual(made):.2f} s = {self.count / _usual(made):,.0f} people/s"),
            Figure(f"exchange: preview of {people}", f"{_usual(looked):.2f} s"),
            Figure(f"exchange: {people} taken in", f"{_against([t.rows for t in taken], bare)}; {rows / _usual(plain):.2f} × unencrypted ones",
                   f"bare rows and journal rows, encrypted engine {_usual(bare):.2f} s, plain sqlite3 {_usual(plain):.2f} s", "≤ 2.5 × the bare rows"),
            _indexed(people, taken),
            Figure("exchange: cryptography of it", f"{costs.cryptography() / rows:.1%} (file hash {costs.file:.3f} s, age {costs.age:.3f} s,"
                   f" signatures {costs.signatures:.3f} s)", f"hash chain of the entries {costs.chain / rows:.1%}, unpacking {costs.unpacking / rows:.1%}",
                   "≤ 3 %"),
        ]

    # -- corrections of what both hold ---------------------------------------------------------------------

    def corrections(self) -> list[Figure]:
        changed = min(CHANGED, self.count // 2)
        office = self.folder / "office0.grid"
        with _again(self.folder / "village.grid", self.folder / "changed.grid") as village:
            sample.correct_some(village, changed)
            made = [handing.make(village, self.folder / f"edits{run}.wsb", self.known, self.who) for run in range(RUNS)]
            told, digest = sample.corrections(sample.ids(village, changed), 3), village.digest()
        looked, bare, taken = list[float](), list[Clocked](), list[Taken]()
        for run in range(RUNS):
            gc.collect()
            with _again(office, self.folder / f"merged{run}.grid") as merging:
                sid = _last_sid(merging)
                looked.append(handing.preview(merging, made[0], self.who))
                taken.append(handing.take(merging, made[0], self.who))
                assert merging.digest() == digest, "what was taken in is not what was handed over"
                writes = peers_raw.later(merging, sid, told)
            bare.append(peers_raw.encrypted_over(office, self.folder / f"over{run}.grid", writes))
        among = f"{changed:,} corrections among {self.count:,} people"
        return [
            Figure("exchange: a correction in the file", f"{made[0].size / changed:.1f} bytes ({sample.A_ROUND} an act)", "", "≤ 25 bytes"),
            Figure(f"exchange: file of {among}", f"{_usual([m.seconds for m in made]):.2f} s", "", "≤ 2 s"),
            Figure(f"exchange: preview of {among}", f"{_usual(looked):.2f} s", "", "≤ 3 s"),
            Figure(f"exchange: {among} taken in", _against([t.rows for t in taken], bare),
                   f"bare rows and journal rows {_usual(bare):.2f} s", "≤ 2.5 × the bare rows"),
            _indexed(among, taken, "≤ 8 s"),
            self._both_changed(made[0], changed),
            self._spread(changed),
        ]

    def _spread(self, changed: int) -> Figure:
        """Ids carry the millisecond of their birth: three years of them compress less than those of one afternoon."""
        with sample.filled(self.folder / "spread.grid", 2 * changed, spread=True) as village:
            known = handing.heads(village)
            sample.correct_some(village, changed)
            made = handing.make(village, self.folder / "spread.wsb", known, self.who)
        return Figure("exchange: a correction of people registered one by one over three years", f"{made.size / changed:.1f} bytes", "", "≤ 25 bytes")

    def _both_changed(self, made: Made, changed: int) -> Figure:
        """The same into a ledger that corrected as many people meanwhile: tables folded where both wrote."""
        with _again(self.folder / "office0.grid", self.folder / "both.grid") as both:
            sample.correct_some(both, changed, seed=4)
            taken = handing.take(both, made, self.who).whole
            clashes = both.ask(_clashes)
        return Figure(f"exchange: {changed:,} taken in where as many were corrected meanwhile", f"{taken:.2f} s with the index, {clashes:,} people with a clash",
                      "", "≤ 8 s")

    # -- the town's database -------------------------------------------------------------------------------

    def hub(self) -> list[Figure]:
        """The same two parcels into a real PostgreSQL, every run a new database."""
        taken, later, bare = list[Taken](), list[Taken](), list[float]()
        with ledgers.reopen(self.folder / "village.grid") as village:
            rows, digest = peers_raw.typed(village), village.digest()
        edits = Made(self.folder / "edits0.wsb", 0, 0)
        with postgres.server() as server:
            for _run in range(RUNS):
                gc.collect()
                with hubbed.empty(server) as hub:
                    taken.append(handing.take(hub, self.parcel, self.who))
                    assert hub.digest() == digest, "what was taken in is not what was handed over"
                    later.append(handing.take(hub, edits, self.who))
                with hubbed.tables(server) as url:
                    bare.append(peers_raw.copied(url, rows))
        whole, least, people = _usual([t.rows for t in taken]), _usual(bare), f"{self.count:,} people"
        return [
            Figure(f"exchange: {people} taken in by PostgreSQL", f"{whole:.2f} s = {whole / least:.2f} × COPY",
                   f"binary COPY of the same rows and journal rows {least:.2f} s (fsync off for both)", "≤ 3 × COPY"),
            _indexed(f"{people} by PostgreSQL", taken),
            Figure(f"exchange: {min(CHANGED, self.count // 2):,} corrections taken in by PostgreSQL, the search index too",
                   f"{_usual([t.whole for t in later]):.2f} s", f"of it the index {_usual([t.index for t in later]):.2f} s", "≤ 8 s"),
        ]

    # -- the same rows through what others offer -----------------------------------------------------------

    def beside(self) -> list[Figure]:
        rows = list(sample.people(self.count))
        changed = min(CHANGED, self.count // 2)
        changes = [(eid.bytes, name, value) for eid, values in sample.corrections([row["id"] for row in rows[::self.count // changed]][:changed])
                   for name, value in values.items()]
        figures = []
        for name, both in peers.sent(self.folder, [sample.journal_row(row) for row in rows], changes).items():
            for what, sent, count in zip(("person", "correction"), both, (self.count, changed), strict=True):
                figures.append(Figure(f"{name}: a {what}, neither signed nor encrypted, no journal",
                                      f"{sent.packed / count:.1f} bytes packed, {sent.raw / count:.1f} raw",
                                      f"made in {sent.made:.2f} s, taken in {sent.taken:.2f} s ({count:,}, plain SQLite)"))
        return figures

    # -- what exists must not matter -----------------------------------------------------------------------

    def linear(self) -> list[Figure]:
        """As many corrections, each an act of its own, in a small village and in a big one."""
        return [self._few(count) for count in dict.fromkeys((min(self.count, MOST // 10), self.count))]

    def _few(self, count: int) -> Figure:
        base, changed = self.folder / f"few{count}.grid", self.folder / f"few{count}-changed.grid"
        few, looked, taken = min(FEW, count // 2), list[float](), list[float]()
        with sample.filled(base, count) as village:
            known = handing.heads(village)
        with _again(base, changed) as village:
            sample.correct_some(village, few, together=1)
            made = [handing.make(village, self.folder / f"few{count}-{run}.wsb", known, self.who) for run in range(RUNS)]
        for run in range(RUNS):
            gc.collect()
            with _again(base, self.folder / f"few{count}-{run}.grid") as office:
                looked.append(handing.preview(office, made[run], self.who))
                taken.append(handing.take(office, made[run], self.who).whole)
        return Figure(f"exchange: {few:,} corrections, one an act, among {count:,} people",
                      f"file {_usual([m.seconds for m in made]):.2f} s, preview {_usual(looked):.2f} s, taken in {_usual(taken):.2f} s;"
                      f" {made[0].size / few:.1f} bytes each", "", "as long in a small village as in a big one")


def _indexed(what: str, taken: list[Taken], aim: str = "") -> Figure:
    """The part the bare rows do not have."""
    return Figure(f"exchange: {what} taken in, the search index too", f"{_usual([t.whole for t in taken]):.2f} s",
                  f"of it the index {_usual([t.index for t in taken]):.2f} s", aim)


def _again(source: Path, target: Path) -> Ledger:
    return ledgers.reopen(ledgers.copy(source, target))


def _last_sid(ledger: Ledger) -> int:
    found: int = peers_raw.driver_of(ledger).execute("SELECT max(sid) FROM seal").fetchone()[0]
    return found


def _clashes(read: object) -> int:
    import sqlalchemy as sa

    from gridapp.records import Person

    found: int = read.scalar(sa.select(sa.func.count()).select_from(Person).where(Person.nconf > 0))  # type: ignore[attr-defined]
    return found


def _million(folder: Path, people: int, who: Stations) -> list[Figure]:
    """The first load of a new PC as big as asked, once."""
    with sample.filled(folder / "big.grid", people) as village:
        made = handing.make(village, folder / "big.wsb", (), who)
    with sample.empty(folder / "big-office.grid") as office:
        taken = handing.take(office, made, who)
    return [Figure(f"exchange: first load of a new PC, {people:,} people",
                   f"{made.seconds + taken.whole:.0f} s: file {made.seconds:.0f} s, taken in {taken.rows.wall:.0f} s, index {taken.index.wall:.0f} s;"
                   f" {made.size / 1e6:.0f} MB", _peak(), "≤ 5 min for 1,000,000")]


def _peak() -> str:
    """The most memory this process ever had, the sample included; Windows does not tell."""
    try:
        import resource
    except ModuleNotFoundError:
        return ""
    return f"memory at most {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024:,} MB"
