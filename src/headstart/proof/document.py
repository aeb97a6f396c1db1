"""Reads out of a page what a visitor acts on: its title, text, links and forms."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

Attributes = list[tuple[str, str | None]]

_UNSENT = {"submit", "button", "image", "reset", "file"}
_UNSEEN = {"script", "style", "template", "title"}
_NOTED = _UNSEEN | {"h1", "svg"}


@dataclass
class Form:
    """One form: where it goes, how, and what is filled in already."""

    action: str
    method: str
    fields: dict[str, str] = field(default_factory=dict)


class Document(HTMLParser):
    """One page, read.

    Args:
        text: its HTML.
    """

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.title = ""
        self.headings: list[str] = []
        self.links: list[str] = []
        self.forms: list[Form] = []
        self._open: list[str] = []
        self._seen: list[str] = []
        self._form: Form | None = None
        self._textarea: str | None = None
        self._select: str | None = None
        self.feed(text)
        self.close()

    @property
    def text(self) -> str:
        """The text that a visitor sees, with each run of white space as one space."""
        return " ".join("".join(self._seen).split())

    def handle_starttag(self, tag: str, attrs: Attributes) -> None:
        """Note a link, a form, or a field of the form that is open."""
        given = {name: value or "" for name, value in attrs}
        self._seen.append(" ")
        if tag in _NOTED:
            self._open.append(tag)
        if tag == "h1":
            self.headings.append("")
        elif tag == "a" and "href" in given:
            self.links.append(given["href"])
        elif tag == "form":
            method = given.get("method", "get").lower()
            self._form = Form(given.get("action", ""), method)
            self.forms.append(self._form)
        elif self._form is not None:
            self._note_field(self._form, tag, given)

    def _note_field(self, form: Form, tag: str, given: dict[str, str]) -> None:
        name = given.get("name", "")
        if tag == "textarea" and name:
            self._textarea = name
            form.fields[name] = ""
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select:
            if "selected" in given or self._select not in form.fields:
                form.fields[self._select] = given.get("value", "")
        elif tag == "input" and name:
            kind = given.get("type", "text").lower()
            choice = kind in {"checkbox", "radio"}
            if kind not in _UNSENT and (not choice or "checked" in given):
                form.fields[name] = given.get("value", "on" if choice else "")

    def handle_endtag(self, tag: str) -> None:
        """Note that an element has ended."""
        self._seen.append(" ")
        if tag in self._open:
            self._open = self._open[: self._open.index(tag)]
        if tag == "form":
            self._form = None
        elif tag == "textarea":
            self._end_textarea()
        elif tag == "select":
            self._select = None

    def _end_textarea(self) -> None:
        if self._form is not None and self._textarea is not None:
            # As browsers do: one kind of line end, and the first after the tag is none.
            written = self._form.fields[self._textarea].replace("\r\n", "\n")
            self._form.fields[self._textarea] = written.removeprefix("\n")
        self._textarea = None

    def handle_data(self, data: str) -> None:
        """Note a piece of text."""
        if self._form is not None and self._textarea is not None:
            self._form.fields[self._textarea] += data
        if self._open[-1:] == ["title"] and "svg" not in self._open:
            self.title += data
        elif "h1" in self._open:
            self.headings[-1] += data
        if not _UNSEEN.intersection(self._open):
            self._seen.append(data)
