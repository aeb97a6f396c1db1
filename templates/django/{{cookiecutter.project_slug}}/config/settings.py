{% from "macros.jinja" import lines, python, sorted_lines with context %}
"""Django's settings. What differs between machines comes from the environment.

https://docs.djangoproject.com/en/5.2/ref/settings/
"""

from email.utils import formataddr
from pathlib import Path
from urllib.parse import urlsplit

{% call sorted_lines("settings_imports") %}
from config import logs, services
from config.environment import Environment
{% endcall %}

BASE_DIR = Path(__file__).resolve().parent.parent
SITE_NAME = {{ python(cookiecutter.project_name) }}

env = Environment(BASE_DIR / ".env")

DEBUG = env.flag("DEBUG")
SECRET_KEY = env.secret_key(debug=DEBUG)

# Where the site is

PORT = env.number("PORT", 8000, highest=65535)
SITE_URL = env.site_url(f"http://localhost:{PORT}" if DEBUG else "")
SITE_HOST = urlsplit(SITE_URL).hostname or ""
HTTPS = SITE_URL.startswith("https://")
LOCAL_HOSTS = ["localhost", "127.0.0.1", "[::1]"] if DEBUG else []
ALLOWED_HOSTS = env.hosts("ALLOWED_HOSTS") or [SITE_HOST, *LOCAL_HOSTS]
TRUSTED_PROXIES = env.networks("TRUSTED_PROXIES")
WEB_CONCURRENCY = env.number("WEB_CONCURRENCY", 2, highest=1000)

# What it is made of

INSTALLED_APPS = [
{% call lines("first_apps") %}
{% endcall %}
{% call lines("installed_apps") %}
    "config",
    "accounts",
    "catalogue",
    "django.contrib.auth",
    "django.contrib.contenttypes",
{% endcall %}
]
MIDDLEWARE = [
{% call lines("outer_middleware") %}
    "config.logs.requests",
    "config.security.headers",
    "config.security.plain_cookies",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
{% call lines("around_errors") %}
{% endcall %}
    "config.errors.in_their_form",
    "config.health.probes",
    "config.security.known_host",
    "django.middleware.security.SecurityMiddleware",
{% endcall %}
{% call lines("middleware") %}
    "config.security.same_site",
    "config.limits.size",
    "config.limits.text",
    "config.redirects.without_slash",
    "django.middleware.common.CommonMiddleware",
{% endcall %}
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
APPEND_SLASH = False  # see config.redirects

DATABASES = {
    "default": services.database(
        env.text("DATABASE_URL", "sqlite:///var/db.sqlite3"), BASE_DIR
    )
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

{% set languages %}
{% call lines("languages") %}
{% endcall %}
{% endset %}
{{ languages.strip() or "USE_I18N = False" }}
TIME_ZONE = "UTC"

# Accounts

AUTH_USER_MODEL = "accounts.User"
AUTH_PASSWORD_VALIDATORS = [{"NAME": "accounts.validators.PasswordValidator"}]
PASSWORD_HASHERS = ["accounts.hashers.Argon2"]
{% set steps %}
{% call lines("next_steps") %}
{% endcall %}
{% endset %}
# How a mail lets its reader go on
NEXT_STEP = {{ steps.split() | first | default }}

# Safety: see config.security too, and run `manage.py check --deploy`

SECURE_SSL_REDIRECT = HTTPS
SECURE_SSL_HOST = urlsplit(SITE_URL).netloc  # not what `Host` says
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SILENCED_SYSTEM_CHECKS = [
{% call lines("silenced_checks") %}
    # Whether the domain goes on the browsers' own list is for its owner to decide.
    "security.W021",
{% endcall %}
]
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
# In which form errors come, and below which path
ERROR_FORMS = {
{% call lines("error_forms") %}
{% endcall %}
}
{% call lines("settings") %}
{% endcall %}

# Mail and logs

DEFAULT_FROM_EMAIL = formataddr((SITE_NAME, f"noreply@{SITE_HOST}"))
MAIL_URL = env.text("MAIL_URL", "file:var/mail" if DEBUG else "smtp://localhost:25")
MAIL = services.mail(MAIL_URL, BASE_DIR)
EMAIL_BACKEND = MAIL.backend
EMAIL_FILE_PATH = MAIL.folder
EMAIL_HOST = MAIL.host
EMAIL_PORT = MAIL.port
EMAIL_HOST_USER = MAIL.user
EMAIL_HOST_PASSWORD = MAIL.password
EMAIL_USE_SSL = MAIL.ssl
EMAIL_USE_TLS = MAIL.tls
EMAIL_TIMEOUT = 5  # less than a server has that is told to end

LOG_LEVEL = env.choice("LOG_LEVEL", logs.LEVELS)
LOGGING = logs.configuration(LOG_LEVEL, readable=DEBUG)
