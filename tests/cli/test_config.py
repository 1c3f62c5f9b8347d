"""The configuration: trust files that apply after options and variables, and never from a package."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from archtool.cli.options.configuration.config import MAX_CONFIG_BYTES
from archtool.cli.options.configuration.config_keys import KEYS
from archtool.cli.options.configuration.config_place import find_config, find_project_config, user_config_path
from archtool.report.provenance.account import LANGUAGES
from command_line import archtool, archtool_process
from packages import ARCHIVIST, make_package, write_allowed_signers, write_key

OTHER = "curator@example.org"


@pytest.fixture(scope="module")
def made_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    with pytest.MonkeyPatch.context() as fixed:  # a module's fixture comes before those of conftest.py
        fixed.setenv("ARCHTOOL_CONFIG", "")
        return make_package(tmp_path_factory.mktemp("made"))


@pytest.fixture
def package(made_once: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made_once, tmp_path / "package"))


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The platform's folder for a configuration, which trusts the archivist."""
    folder = tmp_path / "xdg" / "archtool"
    folder.mkdir(parents=True)
    monkeypatch.delenv("ARCHTOOL_CONFIG")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "xdg"))
    write_allowed_signers(folder, ARCHIVIST)
    write_config(folder, 'trust = "allowed_signers"\n')
    return folder


def write_config(folder: Path, text: str) -> Path:
    path = folder / "config.toml"
    path.write_text(text, encoding="utf-8")
    return path


def other_signers(tmp_path: Path) -> Path:
    folder = tmp_path / "other"
    folder.mkdir()
    return write_allowed_signers(folder, OTHER)


def test_verify_show_and_diff_use_the_trust_files_of_the_configuration(package: Path, home: Path) -> None:
    (seen,) = archtool("verify", package, "--json").objects
    assert seen["verdict"]["trust"] == "trusted"
    (signature,) = seen["facts"]["attestations"][0]["signatures"]
    assert signature["trusted_by"] == f"{home / 'allowed_signers'}:1"
    assert "trusted" in archtool("show", package).out
    assert archtool("diff", package, package, "--json").objects[0]["exit_code"] == 0


@pytest.mark.usefixtures("home")
def test_verify_in_a_separate_process_uses_the_configuration(package: Path) -> None:
    assert "trust trusted" in archtool_process("verify", package).out
    assert "trust not-asked" in archtool_process("verify", package, env={"ARCHTOOL_CONFIG": ""}).out


@pytest.mark.usefixtures("home")
def test_an_option_overrides_a_variable_and_a_variable_overrides_the_configuration(
    tmp_path: Path, package: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = other_signers(tmp_path)
    mine = write_allowed_signers(tmp_path, ARCHIVIST)
    assert "trust untrusted" in archtool("verify", package, "--trust", other).out
    monkeypatch.setenv("ARCHTOOL_TRUST", str(other))
    assert "trust untrusted" in archtool("verify", package).out
    assert "trust trusted" in archtool("verify", package, "--trust", mine).out


def test_every_key_of_the_configuration_does_what_its_option_does(
    tmp_path: Path, package: Path, home: Path
) -> None:
    shutil.copy(write_key(tmp_path).with_suffix(".pub"), home / "revoked")
    (home / "policy.yaml").write_text(
        "archtool-policy: 1\nclaims:\n  - event: validation\n    required: true\n"
    )
    (home / "roots.pem").write_text("no certificate\n")
    start = 'trust = "allowed_signers"\n'
    write_config(home, start + 'revoked = "revoked"\n')
    assert "trust.key-revoked" in archtool("verify", package, "--json").codes
    write_config(home, start + 'policy = "policy.yaml"\n')
    assert "policy not-met" in archtool("verify", package).out
    write_config(home, start + 'tsa-roots = "roots.pem"\n')
    refused = archtool("verify", package)
    assert (refused.code, str(home / "roots.pem") in refused.err) == (3, True)


def test_a_path_starts_at_the_configurations_folder_or_at_home(
    tmp_path: Path, package: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(home))
    for text in ('trust = "~/allowed_signers"', 'trust = "../archtool/allowed_signers"'):
        write_config(home, text)
        assert "trust trusted" in archtool("verify", package, cwd=tmp_path).out


def test_the_configuration_lies_in_the_platforms_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ARCHTOOL_CONFIG")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CONFIG_HOME", "relative")  # must be ignored
    assert find_config() is None
    (tmp_path / ".config" / "archtool").mkdir(parents=True)
    path = write_config(tmp_path / ".config" / "archtool", "")
    assert find_config() == str(path)
    monkeypatch.delenv("XDG_CONFIG_HOME")
    assert find_config() == str(path)
    monkeypatch.setenv("ARCHTOOL_CONFIG", "elsewhere.toml")
    assert find_config() == "elsewhere.toml"
    monkeypatch.setenv("ARCHTOOL_CONFIG", "")
    assert find_config() is None


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ('trusted = "allowed_signers"', "unknown key: 'trusted'"),
        ('sign = ["key"]', "a configuration cannot say who signs"),
        ('passphrase = "1234"', "contains no secrets"),
        ('xyzzy = "a"', "the known keys are: trust, revoked, tsa-roots, policy"),
        ('\n\ntruts = "a"', "config.toml:3: unknown key: 'truts'"),
        ("jobs = 0", "jobs: not a number from 1 to 1024: '0'"),
        ('jobs = "4"', "write it without quotes"),
        ("nice = true", "nice: not a number"),
        ('bwlimit = "fast"', "bwlimit: not a size"),
        ("bwlimit = 0", "bwlimit: not a size"),
        ("bwlimit = [1]", "bwlimit: not a size"),
        ('algorithm = "md5"', "algorithm: not a digest algorithm strong enough to be the usual one"),
        ('language = "xx"', "language: not one of"),
        ('agent = " "', "agent: not a text"),
        ('trusted-folders = "a"', "trusted-folders: not a list of paths"),
        ("[trust]\nfile = 'allowed_signers'", "trust: not a file name"),
        ('trust = ""', "trust: not a file name"),
        ("trust = 1", "trust: not a file name: '1'"),
        ('trust = "gone"', "trust: no such file"),
        ('trust = "."', "trust: no such file"),
        ('trust = "a\\u0000b"', "trust: no such file"),
        ('policy = "gone"', "policy: no such file"),
        ("trust = allowed_signers", "is not TOML"),
        ("trust = '\udcff'", "is not TOML"),
        ("trust = " + "[" * 5000, "nested too deeply"),
        ("#" * (MAX_CONFIG_BYTES + 1), "larger than"),
    ],
)
def test_an_invalid_configuration_is_refused_with_its_path_and_key(
    home: Path, text: str, complaint: str
) -> None:
    path = home / "config.toml"
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    seen = archtool("verify", "package")  # refused before a package is looked for
    assert (seen.code, seen.out) == (3, "")
    assert complaint in seen.err
    assert str(path) in seen.err


def test_a_configuration_named_by_the_variable_must_exist(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ARCHTOOL_CONFIG", str(tmp_path / "gone.toml"))
    seen = archtool("verify", "package")
    assert (seen.code, str(tmp_path / "gone.toml") in seen.err) == (3, True)


def test_a_command_without_trust_options_does_not_read_the_configuration(
    tmp_path: Path, home: Path, package: Path
) -> None:
    write_config(home, "broken")
    assert archtool("cite", package).code == 0
    assert archtool("keys", "show", write_key(tmp_path)).code == 0
    assert archtool("verify", "--help").code == 0


def inside(package: Path) -> list[Path]:
    """Return places that are copied with a package."""
    beside = package.with_name(package.name + ".attestations")
    beside.mkdir()
    return [package, package / "metadata", beside]


@pytest.mark.parametrize("option", ["--trust", "--revoked", "--tsa-roots", "--policy"])
def test_attack_trust_files_inside_the_package_are_refused(
    tmp_path: Path, package: Path, option: str
) -> None:
    trust = write_allowed_signers(tmp_path, ARCHIVIST)
    more = [] if option == "--trust" else ["--trust", trust]
    for folder in inside(package):
        planted = shutil.copy(trust, folder / "planted")
        link = tmp_path / "link"
        link.symlink_to(planted)
        for path in (planted, link, os.path.relpath(planted)):
            seen = archtool("verify", package, option, path, *more)
            assert (seen.code, "must come from elsewhere" in seen.err) == (2, True)
        link.unlink()
        planted.unlink()
    outwards = package / "outwards"
    outwards.symlink_to(trust)
    assert archtool("verify", package, option, outwards, *more).code == 2


@pytest.mark.parametrize("verb", ["verify", "show", "diff"])
def test_attack_a_configuration_inside_the_package_or_naming_its_files_is_refused(
    tmp_path: Path, package: Path, verb: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    arguments = [verb, package, *([package] if verb == "diff" else [])]
    planted = write_allowed_signers(package, ARCHIVIST)
    outside = write_config(tmp_path, f'trust = "{planted}"\n')
    monkeypatch.setenv("ARCHTOOL_CONFIG", str(outside))
    named = archtool(*arguments)
    assert (named.code, "the list of allowed signers must come from elsewhere" in named.err) == (2, True)
    write_allowed_signers(tmp_path, ARCHIVIST)
    within = write_config(package, 'trust = "../allowed_signers"\n')
    monkeypatch.setenv("ARCHTOOL_CONFIG", str(within))
    led = archtool(*arguments)
    assert (led.code, "the configuration must come from elsewhere" in led.err) == (2, True)


def test_attack_a_variable_that_names_a_file_of_the_package_is_refused(
    package: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ARCHTOOL_TRUST", str(write_allowed_signers(package, ARCHIVIST)))
    seen = archtool("verify", package)
    assert (seen.code, "must come from elsewhere" in seen.err) == (2, True)


def test_a_policy_that_only_a_variable_names_is_applied(
    tmp_path: Path, package: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    policy = tmp_path / "policy.yaml"
    policy.write_text("archtool-policy: 1\nclaims:\n  - event: validation\n    required: true\n")
    monkeypatch.setenv("ARCHTOOL_POLICY", str(policy))
    seen = archtool("verify", package)
    assert (seen.code, "a policy names signers, and there is no list of their keys" in seen.err) == (2, True)


@pytest.fixture
def project(home: Path) -> Path:
    """A folder for work beside that of the user's configuration, in which a project's file can lie."""
    folder = home.parent.parent / "project"
    (folder / "letters" / "1932").mkdir(parents=True)
    return folder


def write_project(folder: Path, text: str) -> Path:
    path = folder / "archtool.toml"
    path.write_text(text, encoding="utf-8")
    return path


def settings(cwd: Path) -> dict[str, tuple[object, str]]:
    (seen,) = archtool("config", "show", "--json", cwd=cwd).objects
    return {one["key"]: (one["value"], one["origin"]) for one in seen["facts"]["settings"]}


def test_the_nearest_project_file_comes_before_the_users_file_and_a_variable_before_both(
    project: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = write_config(home, "nice = 3\njobs = 2\nagent = 'Jane Doe'\n")
    work = project / "letters" / "1932"
    assert settings(work)["jobs"] == (2, f"{mine}:2")
    write_project(project, "jobs = 99\n")
    near = write_project(project / "letters", "# ours\njobs = 4\n")
    assert settings(work)["jobs"] == (4, f"{near}:2")
    assert settings(work)["nice"] == (3, f"{mine}:1")
    assert settings(project.parent)["jobs"] == (2, f"{mine}:2")
    monkeypatch.setenv("ARCHTOOL_JOBS", "5")
    assert settings(work)["jobs"] == ("5", "variable ARCHTOOL_JOBS")
    assert settings(work)["language"] == (None, "default")


@pytest.mark.parametrize("key", ["trust", "revoked", "tsa-roots", "policy", "register", "agent"])
def test_attack_a_downloaded_archtool_toml_cannot_say_whom_to_trust(project: Path, key: str) -> None:
    write_project(project, f'{key} = "planted"\n')
    (project / "planted").write_text("")
    seen = archtool("verify", "package", cwd=project)
    assert (seen.code, seen.out) == (3, "")
    assert f"sets {key}, and your own configuration does not trust this folder" in seen.err
    assert f'trusted-folders = ["{project}"]' in seen.err


def test_attack_a_project_file_cannot_trust_its_own_folder(project: Path) -> None:
    write_project(project, 'trusted-folders = ["."]\n')
    seen = archtool("verify", "package", cwd=project)
    assert (seen.code, "counts only in your own configuration" in seen.err) == (3, True)


def test_a_folder_that_the_user_trusts_names_its_own_trust_files(
    tmp_path: Path, package: Path, project: Path, home: Path
) -> None:
    write_config(home, f'trusted-folders = ["{project}"]\n')
    write_project(project, 'trust = "allowed_signers"\n')
    write_allowed_signers(project, ARCHIVIST)
    assert "trust trusted" in archtool("verify", package, cwd=project / "letters").out
    assert "trust not-asked" in archtool("verify", package, cwd=tmp_path).out


@pytest.mark.usefixtures("home")
def test_only_the_named_configuration_is_read_if_a_variable_names_one(
    tmp_path: Path, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_project(project, "jobs = 4\n")
    monkeypatch.setenv("ARCHTOOL_CONFIG", "")
    assert settings(project)["jobs"] == (None, "default")
    monkeypatch.setenv("ARCHTOOL_CONFIG", str(write_config(tmp_path, "jobs = 6\n")))
    assert settings(project)["jobs"][0] == 6


def test_without_a_home_folder_there_is_no_configuration(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ARCHTOOL_CONFIG")
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    monkeypatch.setenv("HOME", "relative")
    assert user_config_path() is None
    assert find_config() is None


def test_on_windows_the_configuration_lies_in_the_folder_for_applications(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = tmp_path / "archtool" / "config.toml"
    monkeypatch.setenv("APPDATA", str(tmp_path))
    with monkeypatch.context() as windows:
        windows.setattr(os, "name", "nt")
        named = user_config_path()
        windows.delenv("APPDATA")
        without = user_config_path()
    assert (named, without) == (str(own), None)


def test_a_deleted_working_folder_has_no_project_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.delenv("ARCHTOOL_CONFIG")
    monkeypatch.chdir(gone)
    gone.rmdir()
    assert find_project_config() is None
    monkeypatch.chdir(tmp_path)
    assert find_project_config() is None


def test_the_configured_algorithm_and_agent_are_used_and_an_option_or_a_profile_comes_first(
    tmp_path: Path, project: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_project(project, 'algorithm = "SHA-256"\n')
    write_config(home, 'agent = "Jane Doe"\n')
    (project / "letters" / "letter.txt").write_text("To the sections.")
    (project / "letters" / "1932").rmdir()
    description = project / "letters" / "d.yaml"
    description.write_text("archtool: 1\ntitle: A\ntranscription: letter.txt\nsource: B\nlanguage: en\n")
    assert archtool("pack", description, "-o", tmp_path / "one", cwd=project).code == 0
    assert sorted(p.name for p in (tmp_path / "one").glob("manifest-*")) == ["manifest-sha256.txt"]
    two = archtool("pack", description, "-o", tmp_path / "two", "--algorithm", "sha384", cwd=project)
    assert (two.code, (tmp_path / "two" / "manifest-sha384.txt").is_file()) == (0, True)
    monkeypatch.setenv("ARCHTOOL_ALGORITHM", "md5")
    weak = archtool("pack", description, "-o", tmp_path / "three", cwd=project)
    assert (weak.code, "ARCHTOOL_ALGORITHM: not a digest algorithm strong enough" in weak.err) == (3, True)
    assert archtool("holdings", "init", tmp_path / "r", cwd=project).code == 0
    events = archtool("holdings", "events", "--register", tmp_path / "r", "--json", cwd=project).out
    assert "Jane Doe" in events


def test_the_configured_language_applies_to_forms_that_have_words(package: Path, home: Path) -> None:
    write_config(home, 'language = "fr"\n')
    assert archtool("provenance", package, "--json").objects[0]["facts"]["language"] == "fr"
    assert archtool("provenance", package, "--to", "prov-n").code == 0


def test_configured_jobs_do_not_contradict_a_cluster_and_other_limits(package: Path, home: Path) -> None:
    write_config(home, 'jobs = 2\nnice = 0\nbwlimit = "1GB"\n')
    assert archtool("verify", package).code == 0
    batch = (
        "batch",
        package,
        "-o",
        package.parent / "checks",
        "--verb",
        "verify",
        "--cluster",
        home / "gone",
    )
    assert "--jobs and --cluster contradict" in archtool(*batch, "--jobs", "2").err
    refused = archtool(*batch)
    assert (refused.code, "contradict each other" in refused.err) == (3, False)


def test_the_languages_of_the_configuration_are_those_of_histories() -> None:
    assert set(KEYS["language"].choices) == set(LANGUAGES)


def test_the_configuration_is_shown_with_the_origin_of_each_value(project: Path, home: Path) -> None:
    write_config(home, f'trusted-folders = ["{project}"]\n')
    path = write_project(project, "jobs = 4\n")
    shown = archtool("config", "show", "--origin", cwd=project).out.splitlines()
    assert shown[:2] == [f"project file:  {path}", f"your own file: {home / 'config.toml'}"]
    (jobs,) = [line.split() for line in shown if line.startswith("jobs")]
    assert jobs == ["jobs", "4", f"{path}:1"]
    plain = archtool("config", "show", cwd=project).out
    assert str(path) + ":1" not in plain
    assert "(sha512)" in plain
    misspelt = archtool("config", "shwo")
    assert (misspelt.code, "did you mean `show`?" in misspelt.err) == (2, True)


def test_shell_completion_reports_no_errors(home: Path) -> None:
    write_config(home, "broken")
    words = {"_ARCHTOOL_COMPLETE": "bash_complete", "COMP_WORDS": "archtool verify --tr", "COMP_CWORD": "2"}
    done = archtool_process(env=words)
    assert (done.code, done.out.split(), done.err) == (0, ["plain,--trust"], "")
