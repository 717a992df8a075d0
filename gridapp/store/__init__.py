"""Bytes on disk: safe files, the key vault, the encrypted database. Knows no record."""
