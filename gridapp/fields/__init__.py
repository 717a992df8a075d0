"""What can stand in one field of a record: its kind, its label, and the rules of numbers, names, days and codes."""
