"""A peaceful village (平安村): sites and inspections, hazards to their closing, rounds, alarms, events, disputes, campaigns and score-cards."""

from __future__ import annotations

from alembic import op

from gridapp.ledger.newtables import add_columns, columns, new_index, new_table

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    new_table("site", ["kind"], *columns(
              "kind:text name:text address:text grid:link keeper:text phone:text licence:text trade:text staff:whole area:whole "
              "floors:whole sleeping:yes dangerous:yes appraisal:text appraised_on:day appraiser:text registered_on:day remark:text let:yes"))
    new_table("inspection", ["day", "house,day,deleted,nobody_home,scope", "site,day,deleted,nobody_home,scope", "patrol"], *columns(
              "day:day house:link site:link checklist:text edition:whole answers:text kind:text people:text with_whom:text start:text "
              "nobody_home:yes remark:text on_paper:yes patrol:link"))
    new_table("step", ["matter"], *columns(
              "matter:link machine:text step:text state:text day:day who:text unit:text note:text number:text due_on:day officer:link"))
    new_table("route", [], *columns(
              "name:text points:text shift:text every_days:whole team:text grid:link remark:text"))
    new_table("duty", ["day", "site"], *columns(
              "day:day site:link place:text start:text end:text people:text persuaded:whole passed:whole helmets:whole overloaded:whole "
              "wrong_way:whole unlicensed:whole leaflets:whole remark:text"))
    new_table("offender", ["duty"], *columns(
              "duty:link name:text what:text employer:text times:whole remark:text"))
    new_table("sensor", ["number", "house", "site"], *columns(
              "number:text kind:text house:link room:link site:link place:text vendor:text installed_on:day remark:text"))
    new_table("alarm", ["at", "sensor", "house", "serial", "verdict"], *columns(
              "at:moment sensor:link number:text kind:text house:link site:link place:text content:text source:text serial:text "
              "verdict:text judged_on:day judged_by:text note:text hazard:link event:link"))
    new_table("event", ["number", "day", "house", "site", "linked"], *columns(
              "number:text title:text kind:text source:text grade:text scale:text day:day time:text house:link site:link place:text "
              "content:text people:whole teller:text teller_phone:text platform:text state:text due_on:day result:text done_on:day "
              "rating:text police:yes alarm:link linked:link"))
    new_table("push", [], *columns(
              "event:link recipient:text sent_on:day due_on:day received_on:day receiver:text answered_on:day answer:text contact:text"))
    new_table("dispute", ["number", "found_on", "house", "state", "perform_by", "linked"], *columns(
              "number:text title:text category:text source:text found_on:day place:text house:link scale:text people:whole content:text "
              "claim:text amount:whole risk:text mediators:text accepted_on:day state:text agreed_on:day agreement:text "
              "agreement_no:text perform:text perform_by:day performed_on:day court:text court_on:day visit_by:day papers:text "
              "archived_on:day linked:link petition:link result:text"))
    new_table("party", ["matter", "id_no", "person"], *columns(
              "matter:link side:text name:text sex:text ethnic:text age:whole id_no:text phone:text work:text address:text person:link "
              "agent:text"))
    new_table("sitting", ["matter"], *columns(
              "matter:link kind:text day:day start:text end:text place:text mediators:text present:text content:text result:text "
              "performed:yes"))
    new_table("petition", ["number", "came_on", "due_on", "state", "linked"], *columns(
              "number:text title:text way:text came_on:day content:text people:whole leader:text team:text due_on:day state:text "
              "risk:text result:text done_on:day linked:link"))
    new_table("campaign", ["start", "end"], *columns(
              "title:text theme:text start:day end:day content:text goal:text unit:text leader:text checklist:text choice:text "
              "report:text ended_on:day"))
    new_table("target", ["campaign", "house", "site", "officer"], *columns(
              "campaign:link house:link site:link officer:link due_on:day excused:text"))
    new_table("outreach", ["day", "campaign"], *columns(
              "day:day start:text place:text topic:text forms:text people:text partners:text audience:whole leaflets:whole content:text "
              "campaign:link recorder:text"))
    new_table("meeting", ["day", "about"], *columns(
              "day:day start:text kind:text place:text chair:text recorder:text invited:whole came:whole present:text topics:text "
              "summary:text decisions:text about:link"))
    new_table("listing", ["day", "about", "due_on", "state", "house", "site"], *columns(
              "kind:text unit:text by:text day:day reason:text about:link problems:text measures:text due_on:day report:text state:text "
              "accepted_by:text accepted_on:day verdict:text house:link site:link"))
    new_table("score_sheet", ["since"], *columns(
              "name:text version:whole period:text since:day total:whole excellent:whole good:whole passing:whole note:text"))
    new_table("score_item", ["sheet"], *columns(
              "sheet:link no:whole heading:text text:text points:whole formula:text figure:text target:whole each:whole most:whole "
              "veto:yes"))
    new_table("point", ["item", "village", "evidence"], *columns(
              "item:link village:text period:text day:day taken:whole bonus:yes reason:text evidence:link by:text answer:text "
              "answered_on:day reversed:yes"))
    new_table("appeal", ["item", "point"], *columns(
              "item:link period:text point:link text:text day:day by:text"))
    add_columns("patrol", ["route_walked,day,deleted"],
              "shift:text route_walked:link")
    add_columns("hazard", ["kind", "site", "inspection"],
              "kind:text site:link inspection:link item:text signed_on:day signed_by:text told_on:day told_note:text referred_on:day "
              "referred_to:text listed_on:day listed_by:text")
    add_columns("photo", [],
              "stage:text")
    for table, old in (("hazard", "state"), ("tenancy", "person")):
        op.drop_index(op.f(f"ix_{table}_{old}"), table)
    new_index("hazard", "state,due_on,deleted,degree,house,site", "ix_hazard_standing")
    new_index("event", "state,due_on,deleted,id", "ix_event_standing")
    new_index("push", "event,answered_on,due_on,deleted", "ix_push_waiting")
    new_index("tenancy", "person,scope,end,deleted,start")
    new_index("hazard", "place")
    new_index("tenancy", "start,person,scope,deleted", "ix_tenancy_start_open", '"end" IS NULL')
    new_index("tenancy", "start", "ix_tenancy_start_unreported", "reported_on IS NULL")
    new_index("tenancy", "end", "ix_tenancy_end_unreported", 'end_reported_on IS NULL AND "end" IS NOT NULL')
    new_index("person", "permit_until")
    new_index("person", "scope,closed_on,deleted,into,id,registered_on,reported_on,living_kind,permit", "ix_person_counted")
    new_index("person", "id,scope,closed_on,deleted,into,registered_on,reported_on,living_kind,name", "ix_person_standing")
    new_index("house", "address")
    new_index("person", "registered_on,scope,id,into,deleted", "ix_person_without_permit", "permit IS NOT {yes} AND closed_on IS NULL")
