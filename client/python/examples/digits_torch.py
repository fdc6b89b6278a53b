"""The network of digits.py, as PyTorch has it: `rectifier.torch` computes all activations.

Prints the share of test digits that are recognised. Takes the server's target, if any.
"""

import sys

import torch
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

import rectifier.torch

EPOCHS, BATCH, RATE = 8, 64, 0.01


def main(target=None):
    torch.manual_seed(0)
    pixels, digits = load_digits(return_X_y=True)
    train_x, test_x, train_y, test_y = (
        torch.tensor(part) for part in train_test_split(pixels / 16, digits, random_state=0)
    )
    with rectifier.Client(target) as client:
        slopes = torch.full((48,), 0.25, dtype=torch.float64)
        network = torch.nn.Sequential(
            torch.nn.Linear(64, 48),
            rectifier.torch.Activation(
                "prelu", learnable={"weight": slopes}, axes={"weight": 1}, client=client
            ),
            torch.nn.Linear(48, 48),
            rectifier.torch.Activation("gelu", client=client),
            torch.nn.Linear(48, 10),
            rectifier.torch.Activation("log_softmax", arguments={"axis": 1}, client=client),
        ).double()
        optimizer = torch.optim.Adam(network.parameters(), lr=RATE)
        for _ in range(EPOCHS):
            for batch in torch.randperm(len(train_x)).split(BATCH):
                optimizer.zero_grad()
                torch.nn.functional.nll_loss(network(train_x[batch]), train_y[batch]).backward()
                optimizer.step()
        accuracy = (network(test_x).argmax(dim=1) == test_y).double().mean().item()
    moved = (network[1].weight - 0.25).abs().max().item()
    print(f"accuracy {accuracy:.3f}; the slopes of PReLU moved by up to {moved:.3f}")
    return accuracy


if __name__ == "__main__":
    main(*sys.argv[1:])
