package rectifier

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"unsafe"

	"github.com/rectifier/rectifier/client/go/rectifierv1"
)

// ElementType is the type of a tensor's elements.
type ElementType = rectifierv1.ElementType

// The element types. Bool is for masks: nothing is computed in it.
const (
	Float16  = rectifierv1.ElementType_ELEMENT_TYPE_FLOAT16
	BFloat16 = rectifierv1.ElementType_ELEMENT_TYPE_BFLOAT16
	Float32  = rectifierv1.ElementType_ELEMENT_TYPE_FLOAT32
	Float64  = rectifierv1.ElementType_ELEMENT_TYPE_FLOAT64
	Bool     = rectifierv1.ElementType_ELEMENT_TYPE_BOOL
)

// Float is every type whose values are float32 or float64.
type Float interface{ ~float32 | ~float64 }

// Tensor is a dense, row-major array of any rank. It is a view: it shares the slice that it is made
// of, which must not change while a call that it is passed to is running. The zero Tensor stands for
// no tensor.
//
// A shape that does not fit the number of elements is found when the tensor is sent; the error names
// it.
type Tensor struct {
	elementType ElementType
	shape       []int
	bytes       []byte // in this machine's byte order
	region      *BufferRegion
}

// Of makes a tensor of values. Without a shape it is a vector.
//
// Shape: the size of each dimension, outermost first; their product is len(values).
func Of[T Float](values []T, shape ...int) Tensor {
	elementType := Float32
	if unsafe.Sizeof(T(0)) == 8 {
		elementType = Float64
	}
	return view(elementType, values, shape)
}

// Scalar makes a tensor of rank 0.
func Scalar[T Float](value T) Tensor { return Of([]T{value}).Reshape() }

// OfFloat16 makes a tensor of IEEE 754 binary16, for which Go has no type, of its bits. Without a
// shape it is a vector.
func OfFloat16(bits []uint16, shape ...int) Tensor { return view(Float16, bits, shape) }

// OfBFloat16 makes a tensor of bfloat16, the upper halves of float32, of its bits. Without a shape it
// is a vector.
func OfBFloat16(bits []uint16, shape ...int) Tensor { return view(BFloat16, bits, shape) }

// OfBools makes a mask, in which true keeps an element. Without a shape it is a vector.
func OfBools(values []bool, shape ...int) Tensor { return view(Bool, values, shape) }

// OfBytes makes a tensor of the memory of its elements, in this machine's byte order. Without a shape
// it is a vector.
func OfBytes(elementType ElementType, bytes []byte, shape ...int) Tensor {
	t := Tensor{elementType: elementType, shape: slices.Clone(shape), bytes: bytes}
	if len(shape) == 0 {
		t.shape = []int{len(bytes) / max(sizeOf(elementType), 1)}
	}
	return t
}

// view makes a tensor over the memory of values.
func view[E any](elementType ElementType, values []E, shape []int) Tensor {
	t := Tensor{elementType: elementType, shape: slices.Clone(shape)}
	if len(shape) == 0 {
		t.shape = []int{len(values)}
	}
	if len(values) > 0 {
		size := len(values) * int(unsafe.Sizeof(values[0]))
		t.bytes = unsafe.Slice((*byte)(unsafe.Pointer(&values[0])), size)
	}
	return t
}

// Reshape gives the same elements in another shape; without sizes in that of rank 0, which has one
// element.
func (t Tensor) Reshape(shape ...int) Tensor {
	t.shape = slices.Clone(shape)
	return t
}

// IsZero tells whether this is no tensor: of a result, that its quantity was not asked for.
func (t Tensor) IsZero() bool { return t.elementType == 0 }

// ElementType is the type of the elements.
func (t Tensor) ElementType() ElementType { return t.elementType }

// Shape is the size of each dimension, outermost first.
func (t Tensor) Shape() []int { return slices.Clone(t.shape) }

// Len is the number of elements.
func (t Tensor) Len() int { return len(t.bytes) / max(sizeOf(t.elementType), 1) }

// Bytes is the memory of the elements, in this machine's byte order.
func (t Tensor) Bytes() []byte { return t.bytes }

// String tells type and shape: "float32[2 3]".
func (t Tensor) String() string {
	if t.IsZero() {
		return "no tensor"
	}
	return fmt.Sprintf("%s%v", shortName(t.elementType), t.shape)
}

// Floats is the elements of a tensor of float32 or float64, without a copy.
//
// Errors: where T has another size than the elements, or there is no tensor.
func Floats[T Float](t Tensor) ([]T, error) {
	wanted := Float32
	if unsafe.Sizeof(T(0)) == 8 {
		wanted = Float64
	}
	if t.elementType != wanted {
		return nil, fmt.Errorf("rectifier: %s is wanted of %s%s", shortName(wanted), t, hint(t))
	}
	return elements[T](t), nil
}

// Bits is the elements of a tensor of float16 or bfloat16, without a copy.
//
// Errors: where the elements are of another type, or there is no tensor.
func Bits(t Tensor) ([]uint16, error) {
	if t.elementType != Float16 && t.elementType != BFloat16 {
		return nil, fmt.Errorf("rectifier: bits of float16 or bfloat16 are wanted of %s%s", t, hint(t))
	}
	return elements[uint16](t), nil
}

func hint(t Tensor) string {
	if t.IsZero() {
		return "; only quantities that are asked for (Evaluation.Quantities) have one"
	}
	return ""
}

// elements is the memory of a tensor whose elements are as large as E.
func elements[E any](t Tensor) []E {
	if len(t.bytes) == 0 {
		return []E{}
	}
	size := int(unsafe.Sizeof(*new(E)))
	start := unsafe.Pointer(unsafe.SliceData(t.bytes))
	if uintptr(start)%unsafe.Alignof(*new(E)) != 0 {
		copied := make([]E, len(t.bytes)/size)
		copy(unsafe.Slice((*byte)(unsafe.Pointer(&copied[0])), len(t.bytes)), t.bytes)
		return copied
	}
	return unsafe.Slice((*E)(start), len(t.bytes)/size)
}

// check tells what is wrong with the tensor, if anything is.
func (t Tensor) check() string {
	size := sizeOf(t.elementType)
	if size == 0 {
		return fmt.Sprintf("its element type is %v; make tensors with Of, OfFloat16, OfBFloat16 or OfBools",
			t.elementType)
	}
	if slices.ContainsFunc(t.shape, func(n int) bool { return n < 0 }) {
		return fmt.Sprintf("its shape %v has a negative size", t.shape)
	}
	if len(t.bytes)%size != 0 {
		return fmt.Sprintf("its %d bytes are no whole number of elements of %d", len(t.bytes), size)
	}
	if count, ok := elementCount(t.shape); !ok || count != t.Len() {
		return fmt.Sprintf("its shape %v does not fit its %d elements", t.shape, t.Len())
	}
	return ""
}

// elementCount is the product of the sizes, where that is an int.
func elementCount(shape []int) (int, bool) {
	if slices.Contains(shape, 0) {
		return 0, true
	}
	count := 1
	for _, n := range shape {
		if n < 0 || count > math.MaxInt/n {
			return 0, false
		}
		count *= n
	}
	return count, true
}

// sizeOf is the bytes of an element; 0 of a type that there is not.
func sizeOf(elementType ElementType) int {
	switch elementType {
	case Float16, BFloat16:
		return 2
	case Float32:
		return 4
	case Float64:
		return 8
	case Bool:
		return 1
	}
	return 0
}

func shortName(elementType ElementType) string {
	return strings.ToLower(strings.TrimPrefix(elementType.String(), "ELEMENT_TYPE_"))
}
