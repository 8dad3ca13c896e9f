//! The parser against the facts of real procedures, against hostile text and against a real file.

mod national;
mod properties;
mod real;
