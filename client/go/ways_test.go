package rectifier

import (
	"context"
	"math"
	"sync"

	"google.golang.org/grpc"

	"github.com/rectifier/rectifier/client/go/rectifierv1"
)

// ways counts how requests of a client travel.
type ways struct {
	mutex                                  sync.Mutex
	messages, regions, streams, infos, all int
}

func (w *ways) option() Option {
	return WithDialOptions(
		grpc.WithUnaryInterceptor(func(ctx context.Context, method string, request, reply any,
			connection *grpc.ClientConn, invoke grpc.UnaryInvoker, options ...grpc.CallOption) error {
			w.mutex.Lock()
			w.all++
			if evaluate, ok := request.(*rectifierv1.EvaluateRequest); !ok {
				w.infos++
			} else if evaluate.GetTensors()[0].GetRegion() != nil {
				w.regions++
			} else {
				w.messages++
			}
			w.mutex.Unlock()
			return invoke(ctx, method, request, reply, connection, options...)
		}),
		grpc.WithStreamInterceptor(func(ctx context.Context, description *grpc.StreamDesc,
			connection *grpc.ClientConn, method string, open grpc.Streamer, options ...grpc.CallOption) (
			grpc.ClientStream, error) {
			w.mutex.Lock()
			w.streams++
			w.mutex.Unlock()
			return open(ctx, description, connection, method, options...)
		}))
}

// ramp has all kinds of values, of which the first thousands are repeated.
func ramp(count int) []float32 {
	values := make([]float32, count)
	for i := range min(count, 65521) {
		values[i] = float32(math.Sin(float64(i))) * float32(i%97)
	}
	repeat(values, 65521)
	return values
}

// repeat fills a slice with its first elements.
func repeat[E any](values []E, period int) {
	for filled := period; filled < len(values); filled *= 2 {
		copy(values[filled:], values[:filled])
	}
}
