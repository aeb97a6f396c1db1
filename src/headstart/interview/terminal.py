"""Asks on the terminal: arrow keys, space and Enter, the left arrow to go back."""

import sys
from typing import TYPE_CHECKING, Any

from headstart.interview.prompts import BACK, Asker, Prompt, Reply, Several

if TYPE_CHECKING:
    from prompt_toolkit.input import Input
    from prompt_toolkit.output import Output

STYLES = {
    "title": "bold",
    "strong": "bold",
    "dim": "fg:ansibrightblack",
    "caution": "fg:ansiyellow",
    "qmark": "fg:ansigreen bold",
    "question": "bold",
    "answer": "fg:ansigreen",
    "pointer": "fg:ansigreen bold",
    "highlighted": "bold",
    "instruction": "fg:ansibrightblack",
    "selected": "",
}


def terminal(source: "Input | None" = None, output: "Output | None" = None) -> Asker:
    """An asker on the terminal: arrow keys, space and Enter, the left arrow to go back.

    Args:
        source: where keys come from; the terminal, unless given.
        output: where it is shown; stderr, unless given.
    """
    from prompt_toolkit.output import create_output

    where: dict[str, Any] = {"output": output or create_output(stdout=sys.stderr)}
    if source is not None:
        where["input"] = source

    def ask(prompt: Prompt) -> Reply:
        try:
            if prompt.several:
                return _tick(prompt, prompt.several, where)
            return _select(prompt, where) if prompt.choices else _text(prompt, where)
        except EOFError:
            raise KeyboardInterrupt from None

    return ask


def _select(prompt: Prompt, where: dict[str, Any]) -> str:
    import questionary
    from prompt_toolkit import print_formatted_text
    from prompt_toolkit.formatted_text import FormattedText

    style = questionary.Style(list(STYLES.items()))
    if prompt.above:
        above = FormattedText((style and f"class:{style}", text) for style, text in prompt.above)
        print_formatted_text(above, style=style, end="", output=where["output"])
    question = questionary.select(
        prompt.ask,
        choices=[questionary.Choice(label, value) for value, label in prompt.choices],
        default=prompt.default,
        pointer=">",
        instruction=prompt.hint or " ",
        style=style,
        **where,
    )
    if any(value == BACK for value, _ in prompt.choices):
        _go_back_with_the_left_arrow(question)
    return str(question.unsafe_ask())


def _tick(prompt: Prompt, several: Several, where: dict[str, Any]) -> Reply:
    import questionary

    question = questionary.checkbox(
        prompt.ask,
        choices=[
            questionary.Choice(label, value, checked=value in several.ticked)
            for value, label in prompt.choices
        ],
        validate=lambda ticked: several.check(tuple(ticked)) or True,
        pointer=">",
        instruction=prompt.hint,
        style=questionary.Style(list(STYLES.items())),
        # What was ticked is told in full by what comes next.
        erase_when_done=True,
        **where,
    )
    _go_back_with_the_left_arrow(question)
    ticked = question.unsafe_ask()
    return BACK if ticked == BACK else tuple(ticked)


def _go_back_with_the_left_arrow(question: Any) -> None:
    question.application.key_bindings.add("left")(lambda event: event.app.exit(result=BACK))


def _text(prompt: Prompt, where: dict[str, Any]) -> str:
    import questionary

    def verdict(text: str) -> bool | str:
        problem = prompt.check(text.strip() or prompt.default) if prompt.check else None
        return problem or True

    question = questionary.text(
        prompt.ask,
        validate=verdict,
        placeholder=[("class:instruction", prompt.default)],
        style=questionary.Style(list(STYLES.items())),
        **where,
    )
    return str(question.unsafe_ask()).strip() or prompt.default
