"""What PyTorch means by its names."""

from __future__ import annotations

import numpy as np
from case import BLOCK, CUBE, FINITE, FLOAT32, FLOAT64, GRADIENT, GRADIENT_INF, ROWS, Case
from expected import Expected

CHANNELS = np.array([0.25, -0.5, 0.0, 2.0])  # for the axis 1 of CUBE

ELEMENT_TYPES = (FLOAT32, FLOAT64)

CASES = (
    Case("identity", "nn.Identity()(x)"),
    Case("Identity", "nn.Identity()(x)"),
    Case("abs", "torch.abs(x)"),
    Case("absolute", "torch.absolute(x)"),
    Case("relu", "functional.relu(x)"),
    Case("ReLU", "nn.ReLU()(x)"),
    Case("relu6", "functional.relu6(x)"),
    Case("ReLU6", "nn.ReLU6()(x)"),
    Case("threshold", "functional.threshold(x, theta, fill)", {"theta": 1.0, "fill": 0.0}),
    Case("threshold", "functional.threshold(x, theta, fill)", {"theta": -0.5, "fill": 20.0}),
    Case("Threshold", "nn.Threshold(theta, fill)(x)", {"theta": 0.0, "fill": 0.0}),
    Case("heaviside", "torch.heaviside(x, torch.zeros_like(x))", has_gradient=False),
    Case("leaky_relu", "functional.leaky_relu(x)"),
    Case("leaky_relu", "functional.leaky_relu(x, negative_slope)", {"negative_slope": -0.5}),
    Case("leaky_relu", "functional.leaky_relu(x, negative_slope)", {"negative_slope": 0.0}),
    Case("leaky_relu", "functional.leaky_relu(x, negative_slope)", {"negative_slope": 2.0}),
    Case("LeakyReLU", "nn.LeakyReLU()(x)"),
    Case("PReLU", "nn.PReLU(dtype=x.dtype)(x)"),
    Case(
        "prelu",
        "functional.prelu(x, weight)",
        {"weight": np.array([-0.5])},
        inputs=(FINITE,),
        parameters=("weight",),
    ),
    Case("prelu", "functional.prelu(x, weight)", {"weight": CHANNELS}, (CUBE,), ("weight",)),
    Case("prelu", "functional.prelu(x, weight)", {"weight": CHANNELS}, (BLOCK,), ("weight",)),
    Case("prelu", "functional.prelu(x, weight)", {"weight": CHANNELS}, (ROWS[:3],), ("weight",)),
    Case("rrelu", "functional.rrelu(x)"),
    Case("rrelu", "functional.rrelu(x, lower, upper)", {"lower": 0.25, "upper": 0.5}),
    Case("RReLU", "nn.RReLU().eval()(x)"),
    Case("hardtanh", "functional.hardtanh(x)"),
    Case("hardtanh", "functional.hardtanh(x, min_val, max_val)", {"min_val": -2.0, "max_val": 0.5}),
    Case("Hardtanh", "nn.Hardtanh()(x)"),
    *(
        case
        for name in ("clip", "clamp")
        for case in (
            Case(name, f"torch.{name}(x, min_val, max_val)", {"min_val": -2.0, "max_val": 1.0}),
            Case(name, f"torch.{name}(x, min_val, max_val)", {"min_val": 1.0, "max_val": -2.0}),
            Case(name, f"torch.{name}(x, min=min_val)", {"min_val": 0.5}),
            Case(name, f"torch.{name}(x, max=max_val)", {"max_val": 0.5}),
        )
    ),
    Case("hardsigmoid", "functional.hardsigmoid(x)"),
    Case("Hardsigmoid", "nn.Hardsigmoid()(x)"),
    Case("hardswish", "functional.hardswish(x)"),
    Case("Hardswish", "nn.Hardswish()(x)"),
    Case("hardshrink", "functional.hardshrink(x)"),
    Case("hardshrink", "functional.hardshrink(x, lambd)", {"lambd": 0.0}),
    Case("Hardshrink", "nn.Hardshrink()(x)"),
    Case("softshrink", "functional.softshrink(x)"),
    Case("softshrink", "functional.softshrink(x, lambd)", {"lambd": 0.0}),
    Case("Softshrink", "nn.Softshrink()(x)"),
    Case("softplus", "functional.softplus(x)"),
    Case("softplus", "functional.softplus(x, beta)", {"beta": 2.0}),
    Case("Softplus", "nn.Softplus()(x)"),
    Case("elu", "functional.elu(x)"),
    Case("elu", "functional.elu(x, alpha)", {"alpha": 0.5}),
    Case("ELU", "nn.ELU()(x)"),
    Case("celu", "functional.celu(x)"),
    Case("celu", "functional.celu(x, alpha)", {"alpha": 2.0}),
    Case("celu", "functional.celu(x, alpha)", {"alpha": -1.0}),
    Case("CELU", "nn.CELU()(x)"),
    Case("selu", "functional.selu(x)"),
    Case("SELU", "nn.SELU()(x)"),
    Case("exp", "torch.exp(x)"),
    Case("logsigmoid", "functional.logsigmoid(x)"),
    Case("LogSigmoid", "nn.LogSigmoid()(x)"),
    Case("sigmoid", "torch.sigmoid(x)"),
    Case("Sigmoid", "nn.Sigmoid()(x)"),
    Case("expit", "torch.special.expit(x)"),
    Case("tanh", "torch.tanh(x)"),
    Case("Tanh", "nn.Tanh()(x)"),
    Case("softsign", "functional.softsign(x)"),
    Case("Softsign", "nn.Softsign()(x)"),
    Case("erf", "torch.erf(x)"),
    Case("arctan", "torch.arctan(x)"),
    Case("atan", "torch.atan(x)"),
    Case("sin", "torch.sin(x)"),
    Case("gelu", "functional.gelu(x)"),
    Case("GELU", "nn.GELU()(x)"),
    Case("gelu_tanh", "functional.gelu(x, approximate='tanh')"),
    Case("silu", "functional.silu(x)"),
    Case("SiLU", "nn.SiLU()(x)"),
    Case("mish", "functional.mish(x)"),
    Case("Mish", "nn.Mish()(x)"),
    Case("tanhshrink", "functional.tanhshrink(x)"),
    Case("Tanhshrink", "nn.Tanhshrink()(x)"),
    *(
        case
        for name in ("softmax", "softmin", "log_softmax")
        for case in (
            Case(name, f"functional.{name}(x, axis)", {"axis": -1.0}, (ROWS,)),
            Case(name, f"functional.{name}(x, axis)", {"axis": 1.0}, (CUBE,)),
            Case(name, f"functional.{name}(x, axis)", {"axis": 0.0}, (CUBE,)),
        )
    ),
    Case("Softmax", "nn.Softmax(axis)(x)", {"axis": 1.0}, (CUBE,)),
    Case("Softmin", "nn.Softmin(axis)(x)", {"axis": 1.0}, (CUBE,)),
    Case("LogSoftmax", "nn.LogSoftmax(axis)(x)", {"axis": 1.0}, (CUBE,)),
    Case("softmax2d", "nn.Softmax2d()(x)", {}, (BLOCK,)),
    Case("Softmax2d", "nn.Softmax2d()(x)", {}, (BLOCK,)),
    Case("logsumexp", "torch.logsumexp(x, axis)", {"axis": -1.0}, (ROWS,)),
    Case("logsumexp", "torch.logsumexp(x, axis)", {"axis": 0.0}, (CUBE,)),
    Case("glu", "functional.glu(x)", {}, (ROWS,)),
    Case("glu", "functional.glu(x, axis)", {"axis": 1.0}, (CUBE,)),
    Case("GLU", "nn.GLU()(x)", {}, (BLOCK,)),
)

EXPECTED = (
    Expected(
        ("hardswish", "Hardswish"),
        (GRADIENT, GRADIENT_INF),
        "PyTorch 1.13's derivative of hardswish at -3 is -1/2, which is reported as a defect; "
        "at 3 it is 1.",
        at=(-3.0,),
        says="PyTorch 1.13 has -1/2",
    ),
    Expected(
        ("hardshrink", "softshrink"),
        (GRADIENT, GRADIENT_INF),
        "PyTorch's derivative at 0 is 0 with a lambd of 0, too.",
        at=(0.0,),
        says="derivative 1 at 0 too",
    ),
    Expected(
        ("hardsigmoid", "Hardsigmoid"),
        (GRADIENT,),
        "PyTorch's 1/6 is float32's in float64's derivative too.",
        element_type=FLOAT64,
    ),
)

# Names of ours that PyTorch has too, and why there is no case.
NOT_COMPARED = {
    "linear": "torch.nn.functional.linear multiplies by a matrix",
    "bilinear": "torch.nn.functional.bilinear multiplies by a tensor of rank 3",
    "gumbel_softmax": "random: PyTorch's draws are its own",
}
