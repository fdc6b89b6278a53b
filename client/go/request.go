package rectifier

import (
	"fmt"
	"math"
	"unsafe"

	"github.com/rectifier/rectifier/client/go/rectifierv1"
)

// request is a batch as a message, in which each tensor is there once.
type request struct {
	evaluations []Evaluation
	message     *rectifierv1.EvaluateRequest
	tensors     []Tensor // those of the message, as the caller gave them
	indexOf     map[tensorKey]uint32
	bytes       int // of all tensors
}

// tensorKey is the same for views of the same memory.
type tensorKey struct {
	start       unsafe.Pointer
	size        int
	elementType ElementType
	shape       string
}

func keyOf(t Tensor) tensorKey {
	return tensorKey{unsafe.Pointer(unsafe.SliceData(t.bytes)), len(t.bytes), t.elementType, fmt.Sprint(t.shape)}
}

// newRequest checks what the server cannot see, because it is not sent: that a shape fits a slice.
func newRequest(evaluations []Evaluation) (*request, error) {
	r := &request{
		evaluations: evaluations,
		message:     &rectifierv1.EvaluateRequest{},
		indexOf:     map[tensorKey]uint32{},
	}
	for i := range evaluations {
		message, err := r.evaluation(&evaluations[i], fmt.Sprintf("evaluations[%d]", i))
		if err != nil {
			return nil, err
		}
		r.message.Evaluations = append(r.message.Evaluations, message)
	}
	return r, nil
}

func (r *request) evaluation(e *Evaluation, path string) (*rectifierv1.Evaluation, error) {
	message := &rectifierv1.Evaluation{Quantities: e.Quantities}
	for i, input := range e.Inputs {
		index, err := r.add(input, fmt.Sprintf("%s.inputs[%d]", path, i))
		if err != nil {
			return nil, err
		}
		message.Inputs = append(message.Inputs, index)
	}
	if len(e.Inputs) == 0 {
		return nil, invalid(path+".inputs", "WRONG_INPUT_COUNT",
			"none given; one tensor is needed, or two for a gated pair")
	}
	var err error
	if message.Activation, err = activation(e.Activation, e.Preset, e.Arguments, path, r.add); err != nil {
		return nil, err
	}
	if !e.Upstream.IsZero() {
		index, err := r.add(e.Upstream, path+".upstream")
		if err != nil {
			return nil, err
		}
		message.Upstream = &index
	}
	for _, d := range e.Destinations {
		message.Destinations = append(message.Destinations, &rectifierv1.Destination{
			Quantity: d.Quantity, Input: uint32(d.Input), Parameter: d.Parameter, Region: d.Region.message()})
	}
	return message, nil
}

// activation makes the message of a name with its arguments; add gives each tensor its index.
func activation(name, preset string, arguments Arguments, path string,
	add func(Tensor, string) (uint32, error)) (*rectifierv1.Activation, error) {
	message := &rectifierv1.Activation{Name: name, Preset: preset}
	if len(arguments) > 0 {
		message.Arguments = make(map[string]*rectifierv1.Argument, len(arguments))
	}
	for parameter, argument := range arguments {
		field := fmt.Sprintf("%s.activation.arguments[%q]", path, parameter)
		converted, err := argumentMessage(argument, field, add)
		if err != nil {
			return nil, err
		}
		message.Arguments[parameter] = converted
	}
	return message, nil
}

func argumentMessage(argument Argument, field string,
	add func(Tensor, string) (uint32, error)) (*rectifierv1.Argument, error) {
	switch a := argument.(type) {
	case Number:
		return &rectifierv1.Argument{Value: &rectifierv1.Argument_Number{Number: float64(a)}}, nil
	case Word:
		return &rectifierv1.Argument{Value: &rectifierv1.Argument_Word{Word: string(a)}}, nil
	case Tensor:
		index, err := add(a, field)
		return &rectifierv1.Argument{Value: &rectifierv1.Argument_Tensor{Tensor: index}}, err
	case PerChannel:
		if a.Axis < math.MinInt32 || a.Axis > math.MaxInt32 {
			return nil, invalid(field+".axis", "AXIS_OUT_OF_RANGE", "%d is no axis of a tensor", a.Axis)
		}
		index, err := add(a.Tensor, field)
		axis := int32(a.Axis)
		return &rectifierv1.Argument{
			Value: &rectifierv1.Argument_Tensor{Tensor: index}, Axis: &axis}, err
	}
	return nil, invalid(field, "WRONG_ARGUMENT_TYPE",
		"%T given; leave the argument out to take its default", argument)
}

// add gives the index of a tensor.
func (r *request) add(t Tensor, field string) (uint32, error) {
	if problem := t.check(); problem != "" {
		return 0, invalid(field, "SHAPE_MISMATCH", "%s", problem)
	}
	key := keyOf(t)
	if index, ok := r.indexOf[key]; ok {
		return index, nil
	}
	index := uint32(len(r.tensors))
	r.indexOf[key] = index
	r.tensors = append(r.tensors, t)
	r.message.Tensors = append(r.message.Tensors, tensorMessage(t))
	if t.region == nil {
		r.bytes += len(t.bytes)
	}
	return index, nil
}

func tensorMessage(t Tensor) *rectifierv1.Tensor {
	message := &rectifierv1.Tensor{ElementType: t.elementType, Shape: make([]int64, len(t.shape))}
	for i, n := range t.shape {
		message.Shape[i] = int64(n)
	}
	if t.region != nil {
		message.Region = t.region.message()
	} else {
		message.Data = swapUnlessLittleEndian(t.bytes, t.elementType)
	}
	return message
}

// resultBytes is about how large the results of an evaluation are, at most.
func (e *Evaluation) resultBytes() int {
	total := 0
	for _, quantity := range e.quantities() {
		switch quantity {
		case Value:
			total += max(len(e.Inputs[0].bytes), len(e.Upstream.bytes))
		case Gradient:
			for _, input := range e.Inputs {
				total += len(input.bytes)
			}
		case SecondDerivative:
			total += len(e.Inputs[0].bytes)
		case ParameterGradients:
			for _, argument := range e.Arguments {
				total += len(tensorOf(argument).bytes)
			}
		}
	}
	return total
}

// quantities is what is asked for, and by default the value.
func (e *Evaluation) quantities() []Quantity {
	if len(e.Quantities) == 0 {
		return []Quantity{Value}
	}
	return e.Quantities
}

// tensorOf is the tensor of an argument; the zero Tensor of a number or word.
func tensorOf(argument Argument) Tensor {
	switch a := argument.(type) {
	case Tensor:
		return a
	case PerChannel:
		return a.Tensor
	}
	return Tensor{}
}
