package rectifier

import (
	"math"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/keepalive"
)

// serviceConfig has calls spread over all addresses, and tried again where that makes sense: the
// server was not reached or is draining, or it has too much in flight and says how long to wait.
const serviceConfig = `{
	"loadBalancingConfig": [{"round_robin": {}}],
	"methodConfig": [{
		"name": [{"service": "rectifier.v1.ActivationService"}, {"service": "grpc.health.v1.Health"}],
		"retryPolicy": {
			"maxAttempts": 5, "initialBackoff": "0.1s", "maxBackoff": "2s", "backoffMultiplier": 2,
			"retryableStatusCodes": ["UNAVAILABLE", "RESOURCE_EXHAUSTED"]
		}
	}]
}`

// A server permits pings every 5 s, also without a call; gRPC for Go sends them every 10 s at most.
var pings = keepalive.ClientParameters{
	Time: 30 * time.Second, Timeout: 20 * time.Second, PermitWithoutStream: true}

// What is kept of a request, so that it can be sent again. A stream goes on being tried again for as
// long as no more of it was sent.
const (
	retriedBytes       = math.MaxInt32
	retriedStreamBytes = 1 << 20
)

// dial makes a connection that is made when the first call needs it.
func dial(target string, s settings) (*grpc.ClientConn, error) {
	security := s.security
	if security == nil {
		fromEnvironment := SecurityFromEnvironment()
		security = &fromEnvironment
	}
	transport, err := security.transport()
	if err != nil {
		return nil, err
	}
	authorization, err := security.authorization(target)
	if err != nil {
		return nil, err
	}
	name, options := dialTarget(target)
	options = append(options,
		grpc.WithTransportCredentials(transport),
		grpc.WithDefaultServiceConfig(serviceConfig),
		grpc.WithKeepaliveParams(pings),
		// The server has limits of its own; gRPC's 4 MiB is none of them.
		grpc.WithDefaultCallOptions(
			grpc.MaxCallRecvMsgSize(math.MaxInt32), grpc.MaxCallSendMsgSize(math.MaxInt32)))
	if authorization != "" {
		options = append(options, grpc.WithPerRPCCredentials(authorization))
	}
	return grpc.NewClient(name, append(options, s.dial...)...)
}
