//go:build !linux

package rectifier

import (
	"context"

	"google.golang.org/grpc/codes"
)

// bufferConnection is for Linux alone, whose memory files can be passed over a socket.
type bufferConnection struct{}

func connectBuffers(context.Context, string) (*bufferConnection, error) {
	return nil, &Error{Code: codes.Unimplemented, Message: "shared buffers need Linux"}
}

func (*bufferConnection) allocate(context.Context, int) ([]byte, []byte, error) { return nil, nil, nil }
func (*bufferConnection) release([]byte, []byte) error                          { return nil }
func (*bufferConnection) whileOpen(func()) bool                                 { return false }
func (*bufferConnection) close() error                                          { return nil }
