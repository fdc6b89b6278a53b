"""./dev itself, in a copy of its own, with an apt and a cmake that only write down what they do."""

import os
import pty
import re
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parents[2]
COMMANDS = ["demo", "serve", "check", "test", "tsan", "attack", "soak", "prove", "bench"]
COMMANDS += ["bench kernels", "bench rpc", "bench clients", "compare", "fuzz", "lint", "generate"]
COMMANDS += ["setup"]

READ_BY_DEV = [
    "dev",
    "deploy/packages.sh",
    "deploy/debian-packages",
    "server/command_line.cc",
    "server/http_options.cc",
    "server/security_options.cc",
    "server/limits.h",
]
READ_BY_DEV += ["tests/numerics/oracle/catalogue.json", "core/activations/softmax-inl.h"]
READ_BY_DEV += ["tests/numerics/compare/frameworks/framework_tables.py"]

# Downloads and unpacks in the time that the environment says.
APT = """#!/bin/sh
echo "apt-get $*" >>"$LOG"
case "$*" in
  *--assume-no*) echo "Need to get 620 MB of archives." ;;
  *--download-only*) sleep "${DOWNLOAD:-0}"; echo downloaded >>"$LOG" ;;
  update*) ;;
  *) sleep "${UNPACK:-0}"; echo unpacked >>"$LOG" ;;
esac
"""
AUDIT = """#!/bin/sh
case "$*" in
  --audit) [ -z "$BROKEN" ] || echo "half-installed: g++" ;;
  *) echo "dpkg $*" >>"$LOG" ;;
esac
"""
NOTE = '#!/bin/sh\necho "$(basename "$0") $*" >>"$LOG"\nexit 1\n'


class Sandbox:
    """A copy of ./dev on a machine that has no package."""

    def __init__(self, folder: Path) -> None:
        self.tree = folder / "tree"
        self.programs = folder / "bin"
        self.log = folder / "log"
        self.log.touch()
        for path in READ_BY_DEV:
            (self.tree / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(SOURCE / path, self.tree / path)
        self.programs.mkdir()
        for name, text in {
            "apt-get": APT,
            "dpkg": AUDIT,
            "dpkg-query": "#!/bin/sh\n",
            "sudo": '#!/bin/sh\nexec "$@"\n',
            "cmake": NOTE,
        }.items():
            self.install(name, text)
        self.environment = {"PATH": f"{self.programs}:/usr/bin:/bin", "LOG": str(self.log)}

    def install(self, name: str, text: str) -> None:
        (self.programs / name).write_text(text)
        (self.programs / name).chmod(0o755)

    def configure(self, preset: str, tests: str) -> None:
        """Leaves what CMake leaves there, and programs that succeed and write down what they do."""
        folder = self.tree / "build" / preset
        folder.mkdir(parents=True)
        (folder / "build.ninja").touch()
        (folder / "tests.txt").write_text(tests)
        for name in ("cmake", "ctest"):
            self.install(name, NOTE.replace("exit 1", "exit 0"))

    def start(self, *words: str, **options: object) -> subprocess.Popen[bytes]:
        environment = self.environment | {
            name: str(value) for name, value in options.items() if name.isupper()
        }
        streams = {name: value for name, value in options.items() if not name.isupper()}
        return subprocess.Popen(
            [self.tree / "dev", *words],
            env=environment,
            start_new_session=True,
            **({"stdin": subprocess.DEVNULL, "stdout": -1, "stderr": -1} | streams),  # type: ignore
        )

    def run(self, *words: str, **options: object) -> tuple[int, str]:
        """The exit code, and what it printed."""
        process = self.start(*words, stderr=subprocess.STDOUT, **options)
        out, _ = process.communicate(timeout=60)
        return process.returncode, out.decode()

    def answer(self, answer: str, *words: str, **options: object) -> tuple[int, str]:
        """The same at a terminal, where a person types the answer."""
        master, slave = pty.openpty()
        process = self.start(*words, stdin=slave, stdout=slave, stderr=slave, **options)
        os.close(slave)
        os.write(master, answer.encode())
        shown = b""
        try:
            while part := os.read(master, 4096):
                shown += part
        except OSError:  # the other end is closed
            pass
        os.close(master)
        return process.wait(timeout=60), shown.decode()

    def logged(self) -> str:
        return self.log.read_text()

    def wait_for(self, text: str) -> None:
        deadline = time.monotonic() + 60
        while text not in self.logged():
            assert time.monotonic() < deadline, self.logged()
            time.sleep(0.01)


@pytest.fixture(name="sandbox")
def _sandbox(tmp_path: Path) -> Sandbox:
    return Sandbox(tmp_path)


@pytest.mark.parametrize("command", COMMANDS)
def test_help_installs_and_builds_nothing(sandbox: Sandbox, command: str) -> None:
    name = command.split()
    for words in ([*name, "--help"], [*name, "-h"], ["help", *name]):
        code, shown = sandbox.run(*words)
        assert code == 0
        assert shown.startswith(f"Usage: ./dev {command}")
    assert sandbox.logged() == ""


@pytest.mark.parametrize("command", [name for name in COMMANDS if name != "bench"])
def test_unknown_options_are_refused_before_anything_is_installed(
    sandbox: Sandbox, command: str
) -> None:
    code, shown = sandbox.run(*command.split(), "--wirte")
    assert code == 2
    assert shown.startswith(f"dev: {command}: unknown option --wirte; allowed: ")
    assert sandbox.logged() == ""


def test_the_options_allowed_have_one_blank_between_them(sandbox: Sandbox) -> None:
    _, shown = sandbox.run("test", "--nonsense")
    assert shown == "dev: test: unknown option --nonsense; allowed: --mirror --yes --help\n"
    _, shown = sandbox.run("fuzz", "--nonsense")
    assert shown.endswith("; allowed: --merge --yes --help\n")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("compare nonsense", 'compare: no activation "nonsense"; allowed: presets, onnx, '),
        ("compare relu --points 9 nonsense", 'compare: no activation "nonsense"'),
        ("compare presets theano", 'compare presets: no framework "theano"; allowed: pytorch jax '),
        ("compare onnx relu", "compare onnx takes no argument; given: relu"),
        ("prove softmax nonsense", 'prove: no activation "nonsense"'),
        ("bench kernels relu", "bench kernels takes no argument; given: relu"),
        ("bench rpc --sides floor relu", "bench rpc takes no argument; given: relu"),
        ("fuzz long", "fuzz takes seconds and a seed, whole numbers, or --merge; given: long"),
        ("attack nonsense!", "attack: a name has letters, digits and _; given: nonsense!"),
        ("soak", "soak takes a number of minutes; given: "),
        ("soak 5m", "soak takes a number of minutes; given: 5m"),
        ("setup nonsense", 'unknown group "nonsense"; allowed: build '),
    ],
)
def test_wrong_arguments_are_refused_before_anything_is_installed(
    sandbox: Sandbox, words: str, message: str
) -> None:
    code, shown = sandbox.run(*words.split())
    assert code == 2
    assert shown.startswith(f"dev: {message}")
    assert sandbox.logged() == ""


@pytest.mark.parametrize(
    "words",
    [
        "compare relu --points 9",
        "compare presets jax --all",
        "prove nn.Softmax --type f32",
        "prove sample softmax --effort 1",
        "bench kernels --filter relu --quick",
        "fuzz 60 1",
        "fuzz --merge",
        "attack floods turns",
        "soak 0.5",
    ],
)
def test_right_arguments_go_on_to_the_packages(sandbox: Sandbox, words: str) -> None:
    sandbox.run(*words.split())
    assert "--download-only" in sandbox.logged()


def test_unknown_commands_are_refused(sandbox: Sandbox) -> None:
    mistakes = ["frobnicate", "bench frobnicate", "help frobnicate", "", "bench"]
    for words in map(str.split, mistakes):
        code, _ = sandbox.run(*words)
        assert code == 2
    assert sandbox.logged() == ""


def test_without_a_terminal_packages_are_downloaded_and_then_unpacked(sandbox: Sandbox) -> None:
    code, shown = sandbox.run("setup", "fuzz")
    assert code == 0, shown
    assert "clang-14" in shown and "[Y/n]" not in shown
    steps = [line for line in sandbox.logged().splitlines() if "--assume-no" not in line]
    assert steps[0].startswith("apt-get update")
    assert "--download-only" in steps[1]
    assert steps[2] == "downloaded"
    assert "clang-14" in steps[3] and "--download-only" not in steps[3]
    assert steps[4:] == ["unpacked"]


def test_at_a_terminal_packages_are_installed_after_a_yes(sandbox: Sandbox) -> None:
    code, shown = sandbox.answer("n\n", "setup", "fuzz")
    assert code == 2
    assert "Need to get 620 MB" in shown and "nothing was installed" in shown
    assert "unpacked" not in sandbox.logged()
    code, shown = sandbox.answer("y\n", "setup", "fuzz")
    assert code == 0, shown
    assert "unpacked" in sandbox.logged()


@pytest.mark.parametrize("words", [["--yes", "setup", "fuzz"], ["setup", "fuzz", "--yes"], []])
def test_a_yes_may_be_given_before(sandbox: Sandbox, words: list[str]) -> None:
    given = words or ["setup", "fuzz"]
    code, shown = sandbox.answer("", *given, CI="" if words else "true")
    assert code == 0, shown
    assert "[Y/n]" not in shown
    assert "unpacked" in sandbox.logged()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_waits_for_what_is_being_unpacked(sandbox: Sandbox, number: int) -> None:
    process = sandbox.start("serve", UNPACK=1)
    sandbox.wait_for("downloaded\napt-get")
    os.killpg(process.pid, number)
    assert process.wait(timeout=60) == 128 + number
    assert sandbox.logged().endswith("unpacked\n")  # and nothing is built


def test_an_interrupt_ends_a_download(sandbox: Sandbox) -> None:
    process = sandbox.start("serve", DOWNLOAD=1)
    sandbox.wait_for("--download-only")
    os.killpg(process.pid, signal.SIGINT)
    assert process.wait(timeout=60) in (130, -signal.SIGINT)
    assert "unpacked" not in sandbox.logged()


PAGE = "--http_metrics --http_listen=127.0.0.1:8080"


@pytest.mark.parametrize(
    ("flags", "served"),
    [
        ("", PAGE),
        ("--threads=2", f"--threads=2 {PAGE}"),
        ("--nohttp_metrics", "--nohttp_metrics --http_listen=127.0.0.1:8080"),
        ("--http_listen=127.0.0.1:9090", "--http_listen=127.0.0.1:9090"),
        ("--http_listen=", "--http_listen="),
        ("--flagfile=flags", "--flagfile=flags"),
    ],
)
def test_serve_has_the_page_unless_a_flag_says_otherwise(
    sandbox: Sandbox, flags: str, served: str
) -> None:
    sandbox.configure("release", TESTS)
    programs = sandbox.tree / "build/release/bin"
    programs.mkdir()
    (programs / "rectifierd").write_text(NOTE.replace("exit 1", "exit 0"))
    (programs / "rectifierd").chmod(0o755)
    code, shown = sandbox.run("serve", *flags.split())
    assert code == 0, shown
    assert sandbox.logged().splitlines()[-1] == f"rectifierd {served}"
    assert ("http://127.0.0.1:8080/" in shown) == (":8080" in served)


def test_what_an_earlier_interrupt_left_is_configured_first(sandbox: Sandbox) -> None:
    code, shown = sandbox.run("setup", "fuzz", BROKEN=1)
    assert code == 0, shown
    steps = sandbox.logged()
    assert steps.index("dpkg --configure -a") < steps.index("unpacked")


TESTS = """dev_test\x20
engine_test engine_test
engine_server_test engine_server_test rectifierd
demo_test rectifierd rectifier
"""


@pytest.mark.parametrize(("command", "preset"), [("check", "release"), ("tsan", "tsan")])
def test_only_what_the_named_tests_need_is_built(
    sandbox: Sandbox, command: str, preset: str
) -> None:
    sandbox.configure(preset, TESTS)
    code, shown = sandbox.run(command, "^engine", CMAKE_BUILD_PARALLEL_LEVEL=3)
    assert code == 0, shown
    steps = sandbox.logged().splitlines()
    built, tested = steps[-2:]
    assert built == (
        f"cmake --build --preset {preset} --parallel 3"
        " --target engine_server_test engine_test rectifierd"
    )
    assert tested.startswith(f"ctest --preset {preset} ") and tested.endswith(
        "--tests-regex ^engine"
    )


def test_a_check_of_python_alone_builds_nothing(sandbox: Sandbox) -> None:
    sandbox.configure("release", TESTS)
    code, shown = sandbox.run("check", "dev_test")
    assert code == 0, shown
    assert "--parallel" not in sandbox.logged().split("ctest")[0]


def test_what_runs_once_is_no_failure_of_the_other_build(sandbox: Sandbox) -> None:
    sandbox.configure("release", TESTS)
    sandbox.configure("dev", TESTS.replace("dev_test", "other_test"))
    code, shown = sandbox.run("test", "dev_test")
    assert code == 0, shown
    tested = [line for line in sandbox.logged().splitlines() if line.startswith("ctest")]
    assert [line.split()[2] for line in tested] == ["release"]


def test_a_check_that_matches_no_test_lists_the_names(sandbox: Sandbox) -> None:
    sandbox.configure("release", TESTS)
    for mistake in ("frobnicate", "engine["):
        code, shown = sandbox.run("check", mistake)
        assert code == 2
        assert "there are: dev_test engine_test engine_server_test demo_test" in shown
    assert "ctest" not in sandbox.logged()


def test_a_check_names_its_tests(sandbox: Sandbox) -> None:
    code, shown = sandbox.run("check")
    assert code == 2
    assert "check takes one argument" in shown
    assert sandbox.logged() == ""


# The sources in which each command's options stand.
OPTIONS = {
    "prove": ("tests/numerics/prove/main.cc", r'add_option\("(--[a-z_-]+)"'),
    "compare": ("tests/numerics/compare/compare.py", r'"(--[a-z_-]+)"'),
    "bench kernels": ("tests/benchmarks/kernels/kernels.py", r'"(--[a-z_-]+)"'),
    "bench rpc": ("tests/benchmarks/rpc/rpc.py", r'add_argument\(\s*"(--[a-z_-]+)"'),
    "bench clients": ("tests/benchmarks/clients/clients.py", r'add_argument\(\s*"(--[a-z_-]+)"'),
}
PASSED_BY_DEV = {"bench rpc": {"--rectifierd"}, "bench clients": {"--rectifierd"}}


@pytest.mark.parametrize("command", list(OPTIONS))
def test_help_names_the_options_that_the_program_takes(sandbox: Sandbox, command: str) -> None:
    path, pattern = OPTIONS[command]
    known = set(re.findall(pattern, (SOURCE / path).read_text()))
    _, shown = sandbox.run(*command.split(), "--help")
    assert known - PASSED_BY_DEV.get(command, set()) <= set(re.findall(r"--[a-z_-]+", shown))


def test_help_of_serve_names_the_server_s_flags(sandbox: Sandbox) -> None:
    _, shown = sandbox.run("serve", "--help")
    assert "--listen" in shown and "--max_message_bytes" in shown
