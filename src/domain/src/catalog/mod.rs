//! Products: what is offered, at which price for which quantity, under which delivery term, and what of it lies ready.
//!
//! Promises that a valid product has a price for every quantity a buyer may order. Refuses ladders that are not strictly
//! ascending or whose price rises with the quantity, and quantities below the minimum or off the lot step.

mod category;
mod incoterm;
mod measured;
mod offer;
mod product;
mod quality;
mod review;
mod stock;

pub use category::{
    Attribute, AttributeKind, Category, Choice, categories, category, check_attributes, check_category,
    near_categories, template,
};
pub use incoterm::{Incoterm, IncotermCode};
pub use measured::{Aql, Bound, InspectionLevel, Measure, MeasuredPoint};
pub use offer::{CERTIFICATES_MAX, Certificate, Family, ListingState, Sample};
pub(crate) use product::is_hs_code as product_hs_code_is_valid;
pub use product::{Nearest, PriceBreak, Product};
pub use quality::{Advice, AdviceKind, ListingFacts, ListingQuality, listing_quality};
pub use review::{REVIEW_NOTE_MAX, ReturnReason, Returned, reviewed_state};
pub use stock::{Stock, StockMove, StockReason, StockRejection, Supply};
