//! The OpenAPI 3.1 document, collected from the registered routes so that it cannot drift.

use crate::platform::session::ACCESS_COOKIE;
use crate::platform::uploads;
use utoipa::Number;
use utoipa::openapi::path::Parameter;
use utoipa::openapi::schema::ArrayItems;
use utoipa::openapi::security::{ApiKey, ApiKeyValue, SecurityRequirement, SecurityScheme};
use utoipa::openapi::{Content, OpenApi, Ref, RefOr, Response, ResponseBuilder, Schema};

/// The media type of refusals (RFC 9457).
const PROBLEM: &str = "application/problem+json";

/// How a route says that it answers a kept file.
const ANY_FILE: &str = "application/octet-stream";

/// Sets title, version and description of the collected document, and mends what the collector cannot know.
pub fn finish(mut api: OpenApi) -> OpenApi {
    api.info.title = "Entrepot".to_owned();
    api.info.version = env!("CARGO_PKG_VERSION").to_owned();
    api.info.description = Some("Simulated B2B cross-border trading: only the money is not real.".to_owned());
    api.info.license = None;
    refer_to_rows(&mut api);
    demand_session(&mut api);
    let items = api.paths.paths.values_mut();
    let methods = items.flat_map(|item| [&mut item.get, &mut item.post, &mut item.put, &mut item.delete]);
    for operation in methods.flatten() {
        operation.parameters.iter_mut().flatten().for_each(name_bounds);
        let responses = &mut operation.responses.responses;
        for response in responses.values_mut() {
            if let RefOr::T(response) = response {
                name_problems(response);
                name_kinds(response);
            }
        }
        responses.insert("default".to_owned(), any_problem().into());
    }
    api
}

/// A kept file goes out as what its bytes are: each kind that is kept may be the answer.
fn name_kinds(response: &mut Response) {
    if let Some(bytes) = response.content.shift_remove(ANY_FILE) {
        for kind in uploads::Kind::ALL {
            response.content.insert(kind.media_type().to_owned(), bytes.clone());
        }
    }
}

/// Numbers in an address are read as 32 bits without a sign, which the format of the collector does not say.
fn name_bounds(parameter: &mut RefOr<Parameter>) {
    if let RefOr::T(parameter) = parameter
        && let Some(RefOr::T(Schema::Object(number))) = &mut parameter.schema
        && number.minimum.is_some()
        && number.format.take().is_some()
    {
        number.maximum = Some(Number::UInt(u32::MAX as usize));
    }
}

/// What any operation may answer beside what it names: a refusal at the border, or a fault.
fn any_problem() -> Response {
    let content = Content::new(Some(Ref::from_schema_name("Problem")));
    ResponseBuilder::new().description("A refusal or a fault, in the same form.").content(PROBLEM, content).build()
}

/// Every operation needs the session's cookie unless it says otherwise with `security(())`.
fn demand_session(api: &mut OpenApi) {
    const NAME: &str = "session";
    if let Some(components) = &mut api.components {
        let cookie = SecurityScheme::ApiKey(ApiKey::Cookie(ApiKeyValue::new(ACCESS_COOKIE)));
        components.add_security_scheme(NAME, cookie);
    }
    api.security = Some(vec![SecurityRequirement::new(NAME, Vec::<String>::new())]);
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
