"""What everybody gets who gets the repository: no secret, and packages as they were."""

import re
import tomllib
from pathlib import Path

PROJECT = Path(__file__).parent.parent


def test_secrets_stay_out_of_the_repository() -> None:
    ignored = (PROJECT / ".gitignore").read_text(encoding="utf-8").splitlines()
    assert {".env*", "var/"} <= set(ignored)
    for example in PROJECT.glob(".env*.example"):
        values = dict(re.findall(r"^(\w+)=(.*)$", example.read_text("utf-8"), re.M))
        for name in ("SECRET_KEY", "DEMO_PASSWORD", "ADMIN_PASSWORD"):
            value = values.get(name, "")
            assert value == "" or value.startswith("example"), (example.name, name)


def test_every_package_is_locked_with_its_hash() -> None:
    text = (PROJECT / "uv.lock").read_text(encoding="utf-8")
    packages = tomllib.loads(text)["package"]
    fetched = [package for package in packages if "registry" in package["source"]]
    assert fetched
    for package in fetched:
        files = [*package.get("wheels", []), package.get("sdist", {})]
        for file in filter(None, files):
            assert file["hash"].startswith("sha256:"), package["name"]
    # The address of an index of one's own must not bring its password along.
    assert not re.search(r"://[^/\s\"]*@", text)
