"""平安网格: the village register without a window (storage, rules, papers, spreadsheets)."""

__version__ = "0.1.0"
