//! The rules of Liên Thông as plain values and pure functions: no I/O, no clock, no framework.

pub mod host;
pub mod procedure;
pub mod slug;
pub mod text;
pub mod topic;
pub mod unit;
