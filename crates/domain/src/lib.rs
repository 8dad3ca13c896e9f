//! The rules of Liên Thông as plain values and pure functions: no I/O, no clock, no framework.
#![warn(missing_docs)]

pub mod access;
pub mod account;
pub mod activity;
pub mod agency;
pub mod article;
pub mod audience;
pub mod board;
pub mod change;
pub mod entry;
pub mod golive;
pub mod hold;
pub mod host;
pub mod html;
pub mod ids;
pub mod internal;
pub mod language;
pub mod live;
pub mod media;
pub mod outbound;
pub mod poison;
pub mod procedure;
pub mod registry;
pub mod report;
pub mod scope;
pub mod series;
pub mod sheet;
pub mod slug;
pub mod template;
pub mod text;
pub mod time;
pub mod topic;
pub mod unit;
