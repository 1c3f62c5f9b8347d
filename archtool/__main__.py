"""`python -m archtool` is `archtool`."""

from archtool.cli.main import run

run()
