"""detect-secrets: looks for keys and passwords in files.

https://github.com/Yelp/detect-secrets
"""

import json
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory

from ..rendered import PROGRAMS
from .findings import Finding, Severity

TOOL = "detect_secrets"
# What looks like a secret by the name that it has, or as random as one: that is a guess.
# All else has the form of the keys of some service.
GUESSED = {
    "Base64 High Entropy String",
    "Basic Auth Credentials",
    "Hex High Entropy String",
    "Secret Keyword",
}
# It reads words without quotes only where it knows a file as one of settings.
AS_SETTINGS = ".ini"


def look(folder: Path, files: Iterable[str]) -> list[Finding]:
    """Have files read.

    Args:
        folder: where they lie.
        files: their paths in the folder.
    """
    with TemporaryDirectory() as copy:
        for file in files:
            settings = Path(file).name.startswith(".env")
            target = Path(copy, file + AS_SETTINGS * settings)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(folder / file, target)
        # It would ask the services whether a key works.
        how = ("scan", "--all-files", "--no-verify")
        words = [str(PROGRAMS / "detect-secrets"), "-C", copy, *how]
        done = subprocess.run(words, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return [
        Finding(
            TOOL,
            found["type"],
            Severity.MEDIUM if found["type"] in GUESSED else Severity.HIGH,
            file.removesuffix(AS_SETTINGS),
            f"line {found['line_number']}",
        )
        for file, all_found in json.loads(done.stdout)["results"].items()
        for found in all_found
    ]
