package rectifier_test

import (
	"context"
	"errors"
	"fmt"
	"log"

	rectifier "github.com/rectifier/rectifier/client/go"
)

var ctx = context.Background()

func newClient() *rectifier.Client {
	client, err := rectifier.NewClient("")
	if err != nil {
		log.Fatal(err)
	}
	return client
}

func ExampleClient_Evaluate() {
	client := newClient()
	defer client.Close()
	slopes := rectifier.Of([]float64{0.25, 0.5})
	result, err := client.Evaluate(ctx, rectifier.Evaluation{
		Activation: "prelu",
		Inputs:     []rectifier.Tensor{rectifier.Of([]float32{-2, -1, 1, 2}, 2, 2)},
		Arguments:  rectifier.Arguments{"weight": rectifier.PerChannel{Tensor: slopes, Axis: 1}},
		Upstream:   rectifier.Of([]float32{10, 10, 10, 10}, 2, 2),
		Quantities: []rectifier.Quantity{rectifier.Gradient, rectifier.ParameterGradients},
	})
	if err != nil {
		log.Fatal(err)
	}
	gradient, err := rectifier.Floats[float32](result.Gradient())
	if err != nil {
		log.Fatal(err)
	}
	weight, err := rectifier.Floats[float64](result.ParameterGradients["weight"])
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(gradient, weight)
	// Output: [2.5 5 10 10] [-20 -10]
}

func ExampleClient_EvaluateBatch() {
	client := newClient()
	defer client.Close()
	x := rectifier.Of([]float32{-1, 2})
	results, err := client.EvaluateBatch(ctx, []rectifier.Evaluation{
		{Activation: "relu", Inputs: []rectifier.Tensor{x}},
		{Activation: "leaky_relu", Inputs: []rectifier.Tensor{x},
			Arguments: rectifier.Arguments{"negative_slope": rectifier.Number(0.5)}},
	})
	if err != nil {
		log.Fatal(err)
	}
	for _, result := range results {
		y, err := rectifier.Floats[float32](result.Value)
		fmt.Println(y, err)
	}
	// Output:
	// [0 2] <nil>
	// [-0.5 2] <nil>
}

func ExampleError() {
	client := newClient()
	defer client.Close()
	_, err := rectifier.Apply(ctx, client, "gellu", nil, []float32{1})
	var failure *rectifier.Error
	if errors.As(err, &failure) {
		fmt.Println(failure.Code, failure.Reason, failure.Violations[0].Field)
		fmt.Println(failure.Violations[0].Description)
	}
	// Output:
	// InvalidArgument UNKNOWN_ACTIVATION evaluations[0].activation.name
	// no activation "gellu"; did you mean "gelu"?
}

func ExampleClient_Describe() {
	client := newClient()
	defer client.Close()
	description, err := client.Describe(ctx, "leaky_relu")
	if err != nil {
		log.Fatal(err)
	}
	for _, parameter := range description.GetParameters() {
		fmt.Println(parameter.GetName(), parameter.GetDefaultNumber())
	}
	// Output: negative_slope 0.01
}

func ExampleSharedBuffers() {
	client := newClient()
	defer client.Close()
	buffers, err := client.ConnectBuffers(ctx)
	if err != nil {
		log.Fatal(err)
	}
	defer buffers.Close()
	buffer, err := buffers.Allocate(ctx, 8)
	if err != nil {
		log.Fatal(err)
	}
	defer buffer.Close()
	region, err := buffer.Region(0, 8)
	if err != nil {
		log.Fatal(err)
	}
	x := region.Tensor(rectifier.Float32)
	values, err := rectifier.Floats[float32](x)
	if err != nil {
		log.Fatal(err)
	}
	copy(values, []float32{-1, 2})
	_, err = client.Evaluate(ctx, rectifier.Evaluation{
		Activation:   "relu",
		Inputs:       []rectifier.Tensor{x},
		Destinations: []rectifier.Destination{{Quantity: rectifier.Value, Region: region}},
	})
	fmt.Println(values, err) // computed in place
	// Output: [0 2] <nil>
}
