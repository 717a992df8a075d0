"""The ledger: opens only with its password, keeps everything encrypted, acts wholly or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from gridapp.errors import Mistake
from gridapp.ledger import Ledger
from gridapp.ledger.capture import Bypassed
from gridapp.ledger.beside import AlreadyThere
from gridapp.ledger.migrate import NewerLedger
from gridapp.ledger.reader import Acting, Refused
from gridapp.records import Person
from gridapp.store.database import Damaged, NoLedger, NotALedger
from gridapp.store.files import InUse
from gridapp.store.passwords import WeakPassword
from gridapp.store.refusals import KeysMissing, WrongPassword
from gridapp.store.slots import Vault
from gridapp.work import people
from tests import ledgers


def test_what_was_saved_is_there_tomorrow(ledger: Ledger) -> None:
    person = ledgers.a_person(ledger)
    digest = ledger.digest()
    ledger.close()
    with ledgers.reopen(ledger.path) as again:
        assert again.digest() == digest
        assert again.ask(people.person_card, person).record.name == "彭兵"


def test_no_name_or_number_is_in_the_clear_anywhere(ledger: Ledger) -> None:
    ledgers.a_person(ledger, name="阿卜杜拉·买买提")
    ledger.keep_draft("person", {"name": "草稿里的人"})
    folder = ledger.path.parent
    bytes_on_disk = b"".join(f.read_bytes() for f in folder.iterdir())
    assert len(bytes_on_disk) > 100_000
    for secret in ("阿卜杜拉", "草稿里的人", ledgers.NUMBERS[0], "register_person"):
        for coding in ("utf-8", "gb18030", "utf-16-le"):
            assert secret.encode(coding) not in bytes_on_disk
    ledger.close()
    assert b"SQLite format" not in ledger.path.read_bytes()[:100]


def test_the_wrong_password_is_told_kindly_and_changes_nothing(ledger: Ledger) -> None:
    ledger.close()
    before = ledger.path.read_bytes()
    with pytest.raises(WrongPassword) as told:
        Ledger.open(ledger.path, "something else")
    assert "密码不对" in told.value.text
    assert ledger.path.read_bytes() == before


def test_a_password_can_be_changed_without_encrypting_anew(ledger: Ledger) -> None:
    ledger.close()
    Vault.load(ledger.path).change_password(ledgers.PASSWORD, "another good phrase")
    with pytest.raises(WrongPassword):
        Ledger.open(ledger.path, ledgers.PASSWORD)
    Ledger.open(ledger.path, "another good phrase").close()


def test_a_short_password_is_refused_and_leaves_no_file(tmp_path: Path) -> None:
    with pytest.raises(WeakPassword):
        Ledger.create(tmp_path / "x.grid", "short", "王建国", "v:1")
    assert list(tmp_path.iterdir()) == []


def test_a_second_window_is_kept_out(ledger: Ledger) -> None:
    with pytest.raises(InUse):
        ledgers.reopen(ledger.path)


def test_an_existing_ledger_is_never_covered(ledger: Ledger) -> None:
    ledger.close()
    with pytest.raises(AlreadyThere):
        Ledger.create(ledger.path, ledgers.PASSWORD, "王建国", "v:1")


def test_what_is_no_ledger_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NoLedger):
        Ledger.open(tmp_path / "none.grid", ledgers.PASSWORD)
    for name, content in (("a.xlsx", b"PK\x03\x04" + bytes(4096)), ("b.txt", "不是台账".encode())):
        other = tmp_path / name
        other.write_bytes(content)
        with pytest.raises(NotALedger):
            Ledger.open(other, ledgers.PASSWORD)
    assert not (tmp_path / "none.grid").exists()


def test_a_lost_key_file_is_named_and_its_copy_used(ledger: Ledger) -> None:
    ledger.close()
    Vault.beside(ledger.path).unlink()
    ledgers.reopen(ledger.path).close()
    for copy in (Vault.beside(ledger.path), ledger.path.with_name(ledger.path.name + ".keys2")):
        copy.unlink()  # the first one was written anew from the second
    with pytest.raises((KeysMissing, NotALedger)) as told:
        Ledger.open(ledger.path, ledgers.PASSWORD)
    assert isinstance(told.value, KeysMissing) and "密钥文件" in told.value.text


@pytest.mark.parametrize("place", [100, 5000, 40_000])
def test_a_flipped_byte_is_noticed_and_the_file_left_alone(ledger: Ledger, place: int) -> None:
    ledgers.a_person(ledger)
    ledger.close()
    data = bytearray(ledger.path.read_bytes())
    data[place] ^= 0xFF
    ledger.path.write_bytes(bytes(data))
    with pytest.raises(Damaged):
        with ledgers.reopen(ledger.path) as opened:
            if opened.verify().faults:
                raise Damaged(ledger.path)
    assert ledger.path.read_bytes() == bytes(data)


def test_a_newer_ledger_is_not_guessed_at(ledger: Ledger) -> None:
    with ledger.home.writer.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    ledger.close()
    with pytest.raises(NewerLedger):
        Ledger.open(ledger.path, ledgers.PASSWORD)


def test_an_act_that_fails_leaves_nothing(ledger: Ledger) -> None:
    digest = ledger.digest()

    def half(act: Acting) -> None:
        act.add(Person(id_kind="111", name="甲", id_no=ledgers.NUMBERS[0]))
        raise Mistake("半途")

    with pytest.raises(Mistake):
        ledger.do(half)
    assert ledger.digest() == digest
    ledgers.a_person(ledger)
    assert ledger.verify().faults == ()


def test_nothing_is_written_without_an_act(ledger: Ledger) -> None:
    with pytest.raises(Bypassed), ledger.read() as read:
        read._session.add(Person(name="乙"))
        from gridapp.ledger import capture

        capture.listen(read._session)
        read._session.flush()


def test_a_missing_name_blocks_and_is_marked(ledger: Ledger) -> None:
    with pytest.raises(Refused) as told:
        ledger.do(people.register_person, id_no=ledgers.NUMBERS[0])
    assert [m.field for m in told.value.marks if m.level == "block"] == ["name"]


def test_drafts_outlive_a_crash(ledger: Ledger) -> None:
    ledger.keep_draft("person", {"name": "未写完"})
    ledger.keep_draft("person", {"name": "未写完的"})
    ledger.home.engine.dispose()
    ledger.home._lock.release()
    with ledgers.reopen(ledger.path) as again:
        assert [d.values for d in again.drafts()] == [{"name": "未写完的"}]
        again.drop_draft("person")
        assert again.drafts() == []


def test_every_connection_flushes_to_the_disk(ledger: Ledger) -> None:
    with ledger.home.engine.connect() as one, ledger.home.engine.connect() as two:
        for connection in (one, two):
            assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2
            assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
