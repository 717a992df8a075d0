"""Pages one behind another that fill their window: how high they would like to be is nobody's business but their own."""

from __future__ import annotations

from PySide6.QtWidgets import QStackedWidget


class Stack(QStackedWidget):
    """Qt's asks every page that was ever opened, and all within it, how high it is at each width that is tried: thousands of questions for one change.

    Measured on a round through all screens: 7.4 million of them, 13 of 40 seconds. A page lays itself out with its own heights for its width all the same.
    """

    def hasHeightForWidth(self) -> bool:
        return False
