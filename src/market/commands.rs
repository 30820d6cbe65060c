//! Commands on the market itself.

use super::words;
use crate::platform::access::{Actor, Relation};
use crate::platform::engine::{Command, Context, Decision, Key, MarketState, Outcome, View};
use crate::platform::problem::Refusal;
use entrepot_domain::kernel::{MarketTime, RealTime};
use entrepot_domain::market::{Capability, ClockError, ClockState, Era, era_capabilities};
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;

fn relation(market: u128, actor: &Actor) -> Relation {
    match (actor.market == market, actor.oversees()) {
        (true, true) => Relation::Overseer,
        (true, false) => Relation::Market,
        (false, _) => Relation::None,
    }
}

fn current<'a>(view: &'a View<'_>, market: u128) -> Result<&'a MarketState, Refusal> {
    view.get::<MarketState>(MarketState::key(market)).ok_or_else(Refusal::not_found)
}

/// What a change of the market answers.
#[derive(Debug, Serialize, ToSchema)]
pub struct MarketReceipt {
    /// Market time.
    #[schema(format = DateTime)]
    now: String,
    #[schema(value_type = words::Era)]
    era: Era,
}

fn write(
    market: u128,
    state: MarketState,
    what: serde_json::Value,
    cx: &Context<'_>,
    out: &mut Outcome,
) -> Result<Decision, Refusal> {
    out.tell(&what)?;
    out.reply(200, &MarketReceipt { now: state.now(cx.recorded_at).to_string(), era: state.era })?;
    out.save(MarketState::key(market), state);
    Ok(Decision::Write)
}

/// Opens a market. Only the installation itself (seed, set-up) does this, so the market row is there from the start.
pub struct OpenMarket {
    /// The new market.
    pub market: u128,
    /// Its state at opening.
    pub state: MarketState,
}

/// Changes of the clock.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ClockMove {
    /// Stand still.
    Pause,
    /// Run on.
    Resume,
    /// Run at parts per million of real time.
    Rate(i64),
    /// Jump forward to a market instant.
    To(MarketTime),
    /// Jump forward by microseconds.
    By(i64),
}

/// Moves a market's clock; the caller then lets the due deadlines run.
pub struct MoveClock {
    /// The market.
    pub market: u128,
    /// What to do.
    pub change: ClockMove,
}

fn refuse(error: ClockError) -> Refusal {
    match error {
        ClockError::Backwards { now, to } => {
            Refusal::new(409, "market.clock_backwards", error.to_string()).with("now", now).with("to", to)
        }
        ClockError::RateOutOfRange(rate) => Refusal::new(422, "market.rate_out_of_range", error.to_string())
            .with("rate", rate)
            .field("/rate", "market.rate_out_of_range", error.to_string()),
    }
}

impl Command for MoveClock {
    fn step(&self) -> &'static str {
        match self.change {
            ClockMove::Pause => "clock.pause",
            ClockMove::Resume => "clock.resume",
            ClockMove::Rate(_) => "clock.set_rate",
            ClockMove::To(_) | ClockMove::By(_) => "clock.advance",
        }
    }

    fn subject(&self) -> Key {
        MarketState::key(self.market)
    }

    fn relation(&self, _: &View<'_>, actor: &Actor) -> Relation {
        relation(self.market, actor)
    }

    fn decide(&self, cx: &Context<'_>, view: &View<'_>, out: &mut Outcome) -> Result<Decision, Refusal> {
        let mut state = current(view, self.market)?.clone();
        let (clock, real) = (state.clock, RealTime(cx.recorded_at));
        state.clock = match &self.change {
            ClockMove::Pause => clock.pause(real),
            ClockMove::Resume => clock.resume(real),
            ClockMove::Rate(rate) => clock.set_rate(real, *rate).map_err(refuse)?,
            ClockMove::To(to) => clock.advance(real, *to).map_err(refuse)?,
            ClockMove::By(micros) => {
                let to = clock.now(real).0.checked_add(*micros).map(MarketTime);
                let to = to.ok_or_else(|| Refusal::invalid("The clock cannot go that far."))?;
                clock.advance(real, to).map_err(refuse)?
            }
        };
        let what = json!({ "change": self.change, "clock": state.clock });
        write(self.market, state, what, cx, out)
    }
}

/// Switches the era preset; single switches are forgotten.
pub struct SwitchEra {
    /// The market.
    pub market: u128,
    /// The era.
    pub era: Era,
}

impl Command for SwitchEra {
    fn step(&self) -> &'static str {
        "era.switch"
    }

    fn subject(&self) -> Key {
        MarketState::key(self.market)
    }

    fn relation(&self, _: &View<'_>, actor: &Actor) -> Relation {
        relation(self.market, actor)
    }

    fn decide(&self, cx: &Context<'_>, view: &View<'_>, out: &mut Outcome) -> Result<Decision, Refusal> {
        let mut state = current(view, self.market)?.clone();
        let what = json!({ "from": state.era, "to": self.era });
        state.era = self.era;
        state.capabilities = state.capabilities.carried_into(era_capabilities(self.era));
        write(self.market, state, what, cx, out)
    }
}

/// Switches one capability on or off on top of the era.
pub struct SwitchCapability {
    /// The market.
    pub market: u128,
    /// The capability.
    pub capability: Capability,
    /// Whether it is on afterwards.
    pub on: bool,
}

impl Command for SwitchCapability {
    fn step(&self) -> &'static str {
        "capability.switch"
    }

    fn subject(&self) -> Key {
        MarketState::key(self.market)
    }

    fn relation(&self, _: &View<'_>, actor: &Actor) -> Relation {
        relation(self.market, actor)
    }

    fn decide(&self, cx: &Context<'_>, view: &View<'_>, out: &mut Outcome) -> Result<Decision, Refusal> {
        let mut state = current(view, self.market)?.clone();
        state.capabilities = state.capabilities.with(self.capability, self.on);
        write(self.market, state, json!({ "capability": self.capability, "on": self.on }), cx, out)
    }
}

impl Command for OpenMarket {
    fn step(&self) -> &'static str {
        "market.open"
    }

    fn subject(&self) -> Key {
        MarketState::key(self.market)
    }

    fn relation(&self, _: &View<'_>, actor: &Actor) -> Relation {
        relation(self.market, actor)
    }

    fn opening(&self) -> Option<&MarketState> {
        Some(&self.state)
    }

    fn decide(&self, cx: &Context<'_>, _: &View<'_>, out: &mut Outcome) -> Result<Decision, Refusal> {
        let state = &self.state;
        let what = json!({ "name": state.name, "era": state.era, "time_zone": state.time_zone, "clock": state.clock, "params": state.params });
        write(self.market, state.clone(), what, cx, out)
    }
}

impl OpenMarket {
    /// A market of the given era whose clock stands at `at`.
    pub fn new(market: u128, name: &str, era: Era, real: i64, at: MarketTime) -> Self {
        let state = MarketState {
            name: name.to_owned(),
            era,
            capabilities: era_capabilities(era),
            clock: ClockState::paused_at(RealTime(real), at),
            time_zone: "Asia/Shanghai".to_owned(),
            params: entrepot_domain::market::RuleParams::default(),
            recorded: 0,
        };
        Self { market, state }
    }
}
