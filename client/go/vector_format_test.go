package rectifier

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
)

type hexBytes []byte

func (h *hexBytes) UnmarshalJSON(text []byte) error {
	var digits string
	err := json.Unmarshal(text, &digits)
	if err == nil {
		*h, err = hex.DecodeString(digits)
	}
	return err
}

type vectorTensor struct {
	Type   string   `json:"type"`
	Shape  []int    `json:"shape"`
	Data   hexBytes `json:"data"`
	Repeat int      `json:"repeat"` // how many times Data stands in the tensor; 0 is once
}

type vectorArgument struct {
	Number hexBytes `json:"number"`
	Word   *string  `json:"word"`
	Tensor *int     `json:"tensor"`
	Axis   *int     `json:"axis"`
}

type vectorEvaluation struct {
	Activation string                    `json:"activation"`
	Inputs     []int                     `json:"inputs"`
	Quantities []string                  `json:"quantities"`
	Arguments  map[string]vectorArgument `json:"arguments"`
	Preset     string                    `json:"preset"`
	Upstream   *int                      `json:"upstream"`
}

type vectorResult struct {
	Value              *vectorTensor           `json:"value"`
	Gradients          []vectorTensor          `json:"gradients"`
	SecondDerivative   *vectorTensor           `json:"second_derivative"`
	ParameterGradients map[string]vectorTensor `json:"parameter_gradients"`
}

type vectorError struct {
	Code    string   `json:"code"`
	Reason  string   `json:"reason"`
	Fields  []string `json:"fields"`
	Element *int     `json:"element"`
	Retry   bool     `json:"retry"`
	Says    []string `json:"says"`
}

type vectorCase struct {
	Name        string             `json:"name"`
	Tensors     []vectorTensor     `json:"tensors"`
	Evaluations []vectorEvaluation `json:"evaluations"`
	Request     hexBytes           `json:"request"`
	Stream      []hexBytes         `json:"stream"`
	Token       string             `json:"token"`
	Timeout     float64            `json:"timeout"`
	Results     []vectorResult     `json:"results"`
	Error       *vectorError       `json:"error"`
}

type vectorFile struct {
	About       string            `json:"about"`
	ServerFlags []string          `json:"server_flags"`
	ServerFiles map[string]string `json:"server_files"`
	Cases       []vectorCase      `json:"cases"`
}

func (c *vectorCase) evaluations() []Evaluation {
	tensors := make([]Tensor, len(c.Tensors))
	for i, tensor := range c.Tensors {
		tensors[i] = tensor.tensor()
	}
	evaluations := make([]Evaluation, len(c.Evaluations))
	for i, from := range c.Evaluations {
		to := Evaluation{Activation: from.Activation, Preset: from.Preset, Arguments: Arguments{}}
		for _, index := range from.Inputs {
			to.Inputs = append(to.Inputs, tensors[index])
		}
		if from.Upstream != nil {
			to.Upstream = tensors[*from.Upstream]
		}
		for _, name := range from.Quantities {
			to.Quantities = append(to.Quantities, quantityNames[name])
		}
		for name, argument := range from.Arguments {
			to.Arguments[name] = argument.argument(tensors)
		}
		evaluations[i] = to
	}
	return evaluations
}

var quantityNames = map[string]Quantity{"value": Value, "gradient": Gradient,
	"second_derivative": SecondDerivative, "parameter_gradient": ParameterGradients}

func (a vectorArgument) argument(tensors []Tensor) Argument {
	switch {
	case a.Number != nil:
		return Number(decoded[float64](a.Number)[0])
	case a.Word != nil:
		return Word(*a.Word)
	case a.Axis != nil:
		return PerChannel{tensors[*a.Tensor], *a.Axis}
	}
	return tensors[*a.Tensor]
}

// tensor is what a caller would make: a tensor of a slice.
func (v vectorTensor) tensor() Tensor {
	var t Tensor
	data := bytes.Repeat(v.Data, max(v.Repeat, 1))
	switch v.Type {
	case "float16":
		t = OfFloat16(decoded[uint16](data))
	case "bfloat16":
		t = OfBFloat16(decoded[uint16](data))
	case "float32":
		t = Of(decoded[float32](data))
	case "float64":
		t = Of(decoded[float64](data))
	case "bool":
		t = OfBools(decoded[bool](data))
	default:
		panic("a tensor of " + v.Type)
	}
	return t.Reshape(v.Shape...)
}

func decoded[E any](data []byte) []E {
	values := make([]E, len(data)/binary.Size(*new(E)))
	if _, err := binary.Decode(data, binary.LittleEndian, values); err != nil {
		panic(err)
	}
	return values
}
