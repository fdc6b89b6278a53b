package rectifier

import (
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"
)

// The programs of README.md are those of example and example_test.go, which run.
func TestReadmeShowsWhatRuns(t *testing.T) {
	readme := read(t, "README.md")
	programs := read(t, "example/quickstart/main.go")
	programs += strings.ReplaceAll("\n"+read(t, "example_test.go"), "\n\t", "\n")
	blocks := regexp.MustCompile("(?s)```go\n(.*?)```").FindAllStringSubmatch(readme, -1)
	if len(blocks) < 4 {
		t.Fatalf("%d programs", len(blocks))
	}
	for _, block := range blocks {
		if !strings.Contains(programs, block[1]) {
			t.Errorf("no example has\n%s", block[1])
		}
	}
}

func TestExamplesRun(t *testing.T) {
	for folder, want := range map[string]string{
		"./example/quickstart": "[-0.15865526 0 0.8413448] [-0.08331547 0.5 1.0833155]\n",
		"./example/prelu": "slopes: [0.100 0.200 0.300]\n" +
			"InvalidArgument at evaluations[0].activation.name: no activation \"gellu\"; did you mean \"gelu\"?\n" +
			"relu of 8388608 elements ends with [1 2 3 0 0 0 0]\n",
	} {
		output, err := exec.Command("go", "run", folder).CombinedOutput()
		if err != nil || string(output) != want {
			t.Errorf("%s: %v\n%s", folder, err, output)
		}
	}
}

func read(t *testing.T, path string) string {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}
