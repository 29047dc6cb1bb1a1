//! The server from outside.

mod kounta;
