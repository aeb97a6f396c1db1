"""Texts lose their marks where there is one language, and pages include what is there."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headstart import finishing
from headstart.finishing import leave_one_language, settle_includes
from headstart.knowledge import features
from headstart.project import Project
from headstart.rendering import render
from headstart.template import read_template

MODULE = '''"""What is said to people."""

from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from app.languages import N_
from app.rules import LOWEST

HIGHEST = Decimal("999.99")
ADVICE = _(
    "At least 12 characters. A few words that only you would put together are "
    "good."
)
PAGES = {
    404: (
        _("There is nothing here"),
        _(
            "The address has a slip in it, "
            "or what was here is gone."
        ),
    ),
}


def refuse(number: int, kept: str, *_: object) -> str:
    raise ValueError(N_("Say \\"how many\\"."), field(label=_("Name"), help=_(ADVICE)))
'''
PLAIN_MODULE = '''"""What is said to people."""

from decimal import Decimal

from app.rules import LOWEST

HIGHEST = Decimal("999.99")
ADVICE = (
    "At least 12 characters. A few words that only you would put together are "
    "good."
)
PAGES = {
    404: (
        "There is nothing here",
        "The address has a slip in it, "
        "or what was here is gone.",
    ),
}


def refuse(number: int, kept: str, *_: object) -> str:
    raise ValueError("Say \\"how many\\".", field(label="Name", help=_(ADVICE)))
'''
ALONE = '''"""Names."""

from languages import _

NAME = _("Name")
'''
PAGE = """\
{% extends "base.html" %}
{% load i18n %}
{% load i18n static %}
{% block title %}{% translate "Log in" %}{% endblock %}
<html lang="{% translate "en" %}">
<h1>{% blocktranslate with name=product.name %}Delete {{ name }}?{% endblocktranslate %}</h1>
<p>{% blocktranslate trimmed with a=x.y b=z %}{{ a }} of {{ b }}: {{ q }}{% endblocktranslate %}</p>
<p>{{ day|date:_("j F Y") }}{% include "part.html" with title=_("Part") %}</p>
"""
PLAIN_PAGE = """\
{% extends "base.html" %}
{% load static %}
{% block title %}Log in{% endblock %}
<html lang="en">
<h1>Delete {{ product.name }}?</h1>
<p>{{ x.y }} of {{ z }}: {{ q }}</p>
<p>{{ day|date:"j F Y" }}{% include "part.html" with title="Part" %}</p>
"""
words = st.text(max_size=40)


def unmarked(text: str, kind: str, folder: Path) -> str:
    file = folder / f"file.{kind}"
    file.write_text(text, encoding="utf-8")
    leave_one_language(folder)
    return file.read_text(encoding="utf-8")


# Marks


@pytest.mark.parametrize(
    ("marked", "plain"),
    [
        (MODULE, PLAIN_MODULE),
        (ALONE, '"""Names."""\n\nNAME = "Name"\n'),
        ('x = f(_("A"), N_("b"))\n', 'x = f("A", "b")\n'),
        ('x = _("A (b), \\"c\\"")\n', 'x = "A (b), \\"c\\""\n'),
        (f'x = _(\n    "{"a" * 82}"\n)\n', f'x = "{"a" * 82}"\n'),
        (f'x = _(\n    "{"a" * 83}"\n)\n', f'x = (\n    "{"a" * 83}"\n)\n'),
        ('x = _("{n} left").format(n=3)\n', 'x = "{n} left".format(n=3)\n'),
        ("from app.languages import N_, _\n\nx = 1\n", "\nx = 1\n"),
        ("from django.utils.translation import gettext as _\n", ""),
        ("from django.utils.translation import gettext_noop as N_\n", ""),
        ("    from app.languages import _\n", "    from app.languages import _\n"),
        ("from app.languages import _, language\n", "from app.languages import _, language\n"),
        ("from app.names import N_or_less\n", "from app.names import N_or_less\n"),
        ('made, _ = make(_, name_("A"), self._("B"))\n',) * 2,
        ("x = _(f'A') + _('B') + _(b)\n",) * 2,
        ('x = _("A", 2)\n',) * 2,
    ],
)
def test_a_module_says_its_texts_themselves(marked: str, plain: str, tmp_path: Path) -> None:
    assert unmarked(marked, "py", tmp_path) == plain
    if marked != plain:
        ast.parse(plain)


@pytest.mark.parametrize(
    ("marked", "plain"),
    [
        (PAGE, PLAIN_PAGE),
        ('{{ _("Log in") }}', "Log in"),
        ('{{ _("By %(name)s", name=product.owner.name) }}', "By {{ product.owner.name }}"),
        ('{{ _("%(a)s of %(b)s", a=x|length, b=y) }}', "{{ x|length }} of {{ y }}"),
        ('{{ _("100 %% of %(a)s", a=x) }}', "100 % of {{ x }}"),
        ('{{ _("Say \\"it\\"") }}', 'Say "it"'),
        ('{{ field(_("Name"), help=_("Yours")) }}', '{{ field("Name", help="Yours") }}'),
        ('{% set title = _("Mail") %}', '{% set title = "Mail" %}'),
        ("{{ error|translated }}", "{{ error }}"),
        ("{{ product.price|localised }}", "{{ product.price }}"),
        ("{{ at|localised|upper }}", "{{ at|upper }}"),
        (
            '{{ user.since|localised("date") }}',
            '{{ user.since.day }} {{ user.since.strftime("%B %Y") }}',
        ),
        ('{% translate "Say \\"it\\"" %}', 'Say "it"'),
        ("{% translate problem.reason %}", "{{ problem.reason }}"),
        ("{% load static i18n %}", "{% load static %}"),
        ("{% load i18n static %}", "{% load static %}"),
        ("{% load i18n %}{{ x }}", "{{ x }}"),
        ("{% load i18n_of_others %}{{ x|translated_by }}",) * 2,
        ("{{ words_('A') }}{{ translate }}",) * 2,
    ],
)
def test_a_page_says_its_texts_themselves(marked: str, plain: str, tmp_path: Path) -> None:
    assert unmarked(marked, "html", tmp_path) == plain


@given(words, words)
def test_a_text_without_marks_stays_as_it_is(before: str, after: str) -> None:
    text = f"{before}{after}"
    if not re.search(r"_\(|translat|localised|i18n|import", text):
        assert finishing._module_without_marks(text) == text
        assert finishing._page_without_marks(text) == text


@given(words)
def test_what_was_marked_is_what_is_left(text: str) -> None:
    literal = '"' + text.replace("\\", "").replace('"', "").replace("\n", "") + '"'
    assert finishing._module_without_marks(f"x = _({literal})\n") == f"x = {literal}\n"


def test_taking_off_marks_twice_is_taking_them_off_once() -> None:
    for text in (MODULE, ALONE):
        once = finishing._module_without_marks(text)
        assert finishing._module_without_marks(once) == once
    once = finishing._page_without_marks(PAGE)
    assert finishing._page_without_marks(once) == once


# Includes


def test_pages_include_what_is_there_and_nothing_else(tmp_path: Path) -> None:
    shared = tmp_path / "shop" / "templates" / "base.html"
    own = tmp_path / "shop" / "live" / "templates" / "live" / "link.html"
    for page in (shared, own):
        page.parent.mkdir(parents=True)
    shared.write_text(
        "<ul>\n"
        '  {% include "live/link.html" ignore missing %}\n'
        '  {% include "link.html" ignore missing %}\n'
        '  {% include "gone.html" ignore missing %}\n'
        '  {% include "always.html" %}\n'
        '  <b>{% include "gone.html" ignore missing %}</b>\n'
        "</ul>\n"
    )
    own.write_text("<li>")
    settle_includes(tmp_path)
    assert shared.read_text() == (
        "<ul>\n"
        '  {% include "live/link.html" %}\n'
        '  {% include "always.html" %}\n'
        '  <b>{% include "gone.html" ignore missing %}</b>\n'
        "</ul>\n"
    )


# What the templates make of it


def test_without_the_feature_nothing_is_left_of_the_marks(framework: str, tmp_path: Path) -> None:
    chosen = tuple(feature.name for feature in features() if feature.name != "i18n")
    folder = render(Project("Shop", framework, chosen), read_template(framework), tmp_path)
    marks = re.compile(
        r"\bN?_\([\"']|\bi18n\b|% (?:blocktrans|trans)|\|(?:translated|localised)|ignore missing"
    )
    found = [
        f"{file.relative_to(folder)}: {line.strip()}"
        for file in [*folder.rglob("*.py"), *folder.rglob("*.html"), *folder.rglob("*.toml")]
        for line in file.read_text(encoding="utf-8").splitlines()
        if marks.search(line)
    ]
    assert not found


def test_the_german_catalogue_has_the_texts_of_the_project_and_no_others(
    framework: str, tmp_path: Path
) -> None:
    chosen = tuple(feature.name for feature in features())
    folder = render(Project("Shop", framework, chosen), read_template(framework), tmp_path)
    [catalogue] = folder.glob("locale/de/LC_MESSAGES/*.po")
    entries = re.findall(r'^msgid (".*")\nmsgstr (".*")$', catalogue.read_text(), re.MULTILINE)
    translated = {ast.literal_eval(text): ast.literal_eval(german) for text, german in entries}
    assert len(entries) == len(translated)
    assert all(text == "" or german for text, german in translated.items())
    assert set(translated) - {""} == set(texts_of(folder))


def texts_of(folder: Path) -> Iterator[str]:
    """Find what is marked, as the hook does; Babel finds it in the project's own tests."""
    modules = [file for file in folder.rglob("*.py") if "tests" not in file.parts]
    for file in [*modules, *folder.rglob("*.html")]:
        text = file.read_text(encoding="utf-8")
        if file.suffix == ".html":
            yield from (finishing._unquoted(found[1]) for found in finishing.TAG.finditer(text))
            for found in finishing.BLOCK.finditer(text):
                yield re.sub(r"\{\{ (\w+) \}\}", r"%(\1)s", found[2].replace("%", "%%"))
            text = re.sub(r'_\(("[^"]*"), \w+=', r"_(\1) ", text)
        for found in finishing.MARKED.finditer(text):
            yield ast.literal_eval(f"({found[2]})")
