//! Requests by route and class of status.

use super::{Counter, DURATIONS, Family, Histogram, Kind, Page};
use std::time::Duration;

const CLASSES: [&str; 5] = ["1xx", "2xx", "3xx", "4xx", "5xx"];

struct Route {
    classes: [Counter; 5],
    took: Histogram,
}

static ROUTES: Family<Route> =
    Family::new(|| Route { classes: [const { Counter::new() }; 5], took: Histogram::new(DURATIONS) });
/// Requests whose handler panicked.
pub static PANICS: Counter = Counter::new();

/// Counts an answer. `route` is `METHOD template`, never the path that was asked for.
pub fn answered(route: &str, status: u16, took: Duration) {
    let row = ROUTES.row(route);
    let class = usize::from(status / 100).clamp(1, CLASSES.len()) - 1;
    if let Some(counter) = row.classes.get(class) {
        counter.add(1);
    }
    row.took.time(took);
}

fn parts(route: &str) -> [(&'static str, &str); 2] {
    let (method, template) = route.split_once(' ').unwrap_or(("", route));
    [("method", method), ("route", template)]
}

pub(super) fn show(page: &mut Page) {
    let name = "entrepot_http_requests_total";
    page.head(name, Kind::Counter, "Requests by route template and class of status.");
    ROUTES.each(|route, row| {
        let [method, template] = parts(route);
        for (class, counter) in CLASSES.iter().zip(&row.classes).filter(|(_, counter)| counter.get() > 0) {
            page.row(name, &[method, template, ("status", *class)], counter.get());
        }
    });
    let name = "entrepot_http_request_duration_seconds";
    page.head(name, Kind::Histogram, "Time to the head of the answer, by route template.");
    ROUTES.each(|route, row| page.histogram(name, &parts(route), &row.took, true));
    page.head("entrepot_http_panics_total", Kind::Counter, "Requests whose handler panicked.");
    page.row("entrepot_http_panics_total", &[], PANICS.get());
}
