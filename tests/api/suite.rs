// The tests of the whole application over HTTP; `api.rs` and `api_on_postgres.rs` take this one list.
mod access;
mod authenticator;
mod bad_input;
mod contract;
mod ground;
mod import;
mod journey;
mod mail_links;
mod operator;
mod passwords;
mod reads;
mod second_factor;
mod sessions;
mod step_up;
mod team;
mod throttles;
