package rectifier

import (
	"context"
	"math"
	"net"
	"path/filepath"
	"slices"
	"testing"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/status"

	"github.com/rectifier/rectifier/client/go/rectifierv1"
)

// lateService hands calls on to the real server. The first attempt that names shared buffers is cut off;
// the server carries it out when it has carried out the next one, which is not answered yet.
type lateService struct {
	rectifierv1.UnimplementedActivationServiceServer
	real rectifierv1.ActivationServiceClient
	late *rectifierv1.EvaluateRequest
	// shared tells of each call of Evaluate whether its tensor was in shared memory.
	shared []bool
}

func (s *lateService) GetServerInfo(ctx context.Context, request *rectifierv1.GetServerInfoRequest) (
	*rectifierv1.GetServerInfoResponse, error) {
	return s.real.GetServerInfo(ctx, request)
}

func (s *lateService) Evaluate(ctx context.Context, request *rectifierv1.EvaluateRequest) (
	*rectifierv1.EvaluateResponse, error) {
	isShared := request.GetTensors()[0].GetRegion() != nil
	s.shared = append(s.shared, isShared)
	if isShared && s.late == nil {
		s.late = request
		return nil, status.Error(codes.Unavailable, "the connection broke")
	}
	response, err := s.real.Evaluate(ctx, request)
	if isShared {
		_, _ = s.real.Evaluate(ctx, s.late) // an error where its buffer has been released
	}
	return response, err
}

// Buffers of a call whose connection broke have no other user, since the server may not know that yet.
func TestAFirstAttemptThatIsStillComputedDoesNotWriteToLaterResults(t *testing.T) {
	connection, err := grpc.NewClient(commonServer.unix(), grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithDefaultCallOptions(grpc.MaxCallRecvMsgSize(math.MaxInt32)))
	if err != nil {
		t.Fatal(err)
	}
	defer connection.Close()
	service := &lateService{real: rectifierv1.NewActivationServiceClient(connection)}
	path := filepath.Join(t.TempDir(), "late")
	listener, err := net.Listen("unix", path)
	if err != nil {
		t.Fatal(err)
	}
	server := grpc.NewServer(grpc.MaxRecvMsgSize(math.MaxInt32))
	rectifierv1.RegisterActivationServiceServer(server, service)
	go func() { _ = server.Serve(listener) }()
	defer server.Stop()

	client := newTestClient(t, "unix:"+path)
	x := slices.Repeat([]float32{-1}, 1<<19)
	for activation, want := range map[string]float32{"abs": 1, "relu": 0} {
		y, err := Apply(context.Background(), client, activation, nil, x)
		if err != nil || y[0] != want || y[len(y)-1] != want {
			t.Errorf("%s: %v, %v, want %v", activation, err, y[:1], want)
		}
	}
	if !slices.Equal(service.shared, []bool{true, false, true}) {
		t.Errorf("in shared memory: %v", service.shared)
	}
}
