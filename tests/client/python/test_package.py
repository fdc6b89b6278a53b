"""What is committed agrees with what it is made from."""

import re
import subprocess
from pathlib import Path

import rectifier

REPOSITORY = Path(__file__).parents[3]
PACKAGE = REPOSITORY / "client/python"


def test_the_stubs_are_those_that_generate_makes(tmp_path: Path) -> None:
    subprocess.run([PACKAGE / "generate", tmp_path], check=True)
    made = {path.name: path.read_text() for path in (tmp_path / "rectifier/v1").iterdir()}
    committed = {path.name: path.read_text() for path in (PACKAGE / "rectifier/v1").glob("*_pb2*")}
    assert committed == made, "stale: run client/python/generate"


def test_the_version_is_that_of_the_project() -> None:
    def version(path: Path, pattern: str) -> str:
        match = re.search(pattern, path.read_text(), re.MULTILINE)
        assert match is not None, f"no version in {path}"
        return match[1]

    assert rectifier.__version__ == version(
        REPOSITORY / "CMakeLists.txt", r"^project\(rectifier VERSION (\S+)"
    )


def test_the_licence_is_that_of_the_project() -> None:
    assert (PACKAGE / "LICENSE").read_text() == (REPOSITORY / "LICENSE").read_text()
