#!/usr/bin/python3
"""What `./dev demo` shows: real tensors through a real server, each number checked.

    demo.py FOLDER    (FOLDER holds the binaries rectifierd and rectifier)

Ends with exit code 1 where a result is wrong or the server does not stop cleanly.
"""

import sys
import tempfile
import time
from pathlib import Path

import drawing
import numpy as np
import references
from latency import fetch_latency, show_seconds
from make_tensors import DATA, load_digits
from numpy.typing import NDArray
from rectifier_command import RectifierCommand
from rectifierd_process import RectifierdProcess

X_FILE = DATA / "pre_activations.npy"
UPSTREAM_FILE = DATA / "upstream.npy"
SLOPES_FILE = DATA / "slopes.npy"
INPUTS = (f"--input={X_FILE}", f"--upstream={UPSTREAM_FILE}")

# Of float32 results, in units in the last place. The reference has errors of its own, in float64.
ALLOWED_ERROR = 1.0
BAR_WIDTH = 40

Array = NDArray[np.float32]


class Demo:
    """The sections, in the order in which they are shown."""

    def __init__(self, over_unix: RectifierCommand, over_tcp: RectifierCommand) -> None:
        self._over_unix = over_unix
        self._over_tcp = over_tcp
        self._x: Array = np.load(X_FILE)
        self._upstream: Array = np.load(UPSTREAM_FILE)

    def show_input(self) -> None:
        title("The input: 1797 handwritten digits, through a fixed layer of 12 units")
        pixels, labels = load_digits()
        numbers = [f"unit {i:2}  {number:+.4f}" for i, number in enumerate(self._x[0])]
        picture = drawing.picture(pixels[0].reshape(8, 8) / 16)
        for i, line in enumerate(picture):
            pair = "     ".join(numbers[i - 1 :: 6]) if 1 <= i <= 6 else ""
            print(f"  {line}     {pair}".rstrip())
        print(f"\n  above: the first of them, a {labels[0]}, and what the layer makes of it")
        for path in (X_FILE, UPSTREAM_FILE):
            tensor = np.load(path)
            print(f"  {path.name:20}  {tensor.dtype} {list(tensor.shape)}")

    def show_elementwise(self) -> None:
        title("Value, and gradient contracted with an upstream tensor")
        show_command("gelu", "--quantity value,gradient")
        rows = [self._elementwise_row(name) for name in references.ELEMENTWISE]
        header = ("activation", "values", "spread of values", "gradient")
        print(drawing.table((*header, "worst error", "unix", "tcp"), rows))
        print("\n  worst error: of value and gradient, against NumPy in float64, in units in the")
        print("  last place (ULP); 0.5 is a perfectly rounded result. Both transports gave the")
        print("  same bits. unix, tcp: the whole command, from its start to its end.")

    def _elementwise_row(self, name: str) -> tuple[str, ...]:
        quantities = "--quantity=value,gradient"
        result = self._over_unix.evaluate(name, *INPUTS, quantities)
        again = self._over_tcp.evaluate(name, *INPUTS, quantities)
        value, gradient = (result.tensors[quantity] for quantity in ("value", "gradient"))
        for quantity, tensor in result.tensors.items():
            check(tensor.tobytes() == again.tensors[quantity].tobytes(), f"{name}: other bits")
        reference = references.ELEMENTWISE[name]
        x = self._x.astype(np.float64)
        errors = (
            error(name, value, reference.value(x)),
            error(name, gradient, reference.derivative(x) * self._upstream),
        )
        return (
            name,
            interval(value),
            drawing.histogram_line(value, 16),
            interval(gradient),
            f"{errors[0]:.2f}  {errors[1]:.2f} ULP",
            f"{result.seconds * 1e3:.0f} ms",
            f"{again.seconds * 1e3:.0f} ms",
        )

    def show_prelu(self) -> None:
        title("PReLU: one slope per unit, and the gradient by each")
        show_command(f"prelu weight=@{SLOPES_FILE.name}", "--quantity value,parameter_gradients")
        result = self._over_unix.evaluate(
            "prelu", f"weight=@{SLOPES_FILE}", *INPUTS, "--quantity=value,parameter_gradients"
        )
        slopes = np.load(SLOPES_FILE)
        gradient = result.tensors["parameter_gradient.weight"]
        exact = (np.minimum(self._x, 0).astype(np.float64) * self._upstream).sum(axis=0)
        worst = error("prelu", gradient, exact)
        greatest = np.abs(gradient).max()
        rows = [
            (f"{unit}", f"{slopes[unit]:.4f}", f"{number:+.4f}", signed_bar(number / greatest))
            for unit, number in enumerate(gradient)
        ]
        print(drawing.table(("unit", "slope", "dL/dslope", signed_bar(0)), rows))
        print(f"\n  each a sum over {len(self._x)} digits; worst error {worst:.2f} ULP")

    def show_softmax(self) -> None:
        title("Softmax along an axis")
        show_command("softmax axis=1", "--quantity value,gradient")
        result = self._over_unix.evaluate("softmax", "axis=1", *INPUTS, "--quantity=value,gradient")
        value, gradient = (result.tensors[quantity] for quantity in ("value", "gradient"))
        x = self._x.astype(np.float64)
        worst = error("softmax", value, references.softmax(x))
        distance = np.abs(gradient - references.softmax_gradient(x, self._upstream)).max()
        check(bool(distance < 1e-6), "softmax: wrong gradient")
        for unit, number in enumerate(value[0]):
            print(f"  unit {unit:2}  {number:.4f}  {drawing.bar(number, BAR_WIDTH)}")
        sums = np.abs(value.sum(axis=1, dtype=np.float64) - 1).max()
        print(f"\n  above: the first row. All {len(value)} rows sum to 1 within {sums:.0e}; worst")
        print(f"  error {worst:.2f} ULP; the gradient is within {distance:.0e} of NumPy's.")

    def show_latency(self, metrics_address: str) -> None:
        title("What the server measured meanwhile: latency of Evaluate")
        print(f"  $ curl http://{metrics_address}/metrics | grep grpc_server_handling_seconds\n")
        latency = fetch_latency(metrics_address)
        check(latency.calls > 0, "no call was counted")
        most = max(bucket.calls for bucket in latency.buckets)
        for bucket in latency.buckets:
            if bucket.calls > 0:
                bar = drawing.bar(bucket.calls / most, BAR_WIDTH)
                bounds = f"{show_seconds(bucket.low):>7} to {show_seconds(bucket.high):>7}"
                print(f"  {bounds}  {bucket.calls:3}  {bar}")
        print(
            f"\n  {latency.calls} calls, {show_seconds(latency.seconds / latency.calls)} on average"
        )


def title(text: str) -> None:
    bold, plain = ("\033[1m", "\033[0m") if sys.stdout.isatty() else ("", "")
    print(f"\n{bold}{text}{plain}\n")


def show_command(activation: str, quantities: str) -> None:
    """The command that a person would type in the folder of the data."""
    print(f"  $ rectifier eval {activation} {quantities} \\")
    print(f"      --input {X_FILE.name} --upstream {UPSTREAM_FILE.name}\n")


def interval(tensor: Array) -> str:
    return f"{tensor.min():+.3f} … {tensor.max():+.3f}"


def signed_bar(fraction: float) -> str:
    """A bar to the left or the right of an axis, by sign."""
    width = BAR_WIDTH // 4
    bar = "█" * round(abs(fraction) * width)
    return f"{bar if fraction < 0 else '':>{width}}│{bar if fraction > 0 else '':<{width}}"


def error(name: str, result: Array, exact: references.Array64) -> float:
    """The worst error in ULP, which must be one that is allowed."""
    check(result.shape == exact.shape, f"{name}: shape {result.shape}, not {exact.shape}")
    worst = references.worst_error(result, exact)
    check(worst <= ALLOWED_ERROR, f"{name}: error of {worst} ULP")
    return worst


def check(holds: bool, complaint: str) -> None:
    if not holds:
        sys.exit(f"demo: {complaint}")


def main() -> None:
    folder = Path(sys.argv[1])
    with (
        tempfile.TemporaryDirectory(prefix="rectifier-demo-") as results,
        RectifierdProcess(str(folder / "rectifierd")) as server,
    ):
        print(f"\nrectifierd serves on {server.unix_target} and {server.tcp_target}")
        commands = (
            RectifierCommand(str(folder / "rectifier"), target, Path(results))
            for target in (server.unix_target, server.tcp_target)
        )
        demo = Demo(*commands)
        demo.show_input()
        demo.show_elementwise()
        demo.show_prelu()
        demo.show_softmax()
        demo.show_latency(server.metrics_address)
        start = time.perf_counter()
        exit_code = server.stop()
        milliseconds = (time.perf_counter() - start) * 1e3
        print(f"\nSIGTERM: rectifierd stopped in {milliseconds:.0f} ms with exit code {exit_code}")
        print("\nTo see activations in a browser: ./dev serve, then http://127.0.0.1:8080/\n")


if __name__ == "__main__":
    main()
