//! The plot: server CPU for each delivered keystroke and p99, by scenario and server. SVG written by hand, so that the
//! bench needs no plotting library.

use std::fmt::Write;

use clap::ValueEnum;

use crate::{kind::Kind, record::Book};

const PANEL_HEIGHT: f64 = 220.0;
const LEFT: f64 = 60.0;
const BAR: f64 = 13.0;
const GAP: f64 = 22.0;
/// Room for a server's name.
const LEGEND: f64 = 122.0;
const COLOURS: [&str; 7] = ["#9aa3ad", "#0b5fa5", "#4f9a94", "#6aa9dd", "#c2571a", "#7a3e9d", "#2f7d4f"];

/// A server's colour, the same in every plot.
fn colour(target: &str) -> &'static str {
    let at = Kind::value_variants().iter().position(|kind| kind.name() == target).unwrap_or(0);
    COLOURS[at % COLOURS.len()]
}

/// The plot of the scenarios about typing.
pub fn svg(book: &Book) -> String {
    let names = book.targets();
    let targets: Vec<&str> = names.iter().map(String::as_str).collect();
    let scenarios = crate::report::typed(book);
    let group = BAR * targets.len() as f64 + GAP;
    let width = (LEFT + group * scenarios.len() as f64 + 20.0).max(LEFT + LEGEND * targets.len() as f64);
    let height = 2.0 * (PANEL_HEIGHT + 70.0) + 30.0;
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" font-family=\"sans-serif\" \
         font-size=\"11\">\n<rect width=\"{width}\" height=\"{height}\" fill=\"#fff\"/>\n"
    );
    for (at, target) in targets.iter().enumerate() {
        let x = LEFT + at as f64 * LEGEND;
        let colour = colour(target);
        let _ = writeln!(
            out,
            "<rect x=\"{x}\" y=\"10\" width=\"10\" height=\"10\" fill=\"{colour}\"/><text x=\"{}\" y=\"19\">{target}</text>",
            x + 14.0
        );
    }
    let panels = [
        ("us_per_key", "server CPU for each delivered keystroke, us"),
        ("p99_ms", "p99 to the other clients, ms"),
    ];
    for (panel, (figure, title)) in panels.into_iter().enumerate() {
        let top = 60.0 + panel as f64 * (PANEL_HEIGHT + 60.0);
        draw(&mut out, book, &targets, &scenarios, figure, title, top, width);
    }
    out + "</svg>\n"
}

/// One panel with a logarithmic scale: the servers differ by factors.
#[expect(clippy::too_many_arguments, reason = "the geometry of one drawing")]
fn draw(
    out: &mut String,
    book: &Book,
    targets: &[&str],
    scenarios: &[String],
    figure: &str,
    title: &str,
    top: f64,
    width: f64,
) {
    let values =
        scenarios.iter().flat_map(|name| targets.iter().map(move |target| book.median(name, target, figure)));
    let most = values.flatten().fold(1.0, f64::max);
    let (low, high) = (-1.0, most.log10().ceil().max(1.0));
    let bottom = top + PANEL_HEIGHT;
    let y = |value: f64| bottom - (value.max(0.1).log10() - low) / (high - low) * PANEL_HEIGHT;
    let _ = writeln!(out, "<text x=\"{LEFT}\" y=\"{}\" font-weight=\"bold\">{title}</text>", top - 10.0);
    for power in low as i32..=high as i32 {
        let value = 10f64.powi(power);
        let at = y(value);
        let _ = writeln!(
            out,
            "<line x1=\"{LEFT}\" x2=\"{width}\" y1=\"{at}\" y2=\"{at}\" stroke=\"#ddd\"/>\
             <text x=\"{}\" y=\"{}\" text-anchor=\"end\">{value}</text>",
            LEFT - 6.0,
            at + 4.0
        );
    }
    let group = BAR * targets.len() as f64 + GAP;
    for (column, name) in scenarios.iter().enumerate() {
        let x = LEFT + column as f64 * group + GAP / 2.0;
        let _ = writeln!(out, "<text x=\"{x}\" y=\"{}\">{name}</text>", bottom + 15.0);
        for (at, target) in targets.iter().enumerate() {
            let Some(value) = book.median(name, target, figure) else { continue };
            let (x, high) = (x + at as f64 * BAR, y(value));
            let colour = colour(target);
            let _ = writeln!(
                out,
                "<rect x=\"{x}\" y=\"{high}\" width=\"{}\" height=\"{}\" fill=\"{colour}\"><title>{target} {name}: {value:.2}</title></rect>",
                BAR - 2.0,
                bottom - high
            );
        }
    }
}
