//! Stories through the public interface, in one binary: every request passes the front door as it does in production.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on panics")]

mod accounts;
mod activity;
mod agencies;
mod at_once;
mod authorisation;
mod autosaves;
mod boards;
mod bundles;
mod caching;
mod control_characters;
mod corrections;
mod desk;
mod forged;
mod front_door;
mod guarded;
mod hand;
mod harness;
mod internal;
mod media;
mod media_files;
mod media_uploads;
mod poison;
mod proof;
mod providers;
mod publishers;
mod publishing;
mod readiness;
mod relisting;
mod royalties;
mod series;
mod statements;
mod static_files;
mod story;
mod topics;
mod transport;
