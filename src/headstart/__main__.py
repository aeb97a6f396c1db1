"""`python -m headstart` is `headstart`."""

import os
import sys
from contextlib import suppress

if __name__ == "__main__":
    # Python looks for modules where one stands first: a `click.py` there is somebody else's.
    with suppress(FileNotFoundError):
        if not sys.flags.safe_path and sys.path[0] == os.getcwd():
            del sys.path[0]
    from headstart.cli import main

    main()
