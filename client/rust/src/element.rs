//! The types that tensors are made of.

use std::fmt;

use crate::v1;

/// The type of a tensor's elements.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum ElementType {
    /// IEEE 754 binary16, 2 bytes.
    Float16,
    /// bfloat16, the upper half of a binary32, 2 bytes.
    BFloat16,
    /// IEEE 754 binary32, 4 bytes.
    Float32,
    /// IEEE 754 binary64, 8 bytes.
    Float64,
    /// One byte, 0 or 1. It is for masks, and nothing is computed in it.
    Bool,
}

impl ElementType {
    /// The bytes of one element.
    pub fn size(self) -> usize {
        match self {
            Self::Float16 | Self::BFloat16 => 2,
            Self::Float32 => 4,
            Self::Float64 => 8,
            Self::Bool => 1,
        }
    }

    pub(crate) fn to_message(self) -> v1::ElementType {
        match self {
            Self::Float16 => v1::ElementType::Float16,
            Self::BFloat16 => v1::ElementType::Bfloat16,
            Self::Float32 => v1::ElementType::Float32,
            Self::Float64 => v1::ElementType::Float64,
            Self::Bool => v1::ElementType::Bool,
        }
    }

    pub(crate) fn from_message(message: i32) -> Option<Self> {
        match v1::ElementType::try_from(message).ok()? {
            v1::ElementType::Unspecified => None,
            v1::ElementType::Float16 => Some(Self::Float16),
            v1::ElementType::Bfloat16 => Some(Self::BFloat16),
            v1::ElementType::Float32 => Some(Self::Float32),
            v1::ElementType::Float64 => Some(Self::Float64),
            v1::ElementType::Bool => Some(Self::Bool),
        }
    }
}

impl fmt::Display for ElementType {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Float16 => "float16",
            Self::BFloat16 => "bfloat16",
            Self::Float32 => "float32",
            Self::Float64 => "float64",
            Self::Bool => "bool",
        })
    }
}

/// A Rust type whose slices are tensors: `f32`, `f64`, `bool` for masks, and with the feature
/// `half` also `half::f16` and `half::bf16`.
pub trait Element: sealed::Plain {
    /// The type that its tensors have.
    const ELEMENT_TYPE: ElementType;
}

impl Element for f32 {
    const ELEMENT_TYPE: ElementType = ElementType::Float32;
}
impl Element for f64 {
    const ELEMENT_TYPE: ElementType = ElementType::Float64;
}
impl Element for bool {
    const ELEMENT_TYPE: ElementType = ElementType::Bool;
}
#[cfg(feature = "half")]
impl Element for half::f16 {
    const ELEMENT_TYPE: ElementType = ElementType::Float16;
}
#[cfg(feature = "half")]
impl Element for half::bf16 {
    const ELEMENT_TYPE: ElementType = ElementType::BFloat16;
}

mod sealed {
    /// A type without padding, whose bytes in memory are those of the API.
    ///
    /// # Safety
    ///
    /// Every byte of a value is initialized. `holds` says which bytes are values.
    pub unsafe trait Plain: Copy + Send + Sync + 'static {
        /// Whether `bytes`, whose length is a multiple of the size, are values of this type.
        fn holds(_bytes: &[u8]) -> bool {
            true
        }
    }

    // SAFETY: any bits are a number, and there is no padding.
    unsafe impl Plain for f32 {}
    // SAFETY: as above.
    unsafe impl Plain for f64 {}
    // SAFETY: half's types are transparent over u16.
    #[cfg(feature = "half")]
    unsafe impl Plain for half::f16 {}
    // SAFETY: as above.
    #[cfg(feature = "half")]
    unsafe impl Plain for half::bf16 {}
    // SAFETY: a bool is one byte, which is 0 or 1.
    unsafe impl Plain for bool {
        fn holds(bytes: &[u8]) -> bool {
            bytes.iter().all(|byte| *byte <= 1)
        }
    }
}

// The API is little-endian, and slices travel as they are.
#[cfg(target_endian = "big")]
compile_error!("rectifier needs a little-endian machine");

/// The bytes of a slice.
pub(crate) fn bytes_of<T: Element>(elements: &[T]) -> &[u8] {
    // SAFETY: `Plain` promises that every byte is initialized; any address suits a byte.
    unsafe { std::slice::from_raw_parts(elements.as_ptr().cast(), size_of_val(elements)) }
}

/// The elements that lie in `bytes`; `None` where they are not aligned, or are no values of `T`.
pub(crate) fn elements_of<T: Element>(bytes: &[u8]) -> Option<&[T]> {
    let is_aligned = bytes.as_ptr().cast::<T>().is_aligned();
    if !is_aligned || !bytes.len().is_multiple_of(size_of::<T>()) || !T::holds(bytes) {
        return None;
    }
    // SAFETY: address and length were checked, and `holds` says that the bytes are values.
    Some(unsafe { std::slice::from_raw_parts(bytes.as_ptr().cast(), bytes.len() / size_of::<T>()) })
}

/// As `elements_of`, to be written to.
#[cfg(target_os = "linux")]
pub(crate) fn elements_of_mut<T: Element>(bytes: &mut [u8]) -> Option<&mut [T]> {
    let count = elements_of::<T>(bytes)?.len();
    // SAFETY: `elements_of` has checked the same bytes, of which this is the only reference.
    Some(unsafe { std::slice::from_raw_parts_mut(bytes.as_mut_ptr().cast(), count) })
}

/// A copy of the elements that lie in `bytes`, at any address; `None` where they are no values.
pub(crate) fn copy_of<T: Element>(bytes: &[u8]) -> Option<Vec<T>> {
    if !bytes.len().is_multiple_of(size_of::<T>()) || !T::holds(bytes) {
        return None;
    }
    let count = bytes.len() / size_of::<T>();
    let mut elements = Vec::<T>::with_capacity(count);
    // SAFETY: there is room for `count` elements, whose bytes are values as `holds` says.
    unsafe {
        std::ptr::copy_nonoverlapping(bytes.as_ptr(), elements.as_mut_ptr().cast(), bytes.len());
        elements.set_len(count);
    }
    Some(elements)
}
