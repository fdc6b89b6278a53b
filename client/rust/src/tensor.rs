//! Tensors: a shape over a slice of the caller's, or over the bytes of a reply.

use std::fmt;

use bytes::Bytes;

use crate::element::{self, Element, ElementType};
use crate::error::Error;

/// A dense, row-major tensor.
///
/// One made from a slice borrows it, and nothing is copied until it is sent. Results are tensors
/// that own their bytes (`Tensor<'static>`), which clones share; so a result can be the next input.
///
/// # Shape
///
/// The sizes of the dimensions, outermost first. Rank 0 (one element) and sizes of 0 are legal. A
/// slice by itself is a vector.
///
/// ```
/// use rectifier::Tensor;
///
/// let x = [1.0_f32, 2.0, 3.0, 4.0, 5.0, 6.0];
/// let matrix = Tensor::new(&x, &[2, 3])?;
/// assert_eq!(matrix.shape(), [2, 3]);
/// assert_eq!(matrix.as_slice::<f32>()?, x);
/// # Ok::<(), rectifier::Error>(())
/// ```
#[derive(Clone)]
pub struct Tensor<'a> {
    element_type: ElementType,
    shape: Vec<usize>,
    payload: Payload<'a>,
}

/// Where the bytes are.
#[derive(Clone)]
pub(crate) enum Payload<'a> {
    Borrowed(&'a [u8]),
    Owned(Bytes),
    /// In a buffer that the server sees, too.
    #[cfg(target_os = "linux")]
    Shared(crate::shared_memory::Region<'a>),
}

impl<'a> Tensor<'a> {
    /// A tensor over `elements`.
    ///
    /// # Errors
    ///
    /// [`Error::Argument`] where the shape has another number of elements.
    pub fn new<T: Element>(elements: &'a [T], shape: &[usize]) -> Result<Self, Error> {
        Self::from_bytes(T::ELEMENT_TYPE, element::bytes_of(elements), shape)
    }

    /// A tensor over bytes: little-endian elements, tightly packed, at any address.
    ///
    /// # Errors
    ///
    /// [`Error::Argument`] where the shape takes another number of bytes.
    pub fn from_bytes(
        element_type: ElementType,
        bytes: &'a [u8],
        shape: &[usize],
    ) -> Result<Self, Error> {
        Self::with_payload(element_type, shape.to_vec(), Payload::Borrowed(bytes))
    }

    pub(crate) fn with_payload(
        element_type: ElementType,
        shape: Vec<usize>,
        payload: Payload<'a>,
    ) -> Result<Self, Error> {
        let tensor = Self { element_type, shape, payload };
        let given = tensor.as_bytes().len();
        if byte_count(element_type, &tensor.shape) != Some(given) {
            return Err(Error::argument(
                "shape",
                format!(
                    "{:?} given for {} elements of {element_type} ({given} bytes)",
                    tensor.shape,
                    given / element_type.size()
                ),
                "PAYLOAD_LENGTH_MISMATCH",
            ));
        }
        Ok(tensor)
    }

    /// The type of the elements.
    pub fn element_type(&self) -> ElementType {
        self.element_type
    }

    /// The sizes of the dimensions, outermost first.
    pub fn shape(&self) -> &[usize] {
        &self.shape
    }

    /// How many elements there are.
    pub fn len(&self) -> usize {
        self.as_bytes().len() / self.element_type.size()
    }

    /// Whether there is no element.
    pub fn is_empty(&self) -> bool {
        self.as_bytes().is_empty()
    }

    /// The elements as bytes: little-endian, row-major, tightly packed.
    pub fn as_bytes(&self) -> &[u8] {
        match &self.payload {
            Payload::Borrowed(bytes) => bytes,
            Payload::Owned(bytes) => bytes,
            #[cfg(target_os = "linux")]
            Payload::Shared(region) => region.bytes(),
        }
    }

    /// The elements, without a copy. Results can always be looked at in this way.
    ///
    /// # Errors
    ///
    /// [`Error::ElementType`] where they are of another type; [`Error::Unaligned`] for a tensor of
    /// [`Tensor::from_bytes`] whose bytes lie at an address that `T` cannot have.
    pub fn as_slice<T: Element>(&self) -> Result<&[T], Error> {
        self.check_type::<T>()?;
        element::elements_of(self.as_bytes()).ok_or(Error::Unaligned)
    }

    /// A copy of the elements.
    ///
    /// # Errors
    ///
    /// [`Error::ElementType`] where they are of another type.
    pub fn to_vec<T: Element>(&self) -> Result<Vec<T>, Error> {
        self.check_type::<T>()?;
        element::copy_of(self.as_bytes()).ok_or(Error::Unaligned)
    }

    fn check_type<T: Element>(&self) -> Result<(), Error> {
        if self.element_type == T::ELEMENT_TYPE {
            return Ok(());
        }
        Err(Error::ElementType { actual: self.element_type, requested: T::ELEMENT_TYPE })
    }

    pub(crate) fn payload(&self) -> &Payload<'a> {
        &self.payload
    }

    /// Whether a request only says where the bytes are.
    pub(crate) fn is_shared(&self) -> bool {
        !matches!(self.payload, Payload::Borrowed(_) | Payload::Owned(_))
    }

    /// Whether it lies in the shared buffer of this token.
    #[cfg(target_os = "linux")]
    pub(crate) fn is_in(&self, token: &[u8]) -> bool {
        matches!(&self.payload, Payload::Shared(region) if region.token == token)
    }
}

impl Tensor<'static> {
    /// A tensor that owns its elements, without a copy.
    ///
    /// # Errors
    ///
    /// [`Error::Argument`] where the shape has another number of elements.
    pub fn from_vec<T: Element>(elements: Vec<T>, shape: &[usize]) -> Result<Self, Error> {
        let owned = Bytes::from_owner(OwnedElements(elements));
        Self::with_payload(T::ELEMENT_TYPE, shape.to_vec(), Payload::Owned(owned))
    }

    /// A tensor over the bytes of a reply, which are moved where elements could not lie there.
    pub(crate) fn from_reply(
        element_type: ElementType,
        shape: Vec<usize>,
        bytes: Bytes,
    ) -> Result<Self, Error> {
        let bytes = match bytes.as_ptr().align_offset(element_type.size()) {
            0 => bytes,
            _ => aligned_copy(&bytes),
        };
        Self::with_payload(element_type, shape, Payload::Owned(bytes))
    }
}

/// The bytes of a tensor; `None` where no machine could address them.
pub(crate) fn byte_count(element_type: ElementType, shape: &[usize]) -> Option<usize> {
    if shape.contains(&0) {
        return Some(0);
    }
    shape.iter().try_fold(element_type.size(), |bytes, size| bytes.checked_mul(*size))
}

struct OwnedElements<T>(Vec<T>);

impl<T: Element> AsRef<[u8]> for OwnedElements<T> {
    fn as_ref(&self) -> &[u8] {
        element::bytes_of(&self.0)
    }
}

/// Bytes at an address where elements of any type can lie.
pub(crate) struct AlignedBytes {
    words: Vec<f64>,
    len: usize,
}

impl AlignedBytes {
    pub(crate) fn zeroed(len: usize) -> Self {
        Self { words: vec![0.0; len.div_ceil(size_of::<f64>())], len }
    }

    pub(crate) fn as_mut(&mut self) -> &mut [u8] {
        // SAFETY: the words have at least `len` bytes, and any bytes make words.
        unsafe { std::slice::from_raw_parts_mut(self.words.as_mut_ptr().cast(), self.len) }
    }
}

impl From<AlignedBytes> for Bytes {
    fn from(bytes: AlignedBytes) -> Self {
        Bytes::from_owner(OwnedElements(bytes.words)).slice(..bytes.len)
    }
}

fn aligned_copy(bytes: &[u8]) -> Bytes {
    let mut copy = AlignedBytes::zeroed(bytes.len());
    copy.as_mut().copy_from_slice(bytes);
    copy.into()
}

impl fmt::Debug for Tensor<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}{:?}", self.element_type, self.shape)
    }
}

/// The same tensor, borrowed.
impl<'a> From<&'a Tensor<'_>> for Tensor<'a> {
    fn from(tensor: &'a Tensor<'_>) -> Self {
        tensor.clone()
    }
}

/// A vector.
impl<'a, T: Element> From<&'a [T]> for Tensor<'a> {
    fn from(elements: &'a [T]) -> Self {
        Self {
            element_type: T::ELEMENT_TYPE,
            shape: vec![elements.len()],
            payload: Payload::Borrowed(element::bytes_of(elements)),
        }
    }
}

/// A vector.
impl<'a, T: Element, const N: usize> From<&'a [T; N]> for Tensor<'a> {
    fn from(elements: &'a [T; N]) -> Self {
        elements.as_slice().into()
    }
}

/// A vector.
impl<'a, T: Element> From<&'a Vec<T>> for Tensor<'a> {
    fn from(elements: &'a Vec<T>) -> Self {
        elements.as_slice().into()
    }
}
