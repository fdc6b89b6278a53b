// A complete client: PReLU with one learnable slope for each channel, forward and backward, trained
// until it is the function that made the data; then an error, and an array that outgrows a message.
//
//	go run ./example/prelu [TARGET]
//
// Without TARGET it takes the environment variable RECTIFIER_TARGET, else the default unix socket.
package main

import (
	"context"
	"errors"
	"fmt"
	"log"
	"os"
	"time"

	rectifier "github.com/rectifier/rectifier/client/go"
)

func main() {
	log.SetFlags(0)
	target := ""
	if len(os.Args) > 1 {
		target = os.Args[1]
	}
	client, err := rectifier.NewClient(target, rectifier.WithTimeout(20*time.Second))
	if err != nil {
		log.Fatal(err)
	}
	defer client.Close()
	ctx := context.Background()
	for _, step := range []func(context.Context, *rectifier.Client) error{train, misspell, stream} {
		if err := step(ctx, client); err != nil {
			log.Fatal(err)
		}
	}
}

// train finds the slopes 0.1, 0.2 and 0.3 from two samples of three channels.
func train(ctx context.Context, client *rectifier.Client) error {
	x := rectifier.Of([]float32{-1, -2, -3, -4, -5, -6}, 2, 3)
	wanted := []float32{-0.1, -0.4, -0.9, -0.4, -1, -1.8}
	slopes := []float32{0, 0, 0}
	for range 100 {
		evaluation := rectifier.Evaluation{
			Activation: "prelu",
			Inputs:     []rectifier.Tensor{x},
			Arguments:  rectifier.Arguments{"weight": rectifier.PerChannel{Tensor: rectifier.Of(slopes), Axis: 1}},
		}
		result, err := client.Evaluate(ctx, evaluation)
		if err != nil {
			return err
		}
		y, err := rectifier.Floats[float32](result.Value)
		if err != nil {
			return err
		}
		upstream := make([]float32, len(y)) // of the loss sum((y - wanted)^2) / 2
		for i := range y {
			upstream[i] = y[i] - wanted[i]
		}
		evaluation.Upstream = rectifier.Of(upstream, 2, 3)
		evaluation.Quantities = []rectifier.Quantity{rectifier.ParameterGradients}
		if result, err = client.Evaluate(ctx, evaluation); err != nil {
			return err
		}
		gradient, err := rectifier.Floats[float32](result.ParameterGradients["weight"])
		if err != nil {
			return err
		}
		for i := range slopes {
			slopes[i] -= 0.04 * gradient[i]
		}
	}
	fmt.Printf("slopes: %.3f\n", slopes)
	return nil
}

// misspell shows what an error tells.
func misspell(ctx context.Context, client *rectifier.Client) error {
	_, err := rectifier.Apply(ctx, client, "gellu", nil, []float32{1})
	var failure *rectifier.Error
	if !errors.As(err, &failure) {
		return err
	}
	for _, violation := range failure.Violations {
		fmt.Printf("%v at %s: %s\n", failure.Code, violation.Field, violation.Description)
	}
	return nil
}

// stream evaluates 32 MiB, which travel by shared memory or a stream by themselves.
func stream(ctx context.Context, client *rectifier.Client) error {
	x := make([]float32, 8<<20)
	for i := range x {
		x[i] = float32(i%7) - 3
	}
	y, err := rectifier.Apply(ctx, client, "relu", nil, x)
	if err != nil {
		return err
	}
	fmt.Printf("relu of %d elements ends with %v\n", len(y), y[len(y)-7:])
	return nil
}
