"""Trains a network on scikit-learn's digits, all of whose activations the service computes.

Forward and backward, PReLU's learned slopes included, go through `rectifierd`; NumPy multiplies the
matrices. Prints the share of test digits that are recognised. Takes the server's target, if any.
"""

import sys

import numpy as np
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

import rectifier

EPOCHS, BATCH, RATE, MOMENTUM = 12, 64, 0.05, 0.9


class Network:
    """64 pixels, two hidden layers of 48 (PReLU with a slope for each unit, GELU), 10 digits."""

    def __init__(self, client: rectifier.Client, generator: np.random.Generator) -> None:
        self.client = client
        sizes = ((64, 48), (48, 48), (48, 10))
        self.weights = [generator.normal(0, (2 / n) ** 0.5, (n, m)) for n, m in sizes]
        self.biases = [np.zeros(m) for _, m in sizes]
        self.slopes = np.full(48, 0.25)
        self.learned = [*self.weights, *self.biases, self.slopes]
        self.steps = [np.zeros_like(array) for array in self.learned]

    def layers(self):
        """The activation after each matrix, with its arguments."""
        yield "prelu", {"weight": rectifier.PerChannel(self.slopes, axis=1)}
        yield "gelu", {}
        yield "log_softmax", {"axis": 1}

    def forward(self, x):
        """The inputs of each matrix and of each activation, and the logarithms of probabilities."""
        inputs, sums = [x], []
        for (name, arguments), weight, bias in zip(
            self.layers(), self.weights, self.biases, strict=True
        ):
            sums.append(inputs[-1] @ weight + bias)
            inputs.append(self.client.evaluate(name, sums[-1], arguments=arguments).value)
        return inputs, sums

    def train(self, x, digits):
        """One step down the gradient of the mean negative log likelihood."""
        inputs, sums = self.forward(x)
        weight_gradients, bias_gradients = [None] * 3, [None] * 3
        upstream = np.eye(10)[digits] / -len(digits)
        for i, (name, arguments) in reversed(list(enumerate(self.layers()))):
            result = self.client.evaluate(
                name,
                sums[i],
                arguments=arguments,
                upstream=upstream,
                value=False,
                gradient=True,
                parameter_gradients=name == "prelu",
            )
            upstream = result.gradient @ self.weights[i].T
            weight_gradients[i] = inputs[i].T @ result.gradient
            bias_gradients[i] = result.gradient.sum(axis=0)
            if name == "prelu":
                slope_gradient = result.parameter_gradients["weight"]
        gradients = [*weight_gradients, *bias_gradients, slope_gradient]
        for array, step, gradient in zip(self.learned, self.steps, gradients, strict=True):
            step *= MOMENTUM
            step -= RATE * gradient
            array += step

    def accuracy(self, x, digits):
        inputs, _ = self.forward(x)
        return (inputs[-1].argmax(axis=1) == digits).mean()


def main(target=None):
    pixels, digits = load_digits(return_X_y=True)
    train_x, test_x, train_y, test_y = train_test_split(
        pixels / 16, digits, test_size=0.25, random_state=0
    )
    generator = np.random.default_rng(seed=0)
    with rectifier.Client(target) as client:
        network = Network(client, generator)
        for _ in range(EPOCHS):
            order = generator.permutation(len(train_x))
            for batch in np.array_split(order, len(order) // BATCH):
                network.train(train_x[batch], train_y[batch])
        accuracy = network.accuracy(test_x, test_y)
    moved = np.abs(network.slopes - 0.25).max()
    print(f"accuracy {accuracy:.3f}; the slopes of PReLU moved by up to {moved:.3f}")
    return accuracy


if __name__ == "__main__":
    main(*sys.argv[1:])
