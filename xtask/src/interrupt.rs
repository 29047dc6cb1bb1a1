//! Being told to stop.

use tokio::signal::unix::{Signal, SignalKind, signal};

use crate::failure::Failure;

/// Ctrl-C, SIGTERM and a closed terminal, held back until we ask for them.
///
/// From [`Interrupt::listen`] on these signals no longer end the process, so whoever listens must also ask.
pub(crate) struct Interrupt {
    hangup: Signal,
    keyboard: Signal,
    terminate: Signal,
}

impl Interrupt {
    pub(crate) fn listen() -> Result<Self, Failure> {
        let listen_to = |kind| signal(kind).map_err(Failure::io("listen for signals"));
        Ok(Self {
            hangup: listen_to(SignalKind::hangup())?,
            keyboard: listen_to(SignalKind::interrupt())?,
            terminate: listen_to(SignalKind::terminate())?,
        })
    }

    /// Resolves when the next of the signals arrives; at once if one came since the last call.
    pub(crate) async fn arrives(&mut self) {
        tokio::select! {
            _ = self.hangup.recv() => {}
            _ = self.keyboard.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}
