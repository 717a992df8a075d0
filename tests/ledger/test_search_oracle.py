"""What should be found is found: random people and places against a slow, obvious rule that knows no index and no token."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gridapp.fields import pinyin, variants
from gridapp.ledger import Ledger
from gridapp.work import invent, people, tenancies
from tests import ledgers

#: a name, an ID number, a phone, where it is
Told = tuple[str, str, str, str]
FEW = "张章单仇曾解王欧阳后李丽小明晓梅国强"
OLD = "張歐陽國強後麗"
STREETS = ("祠堂路", "后叶村", "工业区二路")
COUNT = 120
ALL = 10_000


def crowd(ledger: Ledger, chance: random.Random) -> list[Told]:
    """People with names of few characters, so that every question has several answers, in houses with like addresses."""
    rooms = []
    for number in range(1, 13):
        address = f"永康市古山镇青后叶村{chance.choice(STREETS)}{number * 7 % 13 + 1}号"
        house = ledgers.a_house(ledger, f"QHY{number:04}", address=address, owner_name="龘")
        rooms += [(room, address) for room in ledgers.rooms_of(ledger, house)]
    numbers = sorted({invent.number(chance, county, ledgers.TODAY)[0] for county in chance.choices(invent._counties(), k=COUNT)})
    return [_one(ledger, chance, number, rooms) for number in numbers]


def _one(ledger: Ledger, chance: random.Random, number: str, rooms: list[tuple[object, str]]) -> Told:
    name = "".join(chance.choice(FEW + OLD) for _place in range(chance.choice((2, 3))))
    phone = f"1{chance.choice('35')}{chance.randrange(10**4):04}{chance.randrange(10**5):05}"
    person = ledger.do(people.register_person, name=name, id_no=number, phone=phone, hukou_addr="").result
    if chance.random() < 0.3:
        return name, number, phone, ""
    room, address = chance.choice(rooms)
    ledger.do(tenancies.move_in, person, room, ledgers.TODAY)
    return name, number, phone, address


@pytest.fixture(scope="module")
def crowded(tmp_path_factory: pytest.TempPathFactory, empty_ledger: Path) -> Iterator[tuple[Ledger, list[Told]]]:
    with ledgers.reopen(ledgers.copy(empty_ledger, tmp_path_factory.mktemp("crowd") / "台账.grid")) as ledger:
        yield ledger, crowd(ledger, random.Random(7))


def named(name: str, word: str) -> bool:
    """Any part of a name as it is written, whichever form of a character; from any character on, how it sounds or its initials."""
    ways = pinyin.readings(name)
    sounds = {"".join(way[k:]) for way in ways for k in range(len(way))} | {"".join(s[0] for s in way[k:]) for way in ways for k in range(len(way))}
    return variants.simplified(word) in variants.simplified(name) or any(sound.startswith(word) for sound in sounds)


def numbered(number: str, word: str) -> bool:
    """Its beginning from three digits on, or its last three to eight."""
    return len(word) >= 3 and number.startswith(word) or 3 <= len(word) <= 8 and number.endswith(word)


def answers(told: Told, word: str) -> bool:
    name, number, phone, address = told
    if word.isdigit():
        return numbered(number, word) or numbered(phone, word)
    return named(name, word) or not word.isascii() and variants.simplified(word) in variants.simplified(address)


def _part(text: str) -> st.SearchStrategy[str]:
    return st.tuples(st.integers(0, max(0, len(text) - 1)), st.integers(1, len(text))).map(lambda at: text[at[0]:at[0] + at[1]])


def asked_of(told: Told) -> st.SearchStrategy[str]:
    """What an officer types who has this person in mind."""
    name, number, phone, address = told
    way = pinyin.readings(name)[0]
    words: list[st.SearchStrategy[str]] = [_part(name), st.sampled_from(["".join(way), "".join(s[0] for s in way), way[0] + "".join(s[0] for s in way[1:])]),
                                           st.integers(1, len("".join(way))).map(lambda end: "".join(way)[:end])]
    words += [st.integers(3, 8).map(lambda size, text=text: text[-size:]) for text in (number, phone)]  # type: ignore[misc]
    words += [st.integers(3, len(text)).map(lambda size, text=text: text[:size]) for text in (number, phone)]  # type: ignore[misc]
    if address:
        words.append(st.integers(2, 5).map(lambda size: address.rstrip("0123456789号")[-size:]))
    return st.one_of(words)


@settings(max_examples=250, deadline=None)
@given(data=st.data())
def test_nothing_that_should_match_is_missed(crowded: tuple[Ledger, list[Told]], data: st.DataObject) -> None:
    ledger, everybody = crowded
    told = data.draw(st.sampled_from(everybody), label="in mind")
    words = data.draw(st.lists(asked_of(told), min_size=1, max_size=2), label="typed")
    if len(words) > 1 and all(word.isdigit() for word in words):
        words = words[:1]  # two numbers beside each other may be one
    labels = [hit.label for hit in ledger.search(" ".join(words), ALL) if hit.entity == "person"]
    wanted = [one for one in everybody if all(answers(one, word) for word in words)]
    assert told in wanted or any(word.isascii() for word in words)
    missed = [one for one in wanted if not any(label.startswith(f"{one[0]} ") and label.split(" ")[1][-4:] == one[1][-4:] for label in labels)]
    assert missed == []


@pytest.mark.parametrize("broken", [lambda word: word + "龘", lambda word: "龘" + word])
def test_the_rule_says_no_to_what_is_nowhere(crowded: tuple[Ledger, list[Told]], broken: Callable[[str], str]) -> None:
    ledger, everybody = crowded
    for told in everybody[:20]:
        assert not any(answers(one, broken(told[0])) for one in everybody)
        assert [hit for hit in ledger.search(broken(told[0])) if hit.entity == "person"] == []


# ---------------------------------------------------------------- letters that sound alike

@pytest.mark.parametrize(("typed", "name"), [("zangsan", "张三"), ("liuna", "牛腊"), ("wangyinming", "王英明"), ("cen", "陈明"), ("shongjiang", "宋江"), ("zhl", "曾宁")])
def test_letters_that_sound_alike_find_it_when_they_may(ledger: Ledger, typed: str, name: str) -> None:
    ledgers.a_person(ledger, name)
    assert ledger.search(typed) == []
    (hit,) = ledger.search(typed, alike=True)
    assert hit.label.startswith(name) and hit.why == "姓名拼音"


def test_what_is_written_so_comes_before_what_only_sounds_so(ledger: Ledger) -> None:
    ledgers.a_person(ledger, "桑明", ledgers.NUMBERS[0])
    ledgers.a_person(ledger, "尚明", ledgers.NUMBERS[1])
    assert [hit.label[:2] for hit in ledger.search("sangming", alike=True)] == ["桑明", "尚明"]
    assert [hit.label[:2] for hit in ledger.search("shangming", alike=True)] == ["尚明", "桑明"]


def test_the_newest_comes_first_among_equals(ledger: Ledger) -> None:
    for name, number in zip(("王甲", "王乙", "王丙"), ledgers.NUMBERS, strict=False):
        ledgers.a_person(ledger, name, number)
    assert [hit.label[:2] for hit in ledger.search("王")] == ["王丙", "王乙", "王甲"]
