//! Pictures: the market's own drawings, and those that companies upload for their listings.

use super::{judge, relation};
use crate::catalog::draft::refuse;
use crate::catalog::listing::{Listing, PICTURES, is_drawing, uploaded};
use crate::catalog::read::pictures::{self, Picture};
use crate::platform::problem::{Failure, Problem, Refusal};
use crate::platform::schema::Page;
use crate::platform::session::Signed;
use crate::platform::uploads::{self, harmless_name};
use crate::platform::web::received::{UploadQuery, quota};
use crate::platform::web::{AppState, Upload};
use actix_web::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use actix_web::web::{Data, Path, Query};
use actix_web::{HttpRequest, HttpResponse, delete, get, post};
use entrepot_domain::kernel::FieldError;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct PictureQuery {
    /// `thumb` for at most 480 pixels a side.
    size: Option<String>,
}

/// A picture of goods, as everybody in the market sees it.
#[utoipa::path(params(PictureQuery), responses((status = 200, content_type = "image/svg+xml"), (status = 404, body = Problem)), tag = "catalog")]
#[get("/pictures/{name}")]
pub(super) async fn show_picture(
    state: Data<AppState>,
    signed: Signed,
    name: Path<String>,
    query: Query<PictureQuery>,
) -> Result<HttpResponse, Failure> {
    if let Some(id) = uploaded(&name) {
        let picture = pictures::find(state.engine.db(), &signed.scope(), id).await?;
        let small = query.size.as_deref() == Some("thumb");
        let hash = if small { &picture.thumb_sha256 } else { &picture.sha256 };
        let kind = if small { "image/jpeg" } else { picture.content_type.as_str() };
        // Its name stands for these bytes for ever.
        return Ok(answer(kind, "private, max-age=31536000, immutable", state.files.get(hash).await?));
    }
    if !is_drawing(&name) {
        return Err(Refusal::not_found().into());
    }
    let path = state.config.demo_data.join("pictures").join(name.as_str());
    let bytes = tokio::fs::read(path).await.map_err(|_| Refusal::not_found())?;
    Ok(answer("image/svg+xml", "private, max-age=86400", bytes))
}

fn answer(kind: &str, cache: &str, bytes: Vec<u8>) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, kind))
        .insert_header((CACHE_CONTROL, cache))
        .insert_header((CONTENT_SECURITY_POLICY, "default-src 'none'; style-src 'unsafe-inline'; sandbox"))
        .body(bytes)
}

/// An uploaded picture.
#[derive(Serialize, ToSchema)]
#[schema(as = Picture)]
struct PictureView {
    /// The name a listing shows it under.
    name: String,
    /// Its address.
    address: String,
    /// The file's name when it was uploaded.
    file_name: String,
    /// Bytes, its thumbnail included.
    size: i64,
    /// Pixels.
    width: i64,
    /// Pixels.
    height: i64,
}

fn name_of(picture: &Picture) -> String {
    let ending = match picture.content_type.as_str() {
        "image/png" => "png",
        "image/webp" => "webp",
        _ => "jpg",
    };
    format!("{:032x}.{ending}", picture.id)
}

impl From<&Picture> for PictureView {
    fn from(picture: &Picture) -> Self {
        let name = name_of(picture);
        Self {
            address: format!("{PICTURES}{name}"),
            name,
            file_name: picture.name.clone(),
            size: picture.size,
            width: picture.width,
            height: picture.height,
        }
    }
}

/// Uploads a picture for listings of the own company; the same picture again answers the first one.
#[utoipa::path(params(UploadQuery), request_body(content = String, content_type = "application/octet-stream"), responses((status = 201, body = PictureView), (status = 403, body = Problem), (status = 409, body = Problem), (status = 413, body = Problem), (status = 422, body = Problem)), tag = "catalog")]
#[post("/pictures")]
pub(super) async fn upload_picture(
    state: Data<AppState>,
    request: HttpRequest,
    signed: Signed,
    query: Query<UploadQuery>,
    body: Upload,
) -> Result<HttpResponse, Failure> {
    judge(&state, &signed, "picture.upload", 0, relation(&signed, signed.0.company)).await?;
    let name = harmless_name(&query.name);
    if name.is_empty() {
        return Err(Refusal::invalid("The picture needs a name.").field("/name", "missing", "empty").into());
    }
    let declared = request.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    let made = uploads::examine_picture(&name, declared, body.0.to_vec()).await?;
    let (db, scope) = (state.engine.db(), signed.scope());
    let sha256 = state.files.put(&made.kept.bytes).await?;
    if let Some(known) = pictures::same(db, &scope, &sha256).await? {
        return Ok(HttpResponse::Created().json(PictureView::from(&known)));
    }
    let bytes = made.kept.bytes.len().saturating_add(made.small.len());
    let picture = Picture {
        id: state.engine.ids().next(),
        name,
        content_type: made.kept.kind.media_type().to_owned(),
        size: i64::try_from(bytes).unwrap_or(i64::MAX),
        sha256,
        thumb_sha256: state.files.put(&made.small).await?,
        width: i64::from(made.width),
        height: i64::from(made.height),
    };
    pictures::record(db, &scope, &picture, state.engine.clock().now(), quota(&state)).await?;
    Ok(HttpResponse::Created().json(PictureView::from(&picture)))
}

/// The newest pictures of the own company, up to 100.
#[utoipa::path(responses((status = 200, body = Page<PictureView>), (status = 403, body = Problem)), tag = "catalog")]
#[get("/pictures")]
pub(super) async fn list_pictures(state: Data<AppState>, signed: Signed) -> Result<HttpResponse, Failure> {
    judge(&state, &signed, "picture.upload", 0, relation(&signed, signed.0.company)).await?;
    let found = pictures::list(state.engine.db(), &signed.scope()).await?;
    Ok(HttpResponse::Ok().json(Page::whole(found.iter().map(PictureView::from).collect::<Vec<_>>())))
}

/// Deletes a picture that no listing shows.
#[utoipa::path(responses((status = 204), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem)), tag = "catalog")]
#[delete("/pictures/{name}")]
pub(super) async fn delete_picture(
    state: Data<AppState>,
    signed: Signed,
    name: Path<String>,
) -> Result<HttpResponse, Failure> {
    judge(&state, &signed, "picture.delete", 0, relation(&signed, signed.0.company)).await?;
    let id = uploaded(&name).ok_or_else(Refusal::not_found)?;
    pictures::delete(state.engine.db(), &signed.scope(), id, &name).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Holds the uploaded pictures of a listing against those of its company.
///
/// Errors: 422 naming the first that is none of them.
pub(super) async fn own_pictures(state: &AppState, market: u128, listing: &Listing) -> Result<(), Failure> {
    let named = listing.pictures.iter().enumerate();
    let (places, ids): (Vec<usize>, Vec<u128>) =
        named.filter_map(|(place, name)| Some((place, uploaded(name)?))).unzip();
    let company = listing.product.supplier.0;
    match pictures::foreign(state.engine.db(), market, company, &ids).await?.and_then(|at| places.get(at)) {
        None => Ok(()),
        Some(place) => {
            let detail = "this is no picture that your company uploaded";
            Err(refuse(vec![FieldError::new(format!("/pictures/{place}"), "catalog.picture", detail)]).into())
        }
    }
}
