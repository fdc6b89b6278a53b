package rectifier

import (
	"context"
	"errors"
	"fmt"
	"math"
	"net"
	"sync"
	"syscall"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/proto"

	"github.com/rectifier/rectifier/client/go/rectifierv1"
)

const (
	bufferPatience = time.Minute // for an answer
	maxAnswerBytes = 4096        // the server's longest answer has a few hundred
)

// bufferConnection speaks with a server's socket of shared buffers: one request, one answer.
type bufferConnection struct {
	path     string
	mutex    sync.Mutex // keeps answers with their requests
	socket   *net.UnixConn
	lifetime sync.RWMutex
	isClosed bool // under lifetime
}

// answer is what came back, and the descriptor that came with it, or -1.
type answer struct {
	message    *rectifierv1.BufferResponse
	descriptor int
}

func connectBuffers(ctx context.Context, path string) (*bufferConnection, error) {
	socket, err := new(net.Dialer).DialContext(ctx, "unixpacket", path)
	if err != nil {
		return nil, bufferError(codes.Unavailable, path, "cannot connect: %v", err)
	}
	return &bufferConnection{path: path, socket: socket.(*net.UnixConn)}, nil
}

// allocate gives the token of a new buffer, and its memory. Where the context ends first, the buffer
// is given back when it comes, because without its answer the connection would be of no more use.
func (c *bufferConnection) allocate(ctx context.Context, size int) ([]byte, []byte, error) {
	request := &rectifierv1.BufferRequest{Request: &rectifierv1.BufferRequest_Allocate{
		Allocate: &rectifierv1.AllocateBuffer{Bytes: uint64(size)}}}
	type outcome struct {
		token, memory []byte
		err           error
	}
	done := make(chan outcome, 1)
	go func() {
		var o outcome
		o.token, o.memory, o.err = c.allocateNow(request, size)
		done <- o
	}()
	select {
	case o := <-done:
		return o.token, o.memory, o.err
	case <-ctx.Done():
		go func() {
			if o := <-done; o.err == nil {
				_ = c.release(o.token, o.memory) // fails where the connection ends, which releases it
			}
		}()
		return nil, nil, fromGRPC(ctx.Err(), "unix:"+c.path, 0)
	}
}

// allocateNow asks for a buffer of so many bytes and maps it.
func (c *bufferConnection) allocateNow(request *rectifierv1.BufferRequest, size int) ([]byte, []byte, error) {
	a, err := c.ask(request)
	if err != nil {
		return nil, nil, err
	}
	defer closeDescriptor(a.descriptor)
	memory, err := mapBuffer(a.descriptor, size, a.message.GetBytes())
	if err != nil {
		_ = c.release(a.message.GetToken(), nil) // the first error counts
		return nil, nil, bufferError(codes.ResourceExhausted, c.path, "%v", err)
	}
	return a.message.GetToken(), memory, nil
}

// mapBuffer maps the file of a buffer, whose size is what the server says and at least that asked for.
// The file is sealed, so that it stays so large.
func mapBuffer(descriptor, asked int, size uint64) ([]byte, error) {
	var file syscall.Stat_t
	if descriptor < 0 || size < uint64(asked) || size > math.MaxInt {
		return nil, fmt.Errorf("the server sent no buffer of %d bytes", asked)
	}
	if err := syscall.Fstat(descriptor, &file); err != nil || file.Size != int64(size) {
		return nil, fmt.Errorf("the server sent no file of %d bytes (%v)", size, err)
	}
	memory, err := syscall.Mmap(descriptor, 0, int(size), syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_SHARED)
	if err != nil {
		return nil, fmt.Errorf("the buffer cannot be mapped: %w", err)
	}
	return memory, nil
}

// release gives a buffer back, and its memory, if any.
func (c *bufferConnection) release(token, memory []byte) error {
	var unmapped error
	if memory != nil {
		unmapped = syscall.Munmap(memory)
	}
	request := &rectifierv1.BufferRequest{Request: &rectifierv1.BufferRequest_Release{
		Release: &rectifierv1.ReleaseBuffer{Token: token}}}
	a, err := c.ask(request)
	closeDescriptor(a.descriptor)
	return errors.Join(err, unmapped)
}

// ask sends a request and waits for its answer. The answer is read though the request could not be
// sent: a server that has no room for the connection says so before it hangs up.
func (c *bufferConnection) ask(request *rectifierv1.BufferRequest) (answer, error) {
	none := answer{descriptor: -1}
	bytes, err := proto.Marshal(request)
	if err != nil {
		return none, bufferError(codes.Internal, c.path, "%v", err)
	}
	c.mutex.Lock()
	defer c.mutex.Unlock()
	_ = c.socket.SetDeadline(time.Now().Add(bufferPatience)) // where it fails, so does the next step
	_, _ = c.socket.Write(bytes)
	a, err := c.receive()
	if err != nil {
		_ = c.close() // later answers would no longer belong to their requests
		return none, bufferError(codes.Unavailable, c.path, "%v", err)
	}
	if code := codes.Code(a.message.GetCode()); code != codes.OK {
		closeDescriptor(a.descriptor)
		return none, bufferError(code, c.path, "%s", a.message.GetMessage())
	}
	return a, nil
}

func (c *bufferConnection) receive() (answer, error) {
	none := answer{descriptor: -1}
	data, control := make([]byte, maxAnswerBytes), make([]byte, syscall.CmsgSpace(4))
	size, controlSize, _, _, err := c.socket.ReadMsgUnix(data, control)
	if errors.Is(err, syscall.ECONNRESET) { // it comes before what was sent before it
		size, controlSize, _, _, err = c.socket.ReadMsgUnix(data, control)
	}
	if err != nil {
		return none, err
	}
	a := answer{&rectifierv1.BufferResponse{}, descriptorIn(control[:controlSize])}
	if size == 0 {
		err = errors.New("the server has hung up")
	} else {
		err = proto.Unmarshal(data[:size], a.message)
	}
	if err != nil {
		closeDescriptor(a.descriptor)
		return none, err
	}
	return a, nil
}

// close ends the connection, after which the server empties its buffers.
func (c *bufferConnection) close() error {
	c.lifetime.Lock()
	defer c.lifetime.Unlock()
	c.isClosed = true
	return c.socket.Close()
}

// whileOpen does something during which no buffer is emptied. It tells whether it did.
func (c *bufferConnection) whileOpen(do func()) bool {
	c.lifetime.RLock()
	defer c.lifetime.RUnlock()
	if c.isClosed {
		return false
	}
	do()
	return true
}

// descriptorIn is the descriptor that a control message carries, or -1. net has set close-on-exec.
func descriptorIn(control []byte) int {
	messages, err := syscall.ParseSocketControlMessage(control)
	if err != nil || len(messages) == 0 {
		return -1
	}
	descriptors, err := syscall.ParseUnixRights(&messages[0])
	if err != nil || len(descriptors) == 0 {
		return -1
	}
	return descriptors[0]
}

func closeDescriptor(descriptor int) {
	if descriptor >= 0 {
		_ = syscall.Close(descriptor)
	}
}

func bufferError(code codes.Code, path, format string, arguments ...any) *Error {
	return &Error{Code: code, Target: "unix:" + path,
		Message: "shared buffers: " + fmt.Sprintf(format, arguments...)}
}
