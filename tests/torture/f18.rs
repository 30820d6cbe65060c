//! F18: two nodes on one PostgreSQL behind a proxy; each is told to stop in turn and comes back, and nobody notices.

use crate::f1::judge;
use crate::history::History;
use crate::load::{Load, Manner};
use crate::market;
use crate::postgres::{self, Cluster};
use crate::proxy::Proxy;
use crate::rig::{Control, Ground, Level, Outcome, Rig};
use crate::server::{Launch, Server};
use std::sync::Arc;
use std::time::Duration;

/// A node that was told to stop has ended within this.
const LEAVING: Duration = Duration::from_secs(20);

pub fn rigs() -> Vec<Box<dyn Rig>> {
    vec![Box::new(RollingRestart)]
}

struct RollingRestart;

/// Two nodes, the proxy before them and the clients before that.
struct Stand {
    launches: [Launch; 2],
    nodes: [Option<Server>; 2],
    proxy: Proxy,
    history: Arc<History>,
    load: Load,
    // Last, so that it outlives the nodes.
    _cluster: Cluster,
}

impl Stand {
    fn start(ground: &Ground, name: &str) -> Self {
        let cluster = Cluster::start(&ground.sub(&format!("{name}-pg")));
        let first = Launch::new(&cluster.database("torture"), &ground.sub(name));
        let second = first.beside();
        market::prepare(&first);
        let nodes = [Some(first.start_ready()), Some(second.start_ready())];
        let proxy = Proxy::before(&[first.port, second.port]);
        proxy.sees_ready(2);
        let history = Arc::new(History::kept_in(&first.folder.join("history.txt")));
        let manner = Manner { hang_up_in: 0, give_up_in: 0, ..Manner::at(proxy.port, ground.seed) };
        let load = Load::start(&manner, &history);
        Self { launches: [first, second], nodes, proxy, history, load, _cluster: cluster }
    }

    fn restart(&mut self, node: usize) {
        self.nodes[node] = Some(self.launches[node].start_ready());
        self.proxy.sees_ready(2);
    }
}

impl Rig for RollingRestart {
    fn id(&self) -> &'static str {
        "F18"
    }

    fn title(&self) -> &'static str {
        "rolling restart of two nodes under load"
    }

    fn size(&self, level: Level) -> u32 {
        level.of([2, 10, 200])
    }

    fn skipped(&self) -> Option<String> {
        postgres::programs().err()
    }

    fn run(&self, ground: &Ground) -> Outcome {
        let mut outcome = Outcome::default();
        let mut stand = Stand::start(ground, "run");
        for round in 0..ground.size {
            let node = usize::from(round % 2 == 1);
            std::thread::sleep(Duration::from_millis(300));
            let leaving = stand.nodes[node].take().expect("the node runs");
            match leaving.terminate(LEAVING) {
                Some(status) if status.success() => {}
                other => outcome.lost(ground.seed, format!("round {round}: the node ended with {other:?}")),
            }
            stand.restart(node);
            outcome.faults += 1;
        }
        std::thread::sleep(Duration::from_millis(300));
        let interrupted = stand.history.figures().interrupted;
        outcome.count("failed requests", interrupted);
        for what in stand.history.interruptions() {
            outcome.lost(ground.seed, format!("failed: {what}"));
        }
        stand.load.finish();
        for node in stand.nodes.into_iter().flatten() {
            if node.terminate(LEAVING).is_none_or(|status| !status.success()) {
                outcome.lost(ground.seed, "a node did not end well after SIGTERM");
            }
        }
        judge(&stand.launches[0], &stand.history, ground.seed, &mut outcome);
        stand.launches[1].bad_lines().into_iter().for_each(|line| outcome.lost(ground.seed, line));
        outcome
    }

    /// A node that is killed instead of told to stop must be noticed.
    fn control(&self, ground: &Ground) -> Control {
        let mut stand = Stand::start(ground, "control");
        for round in 0..10 {
            let node = round % 2;
            std::thread::sleep(Duration::from_millis(300));
            if let Some(server) = stand.nodes[node].take() {
                server.kill();
            }
            stand.restart(node);
            let failed = stand.history.figures().interrupted + stand.history.anomalies();
            if failed > 0 {
                return Control::Red(format!(
                    "nodes killed instead of told to stop: {failed} failed requests after {} kills",
                    round + 1
                ));
            }
        }
        Control::Green("10 kills went unnoticed".to_owned())
    }
}
