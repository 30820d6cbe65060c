//! Colleagues: members, roles, invitations.

use super::{Answer, allowed, caller, entered, known};
use crate::identity::happening::{self, noted};
use crate::identity::session::IdentitySessions;
use crate::identity::store::invitations::Invitation;
use crate::identity::view::{
    AcceptInvitation, InvitationList, InvitationView, Invite, MemberView, OfferView, RoleChange, SeatRole, SeatTaken,
    Team, Token,
};
use crate::identity::{ChangeRole, DisableSeat, read, seat, team};
use crate::platform::problem::{Problem, Refusal};
use crate::platform::session::{Proved, Signed};
use crate::platform::web::{self as guard, AppState};
use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, delete, get, post, web};
use entrepot_domain::kernel::{MarketTime, Role};
use utoipa_actix_web::service_config::ServiceConfig;

fn view(invitation: &Invitation) -> InvitationView {
    InvitationView {
        id: format!("{:032x}", invitation.id),
        email: invitation.email.clone(),
        role: invitation.role.as_str(),
        created_at: MarketTime(invitation.created_at).to_string(),
        expires_at: MarketTime(invitation.expires_at).to_string(),
    }
}

/// Who sits in the caller's company, or in the seats of the market itself.
#[utoipa::path(tag = "team", responses((status = 200, body = Team), (status = 401, body = Problem), (status = 403, body = Problem)))]
#[get("/team")]
async fn members(state: web::Data<AppState>, signed: Signed) -> Answer {
    let actor = signed.0;
    allowed(&state, &actor, "team.list").await?;
    let found = read::people::members(state.engine.db(), actor.market, actor.company).await?;
    let items = found.into_iter().map(|member| MemberView {
        seat_id: format!("{:032x}", member.seat),
        name: member.name,
        email: member.email,
        role: member.role.as_str(),
        second_factor: member.second_factor,
        own: member.user == actor.user,
    });
    let grantable = Role::ALL.into_iter().filter(|role| seat::may_grant(&actor, *role)).map(Role::as_str);
    Ok(HttpResponse::Ok().json(Team { items: items.collect(), grantable: grantable.collect() }))
}

/// Gives a member another role; their sessions end.
#[utoipa::path(tag = "team", request_body = RoleChange, responses(
    (status = 200, body = SeatRole), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem),
    (status = 409, body = Problem), (status = 422, body = Problem)))]
#[post("/team/{seat}/role")]
async fn change_role(
    proved: Proved,
    seat: web::Path<String>,
    body: web::Bytes,
    sessions: web::Data<IdentitySessions>,
) -> Answer {
    let seat = guard::id(&seat)?;
    let form: RoleChange = guard::parse(&body)?;
    let role = Role::parse(&form.role)
        .ok_or_else(|| Refusal::invalid("There is no such role.").field("/role", "malformed", "not a role"))?;
    let who = proved.0.user;
    let done = sessions.change_seat(proved.0, seat, ChangeRole { id: seat, role }).await;
    let body = noted(happening::ROLE_CHANGE, who, done, |_| who)?;
    Ok(HttpResponse::Ok().content_type("application/json").body(body))
}

/// Takes a member's seat away; their sessions end.
#[utoipa::path(tag = "team", responses(
    (status = 200, body = SeatTaken), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem)))]
#[post("/team/{seat}/deactivate")]
async fn deactivate(proved: Proved, seat: web::Path<String>, sessions: web::Data<IdentitySessions>) -> Answer {
    let seat = guard::id(&seat)?;
    let who = proved.0.user;
    let done = sessions.change_seat(proved.0, seat, DisableSeat { id: seat }).await;
    let body = noted(happening::SEAT_TAKEN, who, done, |_| who)?;
    Ok(HttpResponse::Ok().content_type("application/json").body(body))
}

/// The open invitations of the caller's company, or of the market itself.
#[utoipa::path(tag = "team", responses((status = 200, body = InvitationList), (status = 401, body = Problem), (status = 403, body = Problem)))]
#[get("/team/invitations")]
async fn list_invitations(state: web::Data<AppState>, signed: Signed, sessions: web::Data<IdentitySessions>) -> Answer {
    allowed(&state, &signed.0, "invitation.list").await?;
    let found = sessions.invitations(&signed.0).await?;
    Ok(HttpResponse::Ok().json(InvitationList { items: found.iter().map(view).collect() }))
}

/// Offers a seat by mail.
#[utoipa::path(tag = "team", request_body = Invite, responses(
    (status = 201, body = InvitationView), (status = 401, body = Problem), (status = 403, body = Problem), (status = 409, body = Problem),
    (status = 422, body = Problem), (status = 429, body = Problem)))]
#[post("/team/invitations")]
async fn invite(
    request: HttpRequest,
    proved: Proved,
    body: web::Bytes,
    state: web::Data<AppState>,
    sessions: web::Data<IdentitySessions>,
) -> Answer {
    allowed(&state, &proved.0, "invitation.send").await?;
    let form: Invite = guard::parse(&body)?;
    let invitation = sessions.invite(&proved.0, &form, &caller(&request)).await;
    let invitation = noted(happening::INVITATION_SENT, proved.0.user, invitation, |_| proved.0.user)?;
    Ok(HttpResponse::Created().json(view(&invitation)))
}

/// Withdraws an open invitation.
#[utoipa::path(tag = "team", responses((status = 204), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem)))]
#[delete("/team/invitations/{id}")]
async fn withdraw_invitation(
    signed: Signed,
    id: web::Path<String>,
    state: web::Data<AppState>,
    sessions: web::Data<IdentitySessions>,
) -> Answer {
    allowed(&state, &signed.0, "invitation.withdraw").await?;
    let done = sessions.withdraw_invitation(&signed.0, guard::id(&id)?).await;
    noted(happening::INVITATION_WITHDRAWN, signed.0.user, done, |()| signed.0.user)?;
    Ok(HttpResponse::NoContent().finish())
}

/// What the link of an invitation offers.
#[utoipa::path(tag = "auth", security(()), request_body = Token, responses(
    (status = 200, body = OfferView), (status = 410, body = Problem), (status = 422, body = Problem), (status = 429, body = Problem)))]
#[post("/auth/invitation")]
async fn show_offer(request: HttpRequest, body: web::Bytes, sessions: web::Data<IdentitySessions>) -> Answer {
    let form: Token = guard::parse(&body)?;
    let (team::Offer { invitation, place, inviter, known }, _) = sessions.offer(&form.token, &caller(&request)).await?;
    let (email, role) = (invitation.email, invitation.role.as_str());
    Ok(HttpResponse::Ok().json(OfferView { email, role, place, inviter, account: known }))
}

/// Takes the offered seat, as the signed-in user of the address or as a new user.
#[utoipa::path(tag = "auth", security(()), request_body = AcceptInvitation, responses(
    (status = 200, body = crate::identity::view::Me), (status = 409, body = Problem), (status = 410, body = Problem),
    (status = 422, body = Problem), (status = 429, body = Problem)))]
#[post("/auth/invitation/accept")]
async fn accept(
    request: HttpRequest,
    body: web::Bytes,
    state: web::Data<AppState>,
    sessions: web::Data<IdentitySessions>,
) -> Answer {
    let form: AcceptInvitation = guard::parse(&body)?;
    let signed_in = known(&request, &sessions).await.ok();
    let issued = sessions.accept(&form, signed_in, &caller(&request)).await;
    let issued = noted(happening::INVITATION_ACCEPTED, 0, issued, |issued| issued.user)?;
    entered(&sessions, &state.config, issued, StatusCode::OK).await
}

pub(super) fn routes(cfg: &mut ServiceConfig) {
    cfg.service(members)
        .service(list_invitations)
        .service(invite)
        .service(withdraw_invitation)
        .service(change_role)
        .service(deactivate)
        .service(show_offer)
        .service(accept);
}
