//! The signals that end a server.

use tokio::signal::unix::{SignalKind, signal as listen_for};

use crate::failure::Failure;

/// Waits for SIGTERM or SIGINT.
pub(super) async fn signal() -> Result<(), Failure> {
    let mut terminate = listen_for(SignalKind::terminate())?;
    let mut interrupt = listen_for(SignalKind::interrupt())?;
    let name = tokio::select! {
        _ = terminate.recv() => "SIGTERM",
        _ = interrupt.recv() => "SIGINT",
    };
    tracing::info!(signal = name, "stopping");
    Ok(())
}
