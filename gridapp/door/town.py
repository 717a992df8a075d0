"""The door's verbs of the town's office: clerks of its database, its postbox, passwords."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import click

from gridapp.door.base import Door, PasswordNeeded, door, first_line
from gridapp.errors import Mistake
from gridapp.store.hub import is_hub
from gridapp.texts import _


class HubNeeded(Mistake):
    """What only a database has."""

    def __init__(self) -> None:
        super().__init__(_("这个动作只用于镇数据库。请用 --ledger 写数据库地址（postgresql+psycopg://…）。"))


def _hub(told: Door) -> str:
    if told.ledger is None:
        raise PasswordNeeded
    if not is_hub(told.ledger):
        raise HubNeeded
    return told.ledger


# ---------------------------------------------------------------- clerks

@door.command("clerk-new")
@click.argument("name")
@click.option("--letters", is_flag=True, help="只能存取交接包，看不到台账（给有网络的村用）")
@click.pass_obj
def clerk_new(told: Door, name: str, letters: bool) -> None:
    """给镇数据库开一个账号，显示它第一次登录用的地址。"""
    from gridapp.ledger import clerks

    with told.open() as ledger:
        address = clerks.new_clerk(ledger, name, letters)
    told.say({"clerk": name, "address": address}, lambda: _(
        "已开账号“{0}”。请把下面的地址交给本人，当面或用纸；用 clerk-join 登记后，地址里的密码就作废：\n{1}").format(name, address))


@door.command("clerk-join")
@click.option("--officer", required=True, help="本人姓名，记在操作记录里")
@click.option("--name", help="这台电脑的名称，如“古山镇二号机”；和 -o 一起用")
@click.option("-o", "--out", type=click.Path(path_type=Path), help="同时把配对申请写成哪个文件")
@click.pass_obj
def clerk_join(told: Door, officer: str, name: str | None, out: Path | None) -> None:
    """第一次登录镇数据库：登记本人，以后用自己的密码登录，地址里不再写密码。"""
    from gridapp.exchange import founding, joining
    from gridapp.work import opening

    with opening.join_town(_hub(told), told.password(), officer) as ledger:
        request = joining.write_request(ledger, out, name or founding.default_name(ledger)) if out else None
        address = ledger.home.address
    told.say({"ledger": address, "officer": officer, "file": str(out) if out else None, "digits": request.digits if request else None},
             lambda: "\n".join((_("已登记。以后的地址：{0}").format(address), *(
                 [_("配对申请已写入 {0}。请和管理员核对这两组数字：{1}").format(out, request.digits)] if request else []))))


@door.command("clerk-stop")
@click.argument("name")
@click.pass_obj
def clerk_stop(told: Door, name: str) -> None:
    """停用镇数据库的一个账号：不能再登录，已写的内容都在。"""
    from gridapp.ledger import clerks

    with told.open() as ledger:
        clerks.stop_clerk(ledger, name)
    told.say({"stopped": name}, lambda: _("已停用账号“{0}”。").format(name))


@door.command("change-password")
@click.option("--new-password-file", type=click.Path(path_type=Path), required=True, help="新密码文件，第一行是新密码")
@click.pass_obj
def change_password(told: Door, new_password_file: Path) -> None:
    """换密码：台账文件的，或本人在镇数据库的。"""
    from gridapp.work import accounts, opening

    password, place = told.password(), told.place
    if isinstance(place, Path) and told.officer is None and opening.several_officers(place):
        raise opening.WhichOfficer
    accounts.renew_password(place, password, first_line(new_password_file), told.officer)
    told.say({"changed": True}, lambda: _("密码已换。以后请用新密码；旧密码不能再用。"))


# ---------------------------------------------------------------- the postbox

@door.command("postbox")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option("--listen", default="0.0.0.0:8443", show_default=True, help="在哪个地址和端口接收")
@click.option("--host", multiple=True, help="村里用什么名称或地址来连，可以写多个；证书按它做")
@click.option("--certificate", type=click.Path(path_type=Path), help="用买来的证书文件（PEM）")
@click.option("--key", type=click.Path(path_type=Path), help="这个证书的私钥文件（PEM）")
@click.pass_obj
def postbox(told: Door, folder: Path, listen: str, host: tuple[str, ...], certificate: Path | None, key: Path | None) -> None:
    """开镇里的收发箱：各村通过网络交来和取走交接包。按 Ctrl-C 停止；站点有增减后请重新开。"""
    from gridapp.exchange import postal
    from gridapp.store.files import sorted_trouble

    place, _colon, port = listen.rpartition(":")
    with told.open() as ledger:
        let_in = postal.passes(ledger)
        if certificate and key:
            with sorted_trouble(certificate):
                papers = certificate.read_text("ascii"), key.read_text("ascii")
        else:
            papers = postal.papers(ledger, host or ("localhost", "127.0.0.1"))
    with sorted_trouble(folder):
        folder.mkdir(parents=True, exist_ok=True)
    with postal.served(folder, (place.strip("[]"), int(port)), let_in, *papers) as box:
        told.say({"port": box.server_port, "stations": len(let_in)}, lambda: _("收发箱已开：端口 {0}，{1} 个站点可以用。按 Ctrl-C 停止。").format(
            box.server_port, len(let_in)))
        with suppress(KeyboardInterrupt):
            box.serve_forever()
    click.echo(_("收发箱已停。"), err=True)


@door.command("postbox-pass")
@click.argument("name")
@click.option("--address", required=True, help="收发箱的地址，如 https://10.0.0.5:8443")
@click.option("-o", "--out", type=click.Path(path_type=Path), required=True, help="通行证写成哪个文件")
@click.option("--bought", is_flag=True, help="收发箱用的是买来的证书")
@click.pass_obj
def postbox_pass(told: Door, name: str, address: str, out: Path, bought: bool) -> None:
    """给一个站点写收发箱通行证；拿到文件的人就能用，请当面交给本人。"""
    from gridapp.exchange import postal

    with told.open() as ledger:
        postal.write_pass(ledger, name, address, out, "" if bought else None)
    told.say({"station": name, "file": str(out)}, lambda: _("“{0}”的通行证已写入 {1}。").format(name, out))


@door.command("postbox-join")
@click.argument("file", type=click.Path(path_type=Path))
@click.pass_obj
def postbox_join(told: Door, file: Path) -> None:
    """导入镇里给的收发箱通行证；以后交接写收发箱的地址就行。"""
    from gridapp.exchange import postal

    passed = postal.read_pass(file)
    with told.open() as ledger:
        postal.keep_pass(ledger, passed)
    told.say({"address": passed.address}, lambda: _("已导入。以后用 hand-over -o {0} 交出，用 take-in {0} 接收。").format(passed.address))
