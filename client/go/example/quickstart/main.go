// Evaluates GELU and its derivative at three points; README.md shows this program.
package main

import (
	"context"
	"fmt"
	"log"

	rectifier "github.com/rectifier/rectifier/client/go"
)

func main() {
	client, err := rectifier.NewClient("") // RECTIFIER_TARGET, or the default unix socket
	if err != nil {
		log.Fatal(err)
	}
	defer client.Close()
	y, gradient, err := rectifier.ApplyWithGradient(context.Background(), client, "gelu", nil, []float32{-1, 0, 1})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(y, gradient)
}
