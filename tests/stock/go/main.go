// Calls a server with nothing but what protoc-gen-go and protoc-gen-go-grpc generate:
//
//	stock 127.0.0.1:50051
//
// It evaluates, lists, streams, and reads the details of an error; it exits with 1 where an answer
// is not the right one.
package main

import (
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"os"
	"slices"
	"time"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/keepalive"
	"google.golang.org/grpc/status"

	rectifier "example.com/stock/rectifierv1"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: stock TARGET")
		os.Exit(2)
	}
	if err := run(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "stock:", err)
		os.Exit(1)
	}
}

func run(target string) error {
	connection, err := grpc.NewClient(target,
		grpc.WithTransportCredentials(insecure.NewCredentials()),
		// Replies may be larger than the 4 MiB that Go takes by itself.
		grpc.WithDefaultCallOptions(grpc.MaxCallRecvMsgSize(math.MaxInt32)),
		grpc.WithKeepaliveParams(keepalive.ClientParameters{
			Time: 10 * time.Second, PermitWithoutStream: true}))
	if err != nil {
		return err
	}
	defer connection.Close()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	client := rectifier.NewActivationServiceClient(connection)
	steps := []struct {
		name string
		run  func(context.Context, rectifier.ActivationServiceClient) error
	}{
		{"Evaluate", evaluate}, {"Evaluate, large", evaluateLarge}, {"ListActivations", list},
		{"EvaluateStream", stream}, {"details of an error", details},
	}
	for _, step := range steps {
		if err := step.run(ctx, client); err != nil {
			return fmt.Errorf("%s: %w", step.name, err)
		}
	}
	return nil
}

// floats reads a payload, which is little-endian.
func floats(data []byte) []float32 {
	values := make([]float32, len(data)/4)
	for i := range values {
		values[i] = math.Float32frombits(binary.LittleEndian.Uint32(data[4*i:]))
	}
	return values
}

func payload(values []float32) []byte {
	data := make([]byte, 0, 4*len(values))
	for _, value := range values {
		data = binary.LittleEndian.AppendUint32(data, math.Float32bits(value))
	}
	return data
}

func relu(shape int64, data []byte) *rectifier.EvaluateRequest {
	return &rectifier.EvaluateRequest{
		Evaluations: []*rectifier.Evaluation{{
			Inputs:     []uint32{0},
			Activation: &rectifier.Activation{Name: "relu"},
			Quantities: []rectifier.Quantity{
				rectifier.Quantity_QUANTITY_VALUE, rectifier.Quantity_QUANTITY_GRADIENT},
		}},
		Tensors: []*rectifier.Tensor{{
			ElementType: rectifier.ElementType_ELEMENT_TYPE_FLOAT32,
			Shape:       []int64{shape},
			Data:        data,
		}},
	}
}

func evaluate(ctx context.Context, client rectifier.ActivationServiceClient) error {
	response, err := client.Evaluate(ctx, relu(3, payload([]float32{-1, 0, 2})))
	if err != nil {
		return err
	}
	result := response.GetResults()[0]
	value, gradient := floats(result.GetValue().GetData()), floats(result.GetGradients()[0].GetData())
	if !slices.Equal(value, []float32{0, 0, 2}) || !slices.Equal(gradient, []float32{0, 0, 1}) {
		return fmt.Errorf("value %v, gradient %v", value, gradient)
	}
	return nil
}

func evaluateLarge(ctx context.Context, client rectifier.ActivationServiceClient) error {
	const elements = 2 << 20
	response, err := client.Evaluate(ctx, relu(elements, make([]byte, 4*elements)))
	if err != nil {
		return err
	}
	if got := len(response.GetResults()[0].GetValue().GetData()); got != 4*elements {
		return fmt.Errorf("%d bytes", got)
	}
	return nil
}

func list(ctx context.Context, client rectifier.ActivationServiceClient) error {
	response, err := client.ListActivations(ctx, &rectifier.ListActivationsRequest{})
	if err != nil {
		return err
	}
	is := func(activation *rectifier.ActivationDescription) bool {
		return activation.GetName() == "gelu" && activation.GetFormula() != ""
	}
	if !slices.ContainsFunc(response.GetActivations(), is) {
		return fmt.Errorf("no gelu among %d", len(response.GetActivations()))
	}
	return nil
}

func stream(ctx context.Context, client rectifier.ActivationServiceClient) error {
	stream, err := client.EvaluateStream(ctx)
	if err != nil {
		return err
	}
	header := &rectifier.StreamHeader{
		Activation:  &rectifier.Activation{Name: "relu"},
		ElementType: rectifier.ElementType_ELEMENT_TYPE_FLOAT32,
		Shape:       []int64{4},
	}
	requests := []*rectifier.EvaluateStreamRequest{
		{Message: &rectifier.EvaluateStreamRequest_Header{Header: header}}}
	for _, half := range [][]float32{{-1, 2}, {3, -4}} {
		chunk := &rectifier.StreamChunk{Input: payload(half)}
		requests = append(requests, &rectifier.EvaluateStreamRequest{
			Message: &rectifier.EvaluateStreamRequest_Chunk{Chunk: chunk}})
	}
	for _, request := range requests {
		if err := stream.Send(request); err != nil {
			return err
		}
	}
	if err := stream.CloseSend(); err != nil {
		return err
	}
	var value []float32
	for {
		response, err := stream.Recv()
		if err == io.EOF {
			break
		}
		if err != nil {
			return err
		}
		value = append(value, floats(response.GetValue())...)
	}
	if !slices.Equal(value, []float32{0, 2, 3, 0}) {
		return fmt.Errorf("value %v", value)
	}
	return nil
}

// details: status.Details knows google.rpc's messages once errdetails is imported.
func details(ctx context.Context, client rectifier.ActivationServiceClient) error {
	request := relu(1, payload([]float32{1}))
	request.Evaluations[0].Activation.Name = "rleu"
	_, err := client.Evaluate(ctx, request)
	failure := status.Convert(err)
	if failure.Code() != codes.InvalidArgument && failure.Code() != codes.NotFound {
		return fmt.Errorf("code %v", failure.Code())
	}
	var field, reason string
	for _, detail := range failure.Details() {
		switch message := detail.(type) {
		case *errdetails.BadRequest:
			field = message.GetFieldViolations()[0].GetField()
		case *errdetails.ErrorInfo:
			reason = message.GetReason()
		}
	}
	if field != "evaluations[0].activation.name" || reason == "" {
		return fmt.Errorf("field %q, reason %q", field, reason)
	}
	return nil
}
