"""`headstart --version` and `--help` against the smallest program that Click can make."""

import sys
import tempfile
from pathlib import Path

from measure import command, in_turn, report

BARE = '''
import click


@click.group()
@click.version_option("1.0")
def cli():
    """Nothing."""


cli()
'''


def main() -> None:
    """Measure and print."""
    program = str(Path(sys.executable).with_name("headstart"))
    with tempfile.TemporaryDirectory() as folder:
        bare = Path(folder) / "bare.py"
        bare.write_text(BARE)
        for option in ("--version", "--help"):
            times = in_turn(
                {
                    f"bare Click {option}": command([sys.executable, str(bare), option]),
                    f"headstart {option}": command([program, option]),
                },
                runs=21,
            )
            report(times, f"bare Click {option}")


if __name__ == "__main__":
    main()
