package rectifier

import (
	"context"
	"net"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	"github.com/rectifier/rectifier/client/go/rectifierv1"
)

// fakeService answers Evaluate with what a test wants, and counts its calls.
type fakeService struct {
	rectifierv1.UnimplementedActivationServiceServer
	calls    atomic.Int32
	evaluate func(context.Context) error
}

func (f *fakeService) Evaluate(ctx context.Context, request *rectifierv1.EvaluateRequest) (
	*rectifierv1.EvaluateResponse, error) {
	f.calls.Add(1)
	if err := f.evaluate(ctx); err != nil {
		return nil, err
	}
	return &rectifierv1.EvaluateResponse{Results: []*rectifierv1.Result{{Value: request.GetTensors()[0]}}}, nil
}

// serve serves a fake at a unix socket or TCP address, and gives the target.
func serve(t *testing.T, network string, service *fakeService) string {
	t.Helper()
	address := "127.0.0.1:0"
	if network == "unix" {
		address = filepath.Join(t.TempDir(), "s")
	}
	listener, err := net.Listen(network, address)
	if err != nil {
		t.Fatal(err)
	}
	server := grpc.NewServer()
	rectifierv1.RegisterActivationServiceServer(server, service)
	go func() { _ = server.Serve(listener) }()
	t.Cleanup(server.Stop)
	if network == "unix" {
		return "unix:" + address
	}
	return listener.Addr().String()
}

// silentServer is the target of a server that answers no Evaluate before the caller goes.
func silentServer(t *testing.T) string {
	return serve(t, "tcp", &fakeService{evaluate: func(ctx context.Context) error {
		<-ctx.Done()
		return ctx.Err()
	}})
}

func succeed(context.Context) error { return nil }

func TestCallsAreSpreadOverAllAddresses(t *testing.T) {
	services := []*fakeService{{evaluate: succeed}, {evaluate: succeed}, {evaluate: succeed}}
	list := []string{serve(t, "tcp", services[0]), serve(t, "unix", services[1]), serve(t, "tcp", services[2])}
	client := newTestClient(t, strings.Join(list, ","))
	for range 300 { // the first ones before all are connected
		if _, err := Apply(context.Background(), client, "relu", nil, []float32{1}); err != nil {
			t.Fatal(err)
		}
	}
	for i, service := range services {
		if calls := service.calls.Load(); calls < 80 {
			t.Errorf("%d of 300 calls went to address %d", calls, i)
		}
	}
}

func TestAServerThatDrainsFailsNoCallWhileAnotherServes(t *testing.T) {
	t.Parallel()
	first, second := startServer(t), startServer(t)
	client := newTestClient(t, first.tcp()+","+second.tcp())
	for i := range 200 {
		if i == 50 {
			if err := first.process.Process.Signal(syscall.SIGTERM); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := Apply(context.Background(), client, "relu", nil, []float32{1}); err != nil {
			t.Fatalf("call %d: %v", i, err)
		}
	}
	<-first.ended
	if state := first.process.ProcessState; !state.Success() {
		t.Error(state)
	}
}

func TestTargetsOfOtherLanguagesWork(t *testing.T) {
	a, b := &fakeService{evaluate: succeed}, &fakeService{evaluate: succeed}
	for _, target := range []string{"ipv4:" + serve(t, "tcp", a), "ipv4:" + serve(t, "tcp", a) + "," + serve(t, "tcp", b)} {
		if _, err := Apply(context.Background(), newTestClient(t, target), "relu", nil, []float32{1}); err != nil {
			t.Errorf("%s: %v", target, err)
		}
	}
}

func TestCallsAreTriedAgainWhereThatMakesSense(t *testing.T) {
	t.Parallel()
	for code, wanted := range map[codes.Code]int32{
		codes.Unavailable: 3, codes.ResourceExhausted: 3, codes.InvalidArgument: 1, codes.Internal: 1} {
		service := &fakeService{}
		service.evaluate = func(context.Context) error {
			if service.calls.Load() < 3 {
				return status.Error(code, "not yet")
			}
			return nil
		}
		client := newTestClient(t, serve(t, "tcp", service))
		// More than gRPC for Go keeps by itself, so that it would give up.
		_, err := Apply(context.Background(), client, "relu", nil, make([]float32, 100_000))
		if calls := service.calls.Load(); calls != wanted || (err == nil) != (wanted == 3) {
			t.Errorf("%v: %d calls, %v", code, calls, err)
		}
	}
}

// A second attempt would take the results of the first for its inputs.
func TestCallsInPlaceAreNotTriedAgain(t *testing.T) {
	service := &fakeService{evaluate: func(context.Context) error { return status.Error(codes.Unavailable, "no") }}
	client := newTestClient(t, serve(t, "tcp", service))
	buffer := &SharedBuffer{token: make([]byte, 16), memory: make([]byte, 16), size: 16}
	at := func(offset int) BufferRegion { return BufferRegion{buffer, offset, 8} }
	for _, c := range []struct {
		input, upstream, value int
		want                   int32
	}{{0, -1, 8, 5}, {0, -1, 0, 1}, {0, 8, 8, 1}} {
		service.calls.Store(0)
		evaluation := Evaluation{Activation: "relu", Inputs: []Tensor{at(c.input).Tensor(Float32)},
			Destinations: []Destination{{Quantity: Value, Region: at(c.value)}}}
		if c.upstream >= 0 {
			evaluation.Upstream = at(c.upstream).Tensor(Float32)
		}
		_, err := client.Evaluate(context.Background(), evaluation)
		if calls := service.calls.Load(); failure(t, err).Code != codes.Unavailable || calls != c.want {
			t.Errorf("%+v: %d calls, %v", c, calls, err)
		}
	}
}

func TestPushbackIsObeyed(t *testing.T) {
	t.Parallel()
	service := &fakeService{}
	var first time.Time
	var waited time.Duration
	service.evaluate = func(ctx context.Context) error {
		if service.calls.Load() == 1 {
			first = time.Now()
			_ = grpc.SetTrailer(ctx, metadata.Pairs("grpc-retry-pushback-ms", "700"))
			return status.Error(codes.ResourceExhausted, "come back")
		}
		waited = time.Since(first)
		return nil
	}
	client := newTestClient(t, serve(t, "tcp", service))
	if _, err := Apply(context.Background(), client, "relu", nil, []float32{1}); err != nil {
		t.Fatal(err)
	}
	if waited < 690*time.Millisecond {
		t.Errorf("it came back after %v", waited)
	}
}

func TestTimeoutsReachTheServer(t *testing.T) {
	var left time.Duration
	var hasDeadline bool
	client := newTestClient(t, serve(t, "tcp", &fakeService{evaluate: func(ctx context.Context) error {
		deadline, ok := ctx.Deadline()
		left, hasDeadline = time.Until(deadline), ok
		return nil
	}}))
	within, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	long, cancelLong := context.WithTimeout(context.Background(), time.Hour)
	defer cancelLong()
	for _, c := range []struct {
		ctx     context.Context
		options []CallOption
		want    time.Duration // 0: no deadline
	}{
		{context.Background(), nil, time.Minute},
		{within, nil, 20 * time.Second},
		{long, nil, time.Hour},
		{context.Background(), []CallOption{WithTimeout(5 * time.Second)}, 5 * time.Second},
		{within, []CallOption{WithTimeout(5 * time.Second)}, 5 * time.Second},
		{within, []CallOption{WithTimeout(time.Hour)}, 20 * time.Second},
		{context.Background(), []CallOption{WithTimeout(0)}, 0},
	} {
		if _, err := Apply(c.ctx, client, "relu", nil, []float32{1}, c.options...); err != nil {
			t.Fatal(err)
		}
		if hasDeadline != (c.want > 0) || hasDeadline && (left > c.want || left < c.want/2) {
			t.Errorf("%v left, want %v", left, c.want)
		}
	}
}

func TestMetadataReachesTheServer(t *testing.T) {
	var seen metadata.MD
	client := newTestClient(t, serve(t, "tcp", &fakeService{evaluate: func(ctx context.Context) error {
		seen, _ = metadata.FromIncomingContext(ctx)
		return nil
	}}), WithMetadata("x-of", "client"))
	ctx := metadata.AppendToOutgoingContext(context.Background(), "x-in", "context")
	if _, err := Apply(ctx, client, "relu", nil, []float32{1}, WithMetadata("x-of", "call")); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(seen["x-of"], []string{"client", "call"}) || !slices.Equal(seen["x-in"], []string{"context"}) {
		t.Errorf("%v", seen)
	}
	if _, err := Apply(ctx, client, "relu", nil, []float32{1}, WithMetadata("odd")); err == nil {
		t.Error("a key without a value is taken")
	}
}

func TestInterceptorsAreCalled(t *testing.T) {
	var methods []string
	client := newTestClient(t, commonServer.unix(), WithDialOptions(grpc.WithUnaryInterceptor(
		func(ctx context.Context, method string, request, reply any, connection *grpc.ClientConn,
			invoke grpc.UnaryInvoker, options ...grpc.CallOption) error {
			methods = append(methods, method)
			return invoke(ctx, method, request, reply, connection, options...)
		})))
	if _, err := Apply(context.Background(), client, "relu", nil, []float32{1}); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(methods, []string{"/rectifier.v1.ActivationService/Evaluate"}) {
		t.Error(methods)
	}
}
