"""Tests of printing: what is on paper is what is in the ledger."""
