"""W1, B4, A5, A7: several machines that share nothing but the servers named in the environment."""

import secrets
import shutil
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from .api import ask_for_token, value_of
from .brokers import Redis
from .conftest import NO_POSTGRESQL
from .databases import Cluster
from .deployments import Deployment
from .people import add_product, admin, demo, is_logged_in, log_in, path_of, register, try_to_log_in
from .projects import FEATURES
from .sockets import event_about, listen
from .test_imports import finished, how_many, rows, upload

TRIES = 10


@dataclass(frozen=True)
class Machines:
    """Two that answer people, and two that work in the background."""

    web: tuple[Deployment, Deployment]
    background: tuple[Deployment, Deployment]
    scratch: Path

    @property
    def all(self) -> tuple[Deployment, ...]:
        return (*self.web, *self.background)

    def files(self) -> set[str]:
        """Return what lies in the folders of all of them, but for what Python compiles."""
        return {
            str(path)
            for machine in self.all
            for path in machine.project.rglob("*")
            if not {"__pycache__", ".venv", "staticfiles"} & set(path.parts)
        }


@pytest.fixture(scope="session")
def machines(
    framework: str,
    project: Path,
    cluster: Cluster | None,
    broker: Redis,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Machines]:
    if cluster is None:
        pytest.skip(NO_POSTGRESQL)
    scratch = tmp_path_factory.mktemp("machines")
    database = cluster.create(f"{framework}_{scratch.name}")

    def machine(name: str) -> Deployment:
        folder = scratch / name
        folder.mkdir()
        copy = folder / "project"
        shutil.copytree(project, copy, ignore=shutil.ignore_patterns(".venv", "var"))
        (copy / ".venv").symlink_to(project / ".venv")
        return Deployment(framework, copy, database, folder, settings={"REDIS_URL": broker.url})

    one, two, three, four = map(machine, ("one", "two", "three", "four"))
    one.prepare()
    with ExitStack() as stack:
        for web in (one, two):
            web.start()
            stack.callback(web.stop)
        for background in (three, four):
            stack.enter_context(background.working(background.log))
        yield Machines((one, two), (three, four), scratch)


def test_who_logs_in_on_one_is_logged_in_on_all(machines: Machines) -> None:
    """A7."""
    one, two = machines.web
    here, _ = register(one)
    there = two.visitor(cookies=here.cookies)
    assert is_logged_in(there)
    assert there.submit(there.get("/account"), {}, "/logout").status == 303
    assert not is_logged_in(one.visitor(cookies=here.cookies))


def test_a_form_of_one_can_be_sent_to_the_other(machines: Machines) -> None:
    """C1."""
    one, two = machines.web
    here = log_in(one, demo(one))
    form = here.get("/products/new").form({"name"}, "/products/new").fields
    there = two.visitor(cookies=here.cookies)
    fields = form | {"name": "Handed over", "price": "1", "stock": "1", "description": "x"}
    assert there.post("/products/new", fields).status == 303


def test_tries_are_counted_over_all(machines: Machines) -> None:
    """A5."""
    one, two = machines.web
    _, account = register(one)
    wrong = type(account)(account.email, "not-the-password-at-all", account.display_name)
    for number in range(TRIES):
        machine = machines.web[number % 2]
        assert try_to_log_in(machine.visitor(), wrong).status in (200, 422)
    for machine in (one, two):
        assert try_to_log_in(machine.visitor(), account).status == 429


def test_a_token_of_one_is_good_on_all_and_dies_on_all(machines: Machines) -> None:
    """R2."""
    if "api" not in FEATURES:
        pytest.skip("the project has no `api`")
    from .api import Client

    one, two = machines.web
    answer = ask_for_token(Client(one), demo(one))
    token = value_of(answer)["access_token"]
    one.secrets.add(token)
    two.secrets.add(token)
    bearer = {"Authorization": f"Bearer {token}"}
    assert two.visitor().request("GET", "/api/me", headers=bearer).status == 200
    assert two.visitor().request("DELETE", "/api/token", headers=bearer).status == 204
    assert one.visitor().request("GET", "/api/me", headers=bearer).status == 401


def test_a_change_on_one_is_heard_on_the_other(machines: Machines) -> None:
    """W1."""
    if "realtime" not in FEATURES:
        pytest.skip("the project has no `realtime`")
    one, two = machines.web
    owner = log_in(one, demo(one))
    with ExitStack() as stack:
        listeners = [stack.enter_context(listen(two)) for _ in range(6)]
        name = f"Far away {secrets.token_hex(4)}"
        add_product(owner, name=name)
        for listener in listeners:
            assert event_about(listener, name)["event"] == "created"


def test_a_file_sent_to_one_is_imported_by_another_and_seen_on_all(machines: Machines) -> None:
    """B4, W1."""
    one, two = machines.web
    mark = secrets.token_hex(4)
    staff = log_in(one, admin(one))
    sent = [
        upload(staff, rows(f"Machine {mark} {each} {number}" for number in range(200)))
        for each in range(4)
    ]
    elsewhere = two.visitor(cookies=staff.cookies)
    for each in sent:
        assert "Imported: 200" in finished(elsewhere, path_of(each))
    there = how_many(one, f"Machine {mark}")
    assert (len(there), set(there.values())) == (800, {1})


def test_what_the_background_changes_is_heard_in_front(machines: Machines) -> None:
    """W1, B4."""
    if "realtime" not in FEATURES:
        pytest.skip("the project has no `realtime`")
    one, two = machines.web
    staff = log_in(one, admin(one))
    name = f"From the back {secrets.token_hex(4)}"
    with listen(two) as listener:
        upload(staff, rows([name]))
        assert event_about(listener, name, 10)["event"] == "created"


def test_none_of_them_keeps_anything_in_a_file_of_its_own(machines: Machines) -> None:
    """B4."""
    before = machines.files()
    one, two = machines.web
    staff = log_in(one, admin(one))
    add_product(staff)
    sent = upload(staff, rows(["Kept nowhere"]))
    finished(two.visitor(cookies=staff.cookies), path_of(sent))
    time.sleep(0.5)
    assert machines.files() == before
    for machine in machines.web:
        machine.check_log()
