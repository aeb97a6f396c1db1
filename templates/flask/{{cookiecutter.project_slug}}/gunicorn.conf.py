{% from "macros.jinja" import lines, sorted_lines with context %}
{% set threads %}
{% call lines("gunicorn_threads") %}
threads = REQUESTS + SPARE  # app/places.py says what for
{% endcall %}
{% endset %}
"""How gunicorn serves the application: it finds this file by itself.

https://gunicorn.org/reference/settings/
"""

# ruff: noqa: E402
import sys
from pathlib import Path

# SIGHUP reads this file again. Without this, new workers would have the settings and
# the code that the first start has left in memory.
for name in [name for name in sys.modules if name.split(".")[0] == "app"]:
    del sys.modules[name]

{% call sorted_lines("gunicorn_imports") %}
from app.logs import logging_config
from app.places import REQUESTS, SPARE
from app.settings import load_settings
{% endcall %}

settings = load_settings()

wsgi_app = "app:create_app()"
bind = f"{'127.0.0.1' if settings.debug else '0.0.0.0'}:{settings.port}"  # noqa: S104
workers = settings.web_concurrency
{{ threads.strip().splitlines() | last }}
# Requests under way have this long to finish after SIGTERM.
graceful_timeout = 8
# Workers say that they live by touching a file, which must not wait for a disk.
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108
control_socket_disable = True
# Only app/proxies.py decides which proxy is believed.
forwarded_allow_ips = ""
secure_scheme_headers: dict[str, str] = {}
loglevel = settings.log_level.lower()
logconfig_dict = logging_config(settings)


def worker_exit(server: object, worker: object) -> None:
    """Let no mail server hold up the end."""
    from app import mail  # not before the application is loaded

    mail.give_up()
{% call lines("gunicorn") %}
{% endcall %}
