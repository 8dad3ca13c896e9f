//! Where images are worked on: on threads of their own, with memory for so much at once and no more.

use std::sync::Arc;

use tokio::sync::Semaphore;
use tokio::task::JoinError;

/// How large an image may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PixelLimits {
    /// Width times height.
    pub pixels: u64,
    /// Width, and height.
    pub side: u32,
}

/// A bounded place for work on images.
#[derive(Debug, Clone)]
pub struct Workshop {
    memory: Arc<Semaphore>,
    budget: u32,
}

/// Bytes that one pixel needs while an image is decoded: as many as a progressive JPEG, whose coefficients are held beside
/// the picture.
const BYTES_PER_PIXEL: u64 = 9;

/// At most so many pieces of work at once, however small: they take cores from those who read.
const AT_ONCE: u32 = 4;

impl Workshop {
    /// A place with memory for one image of the largest size. What is smaller fits in several times.
    pub fn new(limits: PixelLimits) -> Self {
        let budget = mebibytes(limits.pixels).max(AT_ONCE);
        Self { memory: Arc::new(Semaphore::new(budget as usize)), budget }
    }

    /// Does `work` on an image of so many pixels as soon as there is room.
    ///
    /// # Errors
    /// When the work panics, which is our fault and not that of the image.
    pub async fn work<T: Send + 'static>(
        &self,
        pixels: u64,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, JoinError> {
        let needed = mebibytes(pixels).clamp(self.budget / AT_ONCE, self.budget);
        // Nobody closes the semaphore.
        let room = Arc::clone(&self.memory).acquire_many_owned(needed).await.ok();
        tokio::task::spawn_blocking(move || {
            let done = work();
            drop(room);
            done
        })
        .await
    }
}

fn mebibytes(pixels: u64) -> u32 {
    u32::try_from((pixels.saturating_mul(BYTES_PER_PIXEL) >> 20) + 1).unwrap_or(u32::MAX).min(1 << 20)
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;

    #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
    async fn only_one_of_the_largest_images_is_worked_on_at_a_time() {
        let workshop = Workshop::new(PixelLimits { pixels: 1 << 24, side: 1 << 14 });
        let (now, most) = (Arc::new(AtomicU32::new(0)), Arc::new(AtomicU32::new(0)));
        let work = || {
            let (now, most) = (Arc::clone(&now), Arc::clone(&most));
            workshop.work(1 << 24, move || {
                most.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                std::thread::yield_now();
                now.fetch_sub(1, Ordering::SeqCst);
            })
        };
        let done = futures::future::join_all((0..32).map(|_| work())).await;
        assert!(done.into_iter().all(|done| done.is_ok()));
        assert_eq!(most.load(Ordering::SeqCst), 1);
    }
}
