"""The whole story of hazards in the real window, by keyboard: served, signed, nobody home, more time, put right with photos, rechecked, closed; referred, listed, accepted."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from PySide6.QtCore import QBuffer, QByteArray, QIODevice, Qt
from PySide6.QtGui import QColor, QImage

from gridapp.fields import codes
from gridapp.records import Hazard
from gridapp.work import evidence, hazards, outreach, sites
from tests import ledgers
from tests.printing import reading
from tests.ui.test_dispute_story import fill
from tests.ui.test_disputes import shown
from ui import files
from ui.photos import PhotosPage
from ui.smaller import LONGEST, NoPicture, made_small

CONTROL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier
Key = Qt.Key


@pytest.fixture
def screen(busy: Any) -> Any:
    return busy.show("hazards")


def state(screen: Any) -> str:
    return codes.table("hazard_state").label(screen.card.record.state)


def step(office: Any, screen: Any, key: Qt.Key, after: str, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier, **told: str) -> None:
    """One step from the record's page, its form filled in; a paper that is shown then is left again; the hazard is in this state."""
    assert screen.currentWidget() is screen.page
    office.press(key, modifier, widget=screen.page)
    fill(office, screen, **told)
    if screen.currentWidget() is screen._preview:
        office.press(Key.Key_Escape)
    assert screen.currentWidget() is screen.page and state(screen) == after, shown(screen)


def found(office: Any, screen: Any, content: str, **told: str) -> None:
    """Register one by keyboard; its page is then in front."""
    office.press(Key.Key_N, CONTROL)
    fill(office, screen, kind="消防", place="祠堂路1号", content=content, finder="张浩", **told)
    assert screen.currentWidget() is screen.page and state(screen) == hazards.FOUND, shown(screen)


def picture(path: Path, width: int = 2400, height: int = 1800) -> Path:
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(QColor("#3a7"))
    image.save(str(path))
    return path


def paper(screen: Any, path: Path) -> str:
    """What the paper in front says."""
    screen._preview.save(path)
    return reading.whole(path)


def seen_in_the_house(office: Any, screen: Any, house: UUID, content: str) -> UUID:
    """Register one from the page of its house, by keyboard."""
    office.show("houses").open_card(house)
    office.settle()
    office.press(Key.Key_F7, widget=office.window.screens["houses"].page)
    fill(office, screen, kind="消防", content=content, degree="一般", finder="张浩")
    made: UUID = screen.card.record.id
    assert state(screen) == hazards.FOUND, shown(screen)
    return made


def asked_again(screen: Any) -> list[str]:
    """What the form of a recheck asks about."""
    return [name for name in screen.currentWidget().form.slots if name.startswith("passed ")]


def test_two_hazards_of_a_house_from_the_finding_to_their_closing(busy: Any, screen: Any, tmp_path: Path) -> None:
    """On one notice; at the first recheck one of them fails, and the second recheck asks about that one alone."""
    house = ledgers.a_house(busy.desk.ledger, "QHY0777", address="永康市古山镇青后叶村祠堂路7号")
    other = seen_in_the_house(busy, screen, house, "灭火器过期")
    mine = seen_in_the_house(busy, screen, house, "楼道内私拉电线给电动车充电")
    busy.press(Key.Key_F6, widget=screen.page)
    fill(busy, screen, due_on="2026-12-01", responsible="李红", phone="13857900002", **{f"demand {mine}": "拆除私拉电线", f"demand {other}": "更换"})
    assert screen.currentWidget() is screen._preview, "the notice is shown for printing"
    text = paper(screen, tmp_path / "F09.pdf")
    for said in ("古青后叶隐改〔2026〕第002号", "李红", "拆除私拉电线", "楼道内私拉电线给电动车充电", "灭火器过期"):
        assert said in text, said
    busy.press(Key.Key_Escape)
    assert state(screen) == hazards.NOTIFIED and "13857900002" not in shown(screen), "numbers are masked on the screen"
    step(busy, screen, Key.Key_F6, hazards.RECTIFYING, by="李红")
    step(busy, screen, Key.Key_F10, hazards.RECTIFYING, note="敲门无人应")
    step(busy, screen, Key.Key_F9, hazards.RECTIFYING, due_on="2026-12-08", reason="等电工")
    assert screen.card.record.due_on == date(2026, 12, 8)
    step(busy, screen, Key.Key_F3, hazards.TO_RECHECK, note="已拆除")
    busy.press(Key.Key_F7, widget=screen.page)
    assert sorted(asked_again(screen)) == sorted([f"passed {mine}", f"passed {other}"]), "both are open"
    fill(busy, screen, by="张浩", due_on="2026-12-10", **{f"passed {mine}": "2", f"note {mine}": "还有一根没拆", f"passed {other}": "1"})
    text = paper(screen, tmp_path / "F10.pdf")
    for said in ("还有一根没拆", "2026年12月10日", "灭火器过期", "☑整改合格，予以销号", "☑不合格，继续整改"):
        assert said in text, said
    busy.press(Key.Key_Escape)
    assert state(screen) == hazards.NOTIFIED
    step(busy, screen, Key.Key_F3, hazards.TO_RECHECK)
    busy.press(Key.Key_F7, widget=screen.page)
    assert asked_again(screen) == [f"passed {mine}"], "what is closed is not looked at again"
    fill(busy, screen, by="张浩", **{f"passed {mine}": "1"})
    text = paper(screen, tmp_path / "F10 2.pdf")
    assert "楼道内私拉电线给电动车充电" in text and "灭火器过期" not in text and "□不合格，继续整改" in text
    busy.press(Key.Key_Escape)
    assert state(screen) == hazards.CLOSED
    for told in ("无人在家", "敲门无人应", "延长期限", "等电工", "复查不合格", "复查合格"):
        assert told in shown(screen), told
    assert [line.step for line in screen.card.story][-1] == "复查合格"


def test_a_date_that_passed_without_a_word_is_written_down_by_its_key(busy: Any, screen: Any) -> None:
    ledger = busy.desk.ledger
    made = ledger.do(hazards.raise_hazard, place="祠堂路7号", content="灭火器过期", degree="01", finder="张浩", found_on=date(2026, 11, 1)).result
    ledger.do(hazards.serve_notice, made, date(2026, 11, 24), responsible="李红", day=date(2026, 11, 2))
    screen.choose(hazards.OVERDUE)
    busy.settle()
    screen.open_card(made)
    busy.settle()
    busy.press(Key.Key_F4, widget=screen.page)
    assert screen.currentWidget() is screen.page, "on its last day it is not overdue"
    ledger._wall.ms += 86_400_000
    screen.open_card(made)
    busy.settle()
    step(busy, screen, Key.Key_F4, hazards.LATE)
    assert [line.step for line in screen.card.story][-1] == "到期未报"
    busy.press(Key.Key_F4, widget=screen.page)
    assert screen.currentWidget() is screen.page, "once is enough"


def test_another_goes_up_is_listed_and_accepted(busy: Any, screen: Any) -> None:
    found(busy, screen, "厂房疏散通道锁闭", degree="重大")
    step(busy, screen, Key.Key_G, hazards.REFERRED, CONTROL, to="古山镇应急办")
    step(busy, screen, Key.Key_F7, hazards.LISTED, by="永康市安委办", due_on="2026-12-20")
    assert screen.card.record.due_on == date(2026, 12, 20)
    step(busy, screen, Key.Key_F7, hazards.CLOSED, by="王建国", note="通道已打开")


def test_those_above_leave_it_to_the_village(busy: Any, screen: Any) -> None:
    found(busy, screen, "消防栓被遮挡")
    step(busy, screen, Key.Key_G, hazards.REFERRED, CONTROL, to="古山镇应急办")
    step(busy, screen, Key.Key_F6, hazards.NOTIFIED, responsible="李红", note="由村里督促")
    assert screen.card.record.notice_no


def test_a_false_alarm_needs_a_reason(busy: Any, screen: Any) -> None:
    found(busy, screen, "看错了")
    busy.press(Key.Key_F9, widget=screen.page)
    busy.press(Key.Key_S, CONTROL)
    assert screen.filling and "理由" in shown(screen)
    fill(busy, screen, reason="是租户的快递")
    assert state(screen) == hazards.CANCELLED


def test_only_what_is_open_is_looked_at_again(busy: Any, screen: Any) -> None:
    """Two on one notice: the one that was put right is not asked for the second time."""
    ledger, told = busy.desk.ledger, {"place": "祠堂路1号", "degree": "01", "finder": "张浩"}
    first, second = (ledger.do(hazards.raise_hazard, content=c, **told).result for c in ("灭火器过期", "插座松动"))
    ledger.do(hazards.serve_notice, first, date(2026, 12, 1), also=[second], responsible="李红")
    screen.open_card(first)
    busy.settle()
    busy.press(Key.Key_F7, widget=screen.page)
    fill(busy, screen, by="张浩", **{f"passed {first}": "2", f"passed {second}": "1"})
    busy.press(Key.Key_Escape)
    assert state(screen) == hazards.NOTIFIED
    busy.press(Key.Key_F7, widget=screen.page)
    asked = [name for name in screen.currentWidget().form.slots if name.startswith("passed ")]
    assert asked == [f"passed {first}"]
    busy.press(Key.Key_Escape)
    assert "已销号" in shown(screen) and "插座松动" in shown(screen), "the other of the notice stands on the page"


def test_one_notice_for_all_of_a_house_and_nobody_home_for_all_on_it(busy: Any, screen: Any) -> None:
    ledger = busy.desk.ledger
    house = ledgers.a_house(ledger, "QHY0777")
    first, second = (ledger.do(hazards.raise_hazard, house=house, place="祠堂路7号", content=c, degree="01", finder="张浩").result for c in ("灭火器过期", "插座松动"))
    screen.open_card(first)
    busy.settle()
    busy.press(Key.Key_F6, widget=screen.page)
    fill(busy, screen, due_on="2026-12-01", responsible="李红", **{f"demand {first}": "更换", f"demand {second}": "拧紧"})
    busy.press(Key.Key_Escape)
    with ledger.read() as read:
        one, other = read.get(Hazard, first), read.get(Hazard, second)
        assert one.notice_no == other.notice_no and (one.demand, other.demand) == ("更换", "拧紧")
    step(busy, screen, Key.Key_F10, hazards.NOTIFIED, note="敲门无人应")
    assert [line.step for line in ledger.ask(hazards.hazard_card, second).story][-1] == "无人在家", "the other on the notice has the line, too"


def test_what_is_overdue_may_go_up(busy: Any, screen: Any) -> None:
    ledger = busy.desk.ledger
    made = ledger.do(hazards.raise_hazard, place="祠堂路7号", content="灭火器过期", degree="01", finder="张浩", found_on=date(2026, 11, 1)).result
    ledger.do(hazards.serve_notice, made, date(2026, 11, 20), responsible="李红", day=date(2026, 11, 2))
    screen.open_card(made)
    busy.settle()
    step(busy, screen, Key.Key_G, hazards.REFERRED, CONTROL, to="古山镇应急办")
    assert "到期未报" in shown(screen)


def test_photos_are_added_by_one_key_shown_and_taken_down(busy: Any, screen: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found(busy, screen, "楼道堆物")
    busy.press(Key.Key_I, CONTROL, widget=screen.page)
    page = screen.currentWidget()
    assert isinstance(page, PhotosPage) and "还没有照片" in page.told.text()
    chosen = [picture(tmp_path / "前.png"), picture(tmp_path / "前2.jpg")]
    monkeypatch.setattr(files, "several_to_read", lambda *_told: chosen)
    busy.press(Key.Key_1, ALT, widget=page)
    chosen[:] = [picture(tmp_path / "后.png")]
    busy.press(Key.Key_2, ALT, widget=page)
    kept = busy.desk.ledger.ask(evidence.photos_of, screen.card.record.id)
    assert [codes.table("photo_stage").label(p.stage) for p in kept] == ["整改前", "整改前", "整改后"] and page.list.count() == 3
    assert page.large.pixmap().width() > 100, "the chosen one is shown in large"
    page.list.setCurrentRow(2)
    busy.press(Key.Key_Delete, widget=page)
    assert page.list.count() == 2
    busy.press(Key.Key_Escape)
    assert screen.currentWidget() is screen.page and "整改前" in shown(screen)


def test_photos_that_were_left_are_not_asked_for_again(busy: Any, screen: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    found(busy, screen, "楼道堆物")
    busy.press(Key.Key_I, CONTROL, widget=screen.page)
    busy.press(Key.Key_Escape)
    asked, ask = list[Any](), busy.desk.ask
    monkeypatch.setattr(busy.desk, "ask", lambda question, *told, **more: asked.append(question) or ask(question, *told, **more))
    step(busy, screen, Key.Key_F3, hazards.TO_RECHECK, note="已清空")
    assert asked and evidence.photos_of not in asked


def test_a_file_that_is_no_picture_is_told(busy: Any, screen: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found(busy, screen, "楼道堆物")
    busy.press(Key.Key_I, CONTROL, widget=screen.page)
    page = screen.currentWidget()
    (tmp_path / "照片.heic").write_bytes(b"ftypheic" * 20)
    monkeypatch.setattr(files, "several_to_read", lambda *_told: [tmp_path / "照片.heic"])
    busy.press(Key.Key_1, ALT, widget=page)
    assert "不是能认的照片" in page.told.text() and page.list.count() == 0


def test_a_kept_photo_is_small_and_says_nothing_of_where_it_was_taken(tmp_path: Path, qapp: Any) -> None:
    path = picture(tmp_path / "大.jpg", 4000, 3000)
    marked = path.read_bytes()
    path.write_bytes(marked[:2] + b"\xff\xe1\x00\x1cExif\x00\x00GPS 28.89 N 120.05 E" + marked[2:])
    kept = made_small(path)
    image = QImage.fromData(kept)
    assert max(image.width(), image.height()) == LONGEST and b"GPS" in path.read_bytes() and b"GPS" not in kept
    see_through = QImage(10, 10, QImage.Format.Format_ARGB32)
    see_through.fill(Qt.GlobalColor.transparent)
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    see_through.save(buffer, "PNG")
    (tmp_path / "透明.png").write_bytes(bytes(data.data()))
    assert QImage.fromData(made_small(tmp_path / "透明.png")).pixelColor(5, 5).lightness() > 250
    (tmp_path / "空.jpg").write_bytes(b"")
    with pytest.raises(NoPicture):
        made_small(tmp_path / "空.jpg")


def test_sites_and_outreach_have_photos_too(busy: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ledger, path = busy.desk.ledger, picture(tmp_path / "现场.jpg")
    monkeypatch.setattr(files, "several_to_read", lambda *_told: [path])
    site = ledger.do(sites.register_site, kind="01", name="小李饭店", address="祠堂路2号").result
    told = ledger.do(outreach.log_outreach, day=ledger.today, place="工业区一路", topic="04", people="王建国", audience=60).result
    for key, record in (("sites", site), ("outreach", told)):
        screen = busy.show(key)
        screen.open_card(record)
        busy.settle()
        busy.press(Key.Key_I, CONTROL, widget=screen.page)
        busy.press(Key.Key_3, ALT, widget=screen.currentWidget())
        assert [codes.table("photo_stage").label(p.stage) for p in ledger.ask(evidence.photos_of, record)] == ["现场"], key
        busy.press(Key.Key_Escape)
        assert screen.currentWidget() is screen.page


def test_the_book_of_hazards_is_printed_for_a_period(busy: Any, screen: Any, tmp_path: Path) -> None:
    found(busy, screen, "楼道堆物")
    busy.press(Key.Key_Escape)
    busy.press(Key.Key_P, CONTROL)
    fill(busy, screen, since="2026-11-24", until="2026-11-24")
    assert "楼道堆物" in paper(screen, tmp_path / "F11.pdf")
    busy.press(Key.Key_Escape)
    busy.press(Key.Key_P, CONTROL)
    fill(busy, screen, since="2026-01-01", until="2026-11-01")
    assert "楼道堆物" not in paper(screen, tmp_path / "F11-2.pdf")


def test_earlier_ones_like_it_stand_below_the_form_and_lend_their_words(busy: Any, screen: Any) -> None:
    busy.desk.ledger.do(hazards.raise_hazard, place="祠堂路9号", content="楼道堆放杂物", degree="01", finder="张浩", kind="01", demand="三日内清空楼道")
    busy.press(Key.Key_N, CONTROL)
    form = screen.currentWidget().form
    busy.type(form, place="工业区一路", content="二楼楼道堆放杂物")
    assert "祠堂路9号" in shown(screen) and "三日内清空楼道" in shown(screen)
    busy.press(Key.Key_1, ALT)
    assert form.editor("demand").text() == "三日内清空楼道" and form.editor("kind").text() == "消防"
    busy.press(Key.Key_S, CONTROL)
    assert screen.card.record.demand == "三日内清空楼道", shown(screen)
