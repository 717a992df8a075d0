"""Help and complaints of the windowless door: in Chinese, for every verb, and with the way to write it."""

from __future__ import annotations

import re

import pytest

from gridapp.__main__ import door, main

#: Latin words that are names, not English: the verbs themselves, papers, formats
NAMES = {"gridapp", "help", "json", "pdf", "find", "postgresql", "psycopg", "smb", "https", "username", "lihong", "ctrl", "all", "gridbak",
         *(word for verb in door.commands for word in verb.split("-"))}


@pytest.mark.parametrize("verb", ["", *door.commands])
def test_help_is_chinese(verb: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*filter(None, [verb]), "--help"]) == 0
    told = capsys.readouterr().out
    assert told.startswith("用法：gridapp") and "显示这段说明" in told
    words = re.sub(r"--?[a-z-]+|\b[A-Z]{2,}\b|\b[a-z]+\.tsv\b", " ", told)
    assert {w.lower() for w in re.findall(r"[A-Za-z]{2,}", words)} <= NAMES


@pytest.mark.parametrize("verb", [name for name, command in door.commands.items() if command.params])
def test_every_option_of_a_verb_is_explained(verb: str) -> None:
    options = [p for p in door.commands[verb].params if p.param_type_name == "option"]
    assert [p.name for p in options if not getattr(p, "help", None)] == []


@pytest.mark.parametrize(("words", "said"), [
    ((), "用法：gridapp [选项] 动作 …"),
    (("nonsense",), "没有“nonsense”这个动作。可以用的有：" + "、".join(sorted(door.commands)) + "。"),
    (("find",), "缺少 TEXT。\n用法：gridapp find [选项] TEXT\n详细说明：gridapp find --help"),
    (("find", "a", "b"), "命令写得不对，请按下面的写法再试。"),
    (("find", "a", "--limit", "0"), "--limit 的内容不对，请改正。"),
    (("find", "a", "--limt", "3"), "没有 --limt 这个选项。"),
    (("print", "F04"), "缺少 -o / --out。"),
    (("new", "--village", "330784108238"), "缺少 --grid。"),
    (("find", "a"), "请用 --ledger 指明台账"),
])
def test_a_command_written_wrongly_says_how_it_is_written(words: tuple[str, ...], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*words]) == 2
    told = capsys.readouterr()
    assert said in told.err and told.out == "" and "Usage" not in told.err and "Error" not in told.err
