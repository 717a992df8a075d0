"""The program with a window: Qt set up for Chinese, fonts, input method; then the window, painted before anything heavy is loaded."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTimer, QTranslator
from PySide6.QtGui import QFontDatabase, QIcon
from PySide6.QtWidgets import QApplication

from gridapp import logs, places
from gridapp.settings import Settings
from gridapp.texts import _
from ui import crash, messages, theme
from ui.desk import Desk
from ui.jobs import Worker

NAME = "gridapp"
#: what Qt's own translation leaves in English (measured: the file dialog)
LEFT_ENGLISH = {
    "Look in:": "查找范围：", "&Look in:": "查找范围(&I)：", "Files of type:": "文件类型：", "Files of &type:": "文件类型(&T)：", "File &name:": "文件名：", "Directory:": "文件夹：", "Folder": "文件夹",
    "Computer": "计算机", "My Computer": "计算机", "Back": "后退", "Forward": "前进", "Parent Directory": "上级文件夹",
    "Create New Folder": "新建文件夹", "New Folder": "新建文件夹", "List View": "列表", "Detail View": "详细信息", "&Open": "打开",
    "&Save": "保存", "&Choose": "选择", "Cancel": "取消", "Name": "名称", "Size": "大小", "Type": "类型", "Date Modified": "修改日期",
    "Kind": "种类", "All Files (*)": "所有文件 (*)", "&Rename": "重命名", "&Delete": "删除", "Show &hidden files": "显示隐藏文件",
    "&New Folder": "新建文件夹", "Delete": "删除", "Recent Places": "最近使用", "Remove": "移除", "Save As": "另存为", "Open": "打开",
    "%1 bytes": "%1 字节", "%1 KB": "%1 KB", "%1 MB": "%1 MB", "Drive": "磁盘", "File": "文件", "File Folder": "文件夹",
    "Undo": "撤销", "&Undo": "撤销", "&Redo": "重做", "Cu&t": "剪切", "&Copy": "复制", "&Paste": "粘贴", "Select All": "全选",
    "OK": "确定", "&OK": "确定", "&Cancel": "取消", "&Yes": "是", "&No": "否", "Close": "关闭", "&Print": "打印",
    "Page &Set:": "奇偶页(&S)：", "Page &order:": "页面顺序(&O)：", "Pages &per sheet:": "每张纸的页数(&P)：",
}


class Rest(QTranslator):
    """Answers for the few texts that qtbase_zh_CN does not know.

    None means «ask the next one»; an empty string would be taken for a translation and blank every other text of Qt, names of
    paper sizes among them (a printer without a page layout was how it was found).
    """

    def translate(self, context: str, text: str, disambiguation: str | None = None, n: int = -1) -> str:
        return LEFT_ENGLISH.get(text) if context.startswith("Q") else None  # type: ignore[return-value]

    def isEmpty(self) -> bool:
        return False


def _input_method() -> None:
    """PySide6 brings no fcitx plug-in; fcitx 5 answers as IBus through its portal (qt.md 5.6)."""
    if sys.platform.startswith("linux") and os.environ.get("QT_IM_MODULE", "fcitx").startswith("fcitx"):
        plugins = Path(QLibraryInfo.path(QLibraryInfo.LibraryPath.PluginsPath), "platforminputcontexts")
        if not any(plugins.glob("*fcitx*")):
            os.environ["QT_IM_MODULE"], os.environ["IBUS_USE_PORTAL"] = "ibus", "1"


def application(settings: Settings) -> QApplication:
    """The one QApplication, in Chinese, in the chosen look."""
    _input_method()
    existing = QCoreApplication.instance()
    app = existing if isinstance(existing, QApplication) else QApplication([sys.argv[0]])
    if app.applicationName() != NAME:
        _set_up(app)
    theme.apply(app, settings.dark, settings.factor)
    return app


def _set_up(app: QApplication) -> None:
    """Once: name, style, language, font, icon."""
    app.setApplicationName(NAME)
    app.setApplicationDisplayName(_("平安网格"))
    app.setStyle("Fusion")
    QLocale.setDefault(QLocale("zh_CN"))
    known = QTranslator(app)
    known.load("qtbase_zh_CN", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath))
    for translator in (Rest(app), known):  # the last one is asked first
        app.installTranslator(translator)
    QFontDatabase.addApplicationFont(str(places.font("FormHei")))
    app.setWindowIcon(QIcon(str(places.resource("icons", "shield-check.svg"))))


def load_more_fonts() -> None:
    """The big fonts for rare characters, after the window stands."""
    for name in ("FormSong", "FormRareA", "FormRareB", "FormLatin"):
        QFontDatabase.addApplicationFont(str(places.font(name)))


def run(ledger: Path | str | None, until_painted: bool = False, at: str = "") -> int:
    """Open the window and stay until it is closed; returns the exit code. `at`: the screen where it was locked."""
    from ui.window import Window

    settings = Settings.load()
    app = application(settings)
    crash.install()
    worker = Worker()
    worker.crashed.connect(crash.caught)
    desk = Desk(worker, messages.tell)
    window = Window(desk, settings, ledger or (places.place_of(settings.ledger) if settings.ledger else None), at)
    window.show()
    if until_painted:
        app.processEvents()
        window.repaint()
        desk.close()
        return 0
    QTimer.singleShot(0, desk.get_ready)
    QTimer.singleShot(300, load_more_fonts)
    code = app.exec()
    desk.close(backup=True)
    logs.note("ended", code=code)
    return code
