package rectifier

import (
	"bytes"
	"context"
	"fmt"
	"slices"

	"google.golang.org/grpc"
)

// Sizes of arrays sent, or of results received, whichever are larger.
const (
	// unaskedBytes is up to which size a request is sent without a look at the server's limits.
	unaskedBytes = 64 << 10
	// sharedBytes is above which size shared memory pays.
	sharedBytes = 1 << 20
	// streamedBytes is above which size a stream is as fast as a message; from twice as many bytes on it is
	// faster. Both sides hold a message whole.
	streamedBytes = 4 << 20
	// batchBytes is up to which size a batch goes in one message.
	batchBytes = 64 << 20
)

// Evaluate evaluates one activation.
//
// What has more than 1 MiB goes through shared memory where that is to be had, else what has more than 4 MiB
// by [Client.EvaluateStream], by themselves.
//
// Errors: an [*Error]; also for what the server would refuse, before it is sent.
func (c *Client) Evaluate(ctx context.Context, evaluation Evaluation, options ...CallOption) (*Result, error) {
	results, err := c.EvaluateBatch(ctx, []Evaluation{evaluation}, options...)
	if err != nil {
		return nil, err
	}
	return results[0], nil
}

// EvaluateBatch makes many evaluations, all or none of them. The results are in their order. A tensor
// that several of them share, as views of the same slice, is sent once.
//
// A batch that outgrows a message of 64 MiB is sent evaluation by evaluation.
//
// Errors: as [Client.Evaluate].
func (c *Client) EvaluateBatch(ctx context.Context, evaluations []Evaluation, options ...CallOption) ([]*Result, error) {
	call, err := c.begin(ctx, options)
	if err != nil {
		return nil, err
	}
	defer call.cancel()
	request, err := newRequest(evaluations)
	if err != nil {
		return nil, err
	}
	results, err := call.evaluate(request)
	if err != nil {
		c.forgetServer(err)
		return nil, call.failed(err)
	}
	return results, nil
}

// evaluate chooses how a request travels.
func (c *call) evaluate(r *request) ([]*Result, error) {
	replyBytes := 0
	for i := range r.evaluations {
		replyBytes += r.evaluations[i].resultBytes()
	}
	size := max(r.bytes, replyBytes)
	if size <= unaskedBytes {
		return c.evaluateByMessage(r)
	}
	info, err := c.serverInfo()
	if err != nil {
		return nil, err
	}
	if size > sharedBytes {
		if results, err := c.evaluateByBuffer(r, info); results != nil || err != nil {
			return results, err
		}
	}
	limits := info.GetLimits()
	fits := fitsMessage(r, replyBytes, limits)
	if len(r.evaluations) > 1 && (!fits || size > batchBytes) {
		return c.evaluateOneByOne(keepInputs(r.evaluations))
	}
	isLarge := size > streamedBytes || !fits
	if len(r.evaluations) == 1 && isLarge && r.evaluations[0].isStreamable() {
		results, err := c.evaluateByStream(&r.evaluations[0], limits)
		// In a message there is room for a row of the limit's size in each direction.
		if reasonOf(err) != "ROWS_TOO_LONG" || !fits {
			return results, err
		}
	}
	if err := checkRequest(r, replyBytes, limits); err != nil {
		return nil, err
	}
	return c.evaluateByMessage(r)
}

// evaluateByMessage makes one call of Evaluate.
func (c *call) evaluateByMessage(r *request) ([]*Result, error) {
	if slices.ContainsFunc(r.evaluations, (Evaluation).isInPlace) {
		return c.evaluateOnce(r) // its input may be gone
	}
	return c.evaluateKeeping(r, retriedBytes)
}

// evaluateOnce makes one call of Evaluate, which is not tried again.
func (c *call) evaluateOnce(r *request) ([]*Result, error) { return c.evaluateKeeping(r, 0) }

// evaluateKeeping makes one call of Evaluate, which is tried again where the request has not more bytes.
func (c *call) evaluateKeeping(r *request, kept int) ([]*Result, error) {
	response, err := c.client.service.Evaluate(c.ctx, r.message, grpc.MaxRetryRPCBufferSize(kept))
	if err != nil {
		return nil, err
	}
	return resultsFrom(response, r.evaluations)
}

// isInPlace tells whether a result takes the place of a tensor of the same call.
func (e Evaluation) isInPlace() bool {
	for _, d := range e.Destinations {
		for _, t := range append(slices.Clone(e.Inputs), e.Upstream) {
			if t.region != nil && t.region.buffer == d.Region.buffer && t.region.offset == d.Region.offset {
				return true
			}
		}
	}
	return false
}

// keepInputs gives evaluations that go one after the other what they would read in one call: a tensor is
// copied that lies where results of an earlier one go.
func keepInputs(evaluations []Evaluation) []Evaluation {
	var written []BufferRegion
	keep := func(t Tensor) Tensor {
		isOver := func(r BufferRegion) bool {
			return r.buffer == t.region.buffer && r.offset < t.region.offset+t.region.length &&
				t.region.offset < r.offset+r.length
		}
		if t.region != nil && slices.ContainsFunc(written, isOver) {
			t.bytes, t.region = swapUnlessLittleEndian(bytes.Clone(t.bytes), t.elementType), nil
		}
		return t
	}
	kept := make([]Evaluation, len(evaluations))
	for i, e := range evaluations {
		kept[i] = e.mapTensors(keep)
		for _, destination := range e.Destinations {
			written = append(written, destination.Region)
		}
	}
	return kept
}

// evaluateOneByOne evaluates a batch that no message can hold; one error fails them all.
func (c *call) evaluateOneByOne(evaluations []Evaluation) ([]*Result, error) {
	results := make([]*Result, len(evaluations))
	for i := range evaluations {
		one, err := newRequest(evaluations[i : i+1])
		if err != nil {
			return nil, err
		}
		result, err := c.evaluate(one)
		if err != nil {
			return nil, withPaths(c.failed(err), "evaluations[0]", fmt.Sprintf("evaluations[%d]", i))
		}
		results[i] = result[0]
	}
	return results, nil
}

// Apply is f(x) for each element of x, or for x as one row.
//
// Errors: as [Client.Evaluate].
func Apply[T Float](ctx context.Context, client *Client, activation string, arguments Arguments, x []T,
	options ...CallOption) ([]T, error) {
	result, err := client.Evaluate(ctx, Evaluation{
		Activation: activation, Arguments: arguments, Inputs: []Tensor{Of(x)}}, options...)
	if err != nil {
		return nil, err
	}
	return Floats[T](result.Value)
}

// ApplyWithGradient is y = f(x) and dL/dx with L = sum(y): for an elementwise activation f'(x).
//
// Errors: as [Client.Evaluate].
func ApplyWithGradient[T Float](ctx context.Context, client *Client, activation string, arguments Arguments,
	x []T, options ...CallOption) (y, gradient []T, err error) {
	result, err := client.Evaluate(ctx, Evaluation{
		Activation: activation, Arguments: arguments, Inputs: []Tensor{Of(x)},
		Quantities: []Quantity{Value, Gradient}}, options...)
	if err != nil {
		return nil, nil, err
	}
	if y, err = Floats[T](result.Value); err == nil {
		gradient, err = Floats[T](result.Gradient())
	}
	return y, gradient, err
}
