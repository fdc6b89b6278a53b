package rectifier

import (
	"context"
	"strings"
	"testing"
)

func TestBatchesThatOutgrowAMessageGoOneByOne(t *testing.T) {
	s := startServer(t, "--max_message_bytes=1MiB", "--buffers_listen=")
	w := &ways{}
	client := newTestClient(t, s.unix(), w.option())
	x := Of(ramp(200_000))
	results, err := client.EvaluateBatch(context.Background(), []Evaluation{
		{Activation: "relu", Inputs: []Tensor{x}},
		{Activation: "gelu", Inputs: []Tensor{x}, Quantities: []Quantity{Value, Gradient}},
	})
	if err != nil || len(results) != 2 || results[1].Gradient().Len() != x.Len() {
		t.Fatalf("%v, %v", results, err)
	}
	if w.messages != 1 || w.streams != 1 {
		t.Errorf("%+v", w)
	}
	_, err = client.EvaluateBatch(context.Background(), []Evaluation{
		{Activation: "relu", Inputs: []Tensor{x}},
		{Activation: "gellu", Inputs: []Tensor{x}, Quantities: []Quantity{Value, Gradient}},
	})
	if e := failure(t, err); e.Violations[0].Field != "evaluations[1].activation.name" {
		t.Error(e)
	}
}

func TestWhatTheServerWouldRefuseIsNotSent(t *testing.T) {
	s := startServer(t, "--max_message_bytes=1MiB", "--max_elements=100000", "--max_rank=3", "--max_tensors=2",
		"--max_evaluations=2", "--buffers_listen=")
	type weight float32
	long := Of(make([]float32, 300_000))
	shorter, half := Of(make([]float32, 100_001)), Of(make([]weight, 20_000))
	deep := Of(make([]float32, 20_000), 1, 1, 1, 20_000)
	for _, c := range []struct {
		field, reason, text string
		evaluations         []Evaluation
	}{
		{"evaluations", "REQUEST_TOO_LARGE", "--max_message_bytes",
			[]Evaluation{{Activation: "glu", Inputs: []Tensor{Of(make([]float32, 100_000)), Of(make([]float64, 100_000))}}}},
		{"tensors[0].shape", "TOO_MANY_ELEMENTS", "evaluations[0].inputs[0]",
			[]Evaluation{{Activation: "relu", Inputs: []Tensor{shorter}}}},
		{`evaluations[0].activation.arguments["weight"].tensor`, "TOO_MANY_ELEMENTS", "300000",
			[]Evaluation{{Activation: "prelu", Inputs: []Tensor{Of(make([]float32, 600_000), 2, 300_000)},
				Arguments: Arguments{"weight": long}}}},
		{`evaluations[0].activation.arguments["scale"].tensor`, "ARGUMENTS_TOO_LARGE", "1600000",
			[]Evaluation{{Activation: "selu", Inputs: []Tensor{Of(make([]float64, 100_000))}, Arguments: Arguments{
				"alpha": Of(make([]float64, 100_000)), "scale": Of(make([]float64, 100_000))}}}},
		{"tensors[0].shape", "RANK_TOO_HIGH", "4 dimensions", []Evaluation{{Activation: "relu", Inputs: []Tensor{deep}}}},
		{"tensors", "TOO_MANY_TENSORS", "several calls", []Evaluation{{Activation: "glu", Inputs: []Tensor{
			half, Of(make([]float32, 20_000))}, Upstream: Of(make([]float32, 20_000))}}},
		{"evaluations", "TOO_MANY_EVALUATIONS", "several calls", []Evaluation{
			{Activation: "relu", Inputs: []Tensor{half}}, {Activation: "relu", Inputs: []Tensor{half}},
			{Activation: "relu", Inputs: []Tensor{half}}}},
	} {
		w := &ways{}
		_, err := newTestClient(t, s.tcp(), w.option()).EvaluateBatch(context.Background(), c.evaluations)
		e := failure(t, err)
		if e.Reason != c.reason || e.Violations[0].Field != c.field || !strings.Contains(e.Message, c.text) {
			t.Errorf("%v, %+v; want %s of %s", e, e.Violations, c.reason, c.field)
		}
		if w.messages+w.streams > 0 {
			t.Errorf("%s: it was sent: %+v", c.reason, w)
		}
	}
}

// The value of crelu has twice as many elements as its input, which only the server knows.
func TestAReplyThatOutgrowsAMessageSaysSo(t *testing.T) {
	s := startServer(t, "--max_message_bytes=64KiB", "--buffers_listen=")
	_, err := newTestClient(t, s.tcp()).Evaluate(context.Background(), Evaluation{
		Activation: "crelu", Inputs: []Tensor{Of(ramp(6000))}, Quantities: []Quantity{Value, Gradient}})
	if e := failure(t, err); e.Reason != "REPLY_TOO_LARGE" || e.RetryDelay != 0 {
		t.Errorf("%v, %+v", e, e)
	}
}

// A message has room for a row that a stream has not, because it counts both directions together.
func TestLongRowsGoByMessage(t *testing.T) {
	s := startServer(t, "--max_message_bytes=24MiB", "--buffers_listen=")
	w := &ways{}
	client := newTestClient(t, s.tcp(), w.option())
	y, err := Apply(context.Background(), client, "softmax", nil, make([]float32, 5<<20))
	if err != nil || y[0] != 1/float32(5<<20) || w.messages != 1 {
		t.Errorf("%v, %+v", err, w)
	}
	_, err = Apply(context.Background(), client, "softmax", nil, make([]float32, 7<<20))
	if e := failure(t, err); e.Reason != "ROWS_TOO_LONG" || e.Violations[0].Field != "evaluations[0].inputs[0]" {
		t.Error(e)
	}
}
