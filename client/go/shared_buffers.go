package rectifier

import (
	"context"
	"sync"

	"google.golang.org/grpc/codes"

	"github.com/rectifier/rectifier/client/go/rectifierv1"
)

// SharedBuffers is a connection to the shared memory of one server on this machine. All methods may be
// called from many goroutines at once.
//
// A client uses shared memory for large arrays by itself, and copies them in and out. Who wants no
// copies fills a buffer, passes its regions as inputs and as destinations, and reads them:
//
//	buffers, err := client.ConnectBuffers(ctx)
//	buffer, err := buffers.Allocate(ctx, 2*size)
//	x, err := buffer.Region(0, size)
//	y, err := buffer.Region(size, size)
//	fill(x.Bytes())
//	result, err := client.Evaluate(ctx, rectifier.Evaluation{
//		Activation:   "gelu",
//		Inputs:       []rectifier.Tensor{x.Tensor(rectifier.Float32, size/4)},
//		Destinations: []rectifier.Destination{{Quantity: rectifier.Value, Region: y}},
//	}) // result.Value is a view of y
type SharedBuffers struct{ connection *bufferConnection }

// SharedBuffer is memory that this process and the server both see. It holds zeros at first.
type SharedBuffer struct {
	connection *bufferConnection
	token      []byte
	memory     []byte // whole pages
	size       int
	once       sync.Once
}

// BufferRegion is part of a shared buffer.
type BufferRegion struct {
	buffer         *SharedBuffer
	offset, length int
}

// ConnectBuffers connects to the shared memory of the server, whose socket must have the same path
// here; otherwise use [ConnectBuffersAt].
//
// Errors: FailedPrecondition where the server offers none, Unimplemented on a system without memory
// files (other than Linux), Unavailable where the socket cannot be reached.
func (c *Client) ConnectBuffers(ctx context.Context, options ...CallOption) (*SharedBuffers, error) {
	info, err := c.ServerInfo(ctx, options...)
	if err != nil {
		return nil, err
	}
	if info.GetBuffersSocket() == "" {
		return nil, &Error{Code: codes.FailedPrecondition, Target: c.target,
			Message: "the server offers no shared buffers; it does with --buffers_listen, or beside a unix socket"}
	}
	return ConnectBuffersAt(ctx, info.GetBuffersSocket())
}

// ConnectBuffersAt connects to the shared memory of the server whose socket is at path.
//
// Errors: as [Client.ConnectBuffers].
func ConnectBuffersAt(ctx context.Context, path string) (*SharedBuffers, error) {
	connection, err := connectBuffers(ctx, path)
	if err != nil {
		return nil, err
	}
	return &SharedBuffers{connection}, nil
}

// Allocate makes a buffer. That clears all its memory, so use one for many calls.
//
// Errors: InvalidArgument where no buffer may be as large; ResourceExhausted where there is no room
// now; Unavailable where the server has gone; Canceled or DeadlineExceeded where the context ends
// first, which leaves the other buffers as they are.
func (b *SharedBuffers) Allocate(ctx context.Context, size int) (*SharedBuffer, error) {
	if size < 1 {
		return nil, invalid("size", "VALUE_OUT_OF_RANGE", "%d given; a buffer has at least 1 byte", size)
	}
	token, memory, err := b.connection.allocate(ctx, size)
	if err != nil {
		return nil, err
	}
	return &SharedBuffer{connection: b.connection, token: token, memory: memory, size: size}, nil
}

// Close ends the connection, and with it all its buffers in the server, which empties them: here they
// read as zeros until they are closed, too.
func (b *SharedBuffers) Close() error { return b.connection.close() }

// Bytes is the memory, which begins a page. It must not be touched once the buffer is closed.
func (b *SharedBuffer) Bytes() []byte { return b.memory[:b.size:b.size] }

// Region is part of the buffer.
//
// Errors: where it does not lie within it.
func (b *SharedBuffer) Region(offset, length int) (BufferRegion, error) {
	if offset < 0 || length < 0 || offset > b.size || length > b.size-offset {
		return BufferRegion{}, invalid("region", "VALUE_OUT_OF_RANGE",
			"offset %d and length %d given; the buffer has %d bytes", offset, length, b.size)
	}
	return BufferRegion{b, offset, length}, nil
}

// Close releases the buffer here and in the server. No slice or tensor over it may be used any more:
// the process would crash.
func (b *SharedBuffer) Close() error {
	var err error
	b.once.Do(func() {
		memory := b.memory
		b.memory, b.size = nil, 0
		err = b.connection.release(b.token, memory)
	})
	return err
}

// Bytes is the memory of the region. It must not be touched once the buffer is closed.
func (r BufferRegion) Bytes() []byte {
	return r.buffer.Bytes()[r.offset : r.offset+r.length : r.offset+r.length]
}

// Tensor is a view of the region, which is sent by its name instead of its bytes. Without a shape it
// is a vector.
func (r BufferRegion) Tensor(elementType ElementType, shape ...int) Tensor {
	t := OfBytes(elementType, r.Bytes(), shape...)
	t.region = &r
	return t
}

func (r BufferRegion) message() *rectifierv1.BufferRegion {
	if r.buffer == nil {
		return &rectifierv1.BufferRegion{}
	}
	return &rectifierv1.BufferRegion{
		Token: r.buffer.token, Offset: uint64(r.offset), Length: uint64(r.length)}
}
