"""The records of the village, one class each; ENTITIES lists them by the code they have in the journal (never re-used)."""

from __future__ import annotations

from gridapp.records.act import Act
from gridapp.records.alarms import Alarm, Sensor
from gridapp.records.base import Record, Table
from gridapp.records.campaigns import Campaign, Listing, Meeting, Outreach, Target
from gridapp.records.dictionaries import Dictionary
from gridapp.records.disputes import Dispute, Party, Petition, Sitting
from gridapp.records.events import Event, Push
from gridapp.records.leases import Lease
from gridapp.records.patrols import Finding, Hazard, Patrol
from gridapp.records.people import Officer, Person, Tenancy
from gridapp.records.photos import Photo
from gridapp.records.places import Grid, House, Room, Village
from gridapp.records.rounds import Duty, Offender, Route
from gridapp.records.scores import Appeal, Point, ScoreItem, ScoreSheet
from gridapp.records.sites import Inspection, Site
from gridapp.records.stations import Station
from gridapp.records.steps import Step
from gridapp.records.tasks import Task

ENTITIES: dict[int, type[Record]] = {
    e.CODE: e for e in (
        Act, Village, Grid, Officer, House, Room, Person, Tenancy, Patrol, Finding, Hazard, Station, Photo, Lease, Dictionary, Task,
        Site, Inspection, Step, Route, Duty, Offender, Sensor, Alarm, Event, Push, Dispute, Party, Sitting, Petition,
        Campaign, Target, Outreach, Meeting, Listing, ScoreSheet, ScoreItem, Point, Appeal)
}
BY_NAME: dict[str, type[Record]] = {e.__tablename__: e for e in ENTITIES.values()}

__all__ = ["BY_NAME", "ENTITIES", "Act", "Alarm", "Appeal", "Campaign", "Dictionary", "Dispute", "Duty", "Event", "Finding", "Grid", "Hazard", "House",
           "Inspection", "Lease", "Listing", "Meeting", "Offender", "Officer", "Outreach", "Party", "Patrol", "Person", "Petition", "Photo", "Point", "Push",
           "Record", "Room", "Route", "ScoreItem", "ScoreSheet", "Sensor", "Site", "Sitting", "Station", "Step", "Table", "Target", "Task", "Tenancy", "Village"]
