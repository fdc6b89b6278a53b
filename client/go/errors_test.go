package rectifier

import (
	"context"
	"errors"
	"math"
	"strings"
	"testing"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// failure is the Error of a call, or the end of the test.
func failure(t *testing.T, err error) *Error {
	t.Helper()
	var e *Error
	if !errors.As(err, &e) {
		t.Fatalf("%v is no *Error", err)
	}
	return e
}

// What people get wrong must be named, and a way out be told.
func TestErrorsNameTheFieldAndSuggest(t *testing.T) {
	client := newTestClient(t, commonServer.unix())
	x := []Tensor{Of([]float32{1, 2, 3, 4, 5, 6}, 2, 3)}
	const arguments = `evaluations[0].activation.arguments`
	for _, c := range []struct {
		what, field, reason, text string
		evaluation                Evaluation
	}{
		{"a wrong name", "evaluations[0].activation.name", "UNKNOWN_ACTIVATION", `did you mean "gelu"`,
			Evaluation{Activation: "gellu", Inputs: x}},
		{"a wrong parameter", arguments + `["betta"]`, "UNKNOWN_PARAMETER", `did you mean "beta"`,
			Evaluation{Activation: "softplus", Inputs: x, Arguments: Arguments{"betta": Number(1)}}},
		{"a number out of range", arguments + `["beta"]`, "ARGUMENT_OUT_OF_RANGE", "-1",
			Evaluation{Activation: "softplus", Inputs: x, Arguments: Arguments{"beta": Number(-1)}}},
		{"a slope that does not broadcast", arguments + `["weight"].tensor`, "SHAPE_MISMATCH", "[2]",
			Evaluation{Activation: "prelu", Inputs: x, Arguments: Arguments{"weight": Of([]float32{1, 2})}}},
		{"an additive mask", arguments + `["mask"].tensor`, "ARGUMENT_OUT_OF_RANGE", "`bias`",
			Evaluation{Activation: "softmax", Inputs: x,
				Arguments: Arguments{"mask": Of([]float64{0, math.Inf(-1), 0})}}},
		{"an upstream of another shape", "evaluations[0].upstream", "SHAPE_MISMATCH", "[2, 3]",
			Evaluation{Activation: "relu", Inputs: x, Upstream: Of([]float32{1})}},
		{"a shape that does not fit the slice", "evaluations[0].inputs[0]", "SHAPE_MISMATCH", "[2 2]",
			Evaluation{Activation: "relu", Inputs: []Tensor{Of([]float32{1, 2, 3}, 2, 2)}}},
		{"no input", "evaluations[0].inputs", "WRONG_INPUT_COUNT", "none given",
			Evaluation{Activation: "relu"}},
		{"the zero Tensor", "evaluations[0].inputs[0]", "SHAPE_MISMATCH", "make tensors with Of",
			Evaluation{Activation: "relu", Inputs: []Tensor{{}}}},
		{"a nil argument", arguments + `["beta"]`, "WRONG_ARGUMENT_TYPE", "leave the argument out",
			Evaluation{Activation: "softplus", Inputs: x, Arguments: Arguments{"beta": nil}}},
		{"an axis that no int32 holds", arguments + `["weight"].axis`, "AXIS_OUT_OF_RANGE", "no axis",
			Evaluation{Activation: "prelu", Inputs: x,
				Arguments: Arguments{"weight": PerChannel{Of([]float32{1}), math.MaxInt32 + 1}}}},
	} {
		_, err := client.Evaluate(context.Background(), c.evaluation)
		e := failure(t, err)
		if e.Code != codes.InvalidArgument || e.Reason != c.reason || len(e.Violations) != 1 ||
			e.Violations[0].Field != c.field || !strings.Contains(e.Error(), c.text) {
			t.Errorf("%s: %v, %+v", c.what, e, e.Violations)
		}
	}
}

func TestErrorsTellTheElement(t *testing.T) {
	client := newTestClient(t, commonServer.unix())
	_, err := client.Evaluate(context.Background(), Evaluation{
		Activation: "prelu", Inputs: []Tensor{Of([]float32{1, 2})},
		Arguments: Arguments{"weight": Of([]float64{1, math.NaN()})}})
	if e := failure(t, err); e.Metadata["element"] != "1" {
		t.Errorf("%v: %v", e, e.Metadata)
	}
}

func TestUnavailableNamesTheTarget(t *testing.T) {
	t.Parallel()
	client := newTestClient(t, "unix:/nowhere/rectifierd.sock")
	_, err := Apply(context.Background(), client, "relu", nil, []float32{1})
	e := failure(t, err)
	if e.Code != codes.Unavailable || !strings.Contains(e.Error(), "unix:/nowhere/rectifierd.sock") {
		t.Error(e)
	}
	if status.Code(err) != codes.Unavailable {
		t.Errorf("status.Code says %v", status.Code(err))
	}
}

func TestDeadlinesAreNamedAndFound(t *testing.T) {
	client := newTestClient(t, commonServer.unix())
	_, err := Apply(context.Background(), client, "relu", nil, []float32{1}, WithTimeout(time.Nanosecond))
	if e := failure(t, err); e.Code != codes.DeadlineExceeded || !errors.Is(err, context.DeadlineExceeded) {
		t.Error(e)
	}
	slow := newTestClient(t, silentServer(t))
	ctx, cancel := context.WithTimeout(context.Background(), 300*time.Millisecond)
	defer cancel()
	_, err = Apply(ctx, slow, "relu", nil, []float32{1})
	e := failure(t, err)
	if !errors.Is(err, context.DeadlineExceeded) || e.Timeout > 300*time.Millisecond || e.Timeout <= 0 ||
		!strings.Contains(e.Error(), e.Timeout.String()) || !strings.Contains(e.Error(), slow.Target()) {
		t.Error(e)
	}
}

func TestCancellationEndsACall(t *testing.T) {
	client := newTestClient(t, silentServer(t))
	ctx, cancel := context.WithCancel(context.Background())
	time.AfterFunc(50*time.Millisecond, cancel)
	_, err := Apply(ctx, client, "relu", nil, []float32{1})
	if e := failure(t, err); e.Code != codes.Canceled || !errors.Is(err, context.Canceled) {
		t.Error(e)
	}
}

func TestClosedClientSaysSo(t *testing.T) {
	client, err := NewClient(commonServer.unix())
	if err != nil {
		t.Fatal(err)
	}
	if err := client.Close(); err != nil {
		t.Error(err)
	}
	_, err = Apply(context.Background(), client, "relu", nil, []float32{1})
	if e := failure(t, err); e.Code != codes.Canceled {
		t.Error(e)
	}
}

func TestRefusalsTellWhenToComeBack(t *testing.T) {
	t.Parallel()
	s := startServer(t, "--max_inflight_bytes_per_connection=1")
	_, err := Apply(context.Background(), newTestClient(t, s.unix()), "relu", nil, []float32{1})
	e := failure(t, err)
	if e.Code != codes.ResourceExhausted || e.RetryDelay != 100*time.Millisecond || e.Reason == "" {
		t.Errorf("%v: %v", e, e.RetryDelay)
	}
}
