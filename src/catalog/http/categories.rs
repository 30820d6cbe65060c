//! The tree of categories with its templates, and how many products each has.

use crate::catalog::read;
use crate::platform::problem::{Failure, Problem};
use crate::platform::sabotage::{self, Guard};
use crate::platform::schema::{Page, words};
use crate::platform::session::Signed;
use crate::platform::web::AppState;
use actix_web::web::Data;
use actix_web::{HttpResponse, get};
use entrepot_domain::catalog::{self, Attribute, AttributeKind as AttributeKinds, Category, Choice};
use serde::Serialize;
use std::collections::HashMap;
use utoipa::ToSchema;

words! {
    /// How a property is written.
    AttributeKind = AttributeKinds::ALL;
}

/// A value a property may take.
#[derive(Serialize, ToSchema)]
#[schema(as = AttributeChoice)]
struct ChoiceView {
    value: &'static str,
    name_en: &'static str,
    name_zh: &'static str,
}

impl From<&'static Choice> for ChoiceView {
    fn from(choice: &'static Choice) -> Self {
        Self { value: &choice.value, name_en: &choice.en, name_zh: &choice.zh }
    }
}

/// A property that listings of a category should state.
#[derive(Serialize, ToSchema)]
#[schema(as = CategoryAttribute)]
struct AttributeView {
    /// As a listing keeps it.
    key: &'static str,
    name_en: &'static str,
    name_zh: &'static str,
    #[schema(value_type = AttributeKind)]
    kind: AttributeKinds,
    /// Unit of a number, else empty.
    unit: &'static str,
    /// Values of a choice, else none.
    choices: Vec<ChoiceView>,
    /// Whether a full listing states it.
    required: bool,
}

impl From<&'static Attribute> for AttributeView {
    fn from(attribute: &'static Attribute) -> Self {
        Self {
            key: &attribute.key,
            name_en: &attribute.en,
            name_zh: &attribute.zh,
            kind: attribute.kind,
            unit: &attribute.unit,
            choices: attribute.choices.iter().map(ChoiceView::from).collect(),
            required: attribute.required,
        }
    }
}

/// A node of the tree of categories. Goods are listed under leaves.
#[derive(Serialize, ToSchema)]
struct CategoryView {
    slug: &'static str,
    /// The group above.
    #[schema(required = true)]
    parent: Option<&'static str>,
    name_en: &'static str,
    name_zh: &'static str,
    leaf: bool,
    /// Published products in it and below it.
    count: i64,
    /// The template of a leaf.
    attributes: Vec<AttributeView>,
}

/// The products of a node and of what is below it.
fn count(of: &Category, counts: &HashMap<String, i64>) -> i64 {
    let own = counts.get(&of.slug).copied().unwrap_or(0);
    let below = catalog::categories().iter().filter(|node| node.parent.as_ref() == Some(&of.slug));
    below.map(|node| count(node, counts)).fold(own, i64::saturating_add)
}

/// The tree of categories, groups before what is in them, with the number of products in each.
#[utoipa::path(responses((status = 200, body = Page<CategoryView>), (status = 401, body = Problem)), tag = "catalog")]
#[get("/categories")]
pub(super) async fn list_categories(state: Data<AppState>, signed: Signed) -> Result<HttpResponse, Failure> {
    let found = read::categories(state.engine.db(), &signed.scope()).await?;
    if sabotage::skips(Guard::DocumentedForm) {
        return Ok(HttpResponse::Ok().json(found));
    }
    let counts: HashMap<String, i64> = found.into_iter().collect();
    let view = |node: &'static Category| CategoryView {
        slug: &node.slug,
        parent: node.parent.as_deref(),
        name_en: &node.en,
        name_zh: &node.zh,
        leaf: node.is_leaf(),
        count: count(node, &counts),
        attributes: node.attributes.iter().map(AttributeView::from).collect(),
    };
    Ok(HttpResponse::Ok().json(Page::whole(catalog::categories().iter().map(view).collect::<Vec<_>>())))
}
