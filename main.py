"""平安网格: opens the window, or with --demo tells the whole story without one. Knows both halves, does nothing else."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from gridapp import places, preflight


def arguments(given: list[str] | None = None) -> argparse.Namespace:
    asked = argparse.ArgumentParser(prog="main.py", description="平安网格：流动人口和出租房屋台账")
    asked.add_argument("--ledger", type=places.place_of, help="要打开的台账文件，或镇里数据库的地址")
    asked.add_argument("--demo", nargs="?", type=Path, const=Path("gridapp-demo"), metavar="文件夹",
                       help="用示例工作簿走一遍全部工作，把台账、报告、表单和截图放进这个文件夹")
    asked.add_argument("--at", default="", help=argparse.SUPPRESS)
    asked.add_argument("--until-painted", action="store_true", help=argparse.SUPPRESS)
    return asked.parse_args(given)


def main() -> int:
    preflight.leave_no_core()
    told = arguments()
    if told.demo is not None:
        preflight.require("offscreen")
        from ui import demo

        return demo.tell(told.demo)
    preflight.require("screen")
    from ui import app

    return app.run(told.ledger, until_painted=told.until_painted, at=told.at)


if __name__ == "__main__":
    sys.exit(main())
