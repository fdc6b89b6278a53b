package rectifier

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"google.golang.org/grpc/health/grpc_health_v1"

	"github.com/rectifier/rectifier/client/go/rectifierv1"
)

// ActivationDescription is what the catalogue says about an activation: names, parameters, formula,
// quantities, element types, presets, source and accuracy.
type ActivationDescription = rectifierv1.ActivationDescription

// serviceName is what health is asked about.
const serviceName = "rectifier.v1.ActivationService"

// ListActivations is the catalogue, in its order.
func (c *Client) ListActivations(ctx context.Context, options ...CallOption) ([]*ActivationDescription, error) {
	call, err := c.begin(ctx, options)
	if err != nil {
		return nil, err
	}
	defer call.cancel()
	response, err := c.service.ListActivations(call.ctx, &rectifierv1.ListActivationsRequest{})
	return response.GetActivations(), call.failed(err)
}

// Describe is what the catalogue says about the activation with this name or alias.
//
// Errors: also where there is none; it suggests the nearest names.
func (c *Client) Describe(ctx context.Context, name string, options ...CallOption) (*ActivationDescription, error) {
	activations, err := c.ListActivations(ctx, options...)
	if err != nil {
		return nil, err
	}
	plain := name[strings.LastIndex(name, ".")+1:] // torch.nn.ReLU
	for _, wanted := range []string{name, plain} {
		for _, activation := range activations {
			if activation.GetName() == wanted || slices.Contains(activation.GetAliases(), wanted) {
				return activation, nil
			}
		}
	}
	return nil, invalid("name", "UNKNOWN_ACTIVATION", "no activation %q%s", name, hintFor(plain, activations))
}

// hintFor tells what a name stands for, or which are near.
func hintFor(name string, activations []*ActivationDescription) string {
	var known []string
	for _, activation := range activations {
		for _, other := range activation.GetOtherNames() {
			if other.GetName() == name {
				return fmt.Sprintf("; it is %q with %s", activation.GetName(), other.GetArguments())
			}
		}
		known = append(append(known, activation.GetName()), activation.GetAliases()...)
	}
	var nearest []string
	least := 1 + len(name)/4 // those that are farther are no help
	for _, word := range known {
		changes := distance(strings.ToLower(name), strings.ToLower(word))
		if changes < least {
			least, nearest = changes, nil
		}
		if changes == least {
			nearest = append(nearest, word)
		}
	}
	if len(nearest) == 0 {
		return "; ListActivations names them all"
	}
	return fmt.Sprintf("; did you mean %s?", strings.Join(quoted(nearest[:min(len(nearest), 3)]), " or "))
}

func quoted(words []string) []string {
	result := make([]string, len(words))
	for i, word := range words {
		result[i] = strconv.Quote(word)
	}
	return result
}

// distance is how many letters have to be inserted, removed or replaced to make one word of another.
func distance(from, to string) int {
	row := make([]int, len(to)+1)
	for k := range row {
		row[k] = k
	}
	for i := range len(from) {
		diagonal := row[0]
		row[0] = i + 1
		for k := range len(to) {
			replaced := diagonal
			if from[i] != to[k] {
				replaced++
			}
			diagonal = row[k+1]
			row[k+1] = min(replaced, row[k]+1, row[k+1]+1)
		}
	}
	return row[len(to)]
}

// ServerInfo asks for the version, the CPU target, the threads and the limits of the server.
func (c *Client) ServerInfo(ctx context.Context, options ...CallOption) (*ServerInfo, error) {
	call, err := c.begin(ctx, options)
	if err != nil {
		return nil, err
	}
	defer call.cancel()
	info, err := c.service.GetServerInfo(call.ctx, &rectifierv1.GetServerInfoRequest{})
	return info, call.failed(err)
}

// Health tells whether the server says that it is ready to evaluate. A server that is draining says
// no.
func (c *Client) Health(ctx context.Context, options ...CallOption) (ready bool, err error) {
	call, err := c.begin(ctx, options)
	if err != nil {
		return false, err
	}
	defer call.cancel()
	response, err := grpc_health_v1.NewHealthClient(c.connection).Check(call.ctx,
		&grpc_health_v1.HealthCheckRequest{Service: serviceName})
	return response.GetStatus() == grpc_health_v1.HealthCheckResponse_SERVING, call.failed(err)
}
