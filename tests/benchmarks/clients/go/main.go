// Calls relu as a user of the Go client does: see ../drivers.py.
package main

import (
	"context"
	"fmt"
	"log"
	"math"
	"os"
	"strconv"
	"time"

	rectifier "github.com/rectifier/rectifier/client/go"
)

func main() {
	client, err := rectifier.NewClient("")
	if err != nil {
		log.Fatal(err)
	}
	defer client.Close()
	if len(os.Args) > 1 {
		count, err := strconv.Atoi(os.Args[1])
		if err != nil {
			log.Fatal(err)
		}
		writeGelu(client, count, os.Args[2])
		return
	}
	var x []float32
	var size, calls int
	for {
		if n, _ := fmt.Scan(&size, &calls); n != 2 {
			return
		}
		if size != 4*len(x) {
			x = ramp(size / 4)
			check(x, call(client, x))
		}
		fmt.Println(turn(client, x, calls))
	}
}

func writeGelu(client *rectifier.Client, count int, file string) {
	x := make([]float32, count)
	for i := range x {
		x[i] = math.Float32frombits(uint32(i) * 2654435761)
	}
	y, err := rectifier.Apply(context.Background(), client, "gelu", nil, x)
	if err != nil {
		log.Fatal(err)
	}
	if err := os.WriteFile(file, rectifier.Of(y).Bytes(), 0o644); err != nil {
		log.Fatal(err)
	}
}

func ramp(length int) []float32 {
	x := make([]float32, length)
	for i := range x {
		x[i] = float32(i%512 - 256)
	}
	return x
}

func call(client *rectifier.Client, x []float32) []float32 {
	y, err := rectifier.Apply(context.Background(), client, "relu", nil, x)
	if err != nil {
		log.Fatal(err)
	}
	return y
}

func check(x, y []float32) {
	for i := range x {
		if y[i] != max(x[i], 0) {
			log.Fatal("a value is wrong")
		}
	}
}

func turn(client *rectifier.Client, x []float32, calls int) int64 {
	begin := time.Now()
	for range calls {
		call(client, x)
	}
	return time.Since(begin).Nanoseconds()
}
