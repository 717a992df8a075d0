"""Bugs somebody might make in the graph, the registers, the taking in, the erasing and the undo: what is written and what it becomes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from gridapp.ledger import admission, bulk, capture, erasure, undo
from gridapp.ledger.clock import HybridClock
from gridapp.ledger.graph import Graph, placed
from gridapp.ledger.journal import Journal
from gridapp.ledger.meeting import Meeting
from gridapp.ledger.registers import Registers


@dataclass(frozen=True)
class Bug:
    """One planted bug; `harmless` says why no history can tell it from what is right."""

    name: str
    where: Callable[..., Any]
    right: str
    wrong: str
    harmless: str = ""


BUGS = (
    # who knew what
    Bug("nobody ever knew anything", Graph.saw, "self.place(write[1]).holds(self.place(other[1]))", "False"),
    Bug("everybody knew everything", Graph.saw, "self.place(write[1]).holds(self.place(other[1]))", "True"),
    Bug("inside a seal the later is known to the earlier", Graph.saw, "other[0] <= write[0]", "True"),
    Bug("the past of one parent only", placed, "past[chain] = max(past.get(chain, 0), pos)", "past[chain] = pos"),
    Bug("a chain goes on across a fork", placed, "owner == device and past.get(c) == pos", "owner == device"),
    Bug("a chain is anybody's", placed, "owner == device and past.get(c) == pos", "past.get(c) == pos",
        harmless="a chain is a run of seals each of which follows the one before: whose they are decides nothing"),
    Bug("a seal builds on one head only", Journal.ready, "sorted(scope.heads), seen", "sorted(scope.heads)[:1], seen"),
    Bug("a seal is closed without its parents as heads gone", Journal.close_seal, "[h for h in scope.heads if h not in seal.parents] + [seal_id]",
        "scope.heads + [seal_id]"),
    Bug("heads that are followed stay heads", Journal.link_in, "[h for h in scope.heads if h not in head.parents] + [seal.id]",
        "scope.heads + [seal.id]"),
    Bug("the last that came is the only head", Journal.link_in, "[h for h in scope.heads if h not in head.parents] + [seal.id]", "[seal.id]"),
    Bug("an empty open seal stays open", Journal.close_seal, "self._drop(session, scope, seal)", "pass"),
    # clocks
    Bug("the clock trusts the wall", HybridClock.stamps, "max(self.wall() << 16, self.last + 1)", "self.wall() << 16"),
    Bug("the clock is not raised by what comes in", Journal.link_in, "scope.clock.used(head.h1)", "pass"),
    # registers
    Bug("the smaller stamp is shown", Graph.rank, "return stamp[0], self", "return -stamp[0], self"),
    Bug("equal stamps are ordered by this file's own numbers", Graph.rank, "self.place(stamp[1]).id", "stamp[1].to_bytes(8, 'big')"),
    Bug("what is not shown is dropped", Registers._write_one, "self.heads[tag] = kept[1:]", "self.heads.pop(tag, None)"),
    Bug("what was written beside is overwritten", Registers._write_one, "[k for k in known if not graph.saw(stamp, (k[0], k[1]))] + [", "["),
    Bug("what was overwritten knowingly stays", Registers._write_one, "[k for k in known if not graph.saw(stamp, (k[0], k[1]))] + [",
        "[*known] + ["),
    Bug("an answer is taken for one more voice", Registers._write_one, "others is None and graph.saw(stamp, shown)", "False",
        harmless="the shorter way only: the longer one comes to the same"),
    Bug("a write in the past of what is here is one more voice", Registers._write_one, "any(graph.saw((k[0], k[1]), stamp) for k in known)",
        "False", harmless="it cannot come: what it is in the past of is taken in after it, or not at all"),
    Bug("an emptying has no stamp of its own", Registers.write, "self.over[tag] = stamp", "pass",
        harmless="a birth written here holds no emptied field; of those others might write tests/ledger/test_registers.py tells"),
    Bug("equal values are a question", Registers.differing, "any(other[2] != self.values.get(tag) for other in others)", "others"),
    Bug("a record is one question however many fields differ", Registers.clashes, "len(self.differing())", "bool(self.differing())"),
    Bug("editing what another closed is no question", Registers.clashes, "(self.edited_after_ending(graph) is not None)", "0"),
    Bug("closing what another edited is a question though he knew", Registers.edited_after_ending, "not graph.saw(ended, stamp)", "True"),
    Bug("editing a closed record knowingly is a question", Registers.edited_after_ending, "not graph.saw(stamp, ended)", "True"),
    Bug("closed at its birth does not count", Registers.edited_after_ending, "self.stamp(tag)", "self.over.get(tag)"),
    # writing here
    Bug("a change leaves no stamp", capture.later_ver, "over | {tag: list(stamp) for tag in tags}", "over"),
    Bug("an answer leaves the question counted", capture._stamp, "record.ver, record.nconf = told.ver(), told.clashes(graph)",
        "record.ver = told.ver()"),
    Bug("undo leaves the question counted", capture.change_many, "told.row.clashes(graph)", "0"),
    Bug("a yes is kept as a number", bulk.select, "bool(values[place])", "values[place]"),
    Bug("the other village's row of that id is taken", bulk.select, "AND scope = ?", "AND ? >= 0"),
    # taking in
    Bug("the open seal is not closed before taking in", Meeting.admit, "journal.close_seal(session, journal.lock(session, name))",
        "journal.lock(session, name)"),
    Bug("a gap is no matter", admission.sift, "if missing:", "if False:"),
    Bug("what follows a gap is taken", admission.sift, "told.gaps[seal.id] = missing", "told.gaps[seal.id] = missing; here[seal.id] = seal.head.h1"),
    Bug("seals are taken in the order they lie in", admission.in_order, "return ordered", "return list(seals)"),
    Bug("what was known is taken again", admission.sift, "if seal.id in here:", "if False:"),
    Bug("a clash is counted though it was open before", admission.admit, "row.nconf > before[row.key].clashes(graph)", "row.nconf > 0"),
    Bug("signatures are not looked at", admission.examine, "not signed_by(head.device, seal.id, seal.sig)", "False"),
    Bug("hashes are not looked at", admission.examine, "bytes_.root_of(seal.entries) != head.root", "False"),
    Bug("places are not looked at", admission.examine, "entry.pos != number", "False"),
    Bug("stamps are not looked at", admission.examine, "entry.hlc <= last", "False"),
    Bug("acts may be torn", admission.examine, "number == 1 and entry.txb", "False"),
    Bug("places inside an act are not looked at", admission.examine, "entry.txb not in (0, min(place + 1, bytes_.MOST_TXB))", "False"),
    # giving
    Bug("the next seal is thought to be known", Meeting.missing, "SEAL.c.pos > pos", "SEAL.c.pos > pos + 1"),
    Bug("the last known seal is given again", Meeting.missing, "SEAL.c.pos > pos", "SEAL.c.pos >= pos"),
    Bug("what is known of one scope counts for all", Meeting.missing, "have.get(name, {})", "next(iter(have.values()), {})"),
    Bug("what nobody was heard to hold is not given", Meeting.missing, "SEAL.c.chain != chain", "SEAL.c.chain < chain"),
    # erasing
    Bug("what was erased comes back with a late stick", admission.admit, "gone = erased | erasure.among(session, mentioned)", "gone = erased"),
    Bug("an erasure is not remembered", erasure.note, "session.execute(sa.insert(ERASED), new)", "pass"),
    Bug("erasing leaves the journal as it was", erasure.wipe, "ENTRY.c.payload.is_not(None)", "ENTRY.c.payload.is_(None)"),
    Bug("erasing in one scope erases in all", erasure.wipe, "ENTRY.c.sid < no + 1 << shift", "ENTRY.c.sid >= 0"),
    # undo
    Bug("undo runs over what came after", undo._write_back, "not _beside(row, tag, value)", "False"),
    Bug("undo of a taking-in takes one seal back", undo._written_by, "ENTRY.c.sid.between(*merged)", "ENTRY.c.sid == merged[1]"),
    Bug("undo of a taking-in goes back to what it brought", undo._written_by, "ENTRY.c.sid < merged[0]", "ENTRY.c.sid <= merged[1]"),
    Bug("undo takes a colleague's work back", undo._own, "SEAL.c.dev == device", "sa.true()"),
    Bug("undo of a birth leaves it", undo.Reversal.back, "UNDOES_BIRTH if self.born else", "{} if self.born else"),
)
