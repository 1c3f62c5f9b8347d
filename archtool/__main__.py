"""`python -m archtool` is `archtool`."""

from archtool.cli.entry import run

run()
