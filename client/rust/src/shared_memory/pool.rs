//! Buffers that are kept for the next call: to clear new memory takes longer than to copy into old.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, Weak};
use std::time::{Duration, Instant};

use tonic::Code;

use super::connection::BufferConnection;
use super::memory::SharedMemory;
use crate::error::Error;

/// After this a buffer that nobody uses goes back to the server.
const KEPT_FOR: Duration = Duration::from_secs(10);
/// Sizes are rounded up by an eighth at most, so that similar tensors use the same buffers.
const SIZE_STEPS: usize = 8;

/// The buffers of one connection.
pub(crate) struct Pool {
    connection: Arc<BufferConnection>,
    free: Mutex<Vec<Kept>>,
}

struct Kept {
    memory: SharedMemory,
    since: Instant,
}

/// Whether the server may still use the buffers of a call: until it has answered.
#[derive(Clone)]
pub(crate) struct InUse(Arc<AtomicBool>);

/// A buffer that goes back to its pool when it is dropped, but for one that may still be in use.
pub(crate) struct PooledMemory {
    memory: Option<SharedMemory>,
    pool: Weak<Pool>,
    in_use: InUse,
}

impl Pool {
    /// Errors: UNAVAILABLE where no server listens at `path`. It is called within a runtime.
    pub(crate) fn open(path: &str) -> Result<Arc<Self>, Error> {
        let connection = Arc::new(BufferConnection::open(path)?);
        let pool = Arc::new(Self { connection, free: Mutex::default() });
        tokio::spawn(keep_tidy(Arc::downgrade(&pool)));
        Ok(pool)
    }

    /// A buffer of at least so many bytes, which hold anything. It waits where a new one is needed.
    ///
    /// Errors: those of `SharedMemory::allocate`.
    pub(crate) fn take(
        self: &Arc<Self>,
        bytes: usize,
        in_use: &InUse,
    ) -> Result<PooledMemory, Error> {
        let memory = match self.find(bytes) {
            Some(memory) => memory,
            None => self.allocate(bytes)?,
        };
        let (pool, in_use) = (Arc::downgrade(self), in_use.clone());
        Ok(PooledMemory { memory: Some(memory), pool, in_use })
    }

    /// The smallest that is large enough, and not much too large.
    fn find(&self, bytes: usize) -> Option<SharedMemory> {
        let mut free = self.free.lock().expect("no thread panics with the lock");
        let suits = |kept: &&Kept| (bytes..=2 * bytes).contains(&kept.memory.as_ref().len());
        let best = free.iter().filter(suits).min_by_key(|kept| kept.memory.as_ref().len())?;
        let token = best.memory.token().clone();
        let index = free.iter().position(|kept| *kept.memory.token() == token)?;
        Some(free.swap_remove(index).memory)
    }

    fn allocate(&self, bytes: usize) -> Result<SharedMemory, Error> {
        let step = (bytes.next_power_of_two() / SIZE_STEPS).max(1);
        let rounded = bytes.next_multiple_of(step);
        match SharedMemory::allocate(&self.connection, rounded) {
            Err(error) if error.code() == Code::ResourceExhausted => {
                // What is kept may take the room.
                self.release(|_| true);
                SharedMemory::allocate(&self.connection, bytes)
            }
            result => result,
        }
    }

    fn release(&self, is_due: impl Fn(&Kept) -> bool) {
        let mut free = self.free.lock().expect("no thread panics with the lock");
        let (due, kept) = free.drain(..).partition(is_due);
        *free = kept;
        drop(free);
        let due: Vec<Kept> = due;
        drop(due); // without the lock, because the server is asked
    }

    fn keep(&self, memory: SharedMemory) {
        let kept = Kept { memory, since: Instant::now() };
        self.free.lock().expect("no thread panics with the lock").push(kept);
    }
}

/// Gives back what nobody has used for a while, as long as there is the pool.
async fn keep_tidy(pool: Weak<Pool>) {
    loop {
        tokio::time::sleep(KEPT_FOR / 2).await;
        let Some(pool) = pool.upgrade() else { return };
        let tidying = move || pool.release(|kept| kept.since.elapsed() >= KEPT_FOR);
        if tokio::task::spawn_blocking(tidying).await.is_err() {
            return;
        }
    }
}

impl InUse {
    pub(crate) fn new() -> Self {
        Self(Arc::new(AtomicBool::new(true)))
    }

    /// The server has answered, and touches the buffers no more.
    pub(crate) fn end(&self) {
        self.0.store(false, Ordering::Release);
    }
}

impl PooledMemory {
    pub(crate) fn memory(&mut self) -> &mut SharedMemory {
        self.memory.as_mut().expect("it is there until it is dropped")
    }
}

impl AsRef<[u8]> for PooledMemory {
    fn as_ref(&self) -> &[u8] {
        self.memory.as_ref().expect("it is there until it is dropped").as_ref()
    }
}

impl Drop for PooledMemory {
    fn drop(&mut self) {
        let is_in_use = self.in_use.0.load(Ordering::Acquire);
        if let (Some(memory), Some(pool), false) =
            (self.memory.take(), self.pool.upgrade(), is_in_use)
        {
            pool.keep(memory);
        } // else it is released
    }
}
