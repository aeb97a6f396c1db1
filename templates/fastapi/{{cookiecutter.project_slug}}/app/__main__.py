{% from "macros.jinja" import lines with context %}
"""`python -m app`: the server. With `--reload` it starts anew when code changes."""

import signal
import sys

import uvicorn

from app.logs import logging_config
from app.settings import PROJECT, load_settings

if __name__ == "__main__":
    settings = load_settings()
    reload = "--reload" in sys.argv
    # uvicorn ends as it was asked to, by the signal: for `SIGTERM` that is success.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    uvicorn.run(
        "app.main:app",
        host="127.0.0.1" if settings.debug else "0.0.0.0",  # noqa: S104
        port=settings.port,
        workers=settings.web_concurrency,
        reload=reload,
        reload_dirs=[str(PROJECT / "app")] if reload else None,
        log_config=logging_config(settings),
        http="app.protocol:PromptProtocol",
{% call lines("server") %}
{% endcall %}
        access_log=False,  # `app.logs` writes one, without secrets
        server_header=False,
        proxy_headers=False,  # `TRUSTED_PROXIES` says whom to believe
        timeout_graceful_shutdown=8,
        # A new worker has this long to begin, on a busy machine. No longer: whoever is
        # killed while uvicorn waits for a sign of life is not replaced before.
        timeout_worker_healthcheck=30,
    )
