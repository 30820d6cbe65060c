//! A company's saved texts.

use super::super::read::templates::{self, Template};
use super::{clean, judge};
use crate::platform::problem::{Failure, Problem, Refusal};
use crate::platform::schema::Page;
use crate::platform::session::Signed;
use crate::platform::web::{AppState, id, if_match, parse};
use actix_web::web::{Bytes, Data, Path};
use actix_web::{HttpRequest, HttpResponse, delete, get, post, put};
use entrepot_domain::inquiry::TEXT_MAX;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Longest title, in characters.
const TITLE_MAX: usize = 80;

/// A saved text.
#[derive(Serialize, ToSchema)]
#[schema(as = Template)]
struct TemplateView {
    id: String,
    version: i64,
    title: String,
    text_en: String,
    text_zh: String,
}

impl From<&Template> for TemplateView {
    fn from(template: &Template) -> Self {
        Self {
            id: format!("{:032x}", template.id),
            version: template.version,
            title: template.title.clone(),
            text_en: template.text_en.clone(),
            text_zh: template.text_zh.clone(),
        }
    }
}

/// What a saved text says; one language is enough.
#[derive(Deserialize, ToSchema)]
#[schema(as = TemplateDraft)]
#[serde(deny_unknown_fields)]
struct TemplateBody {
    title: String,
    #[serde(default)]
    text_en: String,
    #[serde(default)]
    text_zh: String,
}

impl TemplateBody {
    fn read(self, id: u128, version: i64) -> Result<Template, Refusal> {
        let wrong = |pointer: &str, detail: &str| {
            Refusal::new(422, "template.invalid", "The text cannot be kept as it is.").field(
                pointer,
                "template.invalid",
                detail,
            )
        };
        let title = clean(self.title.trim());
        if title.is_empty() || title.chars().count() > TITLE_MAX {
            return Err(wrong("/title", "1 to 80 characters"));
        }
        if self.text_en.trim().is_empty() && self.text_zh.trim().is_empty() {
            return Err(wrong("/text_en", "words in one language at least"));
        }
        for (pointer, text) in [("/text_en", &self.text_en), ("/text_zh", &self.text_zh)] {
            if text.chars().count() > TEXT_MAX {
                return Err(wrong(pointer, "over 4,000 characters"));
            }
        }
        Ok(Template { id, version, title, text_en: clean(&self.text_en), text_zh: clean(&self.text_zh) })
    }
}

/// Saved texts of the own company, by title.
#[utoipa::path(responses((status = 200, body = Page<TemplateView>), (status = 403, body = Problem)), tag = "inquiries")]
#[get("/templates")]
pub(super) async fn list_templates(state: Data<AppState>, signed: Signed) -> Result<HttpResponse, Failure> {
    judge(&state, &signed, "template.list", 0).await?;
    let found = templates::list(state.engine.db(), &signed.scope()).await?;
    Ok(HttpResponse::Ok().json(Page::whole(found.iter().map(TemplateView::from).collect::<Vec<_>>())))
}

/// Saves a text for the own company; the same text again answers the first one.
#[utoipa::path(request_body = TemplateBody, responses((status = 201, body = TemplateView), (status = 403, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)), tag = "inquiries")]
#[post("/templates")]
pub(super) async fn add_template(state: Data<AppState>, signed: Signed, body: Bytes) -> Result<HttpResponse, Failure> {
    judge(&state, &signed, "template.save", 0).await?;
    let new = parse::<TemplateBody>(&body)?.read(state.engine.ids().next(), 1)?;
    let kept = templates::add(state.engine.db(), &signed.scope(), &new, state.engine.clock().now()).await?;
    Ok(HttpResponse::Created().json(TemplateView::from(&kept)))
}

/// Changes a saved text; `If-Match` holds the version seen.
#[utoipa::path(params(("If-Match" = String, Header)), request_body = TemplateBody, responses((status = 200, body = TemplateView), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem), (status = 428, body = Problem)), tag = "inquiries")]
#[put("/templates/{id}")]
pub(super) async fn change_template(
    state: Data<AppState>,
    request: HttpRequest,
    signed: Signed,
    template: Path<String>,
    body: Bytes,
) -> Result<HttpResponse, Failure> {
    judge(&state, &signed, "template.save", 0).await?;
    let (db, scope) = (state.engine.db(), signed.scope());
    let before = templates::find(db, &scope, id(&template)?).await?;
    let needed = || Refusal::new(428, "template.version_needed", "Say which version you saw.");
    let version = if_match(&request)?.ok_or_else(needed)?;
    let new = parse::<TemplateBody>(&body)?.read(before.id, version)?;
    let kept = templates::change(db, &scope, &new, state.engine.clock().now()).await?;
    Ok(HttpResponse::Ok().json(TemplateView::from(&kept)))
}

/// Deletes a saved text; deleting it again changes nothing.
#[utoipa::path(responses((status = 204), (status = 403, body = Problem), (status = 404, body = Problem)), tag = "inquiries")]
#[delete("/templates/{id}")]
pub(super) async fn delete_template(
    state: Data<AppState>,
    signed: Signed,
    template: Path<String>,
) -> Result<HttpResponse, Failure> {
    judge(&state, &signed, "template.save", 0).await?;
    templates::delete(state.engine.db(), &signed.scope(), id(&template)?, state.engine.clock().now()).await?;
    Ok(HttpResponse::NoContent().finish())
}
