"""Files of alarms as makers export them: other names of columns, other forms of time, lines that cannot be read."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import openpyxl
import pytest

from gridapp.fields.kinds import BEIJING
from gridapp.spreadsheet import alarmfile


def csv(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    path = folder / "告警.csv"
    path.write_bytes(text.encode(encoding))
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_columns_are_known_by_other_names(tmp_path: Path, encoding: str) -> None:
    path = csv(tmp_path, "报警记录\n报警时间,IMEI,报警类型,安装地址,描述,告警ID\n2026-11-23 08:30:15,86001,烟雾报警,祠堂路1号,响了,A1\n2026/11/23 9:05,86002,温度过高,村口,,A2\n", encoding)
    read = alarmfile.read_alarms(path)
    first, second = read.told
    assert (first.at, first.number, first.kind, first.place, first.content, first.serial) == (
        datetime(2026, 11, 23, 8, 30, 15, tzinfo=BEIJING), "86001", "01", "祠堂路1号", "响了", "A1")
    assert (second.at.hour, second.kind, second.content) == (9, "10", "温度过高"), "a kind nobody knows is kept in words"
    assert read.refused == ()


def test_a_workbook_with_real_times_and_numbers(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    assert book.active is not None
    for row in (["告警时间", "设备编号", "内容"], [datetime(2026, 11, 23, 8, 30, 15), 860010000000015, "响了"]):
        book.active.append(row)
    path = tmp_path / "告警.xlsx"
    book.save(path)
    [told] = alarmfile.read_alarms(path).told
    assert (told.at, told.number) == (datetime(2026, 11, 23, 8, 30, 15, tzinfo=BEIJING), "860010000000015")


def test_day_and_time_in_two_columns(tmp_path: Path) -> None:
    [told] = alarmfile.read_alarms(csv(tmp_path, "日期,时刻,位置\n2026.11.23,21:05,村口\n")).told
    assert told.at == datetime(2026, 11, 23, 21, 5, tzinfo=BEIJING)


def test_lines_that_cannot_be_read_are_told_and_the_others_taken(tmp_path: Path) -> None:
    read = alarmfile.read_alarms(csv(tmp_path, "告警时间,设备编号\n昨天,1\n2026-11-23 25:10,2\n2026-11-23 08:30,\n2026-11-23 08:30,4\n"))
    assert [line for line, _why in read.refused] == [2, 3, 4] and [t.number for t in read.told] == ["4"]
    assert "昨天" in read.refused[0][1] and "没有设备编号" in read.refused[2][1]


def test_a_file_without_these_columns_is_refused_in_words(tmp_path: Path) -> None:
    with pytest.raises(alarmfile.NoAlarms, match="没有找到告警的列"):
        alarmfile.read_alarms(csv(tmp_path, "姓名,电话\n甲,1\n"))
