# The catalogue: its families, and the activations of each, in the order in which they are listed
# everywhere. What is not here does not exist. The functions are those of units.cmake.

rectifier_family(piecewise "ReLU and its kin")
rectifier_activations(elementwise piecewise
  Identity AbsoluteValue AbsoluteValueJax Relu ReluN ShiftedRelu ThresholdedRelu ReluSquared
  SparsePlus Step)

rectifier_family(two_slopes "Rectifiers with two slopes")
rectifier_activations(elementwise two_slopes LeakyRelu LeakyReluJax Prelu PreluKeras RRelu)
rectifier_activations(elementwise general_relu ReluGeneral ReluKeras SShapedRelu Tlu)

rectifier_family(clamps "Clamps, hard gates and shrinks")
rectifier_activations(elementwise clamps HardTanh HardTanhJax Clip ClipJax)
rectifier_activations(elementwise hard_gates HardSigmoid HardSwish SparseSigmoid SparseSigmoidJax)
rectifier_activations(elementwise shrinks HardShrink SoftShrink Shrink)

rectifier_family(exponential "Exponential and algebraic rectifiers")
rectifier_activations(elementwise exponential Softplus ShiftedSoftplus LogCosh Squareplus)
rectifier_activations(elementwise elu Elu EluTensorflow Celu Selu SeluTensorflow)
rectifier_activations(elementwise parametric_elu Pelu Xielu Isrlu)
rectifier_activations(elementwise exponential ExponentialFunction LogSigmoid)

rectifier_family(bounded "Bounded")
rectifier_activations(elementwise bounded
  Sigmoid Tanh ScaledTanh Softsign Isru ErrorFunction Laplace Arctan Gaussian)

rectifier_family(self_gated "Self-gated")
rectifier_activations(elementwise self_gated
  Gelu GeluTanh GeluMlxApprox GeluClipped QuickGelu Silu Swish)
rectifier_activations(elementwise tanh_gated Mish Lisht TanhShrink Telu Serf)

rectifier_family(periodic "Periodic")
rectifier_activations(elementwise periodic Sine Snake Gcu)

rectifier_family(rows "Along an axis")
rectifier_activations(row softmax Softmax Softmin QuietSoftmax GumbelSoftmax)
rectifier_activations(row log_sum_exp LogSoftmax LogSumExp LogMeanExp Lse0)
rectifier_activations(small_row sparse Hardmax)
rectifier_activations(row entmax Sparsemax Entmax)
rectifier_activations(small_row sparse Maxout CRelu)

rectifier_family(pairs "Gated pairs")
rectifier_activations(pair pairs
  Glu SwiGlu GeGlu GeGluTanh ReGlu FatReGlu BilinearGlu SwiGluOai)
