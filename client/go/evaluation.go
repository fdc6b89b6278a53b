package rectifier

import "github.com/rectifier/rectifier/client/go/rectifierv1"

// Quantity is what an evaluation gives back. With L = sum(upstream * y), every derivative is one of L.
type Quantity = rectifierv1.Quantity

const (
	// Value is y = f(x).
	Value = rectifierv1.Quantity_QUANTITY_VALUE
	// Gradient is dL/dx, one for each input, in its shape.
	Gradient = rectifierv1.Quantity_QUANTITY_GRADIENT
	// ParameterGradients is dL/dp of every learnable parameter, in its argument's shape and type.
	ParameterGradients = rectifierv1.Quantity_QUANTITY_PARAMETER_GRADIENT
	// SecondDerivative is upstream * f''(x), of elementwise activations.
	SecondDerivative = rectifierv1.Quantity_QUANTITY_SECOND_DERIVATIVE
)

// Arguments are what is supplied for parameters, by their names or aliases. A parameter that is left
// out takes its default.
type Arguments map[string]Argument

// Argument is a [Number], a [Word], a [Tensor] or a [PerChannel].
type Argument interface{ isArgument() }

// Number is an argument that applies to every element.
type Number float64

// Word is an argument for a parameter that chooses among a few words.
type Word string

// Truth is the word "true" or "false".
func Truth(value bool) Word {
	if value {
		return "true"
	}
	return "false"
}

// PerChannel is an argument of rank 1 that runs along one axis of the input. A plain [Tensor] is
// broadcast against the input by NumPy's rules instead.
type PerChannel struct {
	Tensor Tensor
	// Axis is one of the input's; a negative one counts from the end.
	Axis int
}

func (Number) isArgument()     {}
func (Word) isArgument()       {}
func (Tensor) isArgument()     {}
func (PerChannel) isArgument() {}

// Evaluation is one activation over one input, or over two in the case of a gated pair.
type Evaluation struct {
	// Activation is a name or alias, or a full name such as "torch.nn.ReLU".
	Activation string
	// Inputs is one tensor, or the two of a pair, of which the argument "gate" says which one gates.
	Inputs []Tensor
	// Arguments are by parameter; those left out take their default.
	Arguments Arguments
	// Preset is a framework whose choices to take: pytorch, jax, keras, onnx or tensorflow.
	Preset string
	// Upstream is dL/dy, of the output's shape and the input's type; ones where it is left out.
	Upstream Tensor
	// Quantities is what to compute; the value alone where it is left out.
	Quantities []Quantity
	// Destinations are results that go to shared buffers ([Client.ConnectBuffers]).
	Destinations []Destination
}

// Destination says to which region of a shared buffer one result goes. The region has the result's
// size. It may be exactly that of the input or the upstream, where the shapes are the same, and
// overlaps no other. A call that computes in place is not tried again by itself, because the input may
// be gone; after an error, the region holds anything.
type Destination struct {
	// Quantity is one that is asked for.
	Quantity Quantity
	// Input is, of several gradients, the index of the input that it belongs to.
	Input int
	// Parameter is, of several parameter gradients, the parameter's name or alias.
	Parameter string
	Region    BufferRegion
}

// Result is the quantities of one evaluation. Those that were not asked for are zero.
type Result struct {
	// Value has the output's shape and the input's type.
	Value Tensor
	// Gradients are one for each input, in its shape and type.
	Gradients []Tensor
	// SecondDerivative has the input's shape and type.
	SecondDerivative Tensor
	// ParameterGradients are by the parameter's canonical name, each in its argument's shape and
	// type. That of a number, and of a default, is of float64 and rank 0.
	ParameterGradients map[string]Tensor
}

// Gradient is that of the only input; the zero Tensor where it was not asked for, or there are two
// inputs.
func (r *Result) Gradient() Tensor {
	if len(r.Gradients) != 1 {
		return Tensor{}
	}
	return r.Gradients[0]
}
