"""Stand-ins for parcels in tests of what carries them: an older one and a newer one, each with a trailer that says whether it is whole."""

from __future__ import annotations

import random
from hashlib import blake2b

from gridapp.exchange.carriers import name_of
from gridapp.exchange.carriers.carrier import PIECE

OLD, NEW = name_of("age1town", bytes(16)), name_of("age1town", bytes(range(16)))


def parcel(seed: int, size: int) -> bytes:
    body = random.Random(seed).randbytes(size)
    return body + blake2b(body, digest_size=32).digest()


def is_whole(data: bytes) -> bool:
    return len(data) > 32 and blake2b(data[:-32], digest_size=32).digest() == data[-32:]


OLDER, NEWER = parcel(1, 5000), parcel(2, 2 * PIECE + 12_345)
