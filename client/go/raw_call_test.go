package rectifier

import (
	"bytes"
	"context"
	"io"

	"google.golang.org/grpc"
)

// callRaw sends messages as bytes, and gives the error that the client makes of what comes back.
func (c *Client) callRaw(method string, messages ...hexBytes) error {
	call, err := c.begin(context.Background(), nil)
	if err != nil {
		return err
	}
	defer call.cancel()
	stream, err := c.connection.NewStream(call.ctx, &grpc.StreamDesc{ServerStreams: true, ClientStreams: true},
		"/"+serviceName+"/"+method, grpc.ForceCodec(rawCodec{}))
	if err != nil {
		return call.failed(err)
	}
	for _, message := range messages {
		if err := stream.SendMsg([]byte(message)); err == io.EOF {
			break
		} else if err != nil {
			return call.failed(err)
		}
	}
	_ = stream.CloseSend() // what is wrong is found by receiving
	for {
		var reply []byte
		if err := stream.RecvMsg(&reply); err == io.EOF {
			return nil
		} else if err != nil {
			return call.failed(err)
		}
	}
}

// rawCodec leaves bytes alone.
type rawCodec struct{}

func (rawCodec) Marshal(message any) ([]byte, error) { return message.([]byte), nil }
func (rawCodec) Unmarshal(data []byte, message any) error {
	*message.(*[]byte) = bytes.Clone(data)
	return nil
}
func (rawCodec) Name() string { return "raw" }
