"""`headstart doctor`: what this machine has and lacks."""

import dataclasses

import click

from headstart.commands.printing import print_json
from headstart.errors import SurroundingsLack


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def doctor(as_json: bool) -> None:
    """Say what this machine has and lacks."""
    from headstart.machine import examine

    findings = list(examine())
    if as_json:
        rows = [dataclasses.asdict(finding) for finding in findings]
        print_json(rows)
    else:
        for finding in findings:
            mark = (
                click.style("has  ", fg="green")
                if finding.good
                else click.style("lacks", fg="yellow")
            )
            click.echo(f"{mark}  {finding.subject}: {finding.says}")
            if not finding.good and finding.hint:
                click.echo(f"       {finding.hint}")
    lacking = [finding.subject for finding in findings if finding.needed and not finding.good]
    if lacking:
        raise SurroundingsLack(f"Nothing can be built without {', '.join(lacking)}.")
