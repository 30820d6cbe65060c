//! Random walks that compare the product with an independent reference model after every step.
#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "model/controls.rs"]
mod controls;
#[path = "model/counting.rs"]
mod counting;
#[path = "model/door.rs"]
mod door;
#[path = "model/generate.rs"]
mod generate;
#[path = "model/memory.rs"]
mod memory;
#[path = "model/order.rs"]
mod order;
#[path = "model/product.rs"]
mod product;
#[path = "model/reference.rs"]
mod reference;
#[path = "model/runs.rs"]
mod runs;
#[path = "model/walk.rs"]
mod walk;
#[path = "model/words.rs"]
mod words;
#[path = "model/worked.rs"]
mod worked;
