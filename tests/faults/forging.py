"""Seals that are not what their author signed, or that break the rules of the journal though somebody signed them (sync.md 4.1)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from gridapp.ledger import entries as bytes_
from gridapp.ledger.entries import Entry, Seal, SealHead
from gridapp.store.vault import Signer

Forger = Callable[[Signer, Seal], Seal]


def _signed(signer: Signer, head: SealHead, entries: list[Entry], seal: Seal) -> Seal:
    head = replace(head, device=signer.public, n=len(entries), h0=entries[0].hlc, h1=entries[-1].hlc, root=bytes_.root_of(entries))
    return Seal(head, signer.sign(head.id()), entries, seal.values[:len(entries)])


def _stamped_backwards(signer: Signer, seal: Seal) -> Seal:
    if seal.head.n == 1:
        return replace(seal, sig=bytes(64))
    return _signed(signer, seal.head, [entry._replace(hlc=seal.head.h0 - entry.pos) for entry in seal.entries], seal)


FORGERIES: tuple[Forger, ...] = (
    lambda _signer, seal: replace(seal, sig=bytes(64)),
    lambda _signer, seal: replace(seal, head=replace(seal.head, seen=[("c:330784108", bytes(32))])),
    lambda _signer, seal: replace(seal, entries=seal.entries[:-1], values=seal.values[:-1]),
    lambda _signer, seal: replace(seal, entries=[*seal.entries[:-1], seal.entries[-1]._replace(phash=bytes(32))]),
    lambda _signer, seal: replace(seal, entries=[*seal.entries[:-1], seal.entries[-1]._replace(officer=7)]),
    lambda signer, seal: _signed(signer, seal.head, [seal.entries[0]._replace(pos=2), *seal.entries[1:]], seal),
    lambda signer, seal: _signed(signer, seal.head, [seal.entries[0]._replace(txb=bytes_.MOST_TXB), *seal.entries[1:]], seal),
    lambda signer, seal: _signed(signer, seal.head, [*seal.entries[:-1], seal.entries[-1]._replace(txb=77)], seal),
    _stamped_backwards,
)
