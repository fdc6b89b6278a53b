package rectifier

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// vectorsFolder has the requests, results and errors that all clients agree on. Its README tells the
// format.
const vectorsFolder = "../../tests/conformance/vectors"

func TestVectors(t *testing.T) {
	paths, err := filepath.Glob(filepath.Join(vectorsFolder, "*.json"))
	if err != nil || len(paths) < 10 {
		t.Fatalf("%s has %d files (%v)", vectorsFolder, len(paths), err)
	}
	for _, path := range paths {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".json"), func(t *testing.T) {
			content, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			decoder := json.NewDecoder(bytes.NewReader(content))
			decoder.DisallowUnknownFields()
			var file vectorFile
			if err := decoder.Decode(&file); err != nil || len(file.Cases) == 0 {
				t.Fatalf("%d cases, %v", len(file.Cases), err)
			}
			runVectors(t, file)
		})
	}
}

// runVectors runs the cases of a file against a server with its flags.
func runVectors(t *testing.T, file vectorFile) {
	address := ""
	if len(file.ServerFlags) == 0 {
		address = commonServer.unix()
	} else {
		address = startServer(t, withFiles(t, file)...).unix()
	}
	clients := map[string]*Client{}
	for _, c := range file.Cases {
		if clients[c.Token] == nil {
			clients[c.Token] = newTestClient(t, address, WithSecurity(Security{Token: c.Token}))
		}
		results, err := c.run(clients[c.Token])
		if c.Error != nil {
			compareError(t, c, err)
			continue
		}
		if err != nil || len(results) != len(c.Results) {
			t.Errorf("%s: %d results, %v", c.Name, len(results), err)
			continue
		}
		for i, result := range results {
			compareWithVector(t, c.Name, result, c.Results[i])
		}
		c.compareStream(t, clients[c.Token])
	}
}

// withFiles writes the server's files, and gives its flags with their paths.
func withFiles(t *testing.T, file vectorFile) []string {
	flags := slices.Clone(file.ServerFlags)
	folder := t.TempDir()
	for name, content := range file.ServerFiles {
		path := filepath.Join(folder, name)
		write(t, path, []byte(content))
		for i := range flags {
			flags[i] = strings.ReplaceAll(flags[i], "{"+name+"}", path)
		}
	}
	return flags
}

func (c *vectorCase) run(client *Client) ([]*Result, error) {
	switch {
	case c.Request != nil:
		return nil, client.callRaw("Evaluate", c.Request)
	case c.Stream != nil:
		return nil, client.callRaw("EvaluateStream", c.Stream...)
	}
	var options []CallOption
	if c.Timeout > 0 {
		options = append(options, WithTimeout(time.Duration(c.Timeout*float64(time.Second))))
	}
	return client.EvaluateBatch(context.Background(), c.evaluations(), options...)
}

// compareStream has the only evaluation of a case computed by a stream as well.
func (c *vectorCase) compareStream(t *testing.T, client *Client) {
	evaluations := c.evaluations()
	if len(evaluations) != 1 || !evaluations[0].isStreamable() {
		return
	}
	call, err := client.begin(context.Background(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer call.cancel()
	results, err := call.evaluateByStream(&evaluations[0], &Limits{})
	if err != nil {
		t.Errorf("%s by a stream: %v", c.Name, err)
		return
	}
	compareWithVector(t, c.Name+" by a stream", results[0], c.Results[0])
}

func compareWithVector(t *testing.T, name string, got *Result, want vectorResult) {
	t.Helper()
	compareTensor(t, name+": value", got.Value, want.Value)
	compareTensor(t, name+": second derivative", got.SecondDerivative, want.SecondDerivative)
	if len(got.Gradients) != len(want.Gradients) {
		t.Errorf("%s: %d gradients, want %d", name, len(got.Gradients), len(want.Gradients))
		return
	}
	for i, gradient := range got.Gradients {
		compareTensor(t, fmt.Sprintf("%s: gradient %d", name, i), gradient, &want.Gradients[i])
	}
	names := slices.Sorted(maps.Keys(got.ParameterGradients))
	if !slices.Equal(names, slices.Sorted(maps.Keys(want.ParameterGradients))) {
		t.Errorf("%s: gradients of %v", name, names)
		return
	}
	for _, parameter := range names {
		of := want.ParameterGradients[parameter]
		compareTensor(t, name+": gradient of "+parameter, got.ParameterGradients[parameter], &of)
	}
}

func compareTensor(t *testing.T, name string, got Tensor, want *vectorTensor) {
	t.Helper()
	if want == nil {
		if !got.IsZero() {
			t.Errorf("%s: %v was not asked for", name, got)
		}
		return
	}
	expected := want.tensor()
	if got.String() != expected.String() || !bytes.Equal(got.bytes, expected.bytes) {
		t.Errorf("%s: %v %.64x, want %v %.64x", name, got, got.bytes, expected, expected.bytes)
	}
}

func compareError(t *testing.T, c vectorCase, err error) {
	t.Helper()
	var e *Error
	if !errors.As(err, &e) {
		t.Errorf("%s: %v, want %+v", c.Name, err, c.Error)
		return
	}
	got := vectorError{Code: strings.ToUpper(snake(e.Code.String())), Reason: e.Reason, Fields: []string{},
		Retry: e.RetryDelay > 0}
	for _, violation := range e.Violations {
		got.Fields = append(got.Fields, violation.Field)
	}
	element := ""
	if c.Error.Element != nil {
		element = fmt.Sprint(*c.Error.Element)
	}
	if got.Code != c.Error.Code || got.Reason != c.Error.Reason || !slices.Equal(got.Fields, c.Error.Fields) ||
		got.Retry != c.Error.Retry || e.Metadata["element"] != element {
		t.Errorf("%s: %+v with %v, want %+v", c.Name, got, e.Metadata, *c.Error)
	}
	for _, says := range c.Error.Says {
		if !strings.Contains(e.Error(), says) {
			t.Errorf("%s: %v does not say %s", c.Name, e, says)
		}
	}
}

// snake makes "Invalid_Argument" of "InvalidArgument".
func snake(name string) string {
	var words strings.Builder
	for i, letter := range name {
		if i > 0 && letter >= 'A' && letter <= 'Z' {
			words.WriteByte('_')
		}
		words.WriteRune(letter)
	}
	return words.String()
}
