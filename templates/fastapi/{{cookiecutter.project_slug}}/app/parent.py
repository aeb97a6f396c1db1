"""Ends a worker process whose parent is gone: it would keep the port for ever."""

import multiprocessing
import os
import signal
from threading import Thread


def end_with_parent() -> None:
    """Finish what is under way when the process that looks after this one has died."""
    parent = multiprocessing.parent_process()
    if parent is None:  # the only process, which ends when it is told to
        return

    def wait() -> None:
        parent.join()
        os.kill(os.getpid(), signal.SIGTERM)

    Thread(target=wait, name="parent", daemon=True).start()
