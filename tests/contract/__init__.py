"""What every rendered project answers over HTTP, tried on running projects by a stranger.

The numbers at the start of the docstrings are those of `http.md`, so that a
report can say what failed. Nothing here knows what is inside a project, except
where a docstring says so.

Run it with `pytest -m contract`, one part with `-k "flask and sqlite"`.
"""
