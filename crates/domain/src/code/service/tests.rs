//! What codes do, on storage in memory.
