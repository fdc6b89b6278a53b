package rectifier

import (
	"context"
	"slices"
	"sync"
	"time"

	"google.golang.org/grpc/codes"
)

const (
	// idleBufferBytes is how much of the server's shared memory a client keeps between calls. Calls that
	// need more take another way, because a new buffer for each call is dearer than a stream.
	idleBufferBytes = 128 << 20
	// idleBufferTime is for how long it does.
	idleBufferTime = 10 * time.Second
	// bufferGranularity is what sizes are rounded up to, so that a buffer fits calls of about one size.
	bufferGranularity = 1 << 20
)

// bufferPool is a client's own connection to shared memory, and buffers between their calls.
type bufferPool struct {
	idleBytes int
	idleTime  time.Duration

	mutex   sync.Mutex
	buffers *SharedBuffers  // nil: not connected
	idle    []*SharedBuffer // of that connection
	timer   *time.Timer
	closed  bool
}

// acquire gives a buffer of at least so many bytes, which may hold anything.
func (p *bufferPool) acquire(ctx context.Context, socket string, size int) (*SharedBuffer, error) {
	if buffer := p.take(size); buffer != nil {
		return buffer, nil
	}
	buffers, err := p.connect(ctx, socket)
	if err != nil {
		return nil, err
	}
	size = (size + bufferGranularity - 1) / bufferGranularity * bufferGranularity
	buffer, err := buffers.Allocate(ctx, size)
	if err != nil && err.(*Error).Code == codes.Unavailable {
		p.disconnect(buffers.connection)
	}
	return buffer, err
}

// take is the smallest idle buffer that is large enough, but not four times as large; or nil.
func (p *bufferPool) take(size int) *SharedBuffer {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	best := -1
	for i, buffer := range p.idle {
		fits := buffer.size >= size && buffer.size/4 <= max(size, bufferGranularity)
		if fits && (best < 0 || buffer.size < p.idle[best].size) {
			best = i
		}
	}
	if best < 0 {
		return nil
	}
	buffer := p.idle[best]
	p.idle = slices.Delete(p.idle, best, best+1)
	return buffer
}

func (p *bufferPool) connect(ctx context.Context, socket string) (*SharedBuffers, error) {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	if p.closed {
		return nil, &Error{Code: codes.Canceled, Message: "the client is closed"}
	}
	if p.buffers == nil {
		buffers, err := ConnectBuffersAt(ctx, socket)
		if err != nil {
			return nil, err
		}
		p.buffers = buffers
	}
	return p.buffers, nil
}

// put takes a buffer back that nobody uses any more. Those that were used last are kept.
func (p *bufferPool) put(buffer *SharedBuffer) {
	p.mutex.Lock()
	p.idle = append(p.idle, buffer)
	first, total := len(p.idle), 0
	if !p.closed && p.buffers != nil && p.buffers.connection == buffer.connection {
		for first > 0 && total+p.idle[first-1].size <= p.idleBytes {
			first--
			total += p.idle[first].size
		}
	}
	released := slices.Clone(p.idle[:first])
	p.idle = slices.Delete(p.idle, 0, first)
	if p.timer == nil {
		p.timer = time.AfterFunc(p.idleTime, p.releaseIdle)
	}
	p.timer.Reset(p.idleTime)
	p.mutex.Unlock()
	closeAll(released)
}

// closeAll ignores errors: a connection that has ended has released its buffers.
func closeAll(buffers []*SharedBuffer) {
	for _, buffer := range buffers {
		_ = buffer.Close()
	}
}

// releaseIdle gives the server its memory back.
func (p *bufferPool) releaseIdle() {
	p.mutex.Lock()
	idle := p.idle
	p.idle = nil
	p.mutex.Unlock()
	closeAll(idle)
}

// disconnect forgets a connection that is of no more use.
func (p *bufferPool) disconnect(connection *bufferConnection) {
	p.mutex.Lock()
	isCurrent := p.buffers != nil && p.buffers.connection == connection
	if isCurrent {
		p.buffers = nil
	}
	p.mutex.Unlock()
	if isCurrent {
		_ = connection.close()
		p.releaseIdle()
	}
}

// close ends the connection; buffers in use are released when their calls put them back.
func (p *bufferPool) close() {
	p.mutex.Lock()
	p.closed = true
	buffers := p.buffers
	if p.timer != nil {
		p.timer.Stop()
	}
	p.mutex.Unlock()
	if buffers != nil {
		p.disconnect(buffers.connection)
	}
}
