//! A market of one's own to test in; sign-up, demo users and seats.

use super::account::Caller;
use super::company::Company;
use super::session::Issued;
use super::view::{DemoSeat, NewCompany, SignIn, SignUp};
use super::*;
use crate::config::Config;
use crate::platform::access::Actor;
use crate::platform::clock::Clock;
use crate::platform::database::Database;
use crate::platform::engine::{Engine, MarketState, Registry, Request};
use crate::platform::files::Files;
use crate::platform::ids::Ids;
use crate::platform::live::Live;
use crate::platform::problem::Failure;
use crate::platform::rows;
use crate::platform::session::Sessions;
use crate::platform::web::AppState;
use clap::Parser;
use entrepot_domain::kernel::{CompanyId, MarketTime, RealTime, Role};
use entrepot_domain::market::{ClockState, Era, RuleParams, era_capabilities};

pub const MARKET: u128 = 0x11;
pub const SECOND: i64 = 1_000_000;
const START: i64 = 1_790_000_000 * SECOND;
pub const PASSWORD: &str = "nine sleepy otters";

#[derive(Parser)]
struct Arguments {
    #[command(flatten)]
    config: Config,
}

/// A market of one's own, thrown away at the end.
pub struct World {
    pub state: AppState,
    pub sessions: IdentitySessions,
    pub clock: Clock,
    _folder: tempfile::TempDir,
}

impl World {
    pub async fn new(arguments: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}", folder.path().join("test.db").display());
        let db = Database::open(&url).await.unwrap();
        let clock = Clock::manual(START);
        let market = MarketState {
            name: "Harbour".to_owned(),
            era: Era::ALL[0],
            capabilities: era_capabilities(Era::ALL[0]),
            clock: ClockState::paused_at(RealTime(START), MarketTime(START)),
            time_zone: "Asia/Shanghai".to_owned(),
            params: RuleParams::default(),
            recorded: 0,
        };
        let values = vec![rows::id(MARKET), serde_json::to_string(&market).unwrap().into()];
        let sql = "INSERT INTO market (market_id, version, name, state) VALUES ($1, 1, 'Harbour', $2)";
        rows::execute(db.write(), sql, values).await.unwrap();
        let registry = Registry::new(stores(), &[ACCESS], &[]);
        let engine = Engine::start(db, clock.clone(), Ids::random(clock.clone()), registry, Live::default()).unwrap();
        let arguments = std::iter::once("entrepot").chain(arguments.iter().copied());
        let mut config = Arguments::try_parse_from(arguments).unwrap().config;
        config.files = folder.path().join("files");
        let state = AppState {
            engine,
            files: Files::new(folder.path()),
            config: std::sync::Arc::new(config),
            life: Default::default(),
            services: Default::default(),
        };
        let sessions = IdentitySessions::start(&state).await.unwrap();
        Self { state, sessions, clock, _folder: folder }
    }

    async fn count(&self, sql: &str) -> i64 {
        let row = rows::query_one(self.state.engine.db().write(), sql, vec![]).await.unwrap().unwrap();
        row.try_get_by_index(0).unwrap()
    }

    pub async fn sign_up(&self, email: &str, registration: &str) -> Result<Issued, Failure> {
        self.sessions.sign_up(&form(email, registration), &caller()).await
    }

    pub async fn sign_in(&self, password: &str) -> Result<Issued, Failure> {
        let (email, password) = ("Anna@Example.com ".to_owned(), password.to_owned());
        let form = SignIn { email, password: password.into(), code: None };
        self.sessions.sign_in(&form, &caller()).await
    }

    pub async fn actor(&self, issued: &Issued) -> Result<Actor, Failure> {
        self.sessions.actor(Some(issued.access.clone())).await
    }
}

pub fn caller() -> Caller {
    Caller { peer: "203.0.113.7".parse().ok(), agent: "test".to_owned() }
}

fn form(email: &str, registration: &str) -> SignUp {
    let company = NewCompany {
        name: "Anna's Bikes".to_owned(),
        country: "DE".to_owned(),
        registration_number: registration.to_owned(),
        buys: true,
        sells: false,
    };
    SignUp { email: email.to_owned(), password: PASSWORD.into(), name: "Anna".to_owned(), company }
}

pub fn code(result: Result<Issued, Failure>) -> String {
    match result {
        Ok(_) => "ok".to_owned(),
        Err(Failure::Refused(refusal)) => refusal.code,
        Err(Failure::Failed(fault)) => panic!("{fault}"),
    }
}

pub fn refresh(issued: &Issued) -> &str {
    issued.refresh.as_ref().map_or("", |(token, _)| token)
}

#[tokio::test]
async fn sign_up_makes_user_company_and_owner_and_signs_in() {
    let world = World::new(&[]).await;

    let issued = world.sign_up("Anna@Example.com", "HRB 1").await.unwrap();

    let actor = world.actor(&issued).await.unwrap();
    let company = actor.company.unwrap();
    assert_eq!((actor.market, actor.role, actor.user), (MARKET, Role::Owner, issued.user));
    let names = company_names(world.state.engine.db(), MARKET, &[company, 1]).await.unwrap();
    assert_eq!(names.into_iter().collect::<Vec<_>>(), [(company, ("Anna's Bikes".to_owned(), "DE".to_owned()))]);
    assert_eq!(company_by_registration(world.state.engine.db(), MARKET, "DE", "HRB 1").await.unwrap(), Some(company));
    let (version, stored): (i64, Company) =
        super::company(world.state.engine.db(), MARKET, company).await.unwrap().unwrap();
    assert_eq!((version, stored.id), (1, CompanyId(company)));
    assert!(world.sign_in(PASSWORD).await.is_ok());
}

#[tokio::test]
async fn a_refused_sign_up_leaves_nothing_behind() {
    let world = World::new(&[]).await;
    world.sign_up("anna@example.com", "HRB 1").await.unwrap();

    assert_eq!(code(world.sign_up("bert@example.com", "HRB 1").await), "identity.registration_taken");
    assert_eq!(code(world.sign_up("bert@example.com", " ").await), "invalid");
    assert_eq!(code(world.sign_up("anna@example.com", "HRB 2").await), "identity.email_taken");

    assert_eq!(world.count("SELECT COUNT(*) FROM app_user").await, 1);
    assert_eq!(world.count("SELECT COUNT(*) FROM company").await, 1);
    world.clock.step(60 * SECOND);
    assert_eq!(code(world.sign_up("bert@example.com", "HRB 2").await), "ok");
}

#[tokio::test]
async fn a_form_is_judged_field_by_field() {
    let world = World::new(&[]).await;
    let mut wrong = form("nobody", "HRB 1");
    wrong.password = "short".to_owned().into();
    wrong.name = " ".to_owned();

    let Err(Failure::Refused(refusal)) = world.sessions.sign_up(&wrong, &caller()).await else { panic!("accepted") };

    let pointers: Vec<&str> = refusal.errors.iter().map(|e| e.pointer.as_str()).collect();
    assert_eq!((refusal.status, pointers), (422, vec!["/name", "/email", "/password"]));
}

#[tokio::test]
async fn demo_users_exist_once_and_only_in_demo_mode() {
    let world = World::new(&["--demo"]).await;
    let issued = world.sign_up("anna@example.com", "HRB 1").await.unwrap();
    let company = world.actor(&issued).await.unwrap().company.unwrap();
    for _ in 0..2 {
        demo::ensure_users(&world.state, MARKET, company, company).await.unwrap();
    }

    assert_eq!(world.count("SELECT COUNT(*) FROM app_user").await, 5);
    assert_eq!(world.count("SELECT COUNT(*) FROM seat").await, 5);
    for (seat, role) in
        [(DemoSeat::Buyer, Role::Owner), (DemoSeat::Admin, Role::Admin), (DemoSeat::Teacher, Role::Teacher)]
    {
        let issued = world.sessions.enter_demo(seat, &caller()).await.unwrap();
        assert_eq!(world.actor(&issued).await.unwrap().role, role);
    }
    let mut outside = world.state.clone();
    outside.config = World::new(&[]).await.state.config;
    let outside = IdentitySessions::start(&outside).await.unwrap();
    assert_eq!(code(outside.enter_demo(DemoSeat::Buyer, &caller()).await), "not_found");
}

#[tokio::test]
async fn seats_are_granted_only_by_those_above_them() {
    let world = World::new(&[]).await;
    let anna = world.sign_up("anna@example.com", "HRB 1").await.unwrap();
    let bert = world.sign_up("bert@example.com", "HRB 2").await.unwrap();
    let (owner, stranger) = (world.actor(&anna).await.unwrap(), world.actor(&bert).await.unwrap());
    let grant = |id: u128, actor: &Actor, company: Option<u128>, role: Role| {
        let command = GrantSeat { id, user: bert.user, company, role };
        let request = Request::new(actor.clone(), command);
        let engine = world.state.engine.clone();
        async move {
            match engine.execute(request).await {
                Ok(receipt) => receipt.status,
                Err(Failure::Refused(refusal)) => refusal.status,
                Err(Failure::Failed(fault)) => panic!("{fault}"),
            }
        }
    };

    assert_eq!(grant(101, &owner, owner.company, Role::Trader).await, 201);
    assert_eq!(grant(102, &owner, None, Role::Admin).await, 404);
    assert_eq!(grant(103, &owner, owner.company, Role::Admin).await, 403);
    assert_eq!(grant(104, &stranger, owner.company, Role::Owner).await, 404);
    let trader = Actor { role: Role::Trader, ..owner.clone() };
    assert_eq!(grant(105, &trader, owner.company, Role::Viewer).await, 403);
    assert_eq!(grant(106, &Actor::system(MARKET), Some(1), Role::Owner).await, 422);

    let known = world.sessions.identify(Some(&bert.access)).await.unwrap();
    let moved = world.sessions.sit(&known, 101).await.unwrap();
    assert_eq!(world.actor(&moved).await.unwrap().role, Role::Trader);
    assert!(world.actor(&bert).await.is_err(), "the token of the old seat");
    assert_eq!(code(world.sessions.sit(&known, anna.seat.unwrap().1).await), "not_found");
}
