import pytest

from headstart.proof import through_pages, through_the_api
from headstart.proof.receipts import Receipt, StepFailed
from headstart.proof.steps import Site
from headstart.proof.walk import prove

from .conftest import Start

PAGES = [
    "home page",
    "register",
    "confirm by mail",
    "protected page",
    "log out",
    "log in again",
    "old session is dead",
]


def test_a_site_that_works_gives_a_receipt_for_each_step(site: Site) -> None:
    receipts = list(prove(site, ("pages",)))
    assert [receipt.step for receipt in receipts] == PAGES
    assert receipts[0] == Receipt("home page", "`/` answers, “Small & good”", receipts[0].seconds)
    assert all(0 < receipt.seconds < 5 for receipt in receipts)


def test_an_api_is_used_with_the_account_of_the_pages(site: Site) -> None:
    receipts = list(prove(site, ("pages", "api")))
    assert [receipt.step for receipt in receipts] == [
        *PAGES,
        "API description",
        "API token",
        "API product",
        "API token is dead",
    ]


def test_live_updates_are_opened(site: Site) -> None:
    receipts = list(prove(site, ("pages", "realtime")))
    assert [receipt.step for receipt in receipts] == [*PAGES, "live updates"]


def test_what_is_no_websocket_is_caught(start: Start) -> None:
    with pytest.raises(StepFailed, match="live updates"):
        list(prove(start("has no sockets"), ("realtime",)))


def test_a_model_is_asked(site: Site) -> None:
    receipts = list(prove(site, ("api", "ml")))
    assert receipts[-1].step == "model answers"
    assert receipts[-1].says == "`/api/predict` says “lighting”, by version 1"


def test_a_model_that_is_missing_is_caught(start: Start) -> None:
    with pytest.raises(StepFailed, match="model answers") as caught:
        list(prove(start("has no model"), ("api", "ml")))
    assert (caught.value.expected, caught.value.came) == ("200", "503")


def test_an_api_alone_makes_its_own_account(site: Site) -> None:
    receipts = list(prove(site, ("api",)))
    assert [receipt.step for receipt in receipts] == [
        "API description",
        "API account",
        "API token",
        "API product",
        "API token is dead",
    ]
    assert receipts[0].says == "`/api/openapi.json` describes 2 addresses"


@pytest.mark.parametrize(
    ("fault", "step", "expected", "came"),
    [
        ("answers 500", "home page", "200", "500 “Hello”"),
        ("sends no mail", "confirm by mail", "an answer", "no mail to"),
        ("keeps the old session alive", "old session is dead", "303 /login", "200"),
        ("keeps the old token alive", "API token is dead", "401", "200"),
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
    monkeypatch.setattr(through_pages, "MAIL_PATIENCE", 0.1)
    with pytest.raises(StepFailed) as caught:
        list(prove(start(fault), ("pages", "api")))
    assert (caught.value.step, caught.value.expected) == (step, expected)
    assert caught.value.came.startswith(came)


def test_a_site_that_is_not_there_is_caught(site: Site) -> None:
    gone = Site(1, site.url, site.mailbox)
    with pytest.raises(StepFailed, match="home page"):
        list(prove(gone, ("pages",)))


def test_an_api_that_sends_no_mail_is_caught(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(through_the_api, "MAIL_PATIENCE", 0.1)
    with pytest.raises(StepFailed, match="API account"):
        list(prove(start("sends no mail"), ("api",)))
