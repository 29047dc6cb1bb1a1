//! A fair lock that waits without blocking a thread and needs no runtime.

use std::collections::VecDeque;
use std::future::poll_fn;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

/// A queue whose front has the turn.
#[derive(Default)]
pub(super) struct Gate(Mutex<Queue>);

#[derive(Default)]
struct Queue {
    last_ticket: u64,
    tickets: VecDeque<(u64, Option<Waker>)>,
}

/// A place in the queue; dropping it lets the next one in, also when the turn never came.
pub(super) struct Turn {
    gate: Arc<Gate>,
    ticket: u64,
}

impl Gate {
    /// Waits until everyone who came before is gone.
    pub(super) async fn enter(self: &Arc<Self>) -> Turn {
        let turn = Turn { gate: Arc::clone(self), ticket: self.queue().join() };
        poll_fn(|context| self.queue().poll(turn.ticket, context)).await;
        turn
    }

    fn queue(&self) -> MutexGuard<'_, Queue> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Queue {
    fn join(&mut self) -> u64 {
        self.last_ticket += 1;
        self.tickets.push_back((self.last_ticket, None));
        self.last_ticket
    }

    fn poll(&mut self, ticket: u64, context: &Context<'_>) -> Poll<()> {
        if self.tickets.front().is_some_and(|(front, _)| *front == ticket) {
            return Poll::Ready(());
        }
        for (_, waker) in self.tickets.iter_mut().filter(|(waiting, _)| *waiting == ticket) {
            *waker = Some(context.waker().clone());
        }
        Poll::Pending
    }

    /// Takes a ticket out; returns how to wake whoever is at the front now.
    fn leave(&mut self, ticket: u64) -> Option<Waker> {
        self.tickets.retain(|(waiting, _)| *waiting != ticket);
        self.tickets.front_mut().and_then(|(_, waker)| waker.take())
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        let next = self.gate.queue().leave(self.ticket);
        if let Some(waker) = next {
            waker.wake();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::pin::pin;

    use super::*;

    fn poll<F: Future>(future: std::pin::Pin<&mut F>) -> Poll<F::Output> {
        future.poll(&mut Context::from_waker(Waker::noop()))
    }

    #[test]
    fn turns_come_in_the_order_of_arrival() {
        let gate = Arc::new(Gate::default());
        let (mut first, mut second, mut third) =
            (pin!(gate.enter()), pin!(gate.enter()), pin!(gate.enter()));
        let Poll::Ready(turn) = poll(first.as_mut()) else { panic!("nobody is before the first") };
        assert!(poll(second.as_mut()).is_pending());
        assert!(poll(third.as_mut()).is_pending());
        drop(turn);
        assert!(poll(third.as_mut()).is_pending());
        let Poll::Ready(turn) = poll(second.as_mut()) else { panic!("the first has left") };
        drop(turn);
        assert!(poll(third.as_mut()).is_ready());
    }

    #[test]
    fn whoever_stops_waiting_holds_nobody_up() {
        let gate = Arc::new(Gate::default());
        let mut first = pin!(gate.enter());
        let Poll::Ready(turn) = poll(first.as_mut()) else { panic!("nobody is before the first") };
        let mut last = pin!(gate.enter());
        {
            let mut impatient = pin!(gate.enter());
            assert!(poll(impatient.as_mut()).is_pending());
            assert!(poll(last.as_mut()).is_pending());
        }
        drop(turn);
        assert!(poll(last.as_mut()).is_ready());
    }
}
