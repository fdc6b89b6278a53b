package rectifier

import (
	"context"
	"fmt"
	"io"
	"maps"
	"math/bits"
	"slices"
)

// chunkBytes is the size of a chunk of all tensors together.
const chunkBytes = 512 << 10

// isStreamable tells whether a stream can carry the evaluation. What it cannot carry is at fault in a
// message as well, or uses shared buffers.
func (e *Evaluation) isStreamable() bool {
	if len(e.Inputs) > 2 || len(e.Destinations) > 0 {
		return false
	}
	for _, t := range append(slices.Clone(e.Inputs), e.Upstream) {
		if t.region != nil || !t.IsZero() && t.elementType != e.Inputs[0].elementType {
			return false
		}
	}
	return slices.Equal(e.Inputs[0].shape, e.Inputs[len(e.Inputs)-1].shape)
}

// evaluateByStream sends an evaluation in chunks, and puts its results together.
func (c *call) evaluateByStream(e *Evaluation, limits *Limits) ([]*Result, error) {
	streamed := StreamedEvaluation{
		Activation: e.Activation, Arguments: e.Arguments, Preset: e.Preset, Quantities: e.Quantities,
		ElementType: e.Inputs[0].elementType, Shape: e.Inputs[0].shape, Inputs: len(e.Inputs),
		HasUpstream: !e.Upstream.IsZero(),
	}
	if err := checkHeader(e, limits); err != nil {
		return nil, err
	}
	header, err := headerOf(streamed)
	if err != nil {
		return nil, asEvaluation(err)
	}
	own := *c // which ends before the call does
	own.ctx, own.cancel = context.WithCancel(c.ctx)
	defer own.cancel()
	stream, err := own.openStream(header)
	if err != nil {
		return nil, asEvaluation(c.failed(err))
	}
	sent := make(chan struct{})
	go func() {
		defer close(sent)
		sendTensors(stream, e)
	}()
	result, err := receiveTensors(stream, e)
	own.cancel() // after a failure the sender may wait for a reader
	<-sent       // it reads the caller's slices until then
	switch reasonOf(err) {
	case "UNEQUAL_PROGRESS", "STREAM_TOO_SHORT", "TOO_MANY_BYTES": // inputs are sent as their shape says
		return nil, invalid("evaluations[0].upstream", "SHAPE_MISMATCH",
			"shape %v; must be the output's, which is another for the input's %v", e.Upstream.shape, e.Inputs[0].shape)
	}
	if err != nil {
		return nil, asEvaluation(err)
	}
	return []*Result{result}, nil
}

// checkHeader refuses arguments that no header can hold.
func checkHeader(e *Evaluation, limits *Limits) error {
	total := 0
	for _, name := range slices.Sorted(maps.Keys(e.Arguments)) {
		t := tensorOf(e.Arguments[name])
		field := fmt.Sprintf("evaluations[0].activation.arguments[%q].tensor", name)
		if err := checkTensor(0, field, t, limits); err != nil {
			return withPaths(err, "tensors[0].shape", field)
		}
		total += len(t.bytes)
		if limit := limits.GetMaxMessageBytes(); limit > 0 && uint64(total+messageBytesWithoutData) > limit {
			return invalid(field, "ARGUMENTS_TOO_LARGE", "the tensors of the arguments take %d bytes; "+
				"this server's limit for a message is %d: raise the server's --max_message_bytes", total, limit)
		}
	}
	return nil
}

// sendTensors sends all tensors side by side, until the stream ends.
func sendTensors(stream *EvaluationStream, e *Evaluation) {
	tensors := append(slices.Clone(e.Inputs), e.Upstream)
	total := 0
	for _, t := range tensors {
		total += len(t.bytes)
	}
	chunks := max((total+chunkBytes-1)/chunkBytes, 1)
	for i := range chunks {
		parts := make([][]byte, len(tensors))
		for k, t := range tensors {
			parts[k] = part(t, i, chunks)
		}
		chunk := Chunk{Input: parts[0], Upstream: parts[len(parts)-1]}
		if len(e.Inputs) == 2 {
			chunk.SecondInput = parts[1]
		}
		if stream.Send(chunk) != nil {
			return
		}
	}
	_ = stream.CloseSend() // where it fails, so does the receiver
}

// part is the bytes of the i-th of so many chunks.
func part(t Tensor, i, chunks int) []byte {
	if t.IsZero() {
		return nil
	}
	until := func(i int) int { // Len * i may be larger than an int
		high, low := bits.Mul64(uint64(t.Len()), uint64(i))
		quotient, _ := bits.Div64(high, low, uint64(chunks))
		return int(quotient) * sizeOf(t.elementType)
	}
	return swapUnlessLittleEndian(t.bytes[until(i):until(i+1)], t.elementType)
}

// assembly is the results of a stream so far.
type assembly struct {
	evaluation *Evaluation
	result     *Result
	filled     []int     // by tensor
	tensors    []*Tensor // those whose bytes come by and by
}

// receiveTensors takes results until the stream ends.
func receiveTensors(stream *EvaluationStream, e *Evaluation) (*Result, error) {
	a := assembly{evaluation: e}
	for {
		received, err := stream.Receive()
		if err == io.EOF {
			return a.finish()
		}
		if err != nil {
			return nil, err
		}
		if err := a.add(received); err != nil {
			return nil, err
		}
	}
}

// begin makes room for all results, once the output's shape is known.
func (a *assembly) begin(shape []int) error {
	e := a.evaluation
	if !e.Upstream.IsZero() && !slices.Equal(e.Upstream.shape, shape) {
		return invalid("evaluations[0].upstream", "SHAPE_MISMATCH",
			"shape %v; must be the output's, %v", e.Upstream.shape, shape)
	}
	a.result = &Result{}
	for _, quantity := range e.quantities() {
		switch quantity {
		case Value:
			a.result.Value = a.room(shape)
		case Gradient:
			for range e.Inputs {
				a.result.Gradients = append(a.result.Gradients, a.room(e.Inputs[0].shape))
			}
		case SecondDerivative:
			a.result.SecondDerivative = a.room(e.Inputs[0].shape)
		}
	}
	a.tensors = []*Tensor{&a.result.Value, &a.result.SecondDerivative}
	for i := range a.result.Gradients {
		a.tensors = append(a.tensors, &a.result.Gradients[i])
	}
	a.filled = make([]int, len(a.tensors))
	return nil
}

// room is a tensor of the input's type.
func (a *assembly) room(shape []int) Tensor {
	t := Tensor{elementType: a.evaluation.Inputs[0].elementType, shape: shape}
	count, _ := elementCount(shape)
	t.bytes = make([]byte, count*sizeOf(t.elementType))
	return t
}

func (a *assembly) add(received *StreamedResult) error {
	if a.result == nil {
		if err := a.begin(received.ValueShape); err != nil {
			return err
		}
	}
	if len(received.Gradients) > len(a.result.Gradients) {
		return internal("the server sent a gradient that was not asked for")
	}
	parts := append([][]byte{received.Value, received.SecondDerivative}, received.Gradients...)
	for i, bytes := range parts {
		t := a.tensors[i]
		if len(bytes) > len(t.bytes)-a.filled[i] {
			return internal("the server sent more results than there are elements")
		}
		a.filled[i] += copy(t.bytes[a.filled[i]:], bytes)
	}
	if received.ParameterGradients != nil {
		a.result.ParameterGradients = received.ParameterGradients
	}
	return nil
}

func (a *assembly) finish() (*Result, error) {
	for i, t := range a.tensors {
		if a.filled[i] != len(t.bytes) {
			return nil, internal("the server sent %d bytes of a result of %d", a.filled[i], len(t.bytes))
		}
		if !isLittleEndian && !t.IsZero() {
			t.bytes = swapped(t.bytes, sizeOf(t.elementType))
		}
	}
	if a.result == nil {
		return nil, internal("the server ended a stream without a result")
	}
	return a.result, nil
}

// asEvaluation names fields of a stream's header as those of the evaluation that it stands for.
func asEvaluation(err error) error {
	for _, names := range [][2]string{
		{"header.shape", "evaluations[0].inputs[0]"},
		{"header.element_type", "evaluations[0].inputs[0]"},
		{"chunk.upstream", "evaluations[0].upstream"},
		{"header.", "evaluations[0]."},
	} {
		err = withPaths(err, names[0], names[1])
	}
	return err
}
