package rectifier

import (
	"errors"
	"fmt"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"

	"github.com/rectifier/rectifier/client/go/rectifierv1"
)

// ServerInfo is the version, the CPU target, the threads and the limits of a server.
type ServerInfo = rectifierv1.GetServerInfoResponse

// Limits are a server's configured limits.
type Limits = rectifierv1.Limits

// messageBytesWithoutData is room in a reply for all that is no element.
const messageBytesWithoutData = 64 << 10

// serverInfo asks once, and remembers the answer until the server cannot be reached.
func (c *call) serverInfo() (*ServerInfo, error) {
	if info := c.client.info.Load(); info != nil {
		return info, nil
	}
	info, err := c.client.service.GetServerInfo(c.ctx, &rectifierv1.GetServerInfoRequest{})
	if status.Code(err) == codes.Unimplemented {
		info, err = &ServerInfo{}, nil // it must find out by itself what it cannot take
	}
	if err != nil {
		return nil, err
	}
	c.client.info.Store(info)
	return info, nil
}

// forgetServer has the server asked again: another may answer next time.
func (c *Client) forgetServer(err error) {
	if status.Code(err) == codes.Unavailable {
		c.info.Store(nil)
	}
}

// fitsMessage tells whether request and reply are below the server's limit for each.
func fitsMessage(r *request, replyBytes int, limits *Limits) bool {
	limit := limits.GetMaxMessageBytes()
	return limit == 0 || uint64(proto.Size(r.message)) <= limit && uint64(replyBytes+messageBytesWithoutData) <= limit
}

// checkRequest refuses what the server would refuse, before it is sent.
func checkRequest(r *request, replyBytes int, limits *Limits) error {
	if given, limit := len(r.evaluations), limits.GetMaxEvaluations(); limit > 0 && given > int(limit) {
		return invalid("evaluations", "TOO_MANY_EVALUATIONS",
			"%d given; this server's limit for a request is %d: make several calls", given, limit)
	}
	if given, limit := len(r.tensors), limits.GetMaxTensors(); limit > 0 && given > int(limit) {
		return invalid("tensors", "TOO_MANY_TENSORS",
			"%d given; this server's limit for a request is %d: make several calls", given, limit)
	}
	for i, t := range r.tensors {
		if err := checkTensor(i, r.placeOf(i), t, limits); err != nil {
			return err
		}
	}
	if fitsMessage(r, replyBytes, limits) {
		return nil
	}
	return invalid("evaluations", "REQUEST_TOO_LARGE", "the arrays take %d bytes and the results about %d; "+
		"this server's limit for a message is %d: evaluate in parts, or raise the server's --max_message_bytes",
		r.bytes, replyBytes, limits.GetMaxMessageBytes())
}

// checkTensor looks at the index-th tensor of a message, whose place is what the caller calls it.
func checkTensor(index int, place string, t Tensor, limits *Limits) error {
	field := fmt.Sprintf("tensors[%d].shape", index)
	if limit := limits.GetMaxElements(); limit > 0 && uint64(t.Len()) > limit {
		return invalid(field, "TOO_MANY_ELEMENTS", "%s has %d elements; this server's limit for a tensor "+
			"is %d: evaluate it in parts, or raise the server's --max_elements", place, t.Len(), limit)
	}
	if limit := limits.GetMaxRank(); limit > 0 && len(t.shape) > int(limit) {
		return invalid(field, "RANK_TOO_HIGH", "%s has %d dimensions; this server's limit is %d",
			place, len(t.shape), limit)
	}
	return nil
}

// placeOf is the path of the first place in which a tensor of the message is used.
func (r *request) placeOf(index int) string {
	for i, evaluation := range r.message.GetEvaluations() {
		path := fmt.Sprintf("evaluations[%d]", i)
		for k, input := range evaluation.GetInputs() {
			if int(input) == index {
				return fmt.Sprintf("%s.inputs[%d]", path, k)
			}
		}
		if evaluation.Upstream != nil && int(evaluation.GetUpstream()) == index {
			return path + ".upstream"
		}
		for name, argument := range evaluation.GetActivation().GetArguments() {
			if tensor, ok := argument.GetValue().(*rectifierv1.Argument_Tensor); ok && int(tensor.Tensor) == index {
				return fmt.Sprintf("%s.activation.arguments[%q].tensor", path, name)
			}
		}
	}
	return fmt.Sprintf("tensors[%d]", index)
}

// withPaths puts another path in the place of one with which fields begin.
func withPaths(err error, from, to string) error {
	var e *Error
	if !errors.As(err, &e) {
		return err
	}
	changed := *e
	changed.Message = replacePrefix(e.Message, from, to)
	changed.Violations = nil
	for _, violation := range e.Violations {
		violation.Field = replacePrefix(violation.Field, from, to)
		changed.Violations = append(changed.Violations, violation)
	}
	return &changed
}

func replacePrefix(text, from, to string) string {
	if len(text) >= len(from) && text[:len(from)] == from {
		return to + text[len(from):]
	}
	return text
}
