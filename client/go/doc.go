// Package rectifier calls a Rectifier server, which evaluates activation functions of neural
// networks, forward and backward, in float16, bfloat16, float32 and float64.
//
// A [Client] is made once and shared by all goroutines. [Apply] is one call for one activation of one
// slice; [Client.Evaluate] gives every quantity, and [Client.EvaluateBatch] makes many evaluations at
// once:
//
//	client, err := rectifier.NewClient("unix:/run/rectifier/rectifierd.sock")
//	y, err := rectifier.Apply(ctx, client, "gelu", nil, []float32{-1, 0, 1})
//
// Vocabulary: an activation is a named function. It declares parameters, for which a caller supplies
// [Arguments]. [Quantity] says what is asked for. The upstream is dL/dy, with which derivatives are
// contracted.
//
// Arrays are [Tensor] values over slices of the caller, which are neither copied nor converted before
// they are sent. How they travel is the client's business: a small one in a message, one above 4 MiB
// by a stream, and a large one through shared memory where the server is on this machine and offers
// that. The results are the same to the last bit.
//
// A failed call returns an [*Error], for errors.As: it has the code, the fields at fault and the
// reason.
package rectifier
