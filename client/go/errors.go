package rectifier

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// Error is a failed call: what the server said, or why it could not be asked, or what it would
// refuse.
//
//	var failure *rectifier.Error
//	if errors.As(err, &failure) && failure.Code == codes.InvalidArgument {
//		fmt.Println(failure.Violations[0].Field)
//	}
//
// The codes: InvalidArgument for a request at fault, which no retry cures; ResourceExhausted for too
// much in flight (wait RetryDelay), or a message too large; DeadlineExceeded and Canceled, for which
// errors.Is finds context.DeadlineExceeded and context.Canceled; Unavailable where no server answers,
// or its certificate is not trusted; Unauthenticated and PermissionDenied; Internal for a defect.
type Error struct {
	Code    codes.Code
	Message string
	// Reason is the cause, for programs: "ARGUMENT_OUT_OF_RANGE"; empty where there is none.
	Reason string
	// Violations are the fields of the request at fault.
	Violations []FieldViolation
	// RetryDelay is how long to wait before a retry that makes sense; 0 where none is named.
	RetryDelay time.Duration
	// Metadata is more for programs: "element" is the index of the element of a tensor at fault.
	Metadata map[string]string
	// Target is the server that was called; empty where the request was not sent.
	Target string
	// Timeout is the time that the call had; 0 where it had no deadline.
	Timeout time.Duration

	cause error
}

// FieldViolation is a field of the request at fault.
type FieldViolation struct {
	// Field is its path: evaluations[0].activation.arguments["beta"].
	Field string
	// Description tells what was given, and what is allowed.
	Description string
}

// Error is the message with the code. Where nobody answered it names the target, and where the
// deadline passed it names that.
func (e *Error) Error() string {
	var text strings.Builder
	fmt.Fprintf(&text, "rectifier: %s (%v", e.Message, e.Code)
	if e.Reason != "" {
		fmt.Fprintf(&text, ", %s", e.Reason)
	}
	text.WriteString(")")
	switch e.Code {
	case codes.DeadlineExceeded:
		fmt.Fprintf(&text, "; the deadline was %v after the start of the call to %s", e.Timeout, e.Target)
	case codes.InvalidArgument, codes.Canceled:
	default:
		if e.Target != "" {
			fmt.Fprintf(&text, "; the target is %s", e.Target)
		}
	}
	return text.String()
}

// Unwrap is the error of gRPC, if there was one.
func (e *Error) Unwrap() error { return e.cause }

// Is lets errors.Is find context.Canceled and context.DeadlineExceeded.
func (e *Error) Is(target error) bool {
	return target == context.Canceled && e.Code == codes.Canceled ||
		target == context.DeadlineExceeded && e.Code == codes.DeadlineExceeded
}

// GRPCStatus lets status.Code and status.FromError see the code.
func (e *Error) GRPCStatus() *status.Status { return status.New(e.Code, e.Message) }

// invalid is an error of the caller's that is found before anything is sent.
func invalid(field, reason, format string, arguments ...any) *Error {
	description := fmt.Sprintf(format, arguments...)
	return &Error{
		Code:       codes.InvalidArgument,
		Message:    field + ": " + description,
		Reason:     reason,
		Violations: []FieldViolation{{Field: field, Description: description}},
	}
}

// internal is an error for what a sound server does not send.
func internal(format string, arguments ...any) *Error {
	return &Error{Code: codes.Internal, Message: fmt.Sprintf(format, arguments...)}
}

// fromGRPC makes an Error of what a call returned.
func fromGRPC(err error, target string, timeout time.Duration) error {
	var own *Error
	if err == nil || errors.As(err, &own) {
		return err
	}
	failure, isOfGRPC := status.FromError(err)
	if !isOfGRPC {
		failure = status.FromContextError(err)
	}
	e := &Error{Code: failure.Code(), Message: failure.Message(), Target: target, Timeout: timeout, cause: err}
	for _, detail := range failure.Details() {
		e.addDetail(detail)
	}
	return e
}

func (e *Error) addDetail(detail any) {
	switch message := detail.(type) {
	case *errdetails.BadRequest:
		for _, violation := range message.GetFieldViolations() {
			e.Violations = append(e.Violations,
				FieldViolation{Field: violation.GetField(), Description: violation.GetDescription()})
		}
	case *errdetails.ErrorInfo:
		e.Reason, e.Metadata = message.GetReason(), message.GetMetadata()
	case *errdetails.RetryInfo:
		e.RetryDelay = message.GetRetryDelay().AsDuration()
	}
}

// reasonOf is the reason of an Error; else empty.
func reasonOf(err error) string {
	var e *Error
	if !errors.As(err, &e) {
		return ""
	}
	return e.Reason
}
