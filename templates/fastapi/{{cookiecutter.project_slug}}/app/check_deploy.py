"""`python -m app.check_deploy`: would the settings do in production?"""

from app.main import app
from app.settings import Settings


def complaints(settings: Settings) -> list[str]:
    """What is unsafe, though the server would start with it."""
    checks = {
        "DEBUG is on.": settings.debug,
        "SITE_URL does not begin with https://.": not settings.is_https,
        "ALLOWED_HOSTS has a wildcard.": any("*" in host for host in settings.hosts),
        "MAIL_URL writes mails to files.": settings.mail_url.get_secret_value().startswith(
            "file:"
        ),
    }
    return [complaint for complaint, is_so in checks.items() if is_so]


def main() -> None:
    if found := complaints(app.state.settings):
        raise SystemExit("\n".join(found))
    print("These settings will do in production.")


if __name__ == "__main__":
    main()
