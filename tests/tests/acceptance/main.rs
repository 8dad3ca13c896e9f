//! Stories through the public interface, in one binary: every request passes the front door as it does in production.

mod authorisation;
mod caching;
mod harness;
mod publishing;
