"""`headstart new`: interview, advice, project, running."""

import sys
from contextlib import nullcontext, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from headstart.commands.answers import answer_options, read_all_answers
from headstart.commands.asking import ask, keeping_what_was_said
from headstart.commands.printing import print_json
from headstart.errors import WrongInput
from headstart.project import DATABASES, LICENSES, OLDEST_PYTHON, VERIFY, Project
from headstart.streams import cleaning_up_first, fall_silent
from headstart.template import FRAMEWORKS

if TYPE_CHECKING:
    from headstart.building import Built
    from headstart.progress import Progress


@click.command()
@click.argument("name", required=False)
@click.option(
    "-f",
    "--framework",
    type=click.Choice(list(FRAMEWORKS)),
    help="The framework, where it is decided.",
)
@answer_options
@click.option("--with", "added", multiple=True, metavar="FEATURE", help="Add a feature.")
@click.option("--without", "removed", multiple=True, metavar="FEATURE", help="Leave one out.")
@click.option(
    "--database",
    type=click.Choice(DATABASES),
    default="sqlite",
    show_default=True,
    help="What `.env` starts with.",
)
@click.option(
    "-o",
    "--output-dir",
    type=click.Path(path_type=Path),
    default=Path(),
    help="Where the project's folder is made; default: here.",
)
@click.option("--author", help="Default: git's `user.name`.")
@click.option("--email", help="Default: git's `user.email`.")
@click.option("--license", type=click.Choice(LICENSES), default="none", show_default=True)
@click.option(
    "--python",
    default=OLDEST_PYTHON,
    show_default=True,
    metavar="VERSION",
    help="The oldest Python that the project runs on.",
)
@click.option("-y", "--yes", is_flag=True, help="Ask nothing, take the defaults.")
@click.option(
    "--setup/--no-setup", default=True, help="Install packages, fill a database; default: do."
)
@click.option("--verify", type=click.Choice(VERIFY), help="The proof of life; default: fast.")
@click.option(
    "--git/--no-git", default=True, help="Make a repository with a first commit; default: do."
)
@click.option("--keep", is_flag=True, help="Leave a project that did not prove alive.")
@click.option("--run", "run_it", is_flag=True, help="Leave it running, with the browser open.")
@click.option("--dry-run", is_flag=True, help="Print the advice and the files, write nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def new(
    name: str | None,
    framework: str | None,
    answers: tuple[str, ...],
    answers_file: Path | None,
    added: tuple[str, ...],
    removed: tuple[str, ...],
    output_dir: Path,
    yes: bool,
    setup: bool,
    verify: str | None,
    git: bool,
    keep: bool,
    run_it: bool,
    dry_run: bool,
    as_json: bool,
    **details: Any,
) -> None:
    """Make a project called NAME that runs at once.

    Without `--yes` a few questions are asked, none of which has to be answered.
    """
    from headstart.building import Plan, build, check
    from headstart.deciding import check_wishes, command_again, decide
    from headstart.interview import Draft
    from headstart.places import find_folder
    from headstart.repository import git_settings

    if run_it and not setup:
        raise WrongInput(
            "`--run` needs the packages that `--no-setup` leaves out.", "Leave out one of the two."
        )
    plan = Plan(setup, verify or ("fast" if setup else "none"), git, keep)
    draft = Draft(name, framework, read_all_answers(answers, answers_file), added, removed)
    folder = find_folder(output_dir)
    asks = not yes and not dry_run
    if asks:
        check_wishes(draft, details)
        draft = ask(draft, folder)
    with keeping_what_was_said(draft) if asks else nullcontext():
        settings = git_settings("user.name", "user.email")
        usual = {"author": settings["user.name"], "email": settings["user.email"]}
        details |= {option: value for option, value in usual.items() if details[option] is None}
        decision = decide(draft, details)
        project, target = decision.project, folder / decision.project.slug
        if not dry_run:
            check(target, plan)
        for line in decision.says:
            click.echo(line, err=True)
        again = command_again(project, usual)
        if dry_run:
            _show(project, target, as_json, again)
            return
        with cleaning_up_first():
            build(
                project, target, plan, _progress(), lambda built: _tell(built, as_json, git, again)
            )
            _tell_of_workspace(target)
    if run_it:
        from headstart.serving import serve

        serve(target)


def _tell(built: "Built", as_json: bool, git: bool, again: str) -> None:
    from headstart.screens import last_screen

    try:
        if as_json:
            print_json(_as_json(built, again))
        else:
            click.echo("\n" + last_screen(built, again))
        if git and not built.committed:
            click.echo("It lies within a repository already, so it got none of its own.", err=True)
        sys.stdout.flush()
    except BrokenPipeError:
        # Whoever asked for it does not want to read about it.
        fall_silent()


def _tell_of_workspace(target: Path) -> None:
    from headstart.environment import workspace_around

    # Not before the staging folder is gone, which no workspace may have as a member.
    if workspace := workspace_around(target):
        with suppress(OSError):
            click.echo(
                f"It is a member of the uv workspace in {workspace}, and `uv run` takes the "
                "packages of that one: exclude it there, and it has its own.",
                err=True,
            )


def _progress() -> "Progress":
    from headstart.screens import LiveProgress, PlainProgress

    return LiveProgress() if sys.stderr.isatty() else PlainProgress()


def _show(project: Project, target: Path, as_json: bool, again: str) -> None:
    from headstart.template import read_template

    template = read_template(project.framework)
    paths = list(template.paths(project.context(template)))
    if as_json:
        described = {
            **_described(project, target, again),
            "receipts": [],
            "seconds": 0,
            "files": paths,
        }
        print_json(described)
        return
    click.echo(f"{target}/")
    for path in paths:
        click.echo(f"  {path}")


def _described(project: Project, target: Path, again: str) -> dict[str, Any]:
    return {
        "project": project.name,
        "path": str(target),
        "framework": project.framework,
        "features": list(project.features),
        "answers": dict(project.answers),
        "commands": {"again": again},
    }


def _as_json(built: "Built", again: str) -> dict[str, Any]:
    from headstart.screens import next_steps

    described = _described(built.project, built.folder, again)
    described["commands"].update({does.lower(): command for does, command in next_steps(built)})
    return {
        **described,
        "receipts": [vars(receipt) for receipt in built.receipts],
        "steps": built.steps,
        "seconds": built.seconds,
    }
