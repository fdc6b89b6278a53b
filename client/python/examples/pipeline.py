"""Steps of a pipeline: of each batch, silu and its gradient, computed by the server and checked.

The server is the one at RECTIFIER_TARGET, or at the socket where it listens by default. At a socket
the batch lies in memory that both see, so that nothing is copied. Each step prints a line of JSON.
"""

import argparse
import json
import time

import numpy as np
import numpy.typing as npt

import rectifier

Floats = npt.NDArray[np.float32]
CHECKED = 1000  # elements of each step


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--steps", type=int, default=20)
    parser.add_argument("--elements", type=int, default=1 << 22)
    parser.add_argument("--wait", type=float, default=60, help="seconds for the server to be ready")
    arguments = parser.parse_args()
    generator = np.random.default_rng(1)
    with rectifier.Client() as client:
        wait_until_ready(client, arguments.wait)
        batch = client.empty(arguments.elements, np.float32)
        for step in range(arguments.steps):
            batch[:] = generator.standard_normal(arguments.elements, dtype=np.float32)
            print(json.dumps({"step": step, **take_step(client, batch)}), flush=True)


def wait_until_ready(client: rectifier.Client, seconds: float) -> None:
    end = time.monotonic() + seconds
    while not is_ready(client):
        if time.monotonic() > end:
            raise SystemExit(f"no server is ready after {seconds:g} seconds")
        time.sleep(0.1)


def is_ready(client: rectifier.Client) -> bool:
    try:
        return client.is_healthy(timeout=5)
    except rectifier.Unavailable:
        return False


def take_step(client: rectifier.Client, batch: Floats) -> dict[str, float]:
    start = time.monotonic()
    result = client.evaluate("silu", batch, gradient=True)
    seconds = time.monotonic() - start
    check(batch[:CHECKED], result.value[:CHECKED], result.gradients[0][:CHECKED])
    return {
        "milliseconds": round(seconds * 1e3, 2),
        "MB_per_second": round(batch.nbytes / seconds / 1e6),
    }


def check(x: Floats, value: Floats, gradient: Floats) -> None:
    """By the formula in float64, which NumPy has."""
    wide = x.astype(np.float64)
    sigmoid = 1 / (1 + np.exp(-wide))
    np.testing.assert_allclose(value, wide * sigmoid, rtol=1e-6)
    np.testing.assert_allclose(gradient, sigmoid * (1 + wide * (1 - sigmoid)), rtol=1e-6, atol=1e-7)


if __name__ == "__main__":
    main()
