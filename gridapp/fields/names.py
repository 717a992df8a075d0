"""Names: the one dot U+00B7, no stray blanks, fifty characters and more than the old code pages know."""

from __future__ import annotations

import re
import unicodedata

from gridapp.errors import Mark
from gridapp.texts import _

#: counted in characters; the ID card holds 15 UTF-16 units, longer minority names are cut on its chip
MAX = 100
#: what the data items of the police hold (GB/T 31000: c50); a longer name is kept and told
REPORTED = 50
DOT = "\u00b7"
#: dots people type or fonts offer instead of U+00B7
LOOK_ALIKES = "\u2022\u30fb\u2027\u22c5\u2219\uff65\u0387\u16eb\u25cf\u2024\u318d\u2e31\u2e33"
_HAN = r"[\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
_HAN_ONLY = re.compile("[\u4e00-\u9fff]+")
_DOT_BETWEEN = re.compile(rf"(?<={_HAN})\s*[.\uff0e]\s*(?={_HAN})")


def tidy(raw: str) -> str:
    """NFC, one kind of dot, half-width Latin; no blanks inside Chinese names, single ones inside Latin names."""
    if _HAN_ONLY.fullmatch(raw):  # as 19 of 20 are: nothing to tidy
        return raw
    text = "".join(c for c in re.sub(r"\s+", " ", raw) if unicodedata.category(c) not in ("Cc", "Cf", "Cs"))
    text = "".join(chr(ord(c) - 0xFEE0) if 0xFF01 <= ord(c) <= 0xFF5E and c != "\uff0e" else c for c in text)
    text = unicodedata.normalize("NFC", text).translate(dict.fromkeys(map(ord, LOOK_ALIKES), DOT))
    text = re.sub(r"\s+", " ", _DOT_BETWEEN.sub(DOT, text)).strip()
    if re.search(_HAN, text):
        text = re.sub(rf"(?<={_HAN}) (?={_HAN})|\s*{DOT}\s*", lambda m: DOT if DOT in m[0] else "", text)
    return text


def check(name: str) -> tuple[Mark, ...]:
    """Remarks on a tidied name: far too long blocks; longer than can be reported and lost characters warn; odd ones are noted."""
    if len(name) > MAX:
        return (Mark("name", "block", "too-long", _("姓名最多 {0} 个字，现在是 {1} 个字。").format(MAX, len(name))),)
    if len(name) > REPORTED:
        text = _("姓名有 {0} 个字。公安的数据项最多 {1} 个字，报送时请另行说明。").format(len(name), REPORTED)
        return (Mark("name", "warn", "long-name", text),)
    private = [c for c in name if 0xE000 <= ord(c) <= 0xF8FF or ord(c) >= 0xF0000]
    if private:
        text = _("“{0}”是自造字（U+{1:04X}），别的电脑认不出。请用输入法重新输入这个字。").format(private[0], ord(private[0]))
        return (Mark("name", "warn", "private-character", text),)
    lost = re.search(r"[?\ufffd\u25a1\u25a0\u3013]", name)
    if lost:
        text = _("姓名里的“{0}”多半是一个没能转换过来的字。请看证件，用输入法重新输入。").format(lost[0])
        return (Mark("name", "warn", "lost-character", text),)
    if re.search(r"[0-9<>=@#$%^*{}\[\]\\|]", name):
        return (Mark("name", "note", "odd-character", _("姓名里有数字或符号，请看证件核对。")),)
    return ()
