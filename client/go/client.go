package rectifier

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/metadata"

	"github.com/rectifier/rectifier/client/go/rectifierv1"
)

// Client calls a server. Make one and share it: all methods may be called from many goroutines at
// once.
//
// Errors of every method that calls the server: an [*Error].
type Client struct {
	target     string
	settings   settings
	connection *grpc.ClientConn
	service    rectifierv1.ActivationServiceClient
	info       atomic.Pointer[ServerInfo] // what the server said when its limits were first needed
	pool       bufferPool
	resized    sync.Map // names of activations whose output was seen to have another shape than the input
}

// NewClient makes a client, which connects at the first call.
//
// The target is "unix:PATH", "HOST:PORT" (all addresses of the name are used by turns), any other name
// that gRPC resolves, or several addresses with commas between. Where it is empty, the environment
// variable RECTIFIER_TARGET counts, and else [DefaultTarget].
//
// Errors: files and tokens of [Security] that cannot be used; a target that gRPC does not know.
func NewClient(target string, options ...Option) (*Client, error) {
	c := &Client{target: targetOrDefault(target)}
	c.settings.call.timeout = DefaultTimeout
	c.pool.idleBytes, c.pool.idleTime = idleBufferBytes, idleBufferTime
	for _, o := range options {
		o.applyToClient(&c.settings)
	}
	if _, err := c.settings.call.with(nil); err != nil {
		return nil, err
	}
	connection, err := dial(c.target, c.settings)
	if err != nil {
		return nil, fmt.Errorf("rectifier: target %q: %w", c.target, err)
	}
	c.connection = connection
	c.service = rectifierv1.NewActivationServiceClient(connection)
	return c, nil
}

// Target is the name of the server.
func (c *Client) Target() string { return c.target }

// Close ends the connection. Calls that are still running fail with Canceled.
func (c *Client) Close() error {
	c.pool.close()
	return c.connection.Close()
}

// call is what the steps of one call have in common: a context with the deadline and the metadata.
type call struct {
	client  *Client
	ctx     context.Context
	cancel  context.CancelFunc
	timeout time.Duration // 0: there is no deadline
}

// begin starts a call, which its caller must end with cancel.
func (c *Client) begin(ctx context.Context, options []CallOption) (*call, error) {
	s, err := c.settings.call.with(options)
	if err != nil {
		return nil, err
	}
	if len(s.metadata) > 0 {
		ctx = metadata.AppendToOutgoingContext(ctx, s.metadata...)
	}
	started := &call{client: c}
	_, hasDeadline := ctx.Deadline()
	if s.timeout > 0 && (s.ofOneCall || !hasDeadline) {
		started.ctx, started.cancel = context.WithTimeout(ctx, s.timeout)
	} else {
		started.ctx, started.cancel = context.WithCancel(ctx)
	}
	if deadline, ok := started.ctx.Deadline(); ok {
		started.timeout = time.Until(deadline).Round(time.Millisecond)
	}
	return started, nil
}

// failed makes an Error of what a step returned.
func (c *call) failed(err error) error { return fromGRPC(err, c.client.target, c.timeout) }
