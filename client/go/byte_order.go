package rectifier

import (
	"encoding/binary"
	"slices"
)

// isLittleEndian tells whether this machine's byte order is that of the wire.
var isLittleEndian = binary.NativeEndian.Uint16([]byte{1, 0}) == 1

// swapUnlessLittleEndian converts between this machine's byte order and that of the wire, which is
// little-endian. Where they are the same it returns the very slice.
func swapUnlessLittleEndian(data []byte, elementType ElementType) []byte {
	if isLittleEndian {
		return data
	}
	return swapped(data, sizeOf(elementType))
}

// swapped is a copy of data in which the bytes of each element are reversed.
func swapped(data []byte, size int) []byte {
	result := slices.Clone(data)
	for i := 0; i+size <= len(result); i += size {
		slices.Reverse(result[i : i+size])
	}
	return result
}
