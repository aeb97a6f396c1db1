{% from "macros.jinja" import lines with context %}
"""The production server: how gunicorn is set up.

https://docs.gunicorn.org/en/stable/settings.html
"""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

# SIGHUP reads this file again. Without this, new workers would have the settings and
# the code that the first start has left in memory.
for name in [name for name in sys.modules if name.split(".")[0] in ("config", "live")]:
    del sys.modules[name]

from config.environment import SettingsError  # noqa: E402

try:
    from config import settings
except SettingsError as error:
    sys.exit(f"error: {error}")

bind = f"{'127.0.0.1' if settings.DEBUG else '0.0.0.0'}:{settings.PORT}"  # noqa: S104
workers = settings.WEB_CONCURRENCY
{% set servers %}
{% call lines("gunicorn") %}
from config.threads import SPARE, THREADS  # noqa: E402

wsgi_app = "config.wsgi:site"
threads = THREADS + SPARE  # config/threads.py says what for
{% endcall %}
{% endset %}
{{ servers.strip().split("\n\n\n") | last }}
graceful_timeout = 10
loglevel = settings.LOG_LEVEL.lower()
logconfig_dict = settings.LOGGING
control_socket_disable = True
# `config.proxies` knows whom to trust; gunicorn by itself trusts the whole machine.
forwarded_allow_ips = ""
secure_scheme_headers: dict[str, str] = {}
# The workers' heartbeat is a file, and a disk may be slow:
# https://docs.gunicorn.org/en/stable/faq.html#how-do-i-avoid-gunicorn-excessively-blocking-in-os-fchmod
if Path("/dev/shm").is_dir():  # noqa: S108
    worker_tmp_dir = "/dev/shm"  # noqa: S108


def on_starting(server: Any) -> None:
    """Collect the static files, under names that change with what is in them."""
    wanted = "django.contrib.staticfiles" in settings.INSTALLED_APPS
    # An image has them already, and there nobody may write.
    folder = settings.BASE_DIR / "var" / "static"
    built = folder.is_dir() and not os.access(folder, os.W_OK)
    if wanted and not built and not settings.DEBUG:
        command = (sys.executable, "manage.py", "collectstatic", "--noinput", "-v0")
        subprocess.run(command, check=True)  # noqa: S603


on_reload = on_starting  # new workers may need new files


def worker_exit(server: Any, worker: Any) -> None:
    """Let no mail server hold up the end."""
    from config import mail  # not before the application is loaded

    mail.give_up()
