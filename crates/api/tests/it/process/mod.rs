//! The real binary: killed, stopped, started twice, and read for what it must not say.

mod background;
mod instance;
mod kills;
mod logs;
mod messages;
mod quotas;
mod starts;
mod stops;
mod webhooks;
