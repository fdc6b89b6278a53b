package rectifier

import (
	"context"
	"fmt"
	"testing"
)

// BenchmarkApply times the default call, of sizes in bytes, at a unix socket and over TCP.
func BenchmarkApply(b *testing.B) {
	for name, target := range map[string]string{"unix": commonServer.unix(), "tcp": commonServer.tcp()} {
		client, err := NewClient(target)
		if err != nil {
			b.Fatal(err)
		}
		defer client.Close()
		for _, size := range []int{64, 1 << 20, 16 << 20, 64 << 20} {
			b.Run(fmt.Sprintf("%s/%d", name, size), func(b *testing.B) {
				x := ramp(size / 4)
				b.SetBytes(int64(size))
				for b.Loop() {
					if _, err := Apply(context.Background(), client, "relu", nil, x); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}
