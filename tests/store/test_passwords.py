"""Which passwords may be chosen (promise A2), in both profiles."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from gridapp.store import passwords
from gridapp.store.passwords import ADMINISTRATOR, DENGBAO, OFFICER, WeakPassword, check, is_common, is_due, weight

SHORT, COMMON, OWN, LONG, KINDS = "太短", "太常见", "认识您的人", "太长", "三类"
OWN_WORDS = ("王建国", "wangjianguo", "青后叶村", "13867912345", "510185196707119619")


@pytest.mark.parametrize("password", [
    "blue kettle sings", "门前老槐树下三只鹅", "xK9#mQ2$vL7p", "雨天修伞 twice", "  two blanks at the ends  ", "трава зелёная зимой", "🐢🐢 walks to 县城 slowly",
    "m" + "arsh light " * 11 + "fin", "9284 7713 5502 x", "the 网格 near the old mill", "我家的猫不吃鱼 lately"])
def test_good_passwords(password: str) -> None:
    check(password, OFFICER, OWN_WORDS)


@pytest.mark.parametrize(("password", "said"), [
    ("", SHORT), ("xK9#mQ2$vL7", SHORT), ("五个字不够", SHORT), ("e\u0301" * 11, SHORT), ("m" * 129, LONG), ("一" * 129, LONG),
    ("aaaaaaaaaaaa", COMMON), ("abababababab", COMMON), ("一一一一一一", COMMON), ("123456789012", COMMON), ("password1234", COMMON),
    ("Password@2026", COMMON), ("woaini1314520", COMMON), ("qwertyuiopasdf", COMMON), ("1qaz2wsx3edc", COMMON), ("zhangwei19900101", COMMON),
    ("admin@admin123", COMMON), ("我爱你我爱你", COMMON), ("平安网格2026", COMMON), ("一句好记的话", COMMON), ("永康市古山镇", COMMON), ("13900001111", SHORT),
    ("139000011112", COMMON), ("wangge888888", COMMON), ("ＰＡＳＳＷＯＲＤ1234", COMMON), ("恭喜发财 2026!", COMMON), ("liudongrenkou", COMMON),
    ("王建国的密码12", OWN), ("WangJianGuo 77", OWN), ("青后叶村的王建国", OWN), ("my id is 19670711 ok", OWN), ("call 13867912345 now", OWN),
    ("x510185x and more", OWN)])
def test_passwords_somebody_could_guess_are_refused_in_one_sentence(password: str, said: str) -> None:
    with pytest.raises(WeakPassword) as told:
        check(password, OFFICER, OWN_WORDS)
    assert said in told.value.text and ("请" in told.value.text or "建议" in told.value.text)
    assert not password or password not in told.value.text


def test_an_administrator_needs_more() -> None:
    check("blue kettle s", OFFICER)
    with pytest.raises(WeakPassword, match="至少 15 个字符（一个汉字算两个）"):
        check("blue kettle s", ADMINISTRATOR)
    check("门前老槐树下三只", ADMINISTRATOR)


def test_a_han_character_counts_for_two_wherever_it_stands() -> None:
    assert weight("门前abc") == 7 and weight("𬱟") == 2 and weight("é") == 1 and weight("かな") == 2


def test_own_words_do_not_spoil_a_long_sentence() -> None:
    check("王建国 never liked the taste of plums", OFFICER, OWN_WORDS)


def test_ten_thousand_that_are_common() -> None:
    """The rule stands for a list: what stems and tails everybody thinks of come to, every one of them is refused."""
    stems = sorted(passwords._stems())
    tails = ("123456", "2026", "@2026", "888888", "1314520", "19900101", "abc123", "!!", "520520", "qwe123", "13800001111", "666", "!@#123", "123", "321", "1234567890", "12345678",
             "123456789", "987654321", "11111111", "66668888", "5201314", "20080808", "@123456", "147258369", "88888888", "asdfghjkl",
             "qwertyuiop", "zxcvbnm123", "@20260101", "a123456789")
    made = {stem + tail for stem, tail in product(stems, tails)} | {tail + stem for stem, tail in product(stems, tails)}
    long = {password for password in made if weight(password) >= OFFICER}
    assert len(long) >= 10_000 and len(made) >= 15_000
    assert [password for password in made if not is_common(password)] == []


def test_what_the_program_makes_is_good_and_never_the_same() -> None:
    made = {passwords.once() for _again in range(200)}
    assert len(made) == 200
    for password in made:
        check(password, ADMINISTRATOR, OWN_WORDS)


@pytest.mark.parametrize(("password", "fits"), [("blue kettle sings", False), ("Blue kettle sings", True), ("bluekettlesings7", False), ("BlueKettleSings7", True),
                                                ("门前老槐树下三只鹅", False), ("门前老槐树 kettle", False), ("门前老槐树 kettle 7", True), ("92847713-5502-83", False)])
def test_dengbao_wants_three_kinds_of_four(password: str, fits: bool) -> None:
    """GB/T 22239: 复杂度; a Han character is of the fourth kind."""
    check(password, OFFICER)
    if fits:
        check(password, OFFICER, profile=DENGBAO)
    else:
        with pytest.raises(WeakPassword, match=KINDS):
            check(password, OFFICER, profile=DENGBAO)


def test_only_dengbao_wants_another_one_after_a_time() -> None:
    made = datetime(2026, 1, 1, tzinfo=UTC)
    assert not is_due(made, made + timedelta(days=9000), "") and not is_due(made, made + timedelta(days=90), DENGBAO)
    assert is_due(made, made + timedelta(days=90, seconds=1), DENGBAO) and is_due(None, made, DENGBAO)
