"""What hostile or unlucky people write where a name, a path or an answer is asked for."""

from random import Random

from .sandbox import CANARY

TOUCH = f"touch {CANARY}"
CODE = f"open('{CANARY}','w')"
WORDS = (
    # Templates, shells, Python, YAML, TOML, HTML, SQL, formats: what is written into files.
    "{{ 7*7 }}", "{% raw %}", "{% endraw %}", "{# no #}", "{{ cookiecutter.email }}",
    "{{ ''.__class__.__mro__[1].__subclasses__() }}", "{{ cycler.__init__.__globals__ }}",
    f"$({TOUCH})", f"`{TOUCH}`", f"; {TOUCH}", f"| {TOUCH}", f"&& {TOUCH}", "${HOME}", "$$", "!!",
    f'"; {CODE} #', f"' + str({CODE}) + '", f'""" + str({CODE}) + """', "\\", "\\n", "\\u0000",
    "\\N{BULLET}", "\\x41", '"', "'", "'''", '"""', "\\'", '\\"', "#", "# comment", "noqa",
    "key: [value, *anchor]", f"!!python/object/apply:os.system ['{TOUCH}']", "---", "%YAML", "? x",
    "[table]", "a = 1", "= =", ", ,", "<script>alert(1)</script>", "<!--", "-->", "]]>", "&amp;",
    "&#99999999999999999999;", "&#xD800;", "&lt;", "</title>", "'; DROP TABLE users; --",
    "%s%s%s%n", "%(name)s", "{0.__class__}", "{name!r:>9999}", "%", "100 %", "%PATH%", "${{ x }}",
    "*", "**", "_x_", "[link](javascript:x)", "![](x)", "~", "~root", "@file", "=cmd|' /C x'!A0",
    # Names that mean something to somebody.
    "class", "None", "import", "true", "null", "yes", "1e9", "0", "0x10", "0.0.0.0", "::", "-1",  # noqa: S104
    "con", "NUL", "com1.txt", "aux", "app", "tests", "config", "manage", "static", "templates",
    "__init__", "__main__", "site", "jinja2", "django", "flask", "fastapi", "sqlite3", "uv", "poe",
    "python", "headstart", "password", "SECRET_KEY=x", "localhost", "node_modules", "venv",
    ".git", ".env", ".venv", "cookiecutter", "lock", "project", "-h", "--yes", "--", "-",
    # Letters that are not letters.
    "é", "e\u0301", "ß", "İ", "ﬁ", "中文", "日本", "متجر", "חנות", "क्षि", "👩‍👩‍👧", "😀", "🇩🇪",
    "\u200b", "\u200d", "\ufeff", "\u00a0", "\u00ad", "\ue000", "\U000e0041", "\ufffe", "\U0001ffff",
    "\u0378", "Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞", "\u3164", "ﷺ", "\u2800",
)  # fmt: skip
# What no name may contain.
REFUSED = (
    "\n", "\r", "\t", "\x00", "\x1b[2J", "\x07", "\x7f", "\x85", "\u2028", "\u2029", "\ud83d",
    "\udcff", "\u202e", "\u2066",
)  # fmt: skip
PATHS = ("../x", "/etc/x", "..", ".", "./x", "C:\\x", "\\\\host\\x", "~/x", "a/../../x", "")
LONG = ("x" * 100, "x" * 101, "é" * 100, "中" * 100, "a-" * 50, "x" * 5000, "'" * 100, "\\" * 100)


def text(random: Random) -> str:
    """Return a name, an author or a word, most of which have to be taken as they are."""
    draw = random.random()
    if draw < 0.04:
        return random.choice(PATHS)
    if draw < 0.08:
        return random.choice(LONG)
    parts = random.choices(WORDS, k=random.choice((1, 1, 1, 2, 2, 3)))
    if draw < 0.14:
        parts.append(random.choice(REFUSED))
    if draw > 0.9:
        parts.append(
            "".join(
                chr(random.choice((33, 160, 0x2000, 0xFFF0, 0x1F600)) + random.randrange(90))
                for _ in range(5)
            )
        )
    return random.choice((" ", "", "-")).join(parts)
