"""Somebody is forgotten by law: no page of the file, no photo, draft, index or log still holds them, and what is out of reach is said (W1)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from gridapp.ledger import Ledger
from gridapp.ledger.home import FileHome
from gridapp.records import Photo
from gridapp.store.photos import hash_of
from gridapp.work import forgetting, people, tasks, tenancies
from gridapp.work.forgetting import Held, NoBasis
from gridapp.work.people import StillLiving
from tests import ledgers

NAME, NUMBER, PHONE, WORK = "司徒美兰花", ledgers.NUMBERS[0], "13957950003", "青后叶五金厂第三车间"
BASIS = "本人申请，个人信息保护法第四十七条"
PAGE, TAIL, IV, SALT = 4096, 80, 16, 16
#: how a secret may stand in a page: as text, as the index turns it round, as pinyin
MARKS = {text: text.encode() for text in (NAME, NUMBER, PHONE, WORK, NUMBER[:-1], "meilanhua", NUMBER[::-1][:8])}


def pages(ledger: Ledger) -> bytes:
    """All pages of the file and its log, decrypted: SQLCipher 4 with a raw key, each page with its own start vector before its MAC."""
    assert isinstance(ledger.home, FileHome)
    path, key, plain = ledger.path, ledger.home.key, list[bytes]()

    def opened(page: bytes, skip: int) -> bytes:
        iv = page[-TAIL:-TAIL + IV]
        return Cipher(algorithms.AES(key), modes.CBC(iv)).decryptor().update(page[skip:-TAIL])

    whole = path.read_bytes()
    plain += [opened(whole[at:at + PAGE], SALT if at == 0 else 0) for at in range(0, len(whole), PAGE)]
    log = path.with_name(path.name + "-wal")
    frames = log.read_bytes()[32:] if log.exists() else b""
    for at in range(0, len(frames), PAGE + 24):
        number, page = int.from_bytes(frames[at:at + 4], "big"), frames[at + 24:at + 24 + PAGE]
        plain.append(opened(page, SALT if number == 1 else 0))
    return b"".join(plain)


def found(ledger: Ledger) -> set[str]:
    held = pages(ledger)
    return {mark for mark, raw in MARKS.items() if raw in held}


def put_photo(act: Any, of: UUID, content: str) -> UUID:
    photo: Photo = act.add(Photo(content=content, of=of, caption=NAME))
    return photo.id


def somebody(ledger: Ledger) -> UUID:
    """Registered, corrected, housed, moved out, searched for, with a draft."""
    person = ledgers.a_person(ledger, NAME, NUMBER, phone=PHONE, workplace=WORK)
    room = ledgers.rooms_of(ledger, ledgers.a_house(ledger))[0]
    ledger.do(people.correct_person, person, remark=f"{NAME}的备注")
    ledger.undo()
    stay = ledger.do(tenancies.move_in, person, room, ledgers.TODAY).result
    ledger.do(tenancies.move_out, stay, ledgers.TODAY, "01")
    ledger.keep_draft(f"person {person}", {"phone": "1"})
    ledger.keep_draft("person", {"name": NAME})
    ledger.keep_draft("house", {"address": "祠堂路1号"})
    return person


def test_no_page_of_the_file_or_its_log_holds_them_afterwards(ledger: Ledger) -> None:
    person = somebody(ledger)
    ledgers.a_person(ledger, "王𬱟", ledgers.NUMBERS[1])
    assert found(ledger) == set(MARKS), "what is looked for is there before"
    told = forgetting.forget(ledger, person, BASIS)
    assert ledger.path.with_name(ledger.path.name + "-wal").stat().st_size == 0
    assert found(ledger) == set()
    assert (told.records, told.drafts, told.mentions) == (2, 2, ())
    assert [d.form for d in ledger.drafts()] == ["house"]
    assert ledger.search(NAME) == [] and not ledger.verify().faults
    assert ledger.search("王𬱟"), "others are still found"


def test_without_the_last_step_the_index_and_the_log_would_still_hold_them(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    person = somebody(ledger)
    monkeypatch.setattr(forgetting, "leave_nothing", lambda _writer: None)
    forgetting.forget(ledger, person, BASIS)
    assert found(ledger) != set()


def test_it_says_which_law_and_is_in_the_story_without_the_name(ledger: Ledger) -> None:
    person = somebody(ledger)
    forgetting.forget(ledger, person, BASIS)
    newest = ledger.acts(1)[0]
    assert newest.title == "依法删除人员" and NAME not in str(newest)
    assert [step for step in ledger.history(person) if NAME in str(step)] == []


def test_photos_go_unless_somebody_else_has_the_same(ledger: Ledger) -> None:
    person, other = somebody(ledger), ledgers.a_person(ledger, "王𬱟", ledgers.NUMBERS[1])
    own, shared = hash_of(b"own"), hash_of(b"shared")
    for of, content in ((person, own), (person, shared), (other, shared)):
        ledger.do(put_photo, of, content.hex())
    gone = list[bytes]()
    told = forgetting.forget(ledger, person, BASIS, gone.append, backups=["2026-11-24.backup"])
    assert gone == [own] and told.photos == 1 and told.records == 4
    assert told.backups == ("2026-11-24.backup",) and "备份" in told.beyond and "U盘" in told.beyond


def test_who_still_lives_here_or_must_be_kept_stays(ledger: Ledger) -> None:
    person = somebody(ledger)
    before = ledger.digest()
    with pytest.raises(NoBasis):
        forgetting.forget(ledger, person, " ")
    task = ledger.do(tasks.set_task, title="案件未结，依法保留", set_on=ledgers.TODAY, about="person", subject=person).result
    with pytest.raises(Held, match="案件未结"):
        forgetting.forget(ledger, person, BASIS)
    ledger.do(tasks.tick_off, task)
    stay = ledger.ask(people.person_card, person).stays[0]
    ledger.do(tenancies.cancel_move_out, stay.id)
    with pytest.raises(StillLiving):
        forgetting.forget(ledger, person, BASIS)
    assert ledger.ask(people.person_card, person).record.name == NAME and ledger.digest() != before


def test_who_was_merged_into_them_goes_too_and_whose_text_names_them_is_told(ledger: Ledger) -> None:
    from gridapp.work import merging

    person = somebody(ledger)
    twin = ledgers.a_person(ledger, NAME, ledgers.NUMBERS[2])
    ledger.do(merging.merge_people, person, twin)
    house = ledgers.a_house(ledger, "QHY0002", owner_name=NAME)
    told = forgetting.forget(ledger, person, BASIS)
    assert told.records == 3 and {m[:2] for m in told.mentions} == {("house", house)}
