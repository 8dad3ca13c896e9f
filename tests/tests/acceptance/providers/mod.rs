//! Signing in at identity providers: at a certified one, and at one that does all it should not.

mod certified;
mod forger;
mod hostile;
mod real;
mod visitor;
