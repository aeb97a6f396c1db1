from email.message import EmailMessage
from pathlib import Path
from threading import Timer

import pytest

from headstart.proof.mailbox import Mailbox, NoMail


def leave(folder: Path, name: str, to: str, subject: str, text: str) -> None:
    message = EmailMessage()
    message["To"], message["Subject"] = to, subject
    message.set_content(text)
    (folder / name).write_bytes(bytes(message))


def test_the_newest_mail_to_an_address_about_a_subject_is_found(tmp_path: Path) -> None:
    leave(tmp_path, "1.eml", "a@x.test", "Reset it", "old https://x.test/1")
    leave(tmp_path, "2.eml", "A@x.test", "Reset it", "new\nhttps://x.test/ü2\n")
    leave(tmp_path, "3.eml", "a@x.test", "Hello", "no link")
    leave(tmp_path, "4.eml", "b@x.test", "Reset it", "https://x.test/4")
    mailbox = Mailbox(tmp_path)
    assert mailbox.wait_for("a@x.test", "reset").link == "https://x.test/ü2"
    assert mailbox.wait_for("a@x.test").subject == "Hello"
    assert [mail.to for mail in mailbox.find("a@x.test")] == (["a@x.test", "A@x.test", "a@x.test"])
    with pytest.raises(NoMail):
        mailbox.wait_for("a@x.test", "Hello").link  # noqa: B018


def test_a_mail_that_is_on_its_way_is_waited_for(tmp_path: Path) -> None:
    (tmp_path / "1.eml").touch()
    late = (tmp_path, "2.eml", "a@x.test", "Hello", "https://x.test/")
    timer = Timer(0.1, leave, late)
    timer.start()
    assert Mailbox(tmp_path).wait_for("a@x.test").link == "https://x.test/"
    timer.join()


def test_waiting_ends(tmp_path: Path) -> None:
    with pytest.raises(NoMail, match=r"no mail to a@x\.test about `Hello`"):
        Mailbox(tmp_path).wait_for("a@x.test", "Hello", patience=0.05)
    leave(tmp_path, "1.eml", "a@x.test", "Hello", "once")
    with pytest.raises(NoMail):
        Mailbox(tmp_path).wait_for("a@x.test", "Hello", patience=0.05, count=2)
