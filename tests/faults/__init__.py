"""Faults: kills, torn logs, full disks, flipped bytes; run long by `python3 dev.py faults`."""
