package rectifier

import (
	"context"
	"strings"
	"testing"
)

func TestListActivationsGivesTheCatalogue(t *testing.T) {
	activations, err := newTestClient(t, commonServer.unix()).ListActivations(context.Background())
	if err != nil || len(activations) < 30 {
		t.Fatalf("%d, %v", len(activations), err)
	}
	for _, activation := range activations {
		if activation.GetFormula() == "" || len(activation.GetElementTypes()) == 0 {
			t.Errorf("%v", activation)
		}
	}
}

func TestDescribeFindsNamesAndSuggests(t *testing.T) {
	client := newTestClient(t, commonServer.unix())
	for name, want := range map[string]string{"gelu": "gelu", "swish1": "silu", "torch.nn.SiLU": "silu"} {
		if got, err := client.Describe(context.Background(), name); err != nil || got.GetName() != want {
			t.Errorf("%s: %v, %v", name, got.GetName(), err)
		}
	}
	for name, text := range map[string]string{
		"gellu": `did you mean "gelu"`, "mul_and_silu": `"swiglu" with gate=second`, "zzzzzzzzzzzz": "ListActivations"} {
		_, err := client.Describe(context.Background(), name)
		if e := failure(t, err); e.Reason != "UNKNOWN_ACTIVATION" || !strings.Contains(e.Error(), text) {
			t.Errorf("%s: %v", name, e)
		}
	}
}

func TestServerInfoAndHealthAnswer(t *testing.T) {
	client := newTestClient(t, commonServer.unix())
	info, err := client.ServerInfo(context.Background())
	if err != nil || info.GetVersion() == "" || info.GetLimits().GetMaxElements() == 0 {
		t.Errorf("%v, %v", info, err)
	}
	if ready, err := client.Health(context.Background()); err != nil || !ready {
		t.Errorf("%v, %v", ready, err)
	}
}

func TestDistanceCountsChanges(t *testing.T) {
	for words, want := range map[[2]string]int{
		{"", ""}: 0, {"", "ab"}: 2, {"gelu", "gellu"}: 1, {"silu", "gelu"}: 2, {"abc", "bc"}: 1, {"ab", "ba"}: 2} {
		if got := distance(words[0], words[1]); got != want {
			t.Errorf("%v: %d", words, got)
		}
	}
}
