"""Sixteen at the same time: whatever they do, it comes out as if one had come after the other.

Those of one form or address stand with it: registering (A14), resetting a password (A10),
tokens (R2), `If-Match` (R7), the edits of a page (P9) and of the panel (G1).
"""

import secrets
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from headstart.proof.page import Page

from .accounts import MAILS, NEW_PASSWORD, PARALLEL, TRIES, WINDOW
from .admin import PANELS, Panel, confirm, number_of, save
from .api import Client, add, client_of, enrol, goods
from .deployments import Deployment, Stranger
from .people import (
    FORM_AGAIN,
    GONE,
    Account,
    add_product,
    admin,
    at_once,
    can_log_in,
    is_logged_in,
    log_in,
    path_of,
    product,
    register,
    somebody,
    try_to_log_in,
)
from .projects import FEATURES
from .test_imports import finished, how_many, rows, upload

ROUNDS = 4
# So many may look at one password at a time: more wrong tries are too many.
FEW = TRIES - 2


# Products


def test_sixteen_products_of_one_name_get_sixteen_addresses(
    deployment: Deployment, owner: Stranger, seller: Client
) -> None:
    """P6, R5. The same form sent twice, too, makes two products, and no error."""
    name = f"Slug {secrets.token_hex(4)}"
    form = owner.get("/products/new")

    def by_page() -> str:
        made = deployment.visitor(cookies=owner.cookies).submit(form, product(name=name))
        assert made.status == 303
        return path_of(made)

    def by_program() -> str:
        _, made = add(Client(deployment, seller.token), name=name)
        return f"/products/{made['slug']}"

    ways = [by_page, by_program] * (PARALLEL // 2)
    paths = at_once(lambda way: way(), ways)
    assert len(set(paths)) == PARALLEL
    assert {owner.get(path).document.headings[0].strip() for path in paths} == {name}


def test_a_product_is_deleted_by_one_of_sixteen(deployment: Deployment, owner: Stranger) -> None:
    """P8."""
    path = add_product(owner)
    question = owner.get(f"{path}/delete")
    browsers = [deployment.visitor(cookies=owner.cookies) for _ in range(PARALLEL)]
    done = at_once(lambda one: one.submit(question, {}, f"{path}/delete"), browsers)
    assert sorted(page.status for page in done) == [303] + [404] * (PARALLEL - 1)


def test_a_product_that_is_edited_and_deleted_at_once_is_gone(
    deployment: Deployment, owner: Stranger, seller: Client
) -> None:
    """P8, P9, R5."""
    path, made = add(seller)
    page = f"/products/{made['slug']}"
    edit, question = owner.get(f"{page}/edit"), owner.get(f"{page}/delete")

    def act(number: int) -> Page:
        visitor, program = deployment.visitor(cookies=owner.cookies), Client(deployment)
        program.token = seller.token
        return (
            lambda: visitor.submit(edit, product(), f"{page}/edit"),
            lambda: program.patch(path, {"stock": number}),
            lambda: visitor.submit(question, {}, f"{page}/delete"),
            lambda: program.delete(path),
        )[number % 4]()

    pages = at_once(act, range(PARALLEL))
    assert {answer.status for answer in pages} <= {200, 204, 303, 404, 409}
    deleted = [p for p in pages if p.status == 204 or (p.status == 303 and path_of(p) != page)]
    assert len(deleted) == 1
    assert owner.get(page).status == seller.get(path).status == 404


def test_a_file_that_is_sent_by_several_at_once_is_imported_for_each(
    deployment: Deployment, tmp_path: Path
) -> None:
    """B1, B3. By two workers, which make the same addresses at the same time."""
    if "tasks" not in FEATURES:
        pytest.skip("the project has no `tasks`")
    mark, count, times = secrets.token_hex(4), 40, 4
    file = rows(f"Twice {mark} {number}" for number in range(count))
    staff = [log_in(deployment, admin(deployment)) for _ in range(times)]
    with ExitStack() as stack:
        for number in range(2):
            stack.enter_context(deployment.working(tmp_path / f"{number}.log"))
        sent = at_once(lambda one: upload(one, file), staff)
        assert len({path_of(page) for page in sent}) == times
        for one, page in zip(staff, sent, strict=True):
            assert f"Imported: {count}" in finished(one, path_of(page))
    assert Counter(how_many(deployment, f"Twice {mark}").values()) == {times: count}


# Accounts


def test_each_of_sixteen_wrong_tries_at_once_counts(deployment: Deployment) -> None:
    """A5. Those that are refused have learned nothing, so only the others count: ten in all."""
    _, account = register(deployment)
    wrong = replace(account, password="not-the-password-at-all")
    pages = at_once(lambda _: try_to_log_in(deployment.visitor(), wrong), range(PARALLEL))
    assert {page.status for page in pages} <= {*FORM_AGAIN, 429}
    tried = sum(page.status in FORM_AGAIN for page in pages)
    left = [try_to_log_in(deployment.visitor(), wrong) for _ in range(TRIES - tried)]
    assert all(page.status in FORM_AGAIN for page in left)
    late = try_to_log_in(deployment.visitor(), account)
    assert late.status == 429
    assert 0 < int(late.headers["Retry-After"]) <= WINDOW


def test_of_those_who_change_one_password_at_once_one_wins(
    deployment: Deployment, member: tuple[Stranger, Account]
) -> None:
    """A9."""
    _, account = member
    browsers = [log_in(deployment, account) for _ in range(FEW)]
    news = [f"the sentence number {number}" for number in range(FEW)]

    def change(one: tuple[Stranger, str]) -> bool:
        visitor, new = one
        fields = {"old_password": account.password, "new_password": new}
        page = visitor.submit(visitor.get("/account"), fields)
        assert page.status in (*GONE, *FORM_AGAIN, 403)
        return page.status == 303 and path_of(page) == "/account"

    changed = at_once(change, zip(browsers, news, strict=True))
    assert sum(changed) == 1
    assert [is_logged_in(browser) for browser in browsers] == changed
    new = news[changed.index(True)]
    assert can_log_in(deployment, replace(account, password=new))
    assert not can_log_in(deployment, account)


def test_no_session_outlives_a_password_that_changes_at_the_same_time(
    deployment: Deployment, member: tuple[Stranger, Account]
) -> None:
    """A9."""
    visitor, account = member
    page = visitor.get("/account")
    others = [deployment.visitor() for _ in range(FEW - 1)]
    fields = {"old_password": account.password, "new_password": NEW_PASSWORD}

    def act(one: Stranger) -> int:
        if one is visitor:
            return visitor.submit(page, fields).status
        return try_to_log_in(one, account).status

    half = len(others) // 2
    statuses = at_once(act, [*others[:half], visitor, *others[half:]])
    assert statuses[half] == 303
    assert set(statuses) <= {303, *FORM_AGAIN}
    assert is_logged_in(visitor)
    assert not any(is_logged_in(other) for other in others)


def test_of_sixteen_who_move_to_one_address_one_gets_it(deployment: Deployment) -> None:
    """A12. A mailbox gets a few mails only, so a few of them can open a link at once."""
    moving = at_once(lambda _: register(deployment), range(PARALLEL))
    wanted = somebody().email

    def ask(one: tuple[Stranger, Account]) -> int:
        visitor, account = one
        fields = {"email": wanted, "password": account.password}
        return visitor.submit(visitor.get("/account"), fields).status

    assert at_once(ask, moving) == [303] * PARALLEL
    deployment.mail(wanted, "Confirm your new address", count=MAILS)
    links = [mail.link for mail in deployment.mailbox.find(wanted)]
    deployment.secrets |= {link.rpartition("/")[2] for link in links}
    opened = at_once(lambda link: deployment.visitor().get(link), links)
    assert all(page.status < 500 for page in opened)
    addresses = [wanted in visitor.get("/account").document.text for visitor, _ in moving]
    assert addresses.count(True) == 1
    kept = [account for (_, account), has in zip(moving, addresses, strict=True) if not has]
    assert can_log_in(deployment, kept[0])


def test_a_token_that_is_given_back_while_it_is_used_is_dead(deployment: Deployment) -> None:
    """R2."""
    client, account = enrol(deployment)
    others = [Client(deployment, client.token) for _ in range(PARALLEL - 1)]

    def act(one: Client) -> int:
        if one is client:
            return one.delete("/api/token").status
        return one.post("/api/products", goods()).status

    statuses = at_once(act, [*others[:8], client, *others[8:]])
    assert statuses[8] == 204
    assert set(statuses) <= {201, 204, 401}
    assert not any(one.is_somebody() for one in others)
    assert client_of(deployment, account).is_somebody()


# The panel


def test_who_is_deleted_while_they_work_leaves_nothing_behind(
    deployment: Deployment, staff: Stranger, panel: Panel
) -> None:
    """G1, U1."""
    visitor, account = register(deployment)
    program = client_of(deployment, account)
    name = f"Left {secrets.token_hex(4)}"
    form, last = visitor.get("/products/new"), add_product(visitor, name=name)
    question = staff.get(panel.users.delete.format(number_of(staff, panel, account.email)))

    def act(number: int) -> int:
        if number == PARALLEL // 2:
            return confirm(staff, panel.users, question).status
        if number % 2:
            browser = deployment.visitor(cookies=visitor.cookies)
            return browser.submit(form, product(name=name)).status
        return Client(deployment, program.token).post("/api/products", goods(name=name)).status

    statuses = at_once(act, range(PARALLEL))
    assert statuses[PARALLEL // 2] in GONE
    assert set(statuses) <= {201, 401, 403, 404, *GONE}
    assert not is_logged_in(visitor)
    assert not program.is_somebody()
    assert deployment.visitor().get(last).status == 404
    assert how_many(deployment, name) == {}


@contextmanager
def two_of_staff(deployment: Deployment, staff: Stranger) -> Iterator[list[tuple[Stranger, int]]]:
    """Let nobody be staff but two new ones, for as long as the block lasts."""
    panel_of = PANELS[deployment.framework]
    accounts = [register(deployment) for _ in range(2)]
    numbers = [number_of(staff, panel_of, account.email) for _, account in accounts]
    table = deployment.database.table_with("is_staff")
    before = deployment.database.execute(f"SELECT id FROM {table} WHERE is_staff")  # noqa: S608

    def let(condition: str) -> None:
        deployment.database.execute(f"UPDATE {table} SET is_staff = ({condition})")  # noqa: S608

    let(f"id IN ({numbers[0]}, {numbers[1]})")
    try:
        yield [(visitor, number) for (visitor, _), number in zip(accounts, numbers, strict=True)]
    finally:
        let(f"id IN ({', '.join(before)})")


def test_of_two_who_take_the_right_from_each_other_one_keeps_it(
    deployment: Deployment, staff: Stranger, panel: Panel
) -> None:
    """G1. Otherwise nobody could give it back."""
    for _ in range(ROUNDS):
        with two_of_staff(deployment, staff) as two:
            forms = [
                one.get(panel.users.edit.format(number))
                for (one, _), (_, number) in zip(two, reversed(two), strict=True)
            ]
            pages = at_once(
                lambda it: save(it[0][0], it[1], {}, "is_staff"), zip(two, forms, strict=True)
            )
            assert all(page.status < 500 for page in pages)
            statuses = [one.get(panel.users.index).status for one, _ in two]
            assert sorted(statuses) == [200, 403]
