"""Carries out a Dockerfile without an engine: each stage in a root of its own.

There is no registry and no engine where the tests run. What a base image would
bring, programs and Python, is this machine's own, mounted read-only. All else is
as the Dockerfile says: its commands run in the root of their stage, what a stage
copies comes from the context or from another stage, and the last stage is
started as its user, without rights, on a file system that cannot be written.
"""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from fnmatch import fnmatch
from pathlib import Path

INSTRUCTION = re.compile(r"([A-Z]+)\s+(.*)", re.DOTALL)
# What the base image has at /usr/local: a Python that belongs to nothing else.
PYTHON = Path(sys.base_prefix)
MERGED = ("bin", "lib", "lib64", "sbin")
PACKAGES = Path("/opt")
# Users, names of hosts, and where this machine gets its packages from.
CONFIGURATION = [
    *(Path("/etc", name) for name in ("passwd", "group", "shadow", "gshadow", "login.defs")),
    *(Path("/etc", name) for name in ("resolv.conf", "hosts", "nsswitch.conf", "ssl", "pip.conf")),
    Path("/root/.config/pip"),
]
INDEX = re.compile(r"PIP_|UV_(?!PYTHON)|SSL_|HTTPS?_PROXY|NO_PROXY", re.IGNORECASE)


def lack() -> str:
    """Say why it cannot be done here, or nothing."""
    if os.geteuid() != 0 or sys.platform != "linux":
        return "an image can be built by hand by root on Linux only"
    tried = subprocess.run(["unshare", "--mount", "true"], check=False, capture_output=True)
    return "" if tried.returncode == 0 else "this machine gives no mounts of one's own"


@dataclass
class Stage:
    """What a `FROM` begins.

    Attributes:
        root: the folder that is its file system.
        cache: a folder for what commands may keep between builds.
    """

    root: Path
    cache: Path
    environment: dict[str, str] = field(default_factory=dict)
    folder: str = "/"
    user: str = "0"
    command: list[str] = field(default_factory=list)
    health: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Make the folders that others are mounted on, and a copy of what says who is who."""
        for name in ("dev", "etc", "opt", "proc", "root/.cache", "tmp", "usr"):
            (self.root / name).mkdir(parents=True, exist_ok=True)
        for name in MERGED:
            if Path("/", name).is_symlink():
                (self.root / name).symlink_to(Path("/", name).readlink())
        for path in CONFIGURATION:
            copy = self.root / path.relative_to("/")
            if path.is_dir():
                shutil.copytree(path, copy, symlinks=True)
            elif path.exists():
                copy.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(path, copy)
        # Python's own libraries come first, and `pip` must not install into this Python.
        self.environment["LD_LIBRARY_PATH"] = "/usr/local/lib"
        self.environment["PATH"] = "/root/tools/bin:/usr/local/bin:/usr/bin:/bin:/usr/sbin"

    def words(self, command: list[str], user: str, *, read_only: bool) -> list[str]:
        """Return the command line that runs a command in this root."""
        root = shlex.quote(str(self.root))
        mounts = [
            f"mount --bind {root} {root}",
            f"mount --bind -o ro /usr {root}/usr",
            f"mount --bind -o ro {shlex.quote(str(PYTHON))} {root}/usr/local",
            f"mount --bind -o ro {PACKAGES} {root}/opt",
            f"mount --rbind /dev {root}/dev",
            f"mount -t proc proc {root}/proc",
        ]
        if read_only:
            mounts += [
                f"mount --bind {root}/data {root}/data",
                f"mount -o remount,bind,ro {root}",
                f"mount -o remount,bind,rw {root}/data",
                f"mount -t tmpfs tmpfs {root}/tmp",  # noqa: S108
            ]
        else:
            mounts.append(f"mount --bind {shlex.quote(str(self.cache))} {root}/root/.cache")
        enter = ["chroot", str(self.root), "/usr/bin/env", "-C", self.folder]
        if user != "0":
            enter += ["setpriv", f"--reuid={user}", f"--regid={user}", "--clear-groups"]
            enter += ["--no-new-privs", "--bounding-set=-all"]
        script = " && ".join([*mounts, f"exec {shlex.join([*enter, *command])}"])
        return ["unshare", "--mount", "--propagation=private", "sh", "-c", script]

    def run(self, command: str) -> None:
        """Run the command of a `RUN`."""
        if command.startswith("--mount=type=cache"):
            command = command.split(maxsplit=1)[1]
        index = {name: value for name, value in os.environ.items() if INDEX.match(name)}
        given = index | self.environment | {"HOME": "/root", "PIP_TARGET": "/root/tools"}
        words = self.words(["/bin/sh", "-c", command], self.user, read_only=False)
        ended = subprocess.run(words, env=given, capture_output=True, text=True, check=False)
        assert ended.returncode == 0, f"{command}\n{ended.stdout}{ended.stderr}"

    def inside(self, path: str) -> Path:
        """Return where a path of the image lies."""
        return self.root / os.path.join(self.folder, path).lstrip("/")


def carry_out(context: Path, folder: Path, cache: Path) -> Stage:
    """Carry out a Dockerfile and return its last stage.

    Args:
        context: the folder with the Dockerfile and what it copies.
        folder: where the stages are made; everybody has to be able to enter it.
        cache: a folder for what commands may keep between builds.
    """
    stages: dict[str, Stage] = {}
    stage = None
    for name, value in _instructions((context / "Dockerfile").read_text()):
        if name == "FROM":
            label = value.rpartition(" AS ")[2]
            (folder / str(len(stages))).mkdir()
            stage = stages[label] = Stage(folder / str(len(stages)), cache)
            continue
        assert stage
        _obey(stage, stages, context, name, value)
    assert stage
    return stage


def _instructions(text: str) -> list[tuple[str, str]]:
    lines = [line for line in text.splitlines() if not line.lstrip().startswith("#")]
    whole = "\n".join(lines).replace("\\\n", " ").splitlines()
    found = [INSTRUCTION.fullmatch(line.strip()) for line in whole if line.strip()]
    assert all(found)
    return [(match[1], match[2].strip()) for match in found if match]


def _obey(stage: Stage, stages: dict[str, Stage], context: Path, name: str, value: str) -> None:
    if name == "ENV":
        for pair in shlex.split(value):
            variable, _, given = pair.partition("=")
            stage.environment[variable] = given.replace("$PATH", stage.environment["PATH"])
    elif name == "WORKDIR":
        stage.folder = value
        stage.inside(".").mkdir(parents=True, exist_ok=True)
    elif name == "USER":
        stage.user = value
    elif name == "CMD":
        stage.command = json.loads(value)
    elif name == "HEALTHCHECK":
        stage.health = json.loads(value.partition("CMD")[2])
    elif name == "RUN":
        stage.run(value)
    elif name == "COPY":
        _copy(stage, stages, context, shlex.split(value))
    else:
        assert name in ("EXPOSE", "STOPSIGNAL"), name


def _copy(stage: Stage, stages: dict[str, Stage], context: Path, words: list[str]) -> None:
    *sources, target = [word for word in words if not word.startswith("--")]
    (other,) = [word.partition("=")[2] for word in words if word.startswith("--from=")] or [""]
    for source in sources:
        start = stages[other].inside(source) if other else context / source
        into = stage.inside(target)
        if start.is_file():
            shutil.copy2(start, into)
            continue
        ignored = None if other else left_out(context)
        shutil.copytree(start, into, symlinks=True, dirs_exist_ok=True, ignore=ignored)


def left_out(context: Path) -> Callable[[str, list[str]], set[str]]:
    """Return what tells `copytree` which files do not get to who builds an image."""
    lines = (context / ".dockerignore").read_text().splitlines()
    patterns = [line for line in lines if line and not line.startswith("#")]

    def matches(path: str, pattern: str) -> bool:
        if pattern.startswith("**/"):
            return fnmatch(path.rpartition("/")[2], pattern[3:])
        return path.count("/") == pattern.count("/") and fnmatch(path, pattern)

    def names(folder: str, found: list[str]) -> set[str]:
        below = Path(folder).relative_to(context)
        paths = {name: (below / name).as_posix() for name in found}
        return {
            name
            for name, path in paths.items()
            if any(matches(path, pattern) for pattern in patterns)
        }

    return names
