"""The Nu HTML Checker: whether pages are HTML, and style sheets CSS.

https://validator.github.io/validator/
"""

import json
import re
import subprocess
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from headstart.proof.page import Page

from .findings import Finding, Severity
from .programs import installed, npm_package

TOOL = "nu"
PACKAGE, VERSION = "vnu-jar", "26.9.27"
SEVERITIES = {"error": Severity.MEDIUM, "info": Severity.LOW}
# Names of static files change with what is in them.
HASH = re.compile(r"\.[0-9a-f]{12}(?=\.css$)")


def look(pages: Mapping[str, Page]) -> list[Finding]:
    """Have pages or style sheets checked.

    Args:
        pages: by what they are called in a report.
    """
    installed("java")
    jar = npm_package(PACKAGE, VERSION) / "build" / "dist" / "vnu.jar"
    is_style = all(page.headers.get_content_type() == "text/css" for page in pages.values())
    with TemporaryDirectory() as folder:
        names: dict[str, str] = {}
        for number, (name, page) in enumerate(pages.items()):
            file = Path(folder, f"{number}.{'css' if is_style else 'html'}")
            file.write_bytes(page.body)
            names[file.name] = HASH.sub("", name)
        words = ["java", "-jar", str(jar), "--format", "json", "--stdout", "--exit-zero-always"]
        words += ["--css"] * is_style
        files = [Path(folder, name) for name in names]
        done = subprocess.run([*words, *files], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    messages = json.loads(done.stdout)["messages"]
    return [finding(message, names[Path(message["url"]).name]) for message in messages]


def finding(message: dict[str, Any], where: str) -> Finding:
    """Return what one message says."""
    # It stops at what it calls no error of the document.
    severity = SEVERITIES.get(message["type"], Severity.HIGH)
    rule = message["message"].partition("\n")[0]
    extract = " ".join(message.get("extract", "").split())
    return Finding(TOOL, rule, severity, where, f"line {message.get('lastLine')}: {extract}")
