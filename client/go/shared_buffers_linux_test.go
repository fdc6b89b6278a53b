package rectifier

import (
	"context"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"

	"github.com/rectifier/rectifier/client/go/rectifierv1"
)

// allocate gives a buffer that is closed at the end of the test.
func allocate(t *testing.T, client *Client, size int) *SharedBuffer {
	t.Helper()
	buffers, err := client.ConnectBuffers(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = buffers.Close() })
	buffer, err := buffers.Allocate(context.Background(), size)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = buffer.Close() })
	return buffer
}

func region(t *testing.T, buffer *SharedBuffer, offset, length int) BufferRegion {
	t.Helper()
	r, err := buffer.Region(offset, length)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestRegionsAreReadAndWritten(t *testing.T) {
	client := newTestClient(t, commonServer.unix())
	buffer := allocate(t, client, 32)
	x := region(t, buffer, 0, 16).Tensor(Float32, 2, 2)
	y, gradient := region(t, buffer, 16, 16), region(t, buffer, 0, 16)
	values, err := Floats[float32](x)
	if err != nil {
		t.Fatal(err)
	}
	copy(values, []float32{-1, 2, -3, 4})
	result := evaluate(t, client, Evaluation{
		Activation: "leaky_relu",
		Inputs:     []Tensor{x},
		Arguments:  Arguments{"negative_slope": Number(0.5)},
		Quantities: []Quantity{Value, Gradient},
		Destinations: []Destination{
			{Quantity: Value, Region: y}, {Quantity: Gradient, Region: gradient}}, // in place
	})
	wantFloats[float32](t, "value", result.Value, []int{2, 2}, -0.5, 2, -1.5, 4)
	wantFloats[float32](t, "gradient", result.Gradient(), []int{2, 2}, 0.5, 1, 0.5, 1)
	if &result.Value.Bytes()[0] != &y.Bytes()[0] || !slices.Equal(values, []float32{0.5, 1, 0.5, 1}) {
		t.Errorf("the results are not in their regions: %v", values)
	}
}

func TestParameterGradientsHaveDestinations(t *testing.T) {
	client := newTestClient(t, commonServer.unix())
	buffer := allocate(t, client, 8)
	result := evaluate(t, client, Evaluation{
		Activation:   "prelu",
		Inputs:       []Tensor{Of([]float32{-1, 2})},
		Arguments:    Arguments{"weight": Number(0.5)},
		Quantities:   []Quantity{ParameterGradients},
		Destinations: []Destination{{Quantity: ParameterGradients, Parameter: "weight", Region: region(t, buffer, 0, 8)}},
	})
	wantFloats(t, "gradient", result.ParameterGradients["weight"], []int{}, -1.0)
}

func TestMisuseOfBuffersIsNamed(t *testing.T) {
	client := newTestClient(t, commonServer.unix())
	buffer := allocate(t, client, 100)
	for _, c := range [][2]int{{-1, 1}, {0, 101}, {101, 0}, {50, 51}, {1, math.MaxInt}, {0, -1}} {
		if _, err := buffer.Region(c[0], c[1]); failure(t, err).Code != codes.InvalidArgument {
			t.Errorf("%v: %v", c, err)
		}
	}
	buffers := &SharedBuffers{buffer.connection}
	for size, want := range map[int]codes.Code{0: codes.InvalidArgument, -1: codes.InvalidArgument, 1 << 40: codes.InvalidArgument} {
		if _, err := buffers.Allocate(context.Background(), size); failure(t, err).Code != want {
			t.Errorf("%d: %v", size, err)
		}
	}
	another, err := buffers.Allocate(context.Background(), 1)
	if err != nil || another.Close() != nil {
		t.Errorf("after refusals: %v", err)
	}
	_, err = client.Evaluate(context.Background(), Evaluation{
		Activation: "relu", Inputs: []Tensor{Of([]float32{1})},
		Destinations: []Destination{{Quantity: Value, Region: region(t, buffer, 0, 8)}}})
	if e := failure(t, err); e.Violations[0].Field != "evaluations[0].destinations[0].region.length" {
		t.Error(e)
	}
	if err := buffer.Close(); err != nil || buffer.Close() != nil {
		t.Errorf("close: %v", err)
	}
}

func TestConnectingToNoBuffersSaysWhy(t *testing.T) {
	without := startServer(t, "--buffers_listen=")
	_, err := newTestClient(t, without.unix()).ConnectBuffers(context.Background())
	if e := failure(t, err); e.Code != codes.FailedPrecondition || !strings.Contains(e.Error(), "--buffers_listen") {
		t.Error(e)
	}
	_, err = ConnectBuffersAt(context.Background(), "/nowhere/buffers")
	if e := failure(t, err); e.Code != codes.Unavailable || !strings.Contains(e.Error(), "/nowhere/buffers") {
		t.Error(e)
	}
}

// What one goroutine gives up must not empty what others use.
func TestACancelledAllocationLeavesTheOthersAlone(t *testing.T) {
	before := mappings(t)
	buffer := allocate(t, newTestClient(t, commonServer.unix()), 8)
	copy(buffer.Bytes(), "contents")
	buffers := &SharedBuffers{buffer.connection}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	for range 20 {
		another, err := buffers.Allocate(ctx, 1<<20)
		if err == nil { // the answer was quicker
			err = another.Close()
		} else if failure(t, err).Code == codes.Canceled {
			err = nil
		}
		if err != nil {
			t.Error(err)
		}
	}
	if another, err := buffers.Allocate(context.Background(), 1<<20); err != nil || another.Close() != nil {
		t.Errorf("afterwards: %v", err)
	}
	if string(buffer.Bytes()) != "contents" {
		t.Errorf("it holds %q", buffer.Bytes())
	}
	for range 3000 {
		if mappings(t) == before+1 {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Errorf("%d mappings are left, before it were %d", mappings(t), before)
}

// A connection that ends while results are on their way must not turn them into zeros.
func TestALostConnectionSpoilsNoResult(t *testing.T) {
	var client *Client
	lost := 0
	loseConnection := func(ctx context.Context, method string, request, reply any, connection *grpc.ClientConn,
		invoke grpc.UnaryInvoker, options ...grpc.CallOption) error {
		err := invoke(ctx, method, request, reply, connection, options...)
		client.pool.mutex.Lock()
		buffers := client.pool.buffers
		client.pool.mutex.Unlock()
		if err != nil || buffers == nil {
			return err
		}
		client.pool.disconnect(buffers.connection)
		for lost++; err == nil; { // until the server has released the buffer
			err = invoke(ctx, method, request, &rectifierv1.EvaluateResponse{}, connection, options...)
		}
		return nil
	}
	client = newTestClient(t, commonServer.unix(), WithDialOptions(grpc.WithUnaryInterceptor(loseConnection)))
	x := make([]float32, 1<<20)
	for i := range x {
		x[i] = 1
	}
	for range 5 {
		y, err := Apply(context.Background(), client, "relu", nil, x)
		if err != nil || !slices.Equal(x, y) {
			t.Fatalf("%v; zeros begin at %d", err, slices.Index(y, 0))
		}
	}
	if lost != 5 {
		t.Errorf("%d connections were lost", lost)
	}
}

func TestLargeArraysGoAnotherWayWhereThereIsNoSharedMemory(t *testing.T) {
	x := ramp(overShared)
	for what, flags := range map[string][]string{
		"none offered":      {"--buffers_listen="},
		"a quota":           {"--max_buffer_bytes=256KiB", "--max_buffer_bytes_per_connection=256KiB"},
		"out of reach here": {"--buffers_listen=unix:" + filepath.Join(t.TempDir(), "b")},
	} {
		s := startServer(t, flags...)
		if what == "out of reach here" {
			if err := os.Chmod(filepath.Dir(strings.TrimPrefix(flags[0], "--buffers_listen=unix:")), 0); err != nil {
				t.Fatal(err)
			}
			os.Remove(strings.TrimPrefix(flags[0], "--buffers_listen=unix:"))
		}
		w := &ways{}
		client := newTestClient(t, s.unix(), w.option())
		y, err := Apply(context.Background(), client, "relu", nil, x)
		if err != nil || len(y) != len(x) || w.messages != 1 || w.regions != 0 {
			t.Errorf("%s: %v, %+v", what, err, w)
		}
	}
}

// takenBuffers makes the server refuse an allocation for as long as they are there.
func TestAFullQuotaIsNoError(t *testing.T) {
	s := startServer(t, "--max_buffer_bytes=4MiB", "--max_buffer_bytes_per_connection=4MiB")
	taken := allocate(t, newTestClient(t, s.unix()), 4<<20)
	w := &ways{}
	client := newTestClient(t, s.unix(), w.option())
	x := ramp(overShared)
	for range 2 {
		if _, err := Apply(context.Background(), client, "relu", nil, x); err != nil {
			t.Fatal(err)
		}
	}
	if err := taken.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := Apply(context.Background(), client, "relu", nil, x); err != nil {
		t.Fatal(err)
	}
	if w.messages != 2 || w.regions != 1 {
		t.Errorf("%+v", w)
	}
}

func TestAServerThatComesBackIsUsedAgain(t *testing.T) {
	t.Parallel()
	first := startServer(t)
	w := &ways{}
	client := newTestClient(t, first.unix(), w.option())
	x := ramp(overShared)
	if _, err := Apply(context.Background(), client, "relu", nil, x); err != nil {
		t.Fatal(err)
	}
	_ = first.process.Process.Kill()
	<-first.ended
	startServer(t, "--listen="+first.unix())
	for range 3 {
		y, err := Apply(context.Background(), client, "relu", nil, x)
		if err != nil || len(y) != len(x) {
			t.Fatal(err)
		}
	}
	if w.regions < 3 {
		t.Errorf("shared memory is not used again: %+v", w)
	}
}

func TestIdleBuffersAreKeptAndGivenBack(t *testing.T) {
	before := mappings(t)
	client := newTestClient(t, commonServer.unix())
	client.pool.idleBytes, client.pool.idleTime = 16<<20, time.Hour
	kept := func() (sizes []int) {
		client.pool.mutex.Lock()
		defer client.pool.mutex.Unlock()
		for _, buffer := range client.pool.idle {
			sizes = append(sizes, buffer.size>>20)
		}
		slices.Sort(sizes)
		return sizes
	}
	for _, step := range []struct {
		halves int   // of a MiB
		want   []int // in MiB: in and out together
	}{{3, []int{3}}, {3, []int{3}}, {12, []int{3, 12}}, {10, []int{3, 12}}, {16, []int{16}}, {18, []int{16}},
		{3, []int{3}}, {12, []int{3, 12}}} {
		x := make([]float32, step.halves<<17)
		if _, err := Apply(context.Background(), client, "relu", nil, x); err != nil {
			t.Fatal(err)
		}
		if got := kept(); !slices.Equal(got, step.want) {
			t.Errorf("after %d halves of a MiB: %v, want %v", step.halves, got, step.want)
		}
	}
	if mappings(t) != before+2 {
		t.Errorf("%d mappings, before it were %d", mappings(t), before)
	}
	client.pool.releaseIdle()
	if got := kept(); len(got) > 0 {
		t.Error(got)
	}
	if mappings(t) != before {
		t.Errorf("%d mappings are left, before it were %d", mappings(t), before)
	}
}

// mappings is how many shared buffers this process has mapped.
func mappings(t *testing.T) int {
	maps, err := os.ReadFile("/proc/self/maps")
	if err != nil {
		t.Fatal(err)
	}
	return strings.Count(string(maps), "memfd:")
}
