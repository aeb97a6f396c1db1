"""B. Background work: products from a file, whatever becomes of the workers."""

import os
import re
import secrets
import signal
import subprocess
import time
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from html import unescape
from pathlib import Path

import pytest

from headstart.proof.document import Form
from headstart.proof.page import Page
from headstart.tasks import task

from .crawling import links_of
from .deployments import STOPPED_WITHIN, Deployment, Stranger
from .people import FORM_AGAIN, admin, complaint, demo, log_in, path_of

UPLOAD = "/products/import"
BOUNDARY = "----------------headstart"
DONE_WITHIN = 120
LEASE = 30


def upload(
    staff: Stranger, content: bytes, filename: str = "products.csv", token: str | None = None
) -> Page:
    """Send a file with the form, as a browser does."""
    form = staff.get(UPLOAD).form(action=UPLOAD)
    name = next(name for name in form.fields if "csrf" in name.lower())
    kept = form.fields[name] if token is None else token
    return staff.request(
        "POST",
        UPLOAD,
        multipart(name, kept, filename, content),
        {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}", "Origin": staff.site},
    )


def multipart(name: str, token: str, filename: str, content: bytes) -> bytes:
    """Return the body of a form with a file."""
    lines = [
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{token}'.encode(),
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="{filename}"\r\n'.encode()
        + b"Content-Type: text/csv\r\n\r\n"
        + content,
        f"--{BOUNDARY}--\r\n".encode(),
    ]
    return b"\r\n".join(lines)


def rows(names: Iterable[str]) -> bytes:
    """Return a file with these products."""
    return "\n".join(["name,price", *(f"{name},1.50" for name in names)]).encode()


def words(page: Page) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page.text)).split())


def finished(staff: Stranger, path: str, within: float = DONE_WITHIN) -> str:
    """Wait until an import is over, and return what its page says."""
    end = time.monotonic() + within
    while True:
        page = staff.get(path)
        assert page.status == 200
        said = words(page)
        if "Finished" in said:
            return said
        assert "Stopped by an error" not in said
        assert time.monotonic() < end, f"B1. not finished: {said}"
        time.sleep(0.2)


def how_many(deployment: Deployment, prefix: str) -> dict[str, int]:
    """Return how often each product whose name begins so is there, by a look into the database."""
    table = deployment.database.table_with("stock")
    query = f"SELECT name FROM {table} WHERE name LIKE '{prefix}%'"  # noqa: S608
    found: dict[str, int] = {}
    for name in deployment.database.execute(query):
        found[name] = found.get(name, 0) + 1
    return found


@pytest.fixture(scope="session")
def staff(running_deployment: Deployment) -> Stranger:
    return log_in(running_deployment, admin(running_deployment))


@pytest.fixture
def worker(deployment: Deployment, tmp_path: Path) -> Iterator["subprocess.Popen[bytes]"]:
    with deployment.working(tmp_path / "worker.log") as process:
        yield process


@pytest.mark.usefixtures("worker")
def test_good_rows_are_imported_and_bad_ones_listed(
    deployment: Deployment, staff: Stranger
) -> None:
    """B1, B2."""
    mark = secrets.token_hex(4)
    table = (
        "name,description,price,stock\n"
        f'Import {mark} one,"Two lines,\nin quotes",19.90,3\n'
        f"Import {mark} two,,-1,3\n"
        "\n"
        f"Import {mark} three,,1.999,1\n"
        f"Import {mark} <b>four</b>,,0.50,\n"
        ",,5,5\n"
        f"Import {mark} five,,7,many\n"
    )
    started = time.monotonic()
    sent = upload(staff, table.encode())
    assert time.monotonic() - started < 5
    assert sent.status == 303
    said = finished(staff, path_of(sent))
    assert "Imported: 2" in said
    assert "Refused: 4" in said
    for line in ("4", "6", "8", "9"):
        assert re.search(rf"\b{line} \S", said)
    assert how_many(deployment, f"Import {mark}") == {
        f"Import {mark} one": 1,
        f"Import {mark} <b>four</b>": 1,
    }
    shown = deployment.visitor().get(f"/products?q={mark}")
    assert "<b>four" not in shown.text


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\n\n",
        b"name,price",
        b"name,price\n",
        b"price,stock\n1,2\n",
        b"name,price,colour\na,1,red\n",
        b"name,price\na\x00b,1\n",
        "name,price\nCafé,1\n".encode("latin-1"),
        b"\x89PNG\r\n\x1a\n\x00\x00",
        b'name,price\n"never closed,1\n',
        b"name,price,price\na,1,2\n",
        b"name,price\n" + b"a,1\n" * 10_001,
    ],
)
def test_a_file_that_is_none_is_refused(staff: Stranger, content: bytes) -> None:
    """B1, I3, I4."""
    page = upload(staff, content)
    assert page.status in FORM_AGAIN
    assert complaint(page, "file")


def test_a_form_without_a_file_comes_again(staff: Stranger) -> None:
    """B1."""
    page = staff.submit(staff.get(UPLOAD), {}, UPLOAD)
    assert page.status in FORM_AGAIN
    assert complaint(page, "file")


def test_a_file_that_is_too_big_is_not_read(staff: Stranger) -> None:
    """I10."""
    assert upload(staff, b"name,price\n" + b"x" * 3_000_000).status == 413


@pytest.mark.usefixtures("worker")
@pytest.mark.parametrize(
    "filename",
    ["../../../etc/passwd", "x" * 3000 + ".csv", "<img src=x>.csv", "a\u202evsc.exe", " "],
)
def test_the_name_of_a_file_is_only_a_text(staff: Stranger, filename: str) -> None:
    """I1, I2."""
    sent = upload(staff, rows([f"Named {secrets.token_hex(4)}"]), filename)
    if sent.status == 400:
        # A line of the form's head is too long to be read.
        assert len(filename) > 2000
        return
    assert sent.status == 303
    page = staff.get(path_of(sent))
    assert "<img src=x>" not in page.text
    assert len(page.document.headings) == 1
    finished(staff, path_of(sent))


@pytest.mark.usefixtures("worker")
def test_what_office_programs_write_is_read(deployment: Deployment, staff: Stranger) -> None:
    """B1."""
    mark = secrets.token_hex(4)
    table = f"\ufeffStock;NAME;Price\r\n3;Semicolon {mark};2.50\r\n".encode()
    assert "Imported: 1" in finished(staff, path_of(upload(staff, table)))
    assert how_many(deployment, f"Semicolon {mark}") == {f"Semicolon {mark}": 1}


def test_it_is_for_the_staff_only(deployment: Deployment, staff: Stranger) -> None:
    """B1, P5."""
    sent = upload(staff, rows(["Private thing"]))
    for path in (UPLOAD, path_of(sent)):
        stranger = deployment.visitor().get(path)
        assert stranger.status in (302, 303)
        assert path_of(stranger) == "/login"
        owner = log_in(deployment, demo(deployment))
        assert owner.get(path).status == 403
    owner = log_in(deployment, demo(deployment))
    assert UPLOAD not in links_of(owner.get("/products"), owner.site)
    assert UPLOAD in links_of(staff.get("/products"), staff.site)


@pytest.mark.parametrize("number", ["0", "999999", str(2**63), str(10**40), "-1", "abc"])
def test_an_unknown_import_is_not_found(staff: Stranger, number: str) -> None:
    """P4, I7."""
    assert staff.get(f"{UPLOAD}/{number}").status == 404


@pytest.mark.parametrize("token", ["", "garbage"])
def test_without_the_right_token_nothing_is_imported(
    deployment: Deployment, staff: Stranger, token: str
) -> None:
    """C1."""
    mark = secrets.token_hex(4)
    assert upload(staff, rows([f"Forged {mark}"]), token=token).status == 403


def test_no_product_takes_the_address_of_the_form(deployment: Deployment, staff: Stranger) -> None:
    """P4."""
    form: Form = staff.get("/products/new").form({"name"}, "/products/new")
    fields = form.fields | {"name": "Import", "price": "1", "stock": "1", "description": ""}
    made = staff.post("/products/new", fields)
    assert made.status == 303
    assert path_of(made) != UPLOAD
    assert staff.get(path_of(made)).status == 200


def test_a_worker_that_is_killed_is_continued_each_row_once(
    deployment: Deployment, staff: Stranger, tmp_path: Path
) -> None:
    """B3."""
    mark = secrets.token_hex(4)
    count = 2500
    sent = upload(staff, rows(f"Killed {mark} {number}" for number in range(count)))
    with deployment.working(tmp_path / "killed.log") as worker:
        end = time.monotonic() + DONE_WITHIN
        while not how_many(deployment, f"Killed {mark}"):
            assert time.monotonic() < end, "B2. the worker does nothing"
            time.sleep(0.01)
        os.killpg(worker.pid, signal.SIGKILL)
    done = how_many(deployment, f"Killed {mark}")
    assert 0 < len(done) < count, "the worker was done before it could be killed"
    with deployment.working(tmp_path / "next.log"):
        said = finished(staff, path_of(sent), DONE_WITHIN + LEASE)
    assert f"Imported: {count}" in said
    there = how_many(deployment, f"Killed {mark}")
    assert len(there) == count
    assert set(there.values()) == {1}


def test_a_worker_that_is_asked_to_end_does_so_in_time(
    deployment: Deployment, staff: Stranger, tmp_path: Path
) -> None:
    """B3, O3."""
    mark = secrets.token_hex(4)
    sent = upload(staff, rows(f"Ended {mark} {number}" for number in range(1500)))
    with deployment.working(tmp_path / "ended.log") as worker:
        end = time.monotonic() + DONE_WITHIN
        while not how_many(deployment, f"Ended {mark}"):
            assert time.monotonic() < end, "B2. the worker does nothing"
            time.sleep(0.01)
        worker.terminate()
        assert worker.wait(STOPPED_WITHIN) == 0
    with deployment.working(tmp_path / "next.log"):
        finished(staff, path_of(sent), DONE_WITHIN + LEASE)
    there = how_many(deployment, f"Ended {mark}")
    assert (len(there), set(there.values())) == (1500, {1})


def test_several_workers_share_the_work(
    deployment: Deployment, staff: Stranger, tmp_path: Path
) -> None:
    """B4, B3."""
    mark = secrets.token_hex(4)
    with ExitStack() as stack:
        for number in range(3):
            stack.enter_context(deployment.working(tmp_path / f"{number}.log"))
        sent = [
            upload(staff, rows(f"Shared {mark} {one} {number}" for number in range(300)))
            for one in range(6)
        ]
        for each in sent:
            assert "Imported: 300" in finished(staff, path_of(each))
    there = how_many(deployment, f"Shared {mark}")
    assert (len(there), set(there.values())) == (1800, {1})


def test_a_file_is_imported_from_the_command_line(deployment: Deployment, tmp_path: Path) -> None:
    """B2."""
    mark = secrets.token_hex(4)
    file = tmp_path / "products.csv"
    file.write_bytes(rows([f"Command {mark}"]))
    command = task(deployment.project, "import-products")

    def run(*more: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [*command, *more],
            cwd=deployment.project,
            env=deployment.environment,
            capture_output=True,
            text=True,
        )

    bad = run(str(tmp_path / "missing.csv"), "--owner", admin(deployment).email)
    assert bad.returncode == 1
    assert "Traceback" not in bad.stderr
    assert run(str(file), "--owner", "nobody@example.com").returncode == 1
    done = run(str(file), "--owner", admin(deployment).email)
    assert done.returncode == 0, done.stderr
    with deployment.working(tmp_path / "worker.log"):
        end = time.monotonic() + DONE_WITHIN
        while not how_many(deployment, f"Command {mark}"):
            assert time.monotonic() < end
            time.sleep(0.1)
