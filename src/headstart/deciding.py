"""From what a person wants to what will be built: framework, features, and what to say of it."""

import shlex
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from headstart.advice import Advice, advise
from headstart.errors import WrongInput
from headstart.interview.draft import Draft
from headstart.knowledge import fallback, features, rules
from headstart.knowledge.selection import asked_for_by, choose_features, preselected
from headstart.project import Project
from headstart.template import FRAMEWORKS


@dataclass(frozen=True)
class Decision:
    """What will be built, and the sentences that say how it came to that."""

    project: Project
    says: tuple[str, ...]


def decide(draft: Draft, details: Mapping[str, Any]) -> Decision:
    """Decide what to build.

    Args:
        draft: what a person wants, as far as they said.
        details: the other fields of `Project`, such as its author.

    Raises:
        WrongInput: the name is missing, the answers fit two frameworks equally
            well, or the features cannot be combined.
    """
    if draft.name is None:
        raise WrongInput("A project needs a name.", 'Give it one: `headstart new "My shop"`.')
    framework, reason = choose_framework(draft.framework, draft.answers)
    chosen = choose_features(
        preselected(draft.answers), draft.with_features, draft.without_features
    )
    says = [reason, *_what_comes_with_it(draft, chosen)]
    project = Project(
        name=draft.name,
        framework=framework,
        features=chosen,
        answers=dict(draft.answers),
        **details,
    )
    return Decision(project, tuple(says))


def _what_comes_with_it(draft: Draft, chosen: Collection[str]) -> Iterator[str]:
    """One sentence for each feature that nobody asked for, and that another one needs."""
    asked_for = {*asked_for_by(draft.answers), *draft.with_features}
    for feature in features():
        for implied in feature.implies if feature.name in chosen else ():
            if implied not in asked_for:
                yield f"`{feature.name}` brings `{implied}` with it."


def check_wishes(draft: Draft, details: Mapping[str, Any]) -> None:
    """Find out what is wrong with wishes before anything is asked, so that no answer is lost.

    Args:
        draft: what a person wants, as far as they said.
        details: the other fields of `Project`; those that are None are not known yet.

    Raises:
        WrongInput: the name, a feature or a detail cannot be used.
    """
    known = {option: value for option, value in details.items() if value is not None}
    features = choose_features(
        preselected(draft.answers), draft.with_features, draft.without_features
    )
    Project(draft.name or "Any", draft.framework or "django", features, **known)


def choose_framework(decided: str | None, answers: Mapping[str, str]) -> tuple[str, str]:
    """Return the framework, and a sentence that says why it is that one.

    Args:
        decided: what a person decided already, or nothing.
        answers: what they said about the project.

    Raises:
        WrongInput: nothing is decided, and the answers speak for several equally.
    """
    advice = advise(answers, rules()) if answers else None
    advised = advice.recommendation if advice else None
    if decided and decided != advised:
        but = f"; your answers speak for {FRAMEWORKS[advised]}" if advised else ""
        return decided, f"{FRAMEWORKS[decided]}, as you decided{but}."
    if advice and advised:
        return advised, f"{FRAMEWORKS[advised]}: {advice.ranking[0].reasons[0].rule.because}"
    if advice is None or advice.ranking[0].points == 0:
        start = fallback()
        name = FRAMEWORKS[start.framework]
        why = "as your answers suit all three alike" if answers else "for want of answers to go by"
        return start.framework, f"{name}, {why}. {start.because}"
    tied = " and ".join(FRAMEWORKS[name] for name in advice.tied)
    raise WrongInput(
        f"{tied} fit your answers equally well.",
        "Choose one with `--framework`, or answer one more question.",
    )


def command_again(project: Project, defaults: Mapping[str, str]) -> str:
    """Return the one command that makes the same project again without asking.

    Args:
        project: what was built.
        defaults: the author and e-mail address that are taken when none is given.
    """
    expected = preselected(project.answers)
    draft = Draft(
        project.name,
        project.framework,
        project.answers,
        tuple(feature for feature in project.features if feature not in expected),
        tuple(feature for feature in expected if feature not in project.features),
    )
    usual = {field.name: field.default for field in fields(Project)} | dict(defaults)
    words = []
    for option in ("database", "author", "email", "license", "python"):
        value = getattr(project, option)
        if value != usual[option]:
            words += [f"--{option}", value]
    return _command("new", draft, [*words, "--yes"])


def command_so_far(draft: Draft, options: Sequence[str] = ()) -> str:
    """Return the command that goes on from what was said; empty when nothing was.

    Args:
        draft: what was said.
        options: the words of the other options of `headstart new` that were given.
    """
    return _command("new", draft, options) if options or draft != Draft() else ""


def answers_again(command: str, answers: Mapping[str, str], *options: str) -> str:
    """Return a command with the answers that were given; empty when there are none.

    Args:
        command: `new`, `advise`, or another one that takes `--answer`.
        answers: keys and values.
        options: what else it is told.
    """
    return _command(command, Draft(answers=answers), options) if answers else ""


def command_to_build(advice: Advice) -> str:
    """Return the command that makes what is advised.

    Args:
        advice: with a recommendation or, in a tie, without: then the command asks.
    """
    return _command("new", Draft(None, advice.recommendation, advice.answers))


def _command(command: str, draft: Draft, options: Iterable[str] = ()) -> str:
    words = ["--framework", draft.framework] if draft.framework else []
    for key, value in draft.answers.items():
        words += ["--answer", f"{key}={value}"]
    for option, names in (("with", draft.with_features), ("without", draft.without_features)):
        for name in names:
            words += [f"--{option}", name]
    words += options
    project = [] if draft.name is None else [draft.name]
    # A name that looks like an option has to stand after all of them.
    last = ["--", *project] if project and project[0].startswith("-") else []
    words = [*words, *last] if last else [*project, *words]
    return " ".join(quoted(word) for word in ["headstart", command, *words])


def quoted(word: str) -> str:
    """Return a word as a shell takes it, in the quotes that read best.

    Args:
        word: any text.
    """
    in_single = shlex.quote(word)
    if "'" in word and not set(word) & set('"$`\\!'):
        return f'"{word}"'
    return in_single
