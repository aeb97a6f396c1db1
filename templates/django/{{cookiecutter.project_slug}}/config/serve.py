"""`python -m config.serve`: the production server, set up in gunicorn.conf.py, on PORT.

gunicorn reads `WEB_CONCURRENCY` as soon as it is imported, and breaks when it is no
number. So the settings are read first: they say in a sentence what is wrong.
"""

import os
import sys
from pathlib import Path

from config.environment import SettingsError


def main() -> None:
    try:
        from config import settings
    except SettingsError as error:
        sys.exit(f"error: {error}")
    # To the settings an empty one is not set, and neither may it be to servers.
    if os.environ.pop("WEB_CONCURRENCY", "").strip():
        os.environ["WEB_CONCURRENCY"] = str(settings.WEB_CONCURRENCY)
    from gunicorn.app.wsgiapp import run  # type: ignore[import-untyped]

    # What it calls itself, and starts again after SIGUSR2
    sys.argv[0] = str(Path(sys.executable).with_name("gunicorn"))
    run()


if __name__ == "__main__":
    main()
