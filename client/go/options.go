package rectifier

import (
	"time"

	"google.golang.org/grpc"
)

// Option is for [NewClient].
type Option interface{ applyToClient(*settings) }

// CallOption is for one call. Those that are also an [Option] hold for every call of a client, unless
// the call has its own.
type CallOption interface{ applyToCall(*callSettings) }

// DefaultTimeout is the time that a call may take where neither its context nor an option says so.
const DefaultTimeout = time.Minute

type settings struct {
	call      callSettings
	security  *Security
	dial      []grpc.DialOption
	noSharing bool
}

type callSettings struct {
	timeout   time.Duration
	ofOneCall bool     // whether the call itself says the timeout
	metadata  []string // key, value, key, value
}

// TimeoutOption is a [CallOption], and an [Option].
type TimeoutOption struct{ timeout time.Duration }

// WithTimeout is how long a call may take; 0 is for ever. Given for one call it holds beside the
// deadline of the call's context, and the earlier counts. Given for a client it stands in the place
// of [DefaultTimeout], and holds for calls whose context has no deadline.
func WithTimeout(timeout time.Duration) TimeoutOption { return TimeoutOption{timeout} }

func (o TimeoutOption) applyToCall(s *callSettings) { s.timeout, s.ofOneCall = o.timeout, true }
func (o TimeoutOption) applyToClient(s *settings)   { s.call.timeout = o.timeout }

// MetadataOption is a [CallOption], and an [Option].
type MetadataOption struct{ pairs []string }

// WithMetadata is sent with a call: keys and values by turns. What
// google.golang.org/grpc/metadata.AppendToOutgoingContext has put into the call's context is sent, too.
func WithMetadata(keysAndValues ...string) MetadataOption { return MetadataOption{keysAndValues} }

func (o MetadataOption) applyToCall(s *callSettings) {
	s.metadata = append(s.metadata[:len(s.metadata):len(s.metadata)], o.pairs...)
}
func (o MetadataOption) applyToClient(s *settings) { o.applyToCall(&s.call) }

type option func(*settings)

func (o option) applyToClient(s *settings) { o(s) }

// WithSecurity is TLS and tokens, instead of what the environment says
// ([SecurityFromEnvironment]).
func WithSecurity(security Security) Option {
	return option(func(s *settings) { s.security = &security })
}

// WithSharedMemory says whether large arrays go through shared memory where the target is one unix
// socket and the server offers it, which is the default.
func WithSharedMemory(enabled bool) Option {
	return option(func(s *settings) { s.noSharing = !enabled })
}

// WithDialOptions is for interceptors, statistics and whatever else gRPC offers. They come after the
// client's own, and so replace them.
func WithDialOptions(options ...grpc.DialOption) Option {
	return option(func(s *settings) { s.dial = append(s.dial, options...) })
}

// with is the settings of one call.
func (s callSettings) with(options []CallOption) (callSettings, error) {
	for _, o := range options {
		o.applyToCall(&s)
	}
	if len(s.metadata)%2 != 0 {
		return s, invalid("metadata", "WRONG_ARGUMENT_TYPE",
			"WithMetadata takes keys and values by turns; %d strings are given", len(s.metadata))
	}
	return s, nil
}
