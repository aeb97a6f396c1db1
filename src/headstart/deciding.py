"""From what a person wants to what will be built: framework, features, and what to say of it."""

import shlex
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Any

from headstart.advice import advise
from headstart.errors import WrongInput
from headstart.interview.draft import Draft
from headstart.knowledge import fallback, features, rules
from headstart.knowledge.selection import wanted_features
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
    wanted = wanted_features(draft.answers)
    chosen = choose_features(
        [feature.name for feature in wanted if feature.available],
        draft.with_features,
        draft.without_features,
    )
    missing = [
        f"`{feature.name}`"
        for feature in wanted
        if not feature.available and feature.name not in draft.without_features
    ]
    says = [reason]
    if missing:
        says.append(f"Your answers also ask for {', '.join(missing)}, which no template has yet.")
    project = Project(
        name=draft.name,
        framework=framework,
        features=chosen,
        answers=dict(draft.answers),
        **details,
    )
    return Decision(project, tuple(says))


def check_wishes(draft: Draft, details: Mapping[str, Any]) -> None:
    """Find out what is wrong with wishes before anything is asked, so that no answer is lost.

    Args:
        draft: what a person wants, as far as they said.
        details: the other fields of `Project`; those that are None are not known yet.

    Raises:
        WrongInput: the name, a feature or a detail cannot be used.
    """
    known = {option: value for option, value in details.items() if value is not None}
    features = choose_features((), draft.with_features, draft.without_features)
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
        return start.framework, f"{name}, for want of answers to go by. {start.because}"
    tied = " and ".join(FRAMEWORKS[name] for name in advice.tied)
    raise WrongInput(
        f"{tied} fit your answers equally well.",
        "Choose one with `--framework`, or answer one more question.",
    )


def choose_features(
    preselected: Iterable[str], added: Iterable[str] = (), removed: Iterable[str] = ()
) -> tuple[str, ...]:
    """Return the features of a project, in the table's order.

    Args:
        preselected: what the answers asked for.
        added: what is wanted over that, with what it implies.
        removed: what is not wanted, whatever the answers say.

    Raises:
        WrongInput: a feature is unknown, both wanted and unwanted, or implied and
            unwanted, or nothing is left that a visitor could meet.
    """
    table = {feature.name: feature for feature in features() if feature.available}
    added, removed = tuple(added), set(removed)
    for name in (*added, *removed):
        if name not in table:
            raise WrongInput(f"There is no feature `{name}`.", f"These exist: {', '.join(table)}.")
    wanted = {name for name in preselected if name not in removed} | set(added)
    for name in sorted(wanted & set(table)):
        wanted.update(table[name].implies)
    if both := sorted(wanted & removed):
        raise WrongInput(
            f"`{both[0]}` is both wanted and unwanted.",
            f"Leave out `--without {both[0]}`, or what brings it in.",
        )
    for name, feature in table.items():
        if feature.when_none_of and not wanted & set(feature.when_none_of):
            if name in removed:
                raise WrongInput(
                    "Nothing would be left that a visitor could meet.",
                    f"Leave out `--without {name}`.",
                )
            wanted.add(name)
    return tuple(name for name in table if name in wanted)


def command_again(project: Project, defaults: Mapping[str, str]) -> str:
    """Return the one command that makes the same project again without asking.

    Args:
        project: what was built.
        defaults: the author and e-mail address that are taken when none is given.
    """
    words = ["headstart", "new", project.name, "--framework", project.framework]
    for key, value in project.answers.items():
        words += ["--answer", f"{key}={value}"]
    wanted = wanted_features(project.answers)
    expected = choose_features([feature.name for feature in wanted if feature.available])
    for option, first, second in (
        ("with", project.features, expected),
        ("without", expected, project.features),
    ):
        for feature in first:
            if feature not in second:
                words += [f"--{option}", feature]
    usual = {field.name: field.default for field in fields(Project)} | dict(defaults)
    for option in ("database", "author", "email", "license", "python"):
        value = getattr(project, option)
        if value != usual[option]:
            words += [f"--{option}", value]
    return " ".join(quoted(word) for word in [*words, "--yes"])


def quoted(word: str) -> str:
    """Return a word as a shell takes it, in the quotes that read best.

    Args:
        word: any text.
    """
    in_single = shlex.quote(word)
    if "'" in word and not set(word) & set('"$`\\!'):
        return f'"{word}"'
    return in_single
