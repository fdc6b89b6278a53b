//! Arrays in shared memory, for callers who keep their data there.

use std::fmt;
use std::marker::PhantomData;
use std::ops::{Deref, DerefMut};
use std::sync::Arc;

use bytes::Bytes;

use super::connection::BufferConnection;
use super::memory::SharedMemory;
use crate::element::{self, Element};
use crate::error::Error;
use crate::evaluation::{Evaluation, Quantity};
use crate::tensor::{Payload, Tensor, byte_count};
use crate::v1;

/// A connection to the shared buffers of a server on this machine.
///
/// Clones share it. It stays open for as long as an array of it is there.
#[derive(Clone, Debug)]
pub struct SharedBuffers {
    connection: Arc<BufferConnection>,
}

impl SharedBuffers {
    /// Connects to the socket at `path`. [`Client::shared_buffers`](crate::Client::shared_buffers)
    /// asks the server for it; a container may have mounted it elsewhere.
    ///
    /// # Errors
    ///
    /// [`Error::Call`] with `Unavailable` where no server listens there.
    pub fn connect(path: &str) -> Result<Self, Error> {
        Ok(Self { connection: Arc::new(BufferConnection::open(path)?) })
    }

    /// An array of zeros in a buffer of its own. This waits for the server to clear the memory,
    /// which takes milliseconds for each 10 MiB: keep arrays, and use them for many calls.
    ///
    /// # Errors
    ///
    /// [`Error::Call`]: `InvalidArgument` where no buffer may be so large; `ResourceExhausted`
    /// where a quota does not allow it now; `Unavailable` where the server has gone.
    /// [`Error::Argument`] for a shape that no machine can hold.
    pub fn array<T: Element>(&self, shape: &[usize]) -> Result<SharedArray<T>, Error> {
        let bytes = byte_count(T::ELEMENT_TYPE, shape)
            .ok_or_else(|| Error::argument("shape", "too large", "TOO_MANY_ELEMENTS"))?;
        let memory = SharedMemory::allocate(&self.connection, bytes)?;
        Ok(SharedArray { memory, shape: shape.to_vec(), element: PhantomData })
    }
}

/// An array that the server reads and writes where it is.
///
/// It is a slice, so fill and read it like one. A call borrows the arrays that it names: those it
/// reads by [`SharedArray::tensor`], those it writes by [`Evaluation::into_shared`] or
/// [`Evaluation::in_place`]. The buffer is released when the array is dropped.
///
/// A call that is given up (its future dropped, or its time over) may write on for a moment: what
/// its arrays hold then is undefined numbers, until another call has filled them.
///
/// ```no_run
/// # async fn example(client: rectifier::Client) -> Result<(), rectifier::Error> {
/// use rectifier::{Evaluation, Output};
///
/// let buffers = client.shared_buffers().await?;
/// let mut x = buffers.array::<f32>(&[1000, 1000])?;
/// let mut y = buffers.array::<f32>(&[1000, 1000])?;
/// x.fill(0.5);
/// client.evaluate(&Evaluation::new("gelu", x.tensor()).into_shared(Output::Value, &mut y)).await?;
/// println!("{}", y[0]);
/// client.evaluate(&Evaluation::in_place("relu", &mut x)).await?;
/// # Ok(())
/// # }
/// ```
pub struct SharedArray<T: Element> {
    memory: SharedMemory,
    shape: Vec<usize>,
    element: PhantomData<T>,
}

impl<T: Element> SharedArray<T> {
    /// The sizes of the dimensions, outermost first.
    pub fn shape(&self) -> &[usize] {
        &self.shape
    }

    /// The array as an input, upstream or argument.
    pub fn tensor(&self) -> Tensor<'_> {
        let region =
            Region { token: self.memory.token().clone(), offset: 0, bytes: self.memory.as_ref() };
        Tensor::with_payload(T::ELEMENT_TYPE, self.shape.clone(), Payload::Shared(region))
            .expect("the shape is that of the memory")
    }

    fn place(&self) -> v1::BufferRegion {
        let length = self.memory.as_ref().len() as u64;
        v1::BufferRegion { token: self.memory.token().clone(), offset: 0, length }
    }
}

impl<T: Element> Deref for SharedArray<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        element::elements_of(self.memory.as_ref()).expect("a page is aligned, and holds elements")
    }
}

impl<T: Element> DerefMut for SharedArray<T> {
    fn deref_mut(&mut self) -> &mut [T] {
        element::elements_of_mut(self.memory.bytes_mut())
            .expect("a page is aligned, and holds elements")
    }
}

impl<T: Element> fmt::Debug for SharedArray<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "shared {}{:?}", T::ELEMENT_TYPE, self.shape)
    }
}

/// Which result of an evaluation goes to a shared array.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Output {
    /// The value.
    Value,
    /// The gradient by the input of this index, which is 0 but for a pair in two tensors.
    Gradient(u32),
    /// The second derivative.
    SecondDerivative,
    /// The gradient by the parameter of this name or alias.
    ParameterGradient(String),
}

impl<'a> Evaluation<'a> {
    /// Has a result written to `array`, which must have its type and as many elements. The quantity
    /// is asked for, if it was not already; the [`EvaluationResult`](crate::EvaluationResult) does
    /// not have it then.
    pub fn into_shared<T: Element>(
        mut self,
        output: Output,
        array: &'a mut SharedArray<T>,
    ) -> Self {
        let destination = Destination { output, region: array.place(), array: PhantomData };
        self = self.and(destination.quantity());
        self.destinations.push(destination);
        self
    }

    /// An activation that keeps the shape of its input, whose value takes the place of the input.
    ///
    /// Such a call is not tried again by itself: where it fails with [`Code::Unavailable`](crate::Code::Unavailable), the array
    /// may hold the input or the value.
    pub fn in_place<T: Element>(
        activation: impl Into<String>,
        array: &'a mut SharedArray<T>,
    ) -> Self {
        let array: &'a SharedArray<T> = array;
        let region = array.place();
        let mut evaluation = Self::new(activation, array.tensor());
        evaluation.destinations.push(Destination {
            output: Output::Value,
            region,
            array: PhantomData,
        });
        evaluation
    }
}

/// Part of a buffer that the server reads.
#[derive(Clone)]
pub(crate) struct Region<'a> {
    pub(crate) token: Bytes,
    pub(crate) offset: usize,
    pub(crate) bytes: &'a [u8],
}

impl Region<'_> {
    pub(crate) fn bytes(&self) -> &[u8] {
        self.bytes
    }

    pub(crate) fn to_message(&self) -> v1::BufferRegion {
        v1::BufferRegion {
            token: self.token.clone(),
            offset: self.offset as u64,
            length: self.bytes.len() as u64,
        }
    }
}

/// Where one result goes, which nobody else uses for the lifetime `'a`.
#[derive(Clone, Debug)]
pub(crate) struct Destination<'a> {
    pub(crate) output: Output,
    pub(crate) region: v1::BufferRegion,
    pub(crate) array: PhantomData<&'a ()>,
}

impl Destination<'_> {
    fn quantity(&self) -> Quantity {
        match self.output {
            Output::Value => Quantity::Value,
            Output::Gradient(_) => Quantity::Gradient,
            Output::SecondDerivative => Quantity::SecondDerivative,
            Output::ParameterGradient(_) => Quantity::ParameterGradients,
        }
    }

    pub(crate) fn to_message(&self) -> v1::Destination {
        let (input, parameter) = match &self.output {
            Output::Gradient(input) => (*input, String::new()),
            Output::ParameterGradient(parameter) => (0, parameter.clone()),
            Output::Value | Output::SecondDerivative => (0, String::new()),
        };
        v1::Destination {
            quantity: self.quantity().to_message().into(),
            input,
            parameter,
            region: Some(self.region.clone()),
        }
    }
}
