//! Royalties (nhuận bút): what a published work is worth by the rates of its site, and the statement for those who pay.
//!
//! A law names the classes of works, the highest coefficient of each, and the value of one unit (Nghị định 18/2014/NĐ-CP
//! Điều 7: ten hundredths of the base salary); the head of the agency sets the rates within it (Nghị định 224/2026/NĐ-CP Điều 20
//! khoản 3). Both change, so that all of it is data with its basis and the days from which it holds.

mod rates;
mod statement;

pub use rates::{Class, Coefficient, RateTable, RateTableInput, RoyaltyLine, RoyaltyLineInput};
pub use statement::{Statement, StatementRow, Work};
