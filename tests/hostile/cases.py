"""Command lines made up by chance, the same ones for the same number."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from headstart.knowledge import features, questions, rules
from headstart.project import DATABASES, LICENSES, VERIFY
from headstart.template import FRAMEWORKS

from .payloads import CODE, LONG, REFUSED, WORDS, text
from .running import STREAMS
from .sandbox import Sandbox

NOT_THERE = ("nonsense", "", "--", "djangoo", "PAGES", "pages,api", " api", "\u202eapi")
PYTHONS = (
    "3.11",
    "3.12",
    "3.13",
    "3.99",
    "3.10",
    "2.7",
    "3",
    "3.011",
    "3.١٢",
    "3.12; rm",
    "",
    "4.0",
)
EMAILS = ("ann@example.com", "", "@", "a@b", "not an address", "<>", '"a b"@c.d', "x" * 201)
TERMINALS: tuple[dict[str, str], ...] = (
    {"TERM": "dumb"}, {"COLUMNS": "1", "LINES": "1"}, {"COLUMNS": "0"}, {"COLUMNS": "-7"},
    {"COLUMNS": "nonsense"}, {"COLUMNS": "999999999"}, {"NO_COLOR": ""}, {"FORCE_COLOR": "1"},
    {"TERM": ""}, {"LANG": "C", "LC_ALL": "C"}, {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    {"PYTHONIOENCODING": "ascii"}, {"PYTHONIOENCODING": "latin-1"}, {"PYTHONIOENCODING": "utf-16"},
    {"PYTHONWARNINGS": "error"}, {"PYTHONOPTIMIZE": "2"}, {"PYTHONDEVMODE": "1"},
    {"LC_ALL": "nonsense"}, {"HOME": ""}, {"HOME": "/nonexistent"}, {"TMPDIR": "/nonexistent"},
)  # fmt: skip
GIT_BROKEN = {
    "git fails": "#!/bin/sh\necho no; exit 1\n",
    "git is killed": "#!/bin/sh\nkill -9 $$\n",
    "git is no program": "\x7fELF nonsense",
}
UV_BROKEN = {
    "uv is missing": "",
    "uv fails": "#!/bin/sh\necho 'error: no'; exit 2\n",
    "uv is killed": "#!/bin/sh\nkill -9 $$\n",
    "uv does nothing": "#!/bin/sh\nexit 0\n",
}


@dataclass
class Case:
    """One run: what is typed, where, and what is the matter there."""

    words: list[str] = field(default_factory=list)
    environment: dict[str, str] = field(default_factory=dict)
    streams: str = "usual"
    said: bytes = b""
    prepare: list[Callable[[Sandbox], None]] = field(default_factory=list)
    uv: str = ""
    name: str | None = None
    folder: str = "."

    @property
    def builds(self) -> bool:
        return self.words[0] == "new" and "--dry-run" not in self.words

    @property
    def needs_a_process(self) -> bool:
        """Whether it can only be tried with a Python of its own."""
        starting = {name for name in self.environment if name.startswith(("PYTHON", "L"))}
        return self.streams != "usual" or bool(starting - {"LINES"})


def case(number: int, seed: int = 1) -> Case:
    """Return a run; of ten, seven build something, and four of these should succeed."""
    random = Random(f"{seed}-{number}")  # noqa: S311
    made = Case()
    if random.random() < 0.7:
        _new(made, random)
    else:
        random.choice((_advise, _explain, _others))(made, random)
    # Another uv is something that only a copy of this process can be given.
    if random.random() < 0.25 and not made.uv:
        made.environment |= random.choice(TERMINALS)
    if random.random() < 0.1 and not made.uv:
        made.streams = random.choice(list(STREAMS))
    return made


def _new(made: Case, random: Random) -> None:
    name = text(random)
    made.name = name
    options = [["--no-setup"], ["--yes"] if random.random() < 0.95 else []]
    if random.random() < 0.8:
        options.append(["--no-git"])
    hostile = random.random() < 0.35
    for option, usual, odd in (
        ("--framework", list(FRAMEWORKS), NOT_THERE),
        ("--database", DATABASES, NOT_THERE),
        ("--license", LICENSES, NOT_THERE),
        ("--python", ("3.11", "3.12"), PYTHONS),
        ("--verify", ("none",), VERIFY),
        ("--email", ("ann@example.com",), (*EMAILS, *WORDS, *REFUSED)),
        ("--author", ("Ann",), (*WORDS, *REFUSED, *LONG)),
    ):
        if random.random() < 0.4:
            options.append(
                [option, random.choice(odd if hostile and random.random() < 0.4 else usual)]
            )
    if random.random() < 0.5:
        options += _features(random, odd=hostile)
    if random.random() < 0.3:
        options += _answers(made, random, odd=hostile)
    if random.random() < 0.3:
        made.folder = _folder(made, random)
        options.append(["--output-dir", made.folder])
    for flag, share in (
        ("--dry-run", 0.07),
        ("--json", 0.2),
        ("--keep", 0.1),
        ("--nonsense", 0.02),
    ):
        if random.random() < share:
            options.append([flag])
    if random.random() < 0.1:
        _break_git(made, random)
        options = [option for option in options if option != ["--no-git"]]
    if random.random() < 0.06:
        made.uv = random.choice(list(UV_BROKEN))
        options = [
            option for option in options if option not in (["--no-setup"], ["--verify", "none"])
        ]
    if random.random() < 0.1:
        made.prepare.append(random.choice((_occupied, _linked, _file_there, _foreign_staging)))
    random.shuffle(options)
    words = [word for option in options for word in option]
    # A name that looks like an option has to come last, as for any command.
    made.words = ["new", *words, "--", name] if random.random() < 0.9 else ["new", name, *words]


def _features(random: Random, odd: bool) -> list[list[str]]:
    known = [feature.name for feature in features()]
    chosen = [
        [random.choice(("--with", "--with", "--without")), random.choice(known)]
        for _ in range(random.randrange(6))
    ]
    return (
        [*chosen, ["--with", random.choice(NOT_THERE)]] if odd and random.random() < 0.3 else chosen
    )


def _answers(made: Case, random: Random, odd: bool) -> list[list[str]]:
    if random.random() < 0.4:
        return _answers_file(made, random, odd)
    options = []
    for question in random.sample(questions(), random.randrange(1, 5)):
        value = random.choice(question.values).name
        options.append(["--answer", f"{question.key}={value}"])
    if odd:
        word = random.choice((*WORDS, *REFUSED[3:], "kind", "kind=", "=shop", "kind=shop=shop"))
        options.append(["--answer", random.choice((word, f"kind={word}", f"{word}=shop"))])
    return options


GOOD_FILES = {
    "a.toml": b'kind = "shop"\nadmin = true\n',
    "a.json": b'{"kind": "api", "docs": "yes"}',
    "bom.toml": b'\xef\xbb\xbfkind = "shop"\r\n',
    "noname": b'kind = "tool"',
    "record.json": b'{"project": {"answers": {"kind": "ml"}}}',
}
BAD_FILES = {
    "deep.json": b"[" * 50_000 + b"]" * 50_000,
    "deeper.json": b'{"a":' * 15_000,
    "deep.toml": b"a = " + b"[" * 40_000,
    "dotted.toml": b"a" + b".a" * 40_000 + b" = 1",
    "huge.json": b'{"kind": "' + b"x" * 3_000_000 + b'"}',
    "number.json": b'{"kind": ' + b"9" * 90_000 + b"}",
    "utf16.toml": 'kind = "shop"'.encode("utf-16"),
    "twice.toml": b'kind = "shop"\nkind = "api"',
    "twice.json": b'{"kind": "shop", "kind": "shop"}',
    "types.json": b'{"kind": ["shop"], "size": {"a": null}, "docs": 1e999}',
    "types.toml": b"kind = 1979-05-27T07:32:00Z",
    "nan.json": b"NaN",
    "half.json": b'{"kind": "sh',
    "surrogate.json": b'{"\\ud83d": "\\udcff"}',
    "escape.json": b'{"kind\\u001b[2J\\n": "shop"}',
    "nul.toml": b"\x00\x01\x02",
    "unknown.toml": b'knd = "shop"',
    "value.json": b'{"kind": "{{ 7*7 }}"}',
    "code.toml": f'kind = "{CODE}"'.encode(),
    "empty.json": b"",
    "list.json": b"[]",
    "inner.json": b'{"project": {"answers": [1]}}',
}


def _answers_file(made: Case, random: Random, odd: bool) -> list[list[str]]:
    if odd and random.random() < 0.3:
        return [
            [
                "--answers",
                random.choice(
                    (
                        "",
                        ".",
                        "/dev/zero",
                        "/dev/null",
                        "/",
                        "missing",
                        "a\nb",
                        "x" * 300,
                        "/proc/self/mem",
                        "fifo",
                    )
                ),
            ]
        ]
    name, content = random.choice(list((BAD_FILES if odd else GOOD_FILES).items()))
    if random.random() < 0.2:
        made.said = content
        return [["--answers", "-"]]
    made.prepare.append(lambda sandbox: _written(sandbox.here / name, content))
    return [["--answers", name]]


def _written(path: Path, content: bytes) -> None:
    path.write_bytes(content)


def _folder(made: Case, random: Random) -> str:
    word = random.choice(WORDS)
    folder = random.choice(
        (
            "deep/er", "..", "{{ 7*7 }}", "{% raw %}/x", "../other", "a/../b", "./.", "with space", f"x{word}", f"{word}/y",
            "-dash", "~", "$HOME", "*", "tab\there", "two\nlines", "colon:ed", "emoji 😀", "x\udce9y",
            "mine.txt", "mine.txt/below", "link", "link/below", "dangling", "dangling/below", "loop",
            "x" * 255, "x" * 256, "/".join(["d" * 200] * 15), "/".join(["d" * 250] * 20), "", "/proc",
        )
    )  # fmt: skip
    made.prepare.append(_links)
    return folder.replace("\x00", "")


def _links(sandbox: Sandbox) -> None:
    other = sandbox.here.parent / "elsewhere"
    other.mkdir()
    (sandbox.here / "link").symlink_to(other)
    (sandbox.here / "dangling").symlink_to(sandbox.root / "nowhere")
    (sandbox.here / "loop").symlink_to("loop")


def _break_git(made: Case, random: Random) -> None:
    script = random.choice((*GIT_BROKEN.values(), ""))

    def prepare(sandbox: Sandbox) -> None:
        programs = sandbox.root / "programs"
        programs.mkdir()
        if script:
            _written(programs / "git", script.encode())
            (programs / "git").chmod(0o755)

    made.prepare.append(prepare)
    made.environment["PATH"] = "programs"


def _occupied(sandbox: Sandbox) -> None:
    for folder in ("project", "shop", "django"):
        (sandbox.here / folder).mkdir()
        (sandbox.here / folder / "mine.txt").write_text("mine")


def _linked(sandbox: Sandbox) -> None:
    for name in ("project", "shop"):
        (sandbox.here / name).symlink_to(sandbox.home)


def _file_there(sandbox: Sandbox) -> None:
    (sandbox.here / "project").write_text("mine")


def _foreign_staging(sandbox: Sandbox) -> None:
    folder = sandbox.here / ".project.headstart"
    folder.mkdir()
    (folder / ".lock").write_text("mine")


def _advise(made: Case, random: Random) -> None:
    forms = random.sample(
        ("--json", "--full", "--markdown", "--ask", "--nonsense"), random.randrange(3)
    )
    answers = _answers(made, random, odd=random.random() < 0.4)
    made.words = ["advise", *forms, *(word for option in answers for word in option)]


def _explain(made: Case, random: Random) -> None:
    rule = random.choice(
        (random.choice(rules()).id, random.choice(WORDS), *REFUSED[3:5], *LONG[-3:])
    )
    made.words = ["explain", *random.choice(([], ["--json"])), "--", rule][
        : random.choice((1, 2, 9))
    ]


def _others(made: Case, random: Random) -> None:
    made.words = random.choice(
        (
            ["compare"], ["compare", "--json"], ["compare", "--features"], ["compare", "--markdown"],
            ["compare", "--features", "--json"], ["compare", "--json", "--markdown"],
            ["features"], ["features", "--json"], ["doctor"], ["doctor", "--json"],
            ["completion", "bash"], ["completion", "zsh"], ["completion", "fish"],
            ["completion", random.choice(NOT_THERE)], [], ["--help"], ["--version"], ["new", "--help"],
            [random.choice(WORDS)], ["new"], ["new", ""], ["--", "new"], ["features", "more"],
        )
    )  # fmt: skip
    made.words = [*made.words]


def described(made: Case) -> str:
    """Return a case as it can be pasted into a report."""
    return json.dumps([made.words, made.environment, made.streams, made.uv, made.folder])
