"""The town's database (PostgreSQL): how to reach it, encrypted on the way, and what its failures mean in words."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import sqlalchemy as sa

from gridapp import places
from gridapp.errors import Mistake, Trouble
from gridapp.texts import _

if TYPE_CHECKING:
    from sqlalchemy.engine import URL

T = TypeVar("T")
DRIVER = "postgresql+psycopg"
#: what weakens the way to a server that is not this PC
WEAK = frozenset({"disable", "allow", "prefer", "require", "verify-ca"})
#: seconds until a server that does not answer counts as not there
PATIENCE = 10
#: said to the server with every connection: what is told as saved is on its disk, nothing waits for ever, days are days in China
SETTINGS = {"synchronous_commit": "on", "lock_timeout": "20s", "statement_timeout": "30min",
            "idle_in_transaction_session_timeout": "10min", "timezone": "Asia/Shanghai"}
#: a line that was cut is seen after about a minute
LINE = {"keepalives_idle": 30, "keepalives_interval": 10, "keepalives_count": 3, "tcp_user_timeout": 60_000}


class NoHubAddress(Mistake):
    """What was given is no address of a PostgreSQL database."""

    def __init__(self) -> None:
        super().__init__(_("这不是镇数据库的地址。地址的样子是 postgresql://账号@服务器/数据库名，请向镇里的管理员要。"))


class WeakLine(Mistake):
    """The address asks for a way to a distant server that others can read or fake."""

    def __init__(self) -> None:
        super().__init__(_("地址里的 sslmode 会让数据在网上不加密或认不出真假服务器。请去掉它，程序总是用加密并核对证书的方式连接。"))


class HubTrouble(Trouble):
    """Something about the town's database."""


class HubUnreachable(HubTrouble):
    """Nobody answers there."""

    def __init__(self, host: str) -> None:
        super().__init__(_("连不上镇数据库“{0}”：没有应答。请检查网络和服务器是否开着，再试一次；本机的台账不受影响。").format(host))


class HubNotTrusted(HubTrouble):
    """The server cannot prove who it is, or does not encrypt."""

    def __init__(self, host: str) -> None:
        super().__init__(_("服务器“{0}”的证书核对不上，程序没有继续连接。请联系镇里的管理员检查证书，不要绕过。").format(host))


class HubRefusesUs(HubTrouble):
    """Wrong role, password or database."""

    def __init__(self, host: str) -> None:
        super().__init__(_("镇数据库“{0}”不接受这个账号、密码或数据库名。请核对后再试，仍不行请镇里的管理员重新设置。").format(host))


class HubCrowded(HubTrouble):
    """Starting, stopping, or no connection left."""

    def __init__(self, host: str) -> None:
        super().__init__(_("镇数据库“{0}”正在启动、停止或连接已满。请过几分钟再试。").format(host))


class HubFull(HubTrouble):
    """The server's disk."""

    def __init__(self) -> None:
        super().__init__(_("镇数据库所在服务器的磁盘已满，刚才的操作没有保存。请管理员腾出空间后再试，已保存的内容都在。"))


class HubBusy(HubTrouble):
    """Somebody else was writing the same: the act was taken back whole and may be tried again."""

    def __init__(self) -> None:
        super().__init__(_("别人正在改同样的内容，刚才的操作没有保存。请再试一次。"))


class HubGone(HubTrouble):
    """The line was cut under way."""

    def __init__(self) -> None:
        super().__init__(_("和镇数据库的连接中断了。最后一步可能已保存，也可能没有；请重新连接后看一下，再决定要不要重做。"))


class NotOurs(HubTrouble):
    """The server refuses what this role may not read or write."""

    def __init__(self) -> None:
        super().__init__(_("镇数据库不允许这个账号读写这部分内容，什么也没有改动。请镇里的管理员检查这个站点的权限。"))


def is_hub(place: str | Path) -> bool:
    """Whether a ledger's place is a database server and no file."""
    return isinstance(place, str) and isinstance(places.place_of(place), str)


def _local(host: str | None) -> bool:
    if not host or host.startswith("/") or host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def address(place: str | URL) -> URL:
    """The address as the driver wants it. Raises NoHubAddress, WeakLine."""
    try:
        url = sa.make_url(place)
    except (sa.exc.ArgumentError, ValueError):
        raise NoHubAddress from None  # what stands in it may be a password
    if url.get_backend_name() not in ("postgresql", "postgres") or not url.database:
        raise NoHubAddress
    if not _local(url.host) and url.query.get("sslmode") in WEAK:
        raise WeakLine
    return url.set(drivername=DRIVER)


def hub_engine(place: str | URL, *, certificate: Path | None = None) -> sa.Engine:
    """An engine on the town's database. Its transactions see the scope named by the execution option `scope` ('' or none: all).

    `certificate` is the file of whoever vouches for the server, the system's own list otherwise. Distant servers are reached encrypted and
    prove who they are (verify-full), always. Readers want `reading(engine)`: one consistent view. Raises NoHubAddress, WeakLine.
    """
    url = address(place)
    told: dict[str, Any] = {"connect_timeout": PATIENCE, "application_name": "gridapp", "client_encoding": "utf8",
                            "options": " ".join(f"-c {n}={v}" for n, v in SETTINGS.items()), **LINE}
    if not _local(url.host):
        told |= {"sslmode": "verify-full", "sslrootcert": str(certificate or url.query.get("sslrootcert", "system"))}
    made = sa.create_engine(url, connect_args=told, hide_parameters=True, pool_pre_ping=True, pool_recycle=1800, pool_size=4, max_overflow=8)

    @sa.event.listens_for(made, "begin")
    def _begin(connection: sa.Connection) -> None:
        scope = connection.get_execution_options().get("scope", "")
        connection.exec_driver_sql("SELECT set_config('gridapp.scope', %s, true)", (str(scope),))

    return made


def reading(engine: sa.Engine) -> sa.Engine:
    """The same database for those who only look: whatever others write meanwhile, every question of one transaction sees the same."""
    return engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)


@contextmanager
def hub_failures(place: str | URL) -> Iterator[None]:
    """Turn what the server says into Trouble with a sentence; no password, value or statement is in it."""
    try:
        yield
    except sa.exc.DBAPIError as error:
        if error.orig is None:
            raise
        found = _sorted(error.orig, error.connection_invalidated, sa.make_url(place).host or "localhost")
        if found is None:
            raise
        raise found from error


#: SQLSTATE or its class → what it means (PostgreSQL manual, appendix A)
_STATES: dict[str, Callable[[str], HubTrouble]] = {
    "53100": lambda _host: HubFull(), "40001": lambda _host: HubBusy(), "40P01": lambda _host: HubBusy(), "55P03": lambda _host: HubBusy(),
    "23505": lambda _host: HubBusy(),  # ids are random: one that is there already was written by somebody else at the same moment
    "42501": lambda _host: NotOurs(), "53300": HubCrowded, "57P03": HubCrowded, "28": HubRefusesUs, "3D": HubRefusesUs,
    "08": lambda _host: HubGone(), "57P": lambda _host: HubGone(), "25P03": lambda _host: HubGone(),
}
#: a server that refuses a connection gives no SQLSTATE, only its sentence, in English or in the language it was set up in
_SENTENCES: tuple[tuple[tuple[str, ...], Callable[[str], HubTrouble]], ...] = (
    (("certificate", "SSL", "证书"), HubNotTrusted),
    (("too many", "starting up", "shutting down", "recovery", "remaining connection", "太多", "正在启动", "正在关闭"), HubCrowded),
    (("FATAL", "致命错误", "password"), HubRefusesUs),
)


def _sorted(error: BaseException, cut: bool, host: str) -> HubTrouble | None:
    state = getattr(error, "sqlstate", None)
    if state:
        return next((_STATES[key](host) for key in (state, state[:3], state[:2]) if key in _STATES), None)
    if type(error).__name__ not in ("OperationalError", "ConnectionTimeout"):
        return None
    said = str(error)
    if cut or "server closed the connection" in said or "connection is lost" in said:
        return HubGone()
    return next((made(host) for words, made in _SENTENCES if any(word in said for word in words)), HubUnreachable(host))


def again_if_busy(what: Callable[[], T]) -> T:
    """Do it, and once more when somebody else was quicker: the first try left nothing behind. Raises HubBusy the second time."""
    try:
        return what()
    except HubBusy:
        return what()
