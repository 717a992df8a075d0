"""Pairing (配对): a PC asks on a stick, the town compares twelve digits and answers, the PC compares the town's twelve digits.

Nobody is trusted at first sight: both digits are compared by eye or by telephone (sync.md 4.5). What a station keeps to itself lies in the
encrypted ledger: `age` its own key to open parcels, `town` the root key it believes in, `request` what it asked last, `answer` what it was
told; the town also `root`, the seed it signs certificates with.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from gridapp.errors import Mistake
from gridapp.exchange import stations
from gridapp.exchange.certificates import Certificate, check, covers, is_name, is_scope, issue, town_scopes
from gridapp.exchange.envelope import new_identity, public_of
from gridapp.exchange.slips import (
    Answer, AnswerForAnother, NotAsked, Request, digits, read_answer, read_request, refuse_other_digits, refuse_other_request, write_answer,
    write_request)
from gridapp.exchange.trust import Trust
from gridapp.ledger import MANAGE, PLAIN, Ledger, gated
from gridapp.records import Station
from gridapp.records.stations import COUNTY, ESCROW, REVOKED, TOWN, VILLAGE
from gridapp.store.vault import Signer
from gridapp.texts import _

__all__ = ["Answer", "Founded", "Request", "accept", "ask", "digits", "finish", "found_town", "read_answer", "read_request", "trust_of"]


class BadName(Mistake):
    """Nobody could read it out."""

    def __init__(self) -> None:
        super().__init__(_("请给这台电脑起一个名字，1 到 50 个字，例如“青后叶村一号机”。"))


class BadScope(Mistake):
    """No register of a village or town."""

    def __init__(self, scope: str) -> None:
        super().__init__(_("“{0}”不是村或镇的范围。村是“v:”加 12 位代码，镇是“t:”加 9 位代码，例如 v:330784108238。").format(scope))


class NotATown(Mistake):
    """A village's ledger cannot certify."""

    def __init__(self) -> None:
        super().__init__(_("这是村里的台账，不能建立镇级密钥。请在镇里的电脑上操作；本机请用“申请配对”。"))


class TownAlready(Mistake):
    """The keys are here."""

    def __init__(self) -> None:
        super().__init__(_("镇级密钥已经建立，不能再建一次。要加入新电脑，请导入它的配对申请。"))


class NoRoot(Mistake):
    """Only where the town was founded."""

    def __init__(self) -> None:
        super().__init__(_("这台电脑没有镇级密钥，不能批准站点。请在建立镇级密钥的那台电脑上操作。"))


class OwnRequest(Mistake):
    """Two roles, one PC: surely the wrong file."""

    def __init__(self) -> None:
        super().__init__(_("这是本机自己生成的申请，不用批准。请选择另一台电脑的申请文件。"))


class ForeignScope(Mistake):
    """What is asked for is not this town's to give."""

    def __init__(self, scope: str) -> None:
        super().__init__(_("申请的范围“{0}”不属于本镇，不能批准。请核对村代码；如果是别的镇的村，请他们找自己的镇。").format(scope))


class OtherTown(Mistake):
    """This PC believes in another root key."""

    def __init__(self) -> None:
        super().__init__(_("本机已经加入了另一个镇（或镇里换了新的镇级密钥），这份回复没有采用。请先打电话问清镇里；确需改换时请新建台账。"))


class OwnStation(Mistake):
    """Nobody could approve it again."""

    def __init__(self) -> None:
        super().__init__(_("不能停用本机自己：停用以后镇里再也不能批准站点。请在别的镇级电脑上操作。"))


# ---------------------------------------------------------------- the town

@dataclass(frozen=True)
class Founded:
    """What comes of founding a town; `escrow` is shown once, to be printed (see escrow.on_paper), and kept nowhere."""

    root: bytes
    station: UUID
    escrow: str


@gated(MANAGE)
def found_town(ledger: Ledger, name: str) -> Founded:
    """Make the town's root key, the escrow key and this PC's own certificate. Raises NotATown, TownAlready, BadName.

    Killed in the middle it is done again from the beginning: the root key is kept last, and nothing counts without it.
    """
    if ledger.scope.startswith("v:"):
        raise NotATown
    if ledger.secret("root"):
        raise TownAlready
    _refuse_name(name)
    root, (secret, public), town = Signer(), new_identity(), ledger.scope[2:]
    conf, first = f"c:{town}", ledger.ask(stations.next_serial)
    own = issue(root, device=ledger.device, age=own_age(ledger), name=name, role=TOWN, scopes=town_scopes(town), serial=first,
                issued=ledger.now_ms())
    spare = issue(root, device=b"", age=public, name=_("应急密钥"), role=ESCROW, scopes=(), serial=first + 1, issued=ledger.now_ms())
    ledger.hold_scopes([conf])
    station: UUID = ledger.do_in(conf, stations.certify, own).result
    ledger.do_in(conf, stations.certify, spare)
    ledger.keep_secret("town", root.public.hex())
    ledger.keep_secret("root", root.seed.hex())
    return Founded(root.public, station, secret)


@gated(MANAGE)
def renew_escrow(ledger: Ledger) -> str:
    """Certify another escrow key in the place of the one before; returns its secret half, to be printed. Raises NoRoot."""
    root, (secret, public) = _root(ledger), new_identity()
    spare = issue(root, device=b"", age=public, name=_("应急密钥"), role=ESCROW, scopes=(), serial=ledger.ask(stations.next_serial),
                  issued=ledger.now_ms())
    ledger.do_in(f"c:{ledger.scope[2:]}", stations.certify, spare)
    return secret


@gated(MANAGE)
def accept(ledger: Ledger, request: Request, role: str | None = None, scopes: Collection[str] = (), *, replaces: UUID | None = None,
           note: str | None = None) -> Answer:
    """Approve a PC whose digits were compared; its level is by default that of the register it asks for, `scopes` what its level needs.

    `replaces` is the station it stands in for. Raises NoRoot, OwnRequest, ForeignScope, Gone.
    """
    root, town = _root(ledger), ledger.scope[2:]
    role = role or (TOWN if request.scope.startswith("t:") else VILLAGE)
    if request.device == ledger.device:
        raise OwnRequest
    granted = tuple(scopes) or _scopes_for(role, request.scope, town)
    for scope in (request.scope, *(s for s in granted if s not in town_scopes(town))):
        if not covers(town_scopes(town), scope):
            raise ForeignScope(scope)
    certificate = issue(root, device=request.device, age=request.age, name=request.name, role=role, scopes=granted,
                        serial=ledger.ask(stations.next_serial), issued=ledger.now_ms())
    if replaces is None:
        ledger.do_in(f"c:{town}", stations.certify, certificate, note)
    else:
        ledger.do_in(f"c:{town}", stations.replace, replaces, certificate, note)
    spare = ledger.ask(stations.escrow)
    assert spare is not None, "a town has its escrow key from the beginning"
    towns = [_certificate(s, root.public) for s in ledger.ask(stations.active, TOWN)]
    return write_answer(request.hash, certificate, root.public, towns, _certificate(spare, root.public))


@gated(MANAGE)
def vouch(ledger: Ledger, device: bytes, name: str, role: str, scopes: Collection[str], note: str) -> None:
    """Certify a PC of a town whose keys are lost, so that what it signed counts here and wherever this town's word counts.

    Nothing is ever handed over to it: the key for parcels in its certificate is this PC's own. Raises NoRoot.
    """
    root = _root(ledger)
    certificate = issue(root, device=device, age=own_age(ledger), name=name, role=role, scopes=scopes,
                        serial=ledger.ask(stations.next_serial), issued=ledger.now_ms())
    ledger.do_in(f"c:{ledger.scope[2:]}", stations.certify, certificate, note)


@gated(MANAGE)
def stop(ledger: Ledger, station: UUID, state: str = REVOKED, note: str | None = None) -> None:
    """Stop a station that is lost, stolen or no longer used; never the own one. Raises OwnStation, StoppedAlready, Gone."""
    own = ledger.ask(stations.station_of, ledger.device)
    if own is not None and own.id == station:
        raise OwnStation
    ledger.do_in(f"c:{ledger.scope[2:]}", stations.revoke, station, state, note)


def _scopes_for(role: str, wanted: str, town: str) -> tuple[str, ...]:
    """A village gets its register and the configuration; a town or county PC everything of the town."""
    return town_scopes(town) if role in (TOWN, COUNTY) else (wanted, f"c:{town}")


def _root(ledger: Ledger) -> Signer:
    seed = ledger.secret("root")
    if not seed:
        raise NoRoot
    return Signer(bytes.fromhex(seed))


def _certificate(station: Station, root: bytes) -> Certificate:
    return check(bytes.fromhex(station.certificate or ""), root)


# ---------------------------------------------------------------- the PC that wants to join

@gated(MANAGE)
def ask(ledger: Ledger, name: str, scope: str | None = None) -> bytes:
    """The request file of this PC, for its own register unless told otherwise; an earlier request is void. Raises BadName, BadScope."""
    _refuse_name(name)
    wanted = scope or ledger.scope
    if not is_scope(wanted):
        raise BadScope(wanted)
    request = write_request(ledger.signer, own_age(ledger), name, wanted, ledger.now_ms())
    ledger.keep_secret("request", request.raw.hex())
    return request.raw


@gated(PLAIN)
def asked(ledger: Ledger) -> Request | None:
    """What this PC asked last and has no answer to."""
    raw = ledger.secret("request")
    return read_request(bytes.fromhex(raw)) if raw else None


@gated(MANAGE)
def finish(ledger: Ledger, answer: bytes, heard: str | None = None) -> Answer:
    """Believe the town from now on, and hold the scopes it gave. `heard` are the digits the town read out (None: compared by eye).

    The same answer once more changes nothing. Raises NotAsked, BadAnswer, NewerAnswer, BadCertificate, NewerCertificate, AnswerForAnother,
    OtherTown, DigitsDiffer.
    """
    told = read_answer(answer)
    if heard is not None:
        refuse_other_digits(told.digits, heard)
    if ledger.secret("answer") == answer.hex():
        return told
    request = asked(ledger)
    if request is None:
        raise NotAsked
    refuse_other_request(told, request)
    if not told.certificate.may_hold(ledger.scope):
        raise AnswerForAnother
    pinned = ledger.secret("town")
    if pinned and pinned != told.root.hex():
        raise OtherTown
    ledger.hold_scopes([s for s in told.scopes if is_scope(s)])
    ledger.keep_secret("town", told.root.hex())
    ledger.keep_secret("answer", answer.hex())
    ledger.keep_secret("request", "")
    return told


@gated(PLAIN)
def answered(ledger: Ledger) -> Answer | None:
    """What the town told this PC; None while it is not paired, and at the town itself."""
    raw = ledger.secret("answer")
    return read_answer(bytes.fromhex(raw)) if raw else None


@gated(PLAIN)
def own_age(ledger: Ledger) -> str:
    """The public key parcels for this PC are encrypted to; made when first asked for."""
    secret = ledger.secret("age")
    if secret is None:
        secret, public = new_identity()
        ledger.keep_secret("age", secret)
        return public
    return public_of(secret)


@gated(PLAIN)
def trust_of(ledger: Ledger) -> Trust:
    """What this ledger believes now; before pairing it believes nobody but itself."""
    answer = answered(ledger)
    loose = (answer.certificate, *answer.towns) if answer else ()
    rows, since = ledger.ask(stations.journal_values)
    return Trust(bytes.fromhex(ledger.secret("town") or ""), ledger.device, frozenset(ledger.scopes()), rows, since, loose)


def _refuse_name(name: str) -> None:
    if not is_name(name):
        raise BadName
