"""The records of the village, one class each; ENTITIES lists them by the code they have in the journal (never re-used)."""

from __future__ import annotations

from gridapp.records.act import Act
from gridapp.records.base import Record, Table
from gridapp.records.dictionaries import Dictionary
from gridapp.records.leases import Lease
from gridapp.records.patrols import Finding, Hazard, Patrol
from gridapp.records.people import Officer, Person, Tenancy
from gridapp.records.photos import Photo
from gridapp.records.places import Grid, House, Room, Village
from gridapp.records.stations import Station
from gridapp.records.tasks import Task

ENTITIES: dict[int, type[Record]] = {
    e.CODE: e for e in (Act, Village, Grid, Officer, House, Room, Person, Tenancy, Patrol, Finding, Hazard, Station, Photo, Lease, Dictionary, Task)
}
BY_NAME: dict[str, type[Record]] = {e.__tablename__: e for e in ENTITIES.values()}

__all__ = ["BY_NAME", "ENTITIES", "Act", "Dictionary", "Finding", "Grid", "Hazard", "House", "Lease", "Officer", "Patrol", "Person", "Photo",
           "Record", "Room", "Station", "Table", "Task", "Tenancy", "Village"]
