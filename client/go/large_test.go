package rectifier

import (
	"bytes"
	"context"
	"errors"
	"runtime"
	"strings"
	"testing"
	"time"

	"google.golang.org/grpc/codes"
)

// Elements of float32, in rows of 1024.
const (
	overShared   = sharedBytes/4 + 1024
	overStreamed = streamedBytes/4 + 2*1024
)

func TestSizesChooseTheWay(t *testing.T) {
	s := startServer(t)
	for _, c := range []struct {
		what, target               string
		elements                   int
		sharing                    bool
		messages, regions, streams int
	}{
		{"small", s.unix(), 1000, true, 1, 0, 0},
		{"1 MiB at a unix socket", s.unix(), sharedBytes / 4, true, 1, 0, 0},
		{"more than 1 MiB at a unix socket", s.unix(), overShared, true, 0, 1, 0},
		{"more than 1 MiB without sharing", s.unix(), overShared, false, 1, 0, 0},
		{"more than 1 MiB at TCP", s.tcp(), overShared, true, 1, 0, 0},
		{"more than 1 MiB at a list", s.unix() + "," + s.unix(), overShared, true, 1, 0, 0},
		{"4 MiB", s.tcp(), streamedBytes / 4, true, 1, 0, 0},
		{"more than 4 MiB", s.tcp(), overStreamed, true, 0, 0, 1},
		{"more than 4 MiB without sharing", s.unix(), overStreamed, false, 0, 0, 1},
		{"more than 4 MiB at a unix socket", s.unix(), overStreamed, true, 0, 1, 0},
	} {
		w := &ways{}
		client := newTestClient(t, c.target, w.option(), WithSharedMemory(c.sharing))
		x := ramp(c.elements)
		for range 2 {
			y, err := Apply(context.Background(), client, "relu", nil, x)
			if err != nil || len(y) != len(x) || y[len(y)-1] != max(x[len(x)-1], 0) {
				t.Fatalf("%s: %v", c.what, err)
			}
		}
		if w.messages != 2*c.messages || w.regions != 2*c.regions || w.streams != 2*c.streams || w.infos > 1 {
			t.Errorf("%s: %+v", c.what, w)
		}
	}
}

// largeEvaluations are all kinds of shapes and types, each of several chunks and large enough for
// shared memory.
func largeEvaluations() map[string]Evaluation {
	const rows, count = 515, 515 * 1024
	values := ramp(2 * count)
	x, second := Of(values[:count], rows, 1024), Of(values[count:], rows, 1024)
	halves := make([]uint16, 2*count)
	for i := range 65521 {
		halves[i] = uint16(i*40503)&0xbfff | 0x2000 // no NaN
	}
	repeat(halves, 65521)
	all := []Quantity{Value, Gradient, SecondDerivative}
	return map[string]Evaluation{
		"gelu": {Activation: "gelu", Inputs: []Tensor{x}, Upstream: second, Quantities: all},
		"float16": {Activation: "silu", Inputs: []Tensor{OfFloat16(halves, 2*rows, 1024)},
			Quantities: all[:2]},
		"bfloat16": {Activation: "silu", Inputs: []Tensor{OfBFloat16(halves)}},
		"prelu": {Activation: "prelu", Inputs: []Tensor{x}, Upstream: second,
			Arguments:  Arguments{"weight": PerChannel{Of(ramp(rows)), 0}},
			Quantities: []Quantity{Value, Gradient, ParameterGradients}},
		"softmax":   {Activation: "softmax", Inputs: []Tensor{x}, Quantities: all[:2], Upstream: second},
		"logsumexp": {Activation: "logsumexp", Inputs: []Tensor{x}, Quantities: all[:2]},
		"pair in one tensor": {Activation: "swiglu", Inputs: []Tensor{x}, Quantities: all[:2],
			Upstream: Of(values[:count/2], rows, 512)},
		"pair in two tensors": {Activation: "swiglu", Inputs: []Tensor{x, second}, Quantities: all[:2]},
		"an input twice":      {Activation: "swiglu", Inputs: []Tensor{x, x}, Quantities: all[:2], Upstream: x},
		"mask": {Activation: "softmax", Inputs: []Tensor{x},
			Arguments: Arguments{"mask": OfBools(make([]bool, 1024)), "bias": Of(values[:1024])}},
		"a number's gradient": {Activation: "leaky_relu", Inputs: []Tensor{x},
			Quantities: []Quantity{ParameterGradients}},
	}
}

func TestEveryWayGivesTheSameBits(t *testing.T) {
	w := &ways{}
	client := newTestClient(t, commonServer.unix(), w.option())
	for name, evaluation := range largeEvaluations() {
		request, err := newRequest([]Evaluation{evaluation})
		if err != nil {
			t.Fatal(err)
		}
		call, err := client.begin(context.Background(), nil)
		if err != nil {
			t.Fatal(err)
		}
		defer call.cancel()
		want, err := call.evaluateByMessage(request)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		streamed, err := call.evaluateByStream(&evaluation, &Limits{})
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		compareResults(t, name+" by a stream", streamed[0], want[0])
		for range 2 { // what was learnt from the first call must not harm the next
			before := w.regions
			compareResults(t, name+" through shared memory", evaluate(t, client, evaluation), want[0])
			_, isResized := client.resized.Load(evaluation.Activation)
			if w.regions == before && !isResized {
				t.Errorf("%s did not go through shared memory", name)
			}
		}
	}
}

func compareResults(t *testing.T, what string, got, want *Result) {
	t.Helper()
	pairs := map[string][2]Tensor{"value": {got.Value, want.Value},
		"second derivative": {got.SecondDerivative, want.SecondDerivative}}
	if len(got.Gradients) != len(want.Gradients) || len(got.ParameterGradients) != len(want.ParameterGradients) {
		t.Fatalf("%s: %v, want %v", what, got, want)
	}
	for i := range want.Gradients {
		pairs["gradient "+string(rune('0'+i))] = [2]Tensor{got.Gradients[i], want.Gradients[i]}
	}
	for name := range want.ParameterGradients {
		pairs[name] = [2]Tensor{got.ParameterGradients[name], want.ParameterGradients[name]}
	}
	for quantity, pair := range pairs {
		if pair[0].String() != pair[1].String() || !bytes.Equal(pair[0].bytes, pair[1].bytes) {
			t.Errorf("%s: %s %v is not that of one message, %v", what, quantity, pair[0], pair[1])
		}
	}
}

func TestErrorsOfLargeArraysNameTheSameFields(t *testing.T) {
	s := startServer(t)
	x := []Tensor{Of(make([]float32, overStreamed), overStreamed/1024, 1024)}
	odd := []Tensor{Of(make([]float32, overStreamed+1))}
	for _, c := range []struct {
		field, reason string
		evaluation    Evaluation
	}{
		{"evaluations[0].activation.name", "UNKNOWN_ACTIVATION", Evaluation{Activation: "gellu", Inputs: x}},
		{`evaluations[0].activation.arguments["weight"].tensor`, "SHAPE_MISMATCH",
			Evaluation{Activation: "prelu", Inputs: x, Arguments: Arguments{"weight": Of([]float32{1, 2})}}},
		{`evaluations[0].activation.arguments["weight"]`, "SHAPE_MISMATCH",
			Evaluation{Activation: "prelu", Inputs: x, Arguments: Arguments{"weight": Of([]float32{1, 2}, 3)}}},
		{"evaluations[0].quantities", "QUANTITY_NOT_OFFERED",
			Evaluation{Activation: "softmax", Inputs: x, Quantities: []Quantity{SecondDerivative}}},
		{"evaluations[0].inputs[0]", "AXIS_NOT_DIVISIBLE", Evaluation{Activation: "glu", Inputs: odd}},
		{"evaluations[0].upstream", "SHAPE_MISMATCH",
			Evaluation{Activation: "relu", Inputs: x, Upstream: Of([]float32{1})}},
		{"evaluations[0].upstream", "SHAPE_MISMATCH",
			Evaluation{Activation: "relu", Inputs: x, Upstream: x[0].Reshape(overStreamed)}},
		{"evaluations[0].upstream", "SHAPE_MISMATCH",
			Evaluation{Activation: "relu", Inputs: x, Upstream: Of(make([]float32, 2*overStreamed))}},
	} {
		for _, target := range []string{s.tcp(), s.unix()} {
			_, err := newTestClient(t, target).Evaluate(context.Background(), c.evaluation)
			e := failure(t, err)
			if e.Code != codes.InvalidArgument || e.Reason != c.reason || e.Violations[0].Field != c.field ||
				!strings.HasPrefix(e.Message, c.field) {
				t.Errorf("%s at %s: %v, %+v; want %s of %s", c.evaluation.Activation, target, e, e.Violations,
					c.reason, c.field)
			}
		}
	}
}

func TestLargeCallsEndWhenTheyAreCancelled(t *testing.T) {
	s := startServer(t)
	x := make([]float32, 16<<20)
	before := runtime.NumGoroutine()
	for _, target := range []string{s.tcp(), s.unix()} {
		client, err := NewClient(target)
		if err != nil {
			t.Fatal(err)
		}
		for _, after := range []time.Duration{time.Millisecond, 10 * time.Millisecond, 25 * time.Millisecond} {
			ctx, cancel := context.WithCancel(context.Background())
			time.AfterFunc(after, cancel)
			if _, err := Apply(ctx, client, "gelu", nil, x); err != nil && !errors.Is(err, context.Canceled) {
				t.Errorf("%s after %v: %v", target, after, err)
			}
			cancel()
		}
		if _, err := Apply(context.Background(), client, "relu", nil, x); err != nil {
			t.Errorf("%s, afterwards: %v", target, err)
		}
		client.Close()
	}
	for range 1200 {
		if runtime.NumGoroutine() <= before {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Errorf("%d goroutines are left of %d", runtime.NumGoroutine(), before)
}
