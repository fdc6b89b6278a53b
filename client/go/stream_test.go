package rectifier

import (
	"context"
	"errors"
	"io"
	"slices"
	"testing"

	"google.golang.org/grpc/codes"
)

func TestEvaluationStreamPutsResultsTogether(t *testing.T) {
	client := newTestClient(t, commonServer.unix())
	stream, err := client.EvaluateStream(context.Background(), StreamedEvaluation{
		Activation: "prelu", Arguments: Arguments{"weight": Of([]float64{0.5})},
		Quantities:  []Quantity{Value, Gradient, ParameterGradients},
		ElementType: Float32, Shape: []int{4}, HasUpstream: true,
	})
	if err != nil {
		t.Fatal(err)
	}
	defer stream.Close()
	x, upstream := Of([]float32{-1, 2, -3, 4}), Of([]float32{1, 1, 10, 10})
	var value, gradient []byte
	var last *StreamedResult
	for i := range 2 {
		if err := stream.Send(Chunk{Input: part(x, i, 2), Upstream: part(upstream, i, 2)}); err != nil {
			t.Fatal(err)
		}
	}
	if err := stream.CloseSend(); err != nil {
		t.Fatal(err)
	}
	for {
		result, err := stream.Receive()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if isFirst := result.ValueShape != nil; isFirst != (last == nil) {
			t.Errorf("shape %v", result.ValueShape)
		}
		value, gradient, last = append(value, result.Value...), append(gradient, result.Gradients[0]...), result
	}
	wantFloats[float32](t, "value", OfBytes(Float32, value), []int{4}, -0.5, 2, -1.5, 4)
	wantFloats[float32](t, "gradient", OfBytes(Float32, gradient), []int{4}, 0.5, 1, 5, 10)
	wantFloats(t, "weight", last.ParameterGradients["weight"], []int{1}, -31.0)
}

func TestEvaluationStreamTellsItsErrors(t *testing.T) {
	client := newTestClient(t, commonServer.unix())
	open := func(evaluation StreamedEvaluation) *EvaluationStream {
		stream, err := client.EvaluateStream(context.Background(), evaluation)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(stream.Close)
		return stream
	}
	_, err := open(StreamedEvaluation{Activation: "gellu", ElementType: Float32, Shape: []int{4}}).Receive()
	if e := failure(t, err); e.Violations[0].Field != "header.activation.name" {
		t.Error(e)
	}
	short := open(StreamedEvaluation{Activation: "relu", ElementType: Float32, Shape: []int{4}})
	if err := errors.Join(short.Send(Chunk{Input: make([]byte, 8)}), short.CloseSend()); err != nil {
		t.Fatal(err)
	}
	for err = nil; err == nil; {
		_, err = short.Receive()
	}
	if e := failure(t, err); e.Reason != "STREAM_TOO_SHORT" {
		t.Error(e)
	}
	closed := open(StreamedEvaluation{Activation: "relu", ElementType: Float32, Shape: []int{4}})
	closed.Close()
	if _, err := closed.Receive(); failure(t, err).Code != codes.Canceled {
		t.Error(err)
	}
	_, err = client.EvaluateStream(context.Background(), StreamedEvaluation{
		Activation: "prelu", Arguments: Arguments{"weight": Of([]float32{1}, 2)}})
	if e := failure(t, err); e.Violations[0].Field != `header.activation.arguments["weight"]` {
		t.Error(e)
	}
}

func TestPartsAreEveryByteOnce(t *testing.T) {
	for _, length := range []int{0, 1, 7, 8, 1000} {
		for _, chunks := range []int{1, 3, 8, 17} {
			x := Of(ramp(length))
			var all []byte
			for i := range chunks {
				all = append(all, part(x, i, chunks)...)
			}
			if !slices.Equal(all, x.Bytes()) {
				t.Errorf("%d elements in %d chunks", length, chunks)
			}
		}
	}
}
