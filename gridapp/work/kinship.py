"""Relations of a household (与承租人关系) seen from another of its members: what somebody's spouse or child is to the new head."""

from __future__ import annotations

from gridapp.fields import codes

HEAD, SPOUSE, CHILD, PARENT, SIBLING, RELATIVE, SHARING = "承租人", "配偶", "子女", "父母", "兄弟姐妹", "其他亲属", "同住"
KIN = frozenset({SPOUSE, CHILD, PARENT, SIBLING, RELATIVE})
#: what the new head was to the old one → what somebody was to the old one → what they are to the new one; all other kin are 其他亲属
SEEN = {SPOUSE: {HEAD: SPOUSE, CHILD: CHILD},
        CHILD: {HEAD: PARENT, SPOUSE: PARENT, CHILD: SIBLING},
        PARENT: {HEAD: CHILD, PARENT: SPOUSE, SIBLING: CHILD},
        SIBLING: {HEAD: SIBLING, PARENT: PARENT, SIBLING: SIBLING},
        RELATIVE: {}}


def code_of(name: str) -> str | None:
    """The code of a relation by its name; None where the county's table has none such."""
    return codes.table("relation").find(name)


def name_of(code: str | None) -> str:
    return codes.table("relation").label(code) if code else ""


def is_head(code: str | None) -> bool:
    return code is not None and code == code_of(HEAD)


def seen_from(new: str | None, was: str | None) -> str | None:
    """What somebody who `was` this to the old head is to the head who was `new` to him; codes. A relation this program does not know stays."""
    head, member = name_of(new), name_of(was)
    if head in KIN:
        told = SEEN[head].get(member, RELATIVE) if member in KIN or member == HEAD else member
    elif member == HEAD:
        told = head or SHARING
    else:
        told = SHARING if member in KIN else member
    return code_of(told) or was
