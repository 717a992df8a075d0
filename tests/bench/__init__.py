"""Measurements, started by `python3 dev.py bench`: figures with the machine's own baseline in the same run; never a timed test."""
