"""What an officer does, one function per verb; and the questions lists, cards and papers ask. Importing it makes all verbs known."""

from __future__ import annotations

from gridapp.work import (deadlines, hazards, houses, inspections, intake, invent, mediations, patrols, people, petitions, registers, sites,
                          tenancies, village)

__all__ = ["deadlines", "hazards", "houses", "inspections", "intake", "invent", "mediations", "patrols", "people", "petitions", "registers",
           "sites", "tenancies", "village"]
