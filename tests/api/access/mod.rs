//! The generated access suite (F16): every operation of the OpenAPI document and every step of the process, tried by every
//! kind of seat, token and identifier, and held against the table in `table`.
//!
//! Each function answers what it found wrong. `access_tests.rs` demands that nothing is found; `access_sabotage.rs` takes
//! one wall after the other away and demands that something is.

pub mod bodies;
pub mod cast;
pub mod fields;
pub mod live;
pub mod matrix;
pub mod steps;
pub mod table;
