//! The OpenAPI 3.1 document, collected from the registered routes so that it cannot drift.

use utoipa::openapi::schema::ArrayItems;
use utoipa::openapi::{Content, OpenApi, Ref, RefOr, Response, Schema};

/// The media type of refusals (RFC 9457).
const PROBLEM: &str = "application/problem+json";

/// Sets title, version and description of the collected document, and mends what the collector cannot know.
pub fn finish(mut api: OpenApi) -> OpenApi {
    api.info.title = "Entrepot".to_owned();
    api.info.version = env!("CARGO_PKG_VERSION").to_owned();
    api.info.description = Some("Simulated B2B cross-border trading: only the money is not real.".to_owned());
    api.info.license = None;
    refer_to_rows(&mut api);
    let items = api.paths.paths.values_mut();
    let operations = items.flat_map(|item| [&mut item.get, &mut item.post, &mut item.put].into_iter().flatten());
    for response in operations.flat_map(|operation| operation.responses.responses.values_mut()) {
        if let RefOr::T(response) = response {
            name_problems(response);
        }
    }
    api
}

/// The collector writes the rows of a generic page out in every page; a reference to the row's own schema says the same.
fn refer_to_rows(api: &mut OpenApi) {
    let Some(components) = &mut api.components else { return };
    let names: Vec<String> = components.schemas.keys().cloned().collect();
    for (name, schema) in &mut components.schemas {
        let row = name.strip_prefix("Page_").filter(|row| names.iter().any(|known| known == row));
        let RefOr::T(Schema::Object(page)) = schema else { continue };
        if let (Some(row), Some(RefOr::T(Schema::Array(rows)))) = (row, page.properties.get_mut("items")) {
            rows.items = ArrayItems::RefOrSchema(Box::new(Ref::from_schema_name(row).into()));
        }
    }
}

/// Refusals have a media type of their own.
fn name_problems(response: &mut Response) {
    let refuses = |content: &RefOr<Content>| match content {
        RefOr::T(Content { schema: Some(RefOr::Ref(to)), .. }) => to.ref_location.ends_with("/Problem"),
        RefOr::T(_) | RefOr::Ref(_) => false,
    };
    if response.content.get("application/json").is_some_and(refuses)
        && let Some(content) = response.content.swap_remove("application/json")
    {
        response.content.insert(PROBLEM.to_owned(), content);
    }
}
