//! One buffer, mapped.

use std::ptr::NonNull;
use std::sync::Arc;

use bytes::Bytes;
use rustix::mm::{MapFlags, ProtFlags, mmap, munmap};
use tonic::Code;

use super::connection::{BufferConnection, failure};
use crate::error::Error;

/// A buffer that begins with zeros. It is released in the server when it is dropped.
#[derive(Debug)]
pub(crate) struct SharedMemory {
    connection: Arc<BufferConnection>,
    token: Bytes,
    address: NonNull<u8>,
    /// Of the mapping.
    size: usize,
    /// That were asked for.
    len: usize,
}

// SAFETY: the memory belongs to this object, wherever it is.
unsafe impl Send for SharedMemory {}
// SAFETY: through a shared reference the memory is only read.
unsafe impl Sync for SharedMemory {}

impl SharedMemory {
    /// Waits for the server, which clears the pages. Errors: those of the connection, and
    /// RESOURCE_EXHAUSTED where there is no room for the mapping.
    pub(crate) fn allocate(connection: &Arc<BufferConnection>, len: usize) -> Result<Self, Error> {
        let allocated = connection.allocate(len.max(1))?;
        let (protection, flags) = (ProtFlags::READ | ProtFlags::WRITE, MapFlags::SHARED);
        // SAFETY: the system chooses the address, so that nothing of ours is covered. The
        // descriptor has as many bytes, and its seals keep them.
        let mapped = unsafe {
            let (hint, descriptor) = (std::ptr::null_mut(), &allocated.descriptor);
            mmap(hint, allocated.bytes, protection, flags, descriptor, 0)
        };
        match mapped.map(|address| NonNull::new(address.cast())) {
            Ok(Some(address)) => Ok(Self {
                connection: connection.clone(),
                token: allocated.token,
                address,
                size: allocated.bytes,
                len,
            }),
            _ => {
                let _ = connection.release(allocated.token);
                Err(failure("this process", Code::ResourceExhausted, "there is no room to map it"))
            }
        }
    }

    /// What names it in requests.
    pub(crate) fn token(&self) -> &Bytes {
        &self.token
    }

    pub(crate) fn bytes_mut(&mut self) -> &mut [u8] {
        // SAFETY: as in `as_ref`, and nobody else has a reference.
        unsafe { std::slice::from_raw_parts_mut(self.address.as_ptr(), self.len) }
    }
}

impl AsRef<[u8]> for SharedMemory {
    fn as_ref(&self) -> &[u8] {
        // SAFETY: the mapping lives as long as this object. The server writes to the memory only
        // within a call that names it as a destination, and nobody looks at those bytes before its
        // end.
        unsafe { std::slice::from_raw_parts(self.address.as_ptr(), self.len) }
    }
}

impl Drop for SharedMemory {
    fn drop(&mut self) {
        // SAFETY: this is the mapping that `allocate` made, and no reference outlives the object.
        let _ = unsafe { munmap(self.address.as_ptr().cast(), self.size) };
        // Where this fails, the server releases the buffer with the connection.
        let _ = self.connection.release(self.token.clone());
    }
}
