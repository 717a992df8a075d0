"""Bytes that are for ever: the journal's encodings, and one ledger of every version (house style 17)."""
