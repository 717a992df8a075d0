"""Journal values in an officer's words where records link to others that are not in the register yet: names come from the parcel too."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

import sqlalchemy as sa

from gridapp.fields.field import Field, by_tag, fields_of
from gridapp.fields.kinds import Cbor, Link
from gridapp.ledger import Reader
from gridapp.records import BY_NAME, ENTITIES, Record

#: (number of the scope, entity code, id)
Key = tuple[int, int, bytes]
Values = Mapping[int, Cbor]
SOME = 500


class Phrases:
    """Words for values and names for records; what the records given link to in the register is read at once."""

    def __init__(self, read: Reader, values: Mapping[Key, Values]) -> None:
        self._read = read
        self._carried = {(ent, eid): told for (_no, ent, eid), told in values.items()}
        self._names = dict[tuple[int, bytes], str]()
        self._here = dict[tuple[int, bytes], Record]()
        self._fetch({(ent, target) for (ent, _eid), told in self._carried.items() for ent, target in _links(ENTITIES[ent], told)})

    def words(self, field: Field, value: Cbor) -> str:
        """'' for nothing; numbers of persons masked, as lists do."""
        if isinstance(field.kind, Link):
            return self._name(BY_NAME[field.kind.to].CODE, bytes(value)) if field.kind.to and isinstance(value, bytes) else ""
        return field.words(field.kind.load(value))

    def label(self, key: Key) -> str:
        """How a record is named: what it is tied to, and its own name if it has one."""
        return self._name(key[1], key[2])

    def _name(self, ent: int, eid: bytes) -> str:
        found = self._names.get((ent, eid))
        if found is None:
            self._names[ent, eid] = ""  # a link that leads back here adds nothing
            found = self._names[ent, eid] = self._made(ent, eid)
        return found

    def _made(self, ent: int, eid: bytes) -> str:
        entity, values = ENTITIES[ent], self._carried.get((ent, eid))
        if values is None:
            if (ent, eid) not in self._here:
                self._fetch({(ent, eid)})
            record = self._here.get((ent, eid))
            if record is None:
                return ""
        else:
            known = by_tag(entity)
            record = entity(**{known[t].name: known[t].kind.load(v) for t, v in values.items() if t in known})
        tied = [self._name(BY_NAME[f.kind.to].CODE, target.bytes) for n, f in fields_of(entity).items()
                if f.required and isinstance(f.kind, Link) and f.kind.to and (target := getattr(record, n)) is not None]
        own = record.label()
        return " ".join(filter(None, [*tied, *([own] if own and own != entity.TITLE else [])])) or entity.TITLE

    def _fetch(self, wanted: set[tuple[int, bytes]]) -> None:
        """Read records of the register that the parcel does not carry."""
        by_entity = dict[int, list[UUID]]()
        for ent, eid in sorted(wanted - self._carried.keys() - self._here.keys()):
            by_entity.setdefault(ent, []).append(UUID(bytes=eid))
        for ent, ids in by_entity.items():
            entity = ENTITIES[ent]
            for start in range(0, len(ids), SOME):
                for record in self._read.records(sa.select(entity).where(entity.id.in_(ids[start:start + SOME]))):
                    self._here[ent, record.id.bytes] = record


def _links(entity: type[Record], values: Values) -> list[tuple[int, bytes]]:
    to = {t: f.kind.to for t, f in by_tag(entity).items() if isinstance(f.kind, Link) and f.kind.to}
    return [(BY_NAME[to[t]].CODE, v) for t, v in values.items() if t in to and isinstance(v, bytes)]
