package rectifier

import (
	"math"
	"slices"
	"strings"
	"testing"
)

func TestTensorsAreViews(t *testing.T) {
	values := []float64{1, 2, 3, 4}
	x := Of(values, 2, 2)
	values[0] = 5
	back, err := Floats[float64](x)
	if err != nil || &back[0] != &values[0] || back[0] != 5 {
		t.Errorf("%v, %v", back, err)
	}
	if x.String() != "float64[2 2]" || x.Len() != 4 || x.ElementType() != Float64 {
		t.Errorf("%v, %d", x, x.Len())
	}
	x.Shape()[0] = 9
	if !slices.Equal(x.Shape(), []int{2, 2}) || !slices.Equal(x.Reshape(4).Shape(), []int{4}) {
		t.Error("a shape can be changed from outside")
	}
}

func TestTensorsKnowWhatIsWrongWithThem(t *testing.T) {
	huge := math.MaxInt/2 + 1
	for _, c := range []struct {
		tensor Tensor
		text   string
	}{
		{Of([]float32{1, 2}), ""},
		{Of([]float32{}), ""},
		{Of([]float32{}, huge, huge, 0), ""},
		{Of([]float32{1}).Reshape(), ""},
		{Of([]float32{1, 2}).Reshape(), "does not fit its 2 elements"},
		{Of([]float32{1, 2}, 3), "does not fit its 2 elements"},
		{Of([]float32{1, 2}, -1, -2), "negative"},
		{Of([]float32{}, huge, 2), "does not fit"},
		{OfBytes(Float32, make([]byte, 6)), "no whole number"},
		{OfBytes(99, make([]byte, 6)), "element type"},
		{Tensor{}, "make tensors with Of"},
	} {
		if got := c.tensor.check(); (c.text == "") != (got == "") || !strings.Contains(got, c.text) {
			t.Errorf("%v: %q", c.tensor, got)
		}
	}
}

func TestUnalignedBytesAreCopied(t *testing.T) {
	memory := make([]byte, 17)
	copy(memory[1:], Of([]float64{1, 2}).Bytes())
	values, err := Floats[float64](OfBytes(Float64, memory[1:]))
	if err != nil || !slices.Equal(values, []float64{1, 2}) {
		t.Errorf("%v, %v", values, err)
	}
}

func TestSwappedReversesEachElement(t *testing.T) {
	data := []byte{1, 2, 3, 4}
	if got := swapped(data, 2); !slices.Equal(got, []byte{2, 1, 4, 3}) || data[0] != 1 {
		t.Error(got)
	}
	if got := swapped(data, 1); !slices.Equal(got, data) {
		t.Error(got)
	}
}
