package rectifier

import (
	"bytes"
	"errors"
	"strings"

	"google.golang.org/grpc/codes"
)

const (
	// inlineBytes is up to which size a tensor stays in the message.
	inlineBytes = 64 << 10
	// regionAlignment is that of regions, a cache line.
	regionAlignment = 64
)

// evaluateByBuffer evaluates through shared memory. It returns neither results nor an error where that
// is not to be had, or is no gain, so that another way must be taken.
func (c *call) evaluateByBuffer(r *request, info *ServerInfo) ([]*Result, error) {
	client := c.client
	if client.settings.noSharing || unixPath(client.target) == "" || info.GetBuffersSocket() == "" ||
		!r.isShareable(info.GetLimits(), client) {
		return nil, nil
	}
	layout := layOut(r)
	if layout.size > client.pool.idleBytes {
		return nil, nil
	}
	buffer, err := client.pool.acquire(c.ctx, info.GetBuffersSocket(), layout.size)
	if err != nil {
		return nil, c.ctx.Err() // a quota, or a socket that is out of reach here
	}
	results, err := c.evaluateIn(buffer, r, layout)
	if err == nil {
		client.pool.put(buffer)
		return results, nil
	}
	go func() { _ = buffer.Close() }() // the server may still be using it, and must not be waited for
	return nil, c.afterFailure(err, r, buffer)
}

// errBufferLost says that the connection of a buffer has ended, so that it may have been emptied.
var errBufferLost = errors.New("the shared buffer is lost")

// afterFailure is nil where another way may succeed.
func (c *call) afterFailure(err error, r *request, buffer *SharedBuffer) error {
	if err == errBufferLost {
		return nil
	}
	var failure *Error
	if !errors.As(c.failed(err), &failure) {
		return err
	}
	switch {
	case failure.Code == codes.Unavailable || failure.Code == codes.ResourceExhausted:
		return nil // the server was away or full for a moment; the other ways are tried again
	case failure.Code == codes.NotFound && failure.Reason == "UNKNOWN_SHARED_BUFFER":
		c.client.pool.disconnect(buffer.connection) // the server is another one now
		return nil
	case failure.Reason == "PAYLOAD_LENGTH_MISMATCH" && strings.Contains(failure.Message, ".destinations["):
		for i := range r.evaluations { // the output has not the input's shape
			c.client.resized.Store(r.evaluations[i].Activation, true)
		}
		return nil
	}
	return failure
}

// isShareable tells whether results have the shapes that regions are laid out for, and the server
// takes tensors that large in one call.
func (r *request) isShareable(limits *Limits, client *Client) bool {
	for i := range r.evaluations {
		e := &r.evaluations[i]
		if _, isResized := client.resized.Load(e.Activation); isResized || len(e.Destinations) > 0 {
			return false
		}
	}
	for _, t := range r.tensors {
		if t.region != nil || checkTensor(0, "", t, limits) != nil {
			return false
		}
	}
	return true
}

// layout is where tensors and results lie in a buffer.
type layout struct {
	tensors []int // offsets by tensor of the request; -1: in the message
	results [][]placedResult
	size    int
}

type placedResult struct {
	quantity Quantity
	input    int
	offset   int
	size     int
}

func (l *layout) reserve(size int) int {
	offset := l.size
	l.size += (size + regionAlignment - 1) / regionAlignment * regionAlignment
	return offset
}

func layOut(r *request) *layout {
	l := &layout{}
	for _, t := range r.tensors {
		offset := -1
		if len(t.bytes) > inlineBytes {
			offset = l.reserve(len(t.bytes))
		}
		l.tensors = append(l.tensors, offset)
	}
	for i := range r.evaluations {
		l.results = append(l.results, l.resultsOf(&r.evaluations[i]))
	}
	return l
}

// resultsOf gives the large results of an evaluation places of their own. None takes the place of an
// input, because a call that is tried again must find its inputs as they were.
func (l *layout) resultsOf(e *Evaluation) []placedResult {
	var results []placedResult
	for _, quantity := range e.quantities() {
		of := e.Inputs[:1]
		switch {
		case quantity == ParameterGradients:
			continue // they are small, or as large as an argument
		case quantity == Gradient:
			of = e.Inputs
		case quantity == Value && !e.Upstream.IsZero():
			of = []Tensor{e.Upstream}
		}
		for input, like := range of {
			if size := len(like.bytes); size > inlineBytes {
				results = append(results, placedResult{quantity, input, l.reserve(size), size})
			}
		}
	}
	return results
}

// evaluateIn copies tensors into the buffer, evaluates, and copies the results out.
func (c *call) evaluateIn(buffer *SharedBuffer, r *request, l *layout) ([]*Result, error) {
	evaluations := make([]Evaluation, len(r.evaluations))
	shared := func(t Tensor) Tensor { return r.inBuffer(t, buffer, l) }
	for i, t := range r.tensors {
		if l.tensors[i] >= 0 {
			copy(shared(t).bytes, swapUnlessLittleEndian(t.bytes, t.elementType))
		}
	}
	for i, e := range r.evaluations {
		evaluations[i] = e.mapTensors(shared)
		for _, placed := range l.results[i] {
			evaluations[i].Destinations = append(evaluations[i].Destinations, Destination{
				Quantity: placed.quantity, Input: placed.input,
				Region: BufferRegion{buffer, placed.offset, placed.size}})
		}
	}
	named, err := newRequest(evaluations)
	if err != nil {
		return nil, err
	}
	// Were it tried again after its connection broke, the first attempt could still write to the buffer
	// when the second has been answered, and the buffer has another user.
	results, err := c.evaluateOnce(named)
	if err != nil {
		return nil, err
	}
	isWhole := buffer.connection.whileOpen(func() {
		for _, result := range results {
			result.copyOut()
		}
	})
	if !isWhole {
		return nil, errBufferLost
	}
	return results, nil
}

// inBuffer is the view of the buffer where a tensor of the request lies.
func (r *request) inBuffer(t Tensor, buffer *SharedBuffer, l *layout) Tensor {
	index := r.indexOf[keyOf(t)]
	if t.IsZero() || l.tensors[index] < 0 {
		return t
	}
	region := BufferRegion{buffer, l.tensors[index], len(t.bytes)}
	return Tensor{t.elementType, t.shape, region.Bytes(), &region}
}

// mapTensors is the evaluation with other tensors in the place of its own.
func (e Evaluation) mapTensors(other func(Tensor) Tensor) Evaluation {
	inputs, arguments := make([]Tensor, len(e.Inputs)), make(Arguments, len(e.Arguments))
	for i, input := range e.Inputs {
		inputs[i] = other(input)
	}
	for name, argument := range e.Arguments {
		switch a := argument.(type) {
		case Tensor:
			argument = other(a)
		case PerChannel:
			argument = PerChannel{other(a.Tensor), a.Axis}
		}
		arguments[name] = argument
	}
	e.Inputs, e.Arguments, e.Upstream = inputs, arguments, other(e.Upstream)
	return e
}

// copyOut gives results memory of their own.
func (r *Result) copyOut() {
	tensors := []*Tensor{&r.Value, &r.SecondDerivative}
	for i := range r.Gradients {
		tensors = append(tensors, &r.Gradients[i])
	}
	for _, t := range tensors {
		if t.region != nil {
			t.bytes, t.region = swapUnlessLittleEndian(bytes.Clone(t.bytes), t.elementType), nil
		}
	}
}
