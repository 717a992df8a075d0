"""The window of 平安网格; imports gridapp, knows no table and no paper engine."""
