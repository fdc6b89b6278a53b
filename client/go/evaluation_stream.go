package rectifier

import (
	"context"
	"errors"
	"io"
	"sync"

	"google.golang.org/grpc"

	"github.com/rectifier/rectifier/client/go/rectifierv1"
)

// StreamedEvaluation is one evaluation over tensors that come piece by piece, and may be larger than
// memory.
type StreamedEvaluation struct {
	// Activation, Arguments, Preset and Quantities are those of [Evaluation].
	Activation string
	Arguments  Arguments
	Preset     string
	Quantities []Quantity
	// ElementType is that of the input, the upstream and the results.
	ElementType ElementType
	// Shape is that of the whole input.
	Shape []int
	// Inputs is 2 for a pair in two tensors; 0 and 1 are one.
	Inputs int
	// HasUpstream says that the chunks carry an upstream of the output's shape; else it is ones.
	HasUpstream bool
}

// Chunk is the next bytes of each tensor, in little-endian byte order. A few hundred KiB are best. It
// may end within an element. Tensors must keep pace with one another to 4 MiB.
type Chunk struct {
	Input       []byte
	SecondInput []byte
	Upstream    []byte
}

// StreamedResult is the next bytes of each quantity asked for, in little-endian byte order.
type StreamedResult struct {
	// ValueShape is the output's shape, in the first result; nil in others, and of rank 0 it is empty.
	ValueShape       []int
	Value            []byte
	Gradients        [][]byte
	SecondDerivative []byte
	// ParameterGradients come in the last result.
	ParameterGradients map[string]Tensor
}

// EvaluationStream is a stream in progress. One goroutine may send while another receives; the server
// holds a caller back who only sends until results are received.
type EvaluationStream struct {
	call     *call
	stream   grpc.BidiStreamingClient[rectifierv1.EvaluateStreamRequest, rectifierv1.EvaluateStreamResponse]
	received sync.Once
}

// EvaluateStream begins an evaluation whose tensors are sent, and whose results are received, in
// chunks. Neither side ever holds a whole tensor, and the bits are those that [Client.Evaluate] gives.
// The deadline is that of the whole stream. Close it when it is done with.
//
// Errors: an [*Error] for a tensor among the arguments whose shape does not fit. What the server
// finds is an error of [EvaluationStream.Receive].
func (c *Client) EvaluateStream(ctx context.Context, evaluation StreamedEvaluation,
	options ...CallOption) (*EvaluationStream, error) {
	header, err := headerOf(evaluation)
	if err != nil {
		return nil, err
	}
	call, err := c.begin(ctx, options)
	if err != nil {
		return nil, err
	}
	s, err := call.openStream(header)
	if err != nil {
		call.cancel()
		return nil, call.failed(err)
	}
	return s, nil
}

// openStream sends the header.
func (c *call) openStream(header *rectifierv1.StreamHeader) (*EvaluationStream, error) {
	stream, err := c.client.service.EvaluateStream(c.ctx, grpc.MaxRetryRPCBufferSize(retriedStreamBytes))
	if err != nil {
		return nil, err
	}
	s := &EvaluationStream{call: c, stream: stream}
	err = stream.Send(&rectifierv1.EvaluateStreamRequest{
		Message: &rectifierv1.EvaluateStreamRequest_Header{Header: header}})
	if err != nil && err != io.EOF { // EOF: Receive tells why
		return nil, err
	}
	return s, nil
}

// headerOf has the tensors of the arguments alone in its list.
func headerOf(e StreamedEvaluation) (*rectifierv1.StreamHeader, error) {
	header := &rectifierv1.StreamHeader{
		Quantities:  e.Quantities,
		ElementType: e.ElementType,
		Inputs:      uint32(e.Inputs),
		HasUpstream: e.HasUpstream,
	}
	for _, n := range e.Shape {
		header.Shape = append(header.Shape, int64(n))
	}
	var err error
	header.Activation, err = activation(e.Activation, e.Preset, e.Arguments, "header",
		func(t Tensor, field string) (uint32, error) {
			if problem := t.check(); problem != "" {
				return 0, invalid(field, "SHAPE_MISMATCH", "%s", problem)
			}
			header.Tensors = append(header.Tensors, tensorMessage(t))
			return uint32(len(header.Tensors) - 1), nil
		})
	return header, err
}

// Send sends a chunk, whose slices it does not keep.
//
// Errors: io.EOF where the stream has ended; Receive tells why.
func (s *EvaluationStream) Send(chunk Chunk) error {
	err := s.stream.Send(&rectifierv1.EvaluateStreamRequest{
		Message: &rectifierv1.EvaluateStreamRequest_Chunk{Chunk: &rectifierv1.StreamChunk{
			Input: chunk.Input, SecondInput: chunk.SecondInput, Upstream: chunk.Upstream}}})
	if err == io.EOF {
		return err
	}
	return s.call.failed(err)
}

// CloseSend says that there are no more chunks.
func (s *EvaluationStream) CloseSend() error { return s.call.failed(s.stream.CloseSend()) }

// Receive waits for the next results.
//
// Errors: io.EOF after the last ones; else how the stream failed.
func (s *EvaluationStream) Receive() (*StreamedResult, error) {
	response, err := s.stream.Recv()
	if errors.Is(err, io.EOF) {
		return nil, io.EOF
	}
	if err != nil {
		return nil, s.call.failed(err)
	}
	result := &StreamedResult{
		Value:            response.GetValue(),
		Gradients:        response.GetGradients(),
		SecondDerivative: response.GetSecondDerivative(),
	}
	s.received.Do(func() { result.ValueShape, err = shapeFrom(response.GetValueShape()) })
	if err != nil {
		return nil, err
	}
	result.ParameterGradients, err = parameterGradientsFrom(response.GetParameterGradients(), nil)
	return result, err
}

// Close ends the stream, wherever it is.
func (s *EvaluationStream) Close() { s.call.cancel() }
