//! The sections of a document's page.

use std::collections::HashMap;

use isnad_core::{Document, RowRef};

use crate::printed::Printed;
use crate::summary::facts::{Distinct, Facts, Figure, Lookup, Who};
use crate::summary::page::{Page, Paragraph, shortened};

/// Indents of a section's items, of what belongs to an item, and of that in turn.
const ITEM: usize = 2;
const DETAIL: usize = 4;
const CONTENT: usize = 6;
/// How many lines of a quotation are shown, about.
const QUOTE_LINES: usize = 3;
/// How many titles of a person, and other spellings of a name, are shown.
const FEW: usize = 3;
/// Labels of entities in the order in which a reader looks for them; others follow by name.
const LABELS: [&str; 8] = ["PER", "ORG", "GPE", "LOC", "FAC", "NORP", "EVENT", "MISC"];

/// Writes the page of a document and an empty line.
pub(crate) fn write(document: &Document, lookup: &Lookup, page: &mut Page<'_>) {
    let disclosure = document.disclosure();
    let printed = Printed::normalized(document.content(), &disclosure);
    let facts = Facts::new(lookup, document, &disclosure, &printed);
    head(&facts, page);
    let sections = [quotes(&facts, page), names(&facts, page), times(&facts, page), numbers(&facts, page)];
    if !sections.contains(&true) {
        let mut line = Paragraph::default();
        match language(&facts) {
            Some(code) if !is_arabic(code) => line.say("not in Arabic, so no facts were looked for"),
            _ => line.say("no facts found"),
        };
        page.write(ITEM, ITEM, &line);
    }
    page.blank();
}

fn head(facts: &Facts<'_>, page: &mut Page<'_>) {
    let content = facts.document.content();
    let field =
        |name: &str| content.meta().get(name).and_then(|value| value.as_str()).map(|text| facts.shown(text));
    let date = content.published().map(|date| date.to_string()).or_else(|| field("published"));
    let mut line = Paragraph::default();
    line.say("■ ").cite(&facts.shown(content.id()));
    for part in [date, field("source"), language(facts).map(str::to_owned)].into_iter().flatten() {
        line.say(" · ").cite(&part);
    }
    page.write(0, ITEM, &line);
    if let Some(title) = title(facts) {
        let mut line = Paragraph::default();
        line.cite(&title);
        page.write(ITEM, ITEM, &line);
    }
}

fn title(facts: &Facts<'_>) -> Option<String> {
    let rows = facts.rows(facts.lookup.region);
    let region = rows.iter().find(|(_, row)| facts.label(row) == "title").map(|(_, row)| row.span);
    let content = facts.document.content();
    let span = region.or_else(|| content.title().map(|raw| content.alignment().to_new(raw)))?;
    Some(facts.shown(facts.printed_at(span))).filter(|title| !title.is_empty())
}

fn language<'d>(facts: &Facts<'d>) -> Option<&'d str> {
    facts.rows(facts.lookup.language).first().map(|(_, row)| facts.label(row))
}

fn is_arabic(code: &str) -> bool {
    matches!(code, "ar" | "ara")
}

/// Who said what, in the order in which people first speak; unknown speakers last.
fn quotes(facts: &Facts<'_>, page: &mut Page<'_>) -> bool {
    let mut groups: Vec<(Vec<Who<'_>>, Vec<RowRef>)> = Vec::new();
    let mut places: HashMap<Vec<Who<'_>>, usize> = HashMap::new();
    for (at, _) in facts.rows(facts.lookup.quote) {
        let speakers = people(facts, facts.linked(at, facts.lookup.keys.speaker));
        let place = *places.entry(speakers.clone()).or_insert(groups.len());
        match groups.get_mut(place) {
            Some((_, quotes)) => quotes.push(at),
            None => groups.push((speakers, vec![at])),
        }
    }
    groups.sort_by_key(|(speakers, _)| speakers.is_empty());
    if groups.is_empty() {
        return false;
    }
    heading("Who said what", page);
    for (speakers, quotes) in &groups {
        let mut line = Paragraph::default();
        match speakers.as_slice() {
            [] => {
                line.say("unknown speaker");
            }
            speakers => {
                for (index, speaker) in speakers.iter().enumerate() {
                    line.say(if index > 0 { " and " } else { "" });
                    introduce(facts, *speaker, &mut line);
                }
            }
        }
        page.write(ITEM, DETAIL, &line);
        for quote in quotes {
            write_quote(facts, *quote, page);
        }
    }
    true
}

fn write_quote(facts: &Facts<'_>, at: RowRef, page: &mut Page<'_>) {
    let Some(row) = facts.row(at) else { return };
    let keys = &facts.lookup.keys;
    let mut line = Paragraph::default();
    line.say(facts.label(row));
    for (index, cue) in facts.linked(at, keys.cue).into_iter().enumerate() {
        let text = facts.row(cue).map(|cue| facts.text(cue)).unwrap_or_default();
        line.say(if index == 0 { ", " } else { " " }).cite(&format!("«{}»", facts.shown(text)));
    }
    if let Some(channel) = facts.attr(at, keys.channel) {
        line.say(", by ").cite(&facts.shown(channel));
    }
    for time in facts.linked(at, keys.time) {
        let text = facts.row(time).map(|time| facts.text(time)).unwrap_or_default();
        let value = facts.attr(time, keys.value).or_else(|| facts.attr(time, keys.expr)).unwrap_or(text);
        line.say(", ").cite(&facts.shown(value));
    }
    for (index, who) in people(facts, facts.linked(at, keys.addressee)).into_iter().enumerate() {
        line.say(if index == 0 { ", to " } else { " and " }).cite(&facts.shown(short_name(facts, who)));
    }
    page.write(DETAIL, CONTENT, &line);
    let content = facts.shown(facts.text(row));
    let mut line = Paragraph::default();
    line.cite(&format!("«{}»", shortened(&content, QUOTE_LINES * page.columns(CONTENT) - 2)));
    page.write(CONTENT, CONTENT, &line);
}

fn people<'d>(facts: &Facts<'d>, rows: Vec<RowRef>) -> Vec<Who<'d>> {
    let mut people = Distinct::default();
    rows.into_iter().for_each(|row| people.add(facts.who(row)));
    people.list().to_vec()
}

/// Somebody with all names and titles.
fn introduce(facts: &Facts<'_>, who: Who<'_>, line: &mut Paragraph) {
    let Some(figure) = facts.figure(who) else {
        line.cite(&facts.shown(short_name(facts, who)));
        return;
    };
    full_name(facts, figure, line);
    for (index, role) in figure.roles.list().iter().take(FEW).enumerate() {
        line.say(if index == 0 { " — " } else { "; " }).cite(&facts.shown(role));
    }
}

fn full_name(facts: &Facts<'_>, figure: &Figure<'_>, line: &mut Paragraph) {
    if let Some(name) = figure.name_en {
        line.cite(&facts.shown(name)).say(" ");
    }
    line.cite(&facts.shown(figure.title()));
}

fn short_name<'d>(facts: &Facts<'d>, who: Who<'d>) -> &'d str {
    match (facts.figure(who), who) {
        (Some(figure), _) => figure.name_en.unwrap_or(figure.title()),
        (None, Who::Text(text)) => text,
        // A row that names an entity which no row of the layers read here mentions.
        (None, Who::Entity(id)) => id,
    }
}

/// The entities, by label; the most mentioned first.
fn names(facts: &Facts<'_>, page: &mut Page<'_>) -> bool {
    let mut figures: Vec<(&str, &Figure<'_>)> = facts
        .mentioned()
        .map(|figure| (figure.label.map_or("", |label| facts.lookup.names.name(label)), figure))
        .collect();
    if figures.is_empty() {
        return false;
    }
    heading("Names", page);
    let rank = |label: &str| LABELS.iter().position(|known| *known == label).unwrap_or(LABELS.len());
    figures.sort_by(|(a, x), (b, y)| (rank(a), a).cmp(&(rank(b), b)).then(y.count.cmp(&x.count)));
    for group in figures.chunk_by(|(a, _), (b, _)| a == b) {
        let mut line = Paragraph::default();
        for (index, (label, figure)) in group.iter().enumerate() {
            match index {
                0 => line.say(&format!("{label}: ")),
                _ => line.say(" · "),
            };
            full_name(facts, figure, &mut line);
            if figure.count > 1 {
                line.say(&format!(" ×{}", figure.count));
            }
            let others = figure.mentions.list().iter().filter(|text| **text != figure.title());
            let mut others: Vec<&str> = others.take(FEW + 1).copied().collect();
            if others.len() > FEW {
                others.truncate(FEW);
                others.push("…");
            }
            if !others.is_empty() {
                line.say(" ").cite(&format!("({})", facts.shown(&others.join("، "))));
            }
        }
        page.write(ITEM, DETAIL, &line);
    }
    true
}

/// Each value once, with the words that express it.
fn times(facts: &Facts<'_>, page: &mut Page<'_>) -> bool {
    let keys = &facts.lookup.keys;
    let items = facts.rows(facts.lookup.time).into_iter().map(|(at, row)| {
        let value = facts.attr(at, keys.value).or_else(|| facts.attr(at, keys.expr));
        (value.unwrap_or("?"), "", facts.text(row))
    });
    values("Times", items, facts, page)
}

fn numbers(facts: &Facts<'_>, page: &mut Page<'_>) -> bool {
    let keys = &facts.lookup.keys;
    let items = facts.rows(facts.lookup.number).into_iter().map(|(at, row)| {
        (
            facts.attr(at, keys.value).unwrap_or("?"),
            facts.attr(at, keys.unit).unwrap_or_default(),
            facts.text(row),
        )
    });
    values("Numbers", items, facts, page)
}

/// Values with unit, in the order they first come, and how they are written.
fn values<'d>(
    title: &str,
    items: impl Iterator<Item = (&'d str, &'d str, &'d str)>,
    facts: &Facts<'d>,
    page: &mut Page<'_>,
) -> bool {
    let mut values: Distinct<(&str, &str)> = Distinct::default();
    let mut texts: HashMap<(&str, &str), Distinct<&str>> = HashMap::new();
    for (value, unit, text) in items {
        values.add((value, unit));
        texts.entry((value, unit)).or_default().add(text);
    }
    if values.list().is_empty() {
        return false;
    }
    heading(title, page);
    let mut line = Paragraph::default();
    for (index, value) in values.list().iter().enumerate() {
        line.say(if index == 0 { "" } else { " · " }).cite(&facts.shown(value.0));
        if !value.1.is_empty() {
            line.say(" ").cite(&facts.shown(value.1));
        }
        for text in texts.get(value).map_or(&[][..], Distinct::list) {
            line.say(" ").cite(&format!("«{}»", facts.shown(text)));
        }
    }
    page.write(ITEM, DETAIL, &line);
    true
}

fn heading(title: &str, page: &mut Page<'_>) {
    let mut line = Paragraph::default();
    line.say(title);
    page.write(0, 0, &line);
}
