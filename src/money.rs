//! Which operations move money (MON-11): every writing operation stands in one of two lists, and the OpenAPI document
//! carries it as `x-money` or `x-no-money`.
//!
//! An operation that is in neither list has neither mark, and `tests/api_document.rs` fails: whoever adds a route says
//! whether it moves money. One that does demands an `Idempotency-Key`.

use utoipa::openapi::OpenApi;
use utoipa::openapi::extensions::Extensions;

/// Operations that may move money. `take_step` is thirty operations; which of its steps move money is in the access table.
const MONEY: &[&str] = &["take_step", "pay_in", "withdraw"];

/// Writing operations that never do.
#[rustfmt::skip]
const NO_MONEY: &[&str] = &[
    // orders, messages, files
    "draft_order", "preview_step", "write_message", "upload_file",
    // inquiries
    "open_inquiry", "close_inquiry", "reopen_inquiry", "report_inquiry", "settle_inquiry", "read_inquiry", "write_inquiry_message",
    "upload_inquiry_file", "block_company", "unblock_company", "add_template", "change_template", "delete_template",
    // proofs
    "submit_proof", "answer_proof", "withdraw_proof", "decide_proof", "upload_proof_file",
    // catalogue
    "create_product", "change_product", "check_product", "price_product", "start_import",
    "change_products", "upload_picture", "delete_picture", "price_lines", "keep_product", "forget_product", "decide_listing",
    // stock
    "adjust_stock",
    // sourcing
    "publish_rfq", "extend_rfq", "invite_suppliers", "close_rfq", "withdraw_rfq", "award_rfq", "tell_outcome", "submit_quote",
    "revise_quote", "counter_quote", "agree_to_counter", "withdraw_quote", "ask_about_rfq", "answer_question", "clarify_rfq",
    "upload_sourcing_file",
    // notices, saved searches
    "read_notice", "read_notices", "choose_notices", "save_search", "change_search", "delete_search",
    // market
    "move_clock", "switch_era", "switch_capability", "prove",
    // accounts
    "disable", "enable", "demo_sign_in", "send_verification", "verify_email", "first_admin", "show_offer", "accept",
    "change_password", "password_forgotten", "reset_password", "refresh_session", "switch_seat", "choose_language", "enrol",
    "confirm", "turn_off", "renew_codes", "end_session", "sign_in", "sign_out", "sign_out_everywhere", "sign_up", "step_up",
    // teams
    "invite", "withdraw_invitation", "deactivate", "change_role",
];

/// Marks the operations of the document.
pub fn mark(api: &mut OpenApi) {
    for item in api.paths.paths.values_mut() {
        for operation in [&mut item.post, &mut item.put, &mut item.patch, &mut item.delete].into_iter().flatten() {
            let id = operation.operation_id.as_deref().unwrap_or_default();
            let marks = operation.extensions.get_or_insert_with(Extensions::default);
            for (mark, names) in [("x-money", MONEY), ("x-no-money", NO_MONEY)] {
                if names.contains(&id) {
                    marks.insert(mark.to_owned(), true.into());
                }
            }
        }
    }
}
