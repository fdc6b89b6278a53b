"""./dev compare: the worst error of installed peers beside ours, against proven exact results."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from pathlib import Path

import machine
import marked_section
import numpy as np
import peer_process
import report
import strata
from comparison import Comparison, Peer, compare

FOLDER = Path(__file__).resolve().parent
ROOT = FOLDER.parents[1]
CATALOGUE = ROOT / "tests/oracle/catalogue.json"
DEBIAN_PYTHON = Path("/usr/bin/python3")

# What at least one peer has, by our names.
ACTIVATIONS = (
    *(
        "relu",
        "leaky_relu",
        "hard_tanh",
        "hard_sigmoid",
        "hard_swish",
        "hard_shrink",
        "soft_shrink",
    ),
    *("softplus", "squareplus", "elu", "celu", "selu", "log_sigmoid"),
    *("gelu", "gelu_tanh", "silu", "mish"),
    *("sigmoid", "tanh", "softsign", "tanh_shrink"),
)


def main() -> None:
    options = _parse()
    work: Path = options.work
    work.mkdir(parents=True, exist_ok=True)
    inputs = work / "inputs.npy"
    x = strata.inputs(options.points)
    np.save(inputs, x)
    names = [name for name in options.names or ACTIVATIONS if _in_catalogue(name)]
    peers = [
        _python_peer("PyTorch", [options.python, DEBIAN_PYTHON], inputs, work, names),
        _onednn(options.onednn, inputs, work, names),
        _python_peer("JAX", [options.python], inputs, work, names),
        _python_peer("ONNX Runtime", [options.python], inputs, work, names),
    ]
    comparisons = _compare_all(options.prove, peers, inputs, names)
    setting = report.Setting("./dev compare", machine.description(), machine.today(), len(x))
    text = report.whole(comparisons, peers, setting)
    print(text, end="")
    if options.write:
        marked_section.write(FOLDER / "README.md", "compare", text)
        marked_section.write(
            ROOT / "README.md", "compare", report.short(comparisons, peers, setting)
        )


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="./dev compare",
        description="Worst ULP errors of PyTorch, oneDNN, JAX and ONNX Runtime beside ours.",
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help="activations; all if none")
    parser.add_argument(
        "--points", type=int, default=1_000_000, help="inputs of each (default: %(default)s)"
    )
    parser.add_argument(
        "--write",
        action="store_true",
        help="put the tables into tests/compare/README.md, README.md",
    )
    # ./dev passes these.
    parser.add_argument("--prove", type=Path, required=True, help=argparse.SUPPRESS)
    parser.add_argument("--onednn", type=Path, required=True, help=argparse.SUPPRESS)
    parser.add_argument("--python", type=Path, required=True, help=argparse.SUPPRESS)
    parser.add_argument("--work", type=Path, required=True, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.write and (options.names or options.points < 1_000_000):
        parser.error("--write is for a whole run: without NAME and --points")
    return options


def _in_catalogue(name: str) -> bool:
    names = {entry["name"] for entry in json.loads(CATALOGUE.read_text())["activations"]}
    if name not in names:
        print(f"compare: {name} is not in the catalogue", file=sys.stderr)
    return name in names


def _python_peer(
    name: str, pythons: list[Path], inputs: Path, work: Path, activations: list[str]
) -> Peer:
    """By the first Python that has it."""
    script = FOLDER / f"{name.lower().replace(' ', '')}_peer.py"
    folder = _empty(work / name)
    for python in pythons:
        if not python.exists():
            continue
        command: list[str | Path] = [python, script, inputs, folder, *activations]
        run = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
        if run.returncode == 0:
            return Peer(name, _version(run.stdout.strip(), name, python), folder)
        if run.returncode != peer_process.ABSENT:
            sys.exit(f"{script.name} failed: {run.returncode}")
    return Peer(name, None, folder)


def _version(stated: str, name: str, python: Path) -> str:
    """Debian's PyTorch does not know its own."""
    debian = name == "PyTorch" and python == DEBIAN_PYTHON
    return (machine.package_version("python3-torch") if debian else None) or stated


def _onednn(program: Path, inputs: Path, work: Path, activations: list[str]) -> Peer:
    folder = _empty(work / "oneDNN")
    if not program.exists():
        return Peer("oneDNN", None, folder)
    raw = {part: folder / f"{part}.f32" for part in ("x", "value", "gradient")}
    np.load(inputs).tofile(raw["x"])
    for activation in activations:
        command: list[str | Path] = [program, activation, *raw.values()]
        if subprocess.run(command, check=False).returncode == 0:
            for quantity in ("value", "gradient"):
                results = np.fromfile(raw[quantity], dtype=np.float32)
                np.save(folder / f"{activation}.{quantity}.npy", results)
    return Peer("oneDNN", machine.package_version("libdnnl-dev") or "of unknown version", folder)


def _empty(folder: Path) -> Path:
    folder.mkdir(exist_ok=True)
    for file in folder.iterdir():
        file.unlink()
    return folder


def _compare_all(
    prover: Path, peers: list[Peer], inputs: Path, names: list[str]
) -> list[Comparison]:
    comparisons = []
    for name in names:
        for quantity in peer_process.QUANTITIES:
            print(f"compare: {name} {quantity}", file=sys.stderr)
            comparison = compare(prover, peers, inputs, name, quantity)
            if comparison is not None:
                comparisons.append(comparison)
    return comparisons


if __name__ == "__main__":
    main()
