import pytest

from headstart.proof import walk
from headstart.proof.receipts import Receipt, StepFailed
from headstart.proof.walk import STEPS, Site, prove

from .conftest import Start


def test_a_site_that_works_gives_a_receipt_for_each_step(site: Site) -> None:
    receipts = list(prove(site))
    assert [receipt.step for receipt in receipts] == [
        "home page",
        "register",
        "confirm by mail",
        "protected page",
        "log out",
        "log in again",
        "old session is dead",
    ]
    assert receipts[0] == Receipt("home page", "`/` answers, “Small & good”", receipts[0].seconds)
    assert all(0 < receipt.seconds < 5 for receipt in receipts)
    assert len(STEPS) == len(receipts)


@pytest.mark.parametrize(
    ("fault", "step", "expected", "came"),
    [
        ("answers 500", "home page", "200", "500 “Hello”"),
        ("sends no mail", "confirm by mail", "an answer", "no mail to"),
        ("keeps the old session alive", "old session is dead", "303 /login", "200"),
    ],
)
def test_a_site_that_does_not_work_is_caught(
    start: Start,
    fault: str,
    step: str,
    expected: str,
    came: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(walk, "MAIL_PATIENCE", 0.1)
    with pytest.raises(StepFailed) as caught:
        list(prove(start(fault)))
    assert (caught.value.step, caught.value.expected) == (step, expected)
    assert caught.value.came.startswith(came)


def test_a_site_that_is_not_there_is_caught(site: Site) -> None:
    gone = Site(1, site.url, site.mailbox)
    with pytest.raises(StepFailed, match="home page"):
        list(prove(gone))
