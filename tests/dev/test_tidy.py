"""tests/lint/tidy in a repository of its own, with a clang-tidy that notes what it is given."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

TIDY = Path(__file__).resolve().parents[1] / "lint/tidy"
NOTE = '#!/bin/sh\nfor last; do :; done\necho "$last" >>"$LOG"\n'


class Repository:
    """Two commits of C++, with nothing changed since."""

    def __init__(self, folder: Path) -> None:
        self.tree = folder / "tree"
        self.log = folder / "log"
        self.log.touch()
        (self.tree / "tests/lint").mkdir(parents=True)
        shutil.copy(TIDY, self.tree / "tests/lint/tidy")
        programs = folder / "bin"
        programs.mkdir()
        (programs / "clang-tidy").write_text(NOTE)
        (programs / "clang-tidy").chmod(0o755)
        self.environment = {
            "PATH": f"{programs}:{os.environ['PATH']}",
            "LOG": str(self.log),
            "GIT_CONFIG_GLOBAL": "/dev/null",
            **{f"GIT_{who}_NAME": "nobody" for who in ("AUTHOR", "COMMITTER")},
            **{f"GIT_{who}_EMAIL": "nobody@example.org" for who in ("AUTHOR", "COMMITTER")},
        }
        self.write("core/old.h", "core/old.cc", "core/other.cc", "core/example/main.cc")
        self.run("git", "init", "--quiet", "--initial-branch=main")
        self.commit()
        self.write("notes.md")
        self.commit()

    def write(self, *paths: str) -> None:
        for path in paths:
            (self.tree / path).parent.mkdir(parents=True, exist_ok=True)
            with (self.tree / path).open("a") as file:
                file.write("// more\n")

    def commit(self) -> None:
        self.run("git", "add", ".")
        self.run("git", "commit", "--quiet", "--message=more")

    def run(self, *command: str) -> str:
        """What it printed."""
        done = subprocess.run(
            command, cwd=self.tree, env=self.environment, check=True, capture_output=True, text=True
        )
        return done.stdout + done.stderr

    def tidy(self, *arguments: str) -> tuple[list[str], str]:
        """The sources that were looked at, and what was printed."""
        self.log.write_text("")
        shown = self.run("tests/lint/tidy", *arguments)
        return sorted(self.log.read_text().split()), shown


@pytest.fixture(name="repository")
def _repository(tmp_path: Path) -> Repository:
    return Repository(tmp_path)


def test_it_says_why_it_looks_at_nothing(repository: Repository) -> None:
    sources, shown = repository.tidy()
    assert sources == []
    assert "skipped, because no C++ source differs from commit" in shown
    shutil.rmtree(repository.tree / ".git")
    assert repository.tidy() == ([], shown.splitlines()[0] + "\n" + NO_HISTORY)


NO_HISTORY = "tidy: skipped, because there is no Git history to tell what changed\n"


def test_it_looks_at_what_differs_and_at_what_is_new(repository: Repository) -> None:
    repository.write("core/other.cc", "core/new.cc", "core/example/main.cc", "notes.md")
    assert repository.tidy()[0] == ["core/new.cc", "core/other.cc"]


def test_a_header_stands_for_its_source(repository: Repository) -> None:
    repository.write("core/old.h", "core/without_source.h")
    assert repository.tidy()[0] == ["core/old.cc"]


def test_changes_count_from_where_the_branch_left(repository: Repository) -> None:
    repository.run("git", "update-ref", "refs/remotes/origin/main", "HEAD")
    for name in ("core/first.cc", "core/second.cc"):
        repository.write(name)
        repository.commit()
    assert repository.tidy()[0] == ["core/first.cc", "core/second.cc"]
    repository.run("git", "update-ref", "refs/remotes/origin/main", "HEAD")
    assert repository.tidy()[0] == ["core/second.cc"]  # the last commit, on main itself


def test_a_test_looks_at_no_more_than_six(repository: Repository) -> None:
    repository.write(*(f"core/new_{number}.cc" for number in range(21)))
    sources, shown = repository.tidy()
    assert len(sources) == 6
    assert "21 sources changed; this looks at 6" in shown
    assert len(repository.tidy("--changed")[0]) == 21
    assert len(repository.tidy("--all")[0]) == 23
