"""The roster of a village (F04, houses below each other) drawn by this program and by what others draw papers with: `dev.py bench papers`."""
