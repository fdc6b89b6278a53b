"""Names that no framework of the tables has: papers', other libraries', and our own.

Whoever adds a name to the catalogue adds it here, or a case to each framework that has it.
"""

from __future__ import annotations

NAMES = frozenset(
    (
        # oneDNN
        *("eltwise_linear", "eltwise_abs", "eltwise_relu", "eltwise_clip_v2", "clip_v2"),
        *("eltwise_hardsigmoid", "eltwise_hardswish", "eltwise_swish", "soft_relu"),
        # TensorFlow's kernels, and its addons
        *("Relu6", "tlu", "TLU", "CReLU"),
        *("elu_tensorflow", "selu_tensorflow", "snake", "lisht"),
        # Keras until version 2
        "ThresholdedReLU",
        # NNlib, MLX, Paddle, mlpack, ONNX Runtime
        *("trelu", "thresholdrelu", "leakyrelu", "logcosh", "step", "Step", "gelu_mlx_approx"),
        *("gelu_approx", "gelu_fast_approx", "gelu_sigmoid", "QuickGelu", "gaussian", "Gaussian"),
        *("stanh", "STanh", "ScaledTanh", "thresholded_relu", "isru", "isrlu", "hard_threshold"),
        # transformers, vLLM, apex
        *("relu2", "ReLUSquared", "gelu_new", "gelu_fast", "gelu_accurate", "gelu_python"),
        *("gelu_pytorch_tanh", "gelu_python_tanh", "gelu_10", "ClippedGELU", "quick_gelu"),
        *("laplace", "LaplaceActivation", "xielu", "xIELU", "XIELU", "swigluoai", "SwigluOAI"),
        *("silu_and_mul", "gelu_and_mul", "relu_and_mul", "swigluoai_and_mul", "hswish"),
        *("safe_softmax", "entmax", "Entmax", "entmax15", "entmax_bisect", "alpha_entmax"),
        # papers, and the field's words
        *("ramp", "rectifier", "positive_part", "relu_n", "bounded_relu", "capped_relu"),
        *("shifted_relu", "relu_squared", "squared_relu", "binary_step", "parametric_relu"),
        *("randomized_relu", "randomized_leaky_relu", "s_shaped_relu", "thresholded_linear_unit"),
        *("tlu_affine", "shrink", "soft_threshold", "smooth_relu", "shifted_softplus", "ssp"),
        *("log_cosh", "pelu", "PELU", "parametric_elu", "ISRLU", "hyperbolic_tangent"),
        *("scaled_tanh", "ISRU", "error_function", "gelu_clipped", "swish1", "telu", "TeLU"),
        *("serf", "SERF", "sine", "siren", "gcu", "GCU", "growing_cosine", "soft_min"),
        *("concrete", "lse", "log_mean_exp", "lse0", "LSE0", "LSE0+", "multivariable_softplus"),
        *("one_hot_argmax", "sparse_max", "maxout", "Maxout", "concat_relu", "concatenated_relu"),
        *("geglu", "GEGLU", "reglu", "ReGLU", "bilinear_glu", "BilinearGLU"),
        # ours: a framework's function under a name that no other has, and other spellings
        *("relu_general", "leaky_relu_jax", "prelu_keras", "hard_tanh_jax", "swiglu_oai", "swiglu"),
        *("abs_jax", "clip_jax", "sparse_sigmoid_jax", "Clamp"),
        *("quiet_softmax", "QuietSoftmax", "softmax1", "softmax_1", "softmax_one"),
        *("softmax_plus_one", "off_by_one_softmax", "geglu_tanh", "GEGLUTanh"),
        *("gelu_tanh_and_mul", "fatrelu_and_mul", "FatreluAndMul", "fatreglu"),
        *("hardmax", "HardTanh", "HardSiLU", "HardShrink", "SoftShrink", "SmoothReLU", "Snake"),
        *("sparseplus", "SparsePlus", "sparsesigmoid", "SparseSigmoid", "SShapedReLU"),
        *("ShiftedSoftplus", "LogCosh", "LiSHT", "Heaviside", "logsoftmax", "LogSumExp"),
        *("LogMeanExp", "Sparsemax", "GumbelSoftmax", "Softmax2D"),
    )
)
