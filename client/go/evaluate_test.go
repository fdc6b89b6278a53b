package rectifier

import (
	"context"
	"slices"
	"testing"
)

// evaluate gives the result, or ends the test.
func evaluate(t *testing.T, client *Client, evaluation Evaluation) *Result {
	t.Helper()
	result, err := client.Evaluate(context.Background(), evaluation)
	if err != nil {
		t.Fatal(err)
	}
	return result
}

// wantFloats compares elements and shape.
func wantFloats[T Float](t *testing.T, what string, got Tensor, shape []int, want ...T) {
	t.Helper()
	values, err := Floats[T](got)
	if err != nil {
		t.Fatalf("%s: %v", what, err)
	}
	if !slices.Equal(values, want) || !slices.Equal(got.Shape(), shape) {
		t.Errorf("%s: %v of shape %v, want %v of %v", what, values, got.Shape(), want, shape)
	}
}

func TestApplyGivesEachElement(t *testing.T) {
	client := newTestClient(t, commonServer.unix())
	y, err := Apply(context.Background(), client, "relu", nil, []float32{-1, 0, 2})
	if err != nil || !slices.Equal(y, []float32{0, 0, 2}) {
		t.Errorf("%v, %v", y, err)
	}
}

func TestApplyKeepsNamedTypes(t *testing.T) {
	type weight float64
	client := newTestClient(t, commonServer.unix())
	y, gradient, err := ApplyWithGradient(context.Background(), client, "leaky_relu",
		Arguments{"negative_slope": Number(0.5)}, []weight{-2, 3})
	if err != nil || !slices.Equal(y, []weight{-1, 3}) || !slices.Equal(gradient, []weight{0.5, 1}) {
		t.Errorf("%v, %v, %v", y, gradient, err)
	}
}

func TestEvaluateGivesEveryQuantity(t *testing.T) {
	client := newTestClient(t, commonServer.unix())
	result := evaluate(t, client, Evaluation{
		Activation: "prelu",
		Inputs:     []Tensor{Of([]float32{-2, -1, 1, 2}, 2, 2)},
		Arguments:  Arguments{"weight": PerChannel{Of([]float64{0.25, 0.5}), 1}},
		Upstream:   Of([]float32{10, 10, 10, 10}, 2, 2),
		Quantities: []Quantity{Value, Gradient, ParameterGradients, SecondDerivative},
	})
	wantFloats[float32](t, "value", result.Value, []int{2, 2}, -0.5, -0.5, 1, 2)
	wantFloats[float32](t, "gradient", result.Gradient(), []int{2, 2}, 2.5, 5, 10, 10)
	wantFloats[float32](t, "second derivative", result.SecondDerivative, []int{2, 2}, 0, 0, 0, 0)
	wantFloats[float64](t, "parameter gradient", result.ParameterGradients["weight"], []int{2}, -20, -10)
}

func TestEvaluateLeavesOutWhatIsNotAskedFor(t *testing.T) {
	client := newTestClient(t, commonServer.unix())
	result := evaluate(t, client, Evaluation{Activation: "relu", Inputs: []Tensor{Of([]float32{1})}})
	if !result.SecondDerivative.IsZero() || !result.Gradient().IsZero() || result.ParameterGradients != nil {
		t.Errorf("%+v", result)
	}
	if _, err := Floats[float32](result.Gradient()); err == nil {
		t.Error("Floats of no tensor gives no error")
	}
	if _, err := Floats[float64](result.Value); err == nil {
		t.Error("Floats of another type gives no error")
	}
}

func TestEvaluateTakesPairsWordsAndScalars(t *testing.T) {
	client := newTestClient(t, commonServer.unix())
	pair := evaluate(t, client, Evaluation{
		Activation: "glu",
		Inputs:     []Tensor{Of([]float64{0, 0}), Of([]float64{5, 7})},
		Arguments:  Arguments{"gate": Word("first")},
		Quantities: []Quantity{Value, Gradient},
	})
	wantFloats[float64](t, "value", pair.Value, []int{2}, 2.5, 3.5)
	wantFloats[float64](t, "of the gate", pair.Gradients[0], []int{2}, 1.25, 1.75)
	wantFloats[float64](t, "of the value", pair.Gradients[1], []int{2}, 0.5, 0.5)
	scalar := evaluate(t, client, Evaluation{Activation: "relu", Inputs: []Tensor{Scalar[float32](3)}})
	wantFloats[float32](t, "rank 0", scalar.Value, []int{}, 3)
	none := evaluate(t, client, Evaluation{Activation: "relu", Inputs: []Tensor{Of([]float32{}, 0, 3)}})
	wantFloats[float32](t, "no elements", none.Value, []int{0, 3})
}

func TestEvaluateTakesMasksAndTruth(t *testing.T) {
	client := newTestClient(t, commonServer.unix())
	masked := evaluate(t, client, Evaluation{
		Activation: "softmax",
		Inputs:     []Tensor{Of([]float64{0, 9, 0})},
		Arguments:  Arguments{"mask": OfBools([]bool{true, false, true})},
	})
	wantFloats[float64](t, "softmax", masked.Value, []int{3}, 0.5, 0, 0.5)
	sum := evaluate(t, client, Evaluation{
		Activation: "logsumexp",
		Inputs:     []Tensor{Of([]float64{4, 3}, 2, 1)},
		Arguments:  Arguments{"keepdims": Truth(true), "axis": Number(1)},
	})
	wantFloats[float64](t, "logsumexp", sum.Value, []int{2, 1}, 4, 3)
}

func TestEvaluateTakesSixteenBits(t *testing.T) {
	client := newTestClient(t, commonServer.unix())
	for _, x := range []Tensor{OfFloat16([]uint16{0x3c00, 0xbc00}), OfBFloat16([]uint16{0x3f80, 0xbf80})} {
		result := evaluate(t, client, Evaluation{Activation: "relu", Inputs: []Tensor{x}})
		bits, err := Bits(result.Value)
		want, _ := Bits(x)
		if err != nil || !slices.Equal(bits, []uint16{want[0], 0}) || result.Value.ElementType() != x.ElementType() {
			t.Errorf("%v: %x, %v", x, bits, err)
		}
	}
}

func TestEvaluateTakesPresets(t *testing.T) {
	client := newTestClient(t, commonServer.unix())
	x := []Tensor{Of([]float64{-1})}
	result := evaluate(t, client, Evaluation{Activation: "leaky_relu", Inputs: x, Preset: "tensorflow"})
	wantFloats(t, "tensorflow", result.Value, []int{1}, -0.2)
	result = evaluate(t, client, Evaluation{Activation: "torch.nn.LeakyReLU", Inputs: x})
	wantFloats(t, "torch", result.Value, []int{1}, -0.01)
}

func TestEvaluateBatchSendsASharedTensorOnce(t *testing.T) {
	x := Of([]float32{-1, 2})
	evaluations := []Evaluation{
		{Activation: "relu", Inputs: []Tensor{x}},
		{Activation: "leaky_relu", Inputs: []Tensor{x}, Arguments: Arguments{"negative_slope": Number(0.5)}},
		{Activation: "relu", Inputs: []Tensor{x.Reshape(2, 1)}},
	}
	request, err := newRequest(evaluations)
	if err != nil || len(request.message.GetTensors()) != 2 {
		t.Fatalf("%v, %v", request.message.GetTensors(), err)
	}
	results, err := newTestClient(t, commonServer.unix()).EvaluateBatch(context.Background(), evaluations)
	if err != nil {
		t.Fatal(err)
	}
	wantFloats[float32](t, "relu", results[0].Value, []int{2}, 0, 2)
	wantFloats[float32](t, "leaky_relu", results[1].Value, []int{2}, -0.5, 2)
	wantFloats[float32](t, "of shape [2, 1]", results[2].Value, []int{2, 1}, 0, 2)
}

func TestOneClientServesManyGoroutines(t *testing.T) {
	client := newTestClient(t, commonServer.unix())
	failures := make(chan error)
	const goroutines = 16
	for i := range goroutines {
		go func() {
			x := make([]float32, 300_000) // through shared memory
			for k := range x {
				x[k] = float32(i)
			}
			y, err := Apply(context.Background(), client, "relu", nil, x)
			if err == nil && !slices.Equal(x, y) {
				t.Errorf("goroutine %d got another's result", i)
			}
			failures <- err
		}()
	}
	for range goroutines {
		if err := <-failures; err != nil {
			t.Error(err)
		}
	}
}
