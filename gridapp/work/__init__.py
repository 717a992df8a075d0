"""What an officer does, one function per verb; and the questions lists, cards and papers ask. Importing it makes all verbs known."""

from __future__ import annotations

from gridapp.work import deadlines, hazards, houses, intake, invent, mediations, patrols, people, petitions, registers, tenancies, village

__all__ = ["deadlines", "hazards", "houses", "intake", "invent", "mediations", "patrols", "people", "petitions", "registers", "tenancies", "village"]
