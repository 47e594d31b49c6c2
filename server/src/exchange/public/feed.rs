//! The feed of a report's follow-up (Atom, RFC 4287): what was published, and what became of it.

use std::io;

use jiff::Timestamp;
use quick_xml::{
    Writer,
    events::{BytesDecl, BytesText, Event},
};
use uuid::Uuid;

use super::{PublicRecommendation, PublicRegister};
use crate::{exchange::words, limits::FEED_ENTRIES_MAX};

/// One thing that happened.
struct News<'a> {
    of: &'a PublicRecommendation,
    id: String,
    at: Timestamp,
    title: String,
    link: String,
    words: Option<&'a str>,
}

/// The feed, newest first.
pub fn feed(register: &PublicRegister) -> Vec<u8> {
    let mut news: Vec<_> = register.recommendations.iter().flat_map(|it| told(register, it)).collect();
    news.sort_by(|a, b| (b.at, &b.id).cmp(&(a.at, &a.id)));
    news.truncate(FEED_ENTRIES_MAX);
    let mut xml = Writer::new(Vec::new());
    // Into memory: there is nothing to fail.
    write(&mut xml, register, &news).expect("a vector takes all");
    xml.into_inner()
}

fn told<'a>(register: &PublicRegister, of: &'a PublicRecommendation) -> impl Iterator<Item = News<'a>> {
    let language = register.language;
    let id = urn(of.id.as_bytes());
    let published = News {
        of,
        id: id.clone(),
        at: of.published_at,
        title: format!("R{}: {}", of.number, of.title),
        link: of.url.clone(),
        words: Some(&of.text),
    };
    let progress = of.progress.iter().map(move |it| News {
        of,
        id: format!("{id}#progress-{}", it.n),
        at: it.at,
        title: format!("R{}, {}: {}", of.number, language.progress(it.state), of.title),
        link: format!("{}#progress-{}", of.url, it.n),
        words: it.note.as_deref(),
    });
    std::iter::once(published).chain(progress)
}

fn urn(id: &[u8; 16]) -> String {
    Uuid::from_bytes(*id).urn().to_string()
}

fn write(xml: &mut Writer<Vec<u8>>, register: &PublicRegister, news: &[News<'_>]) -> io::Result<()> {
    let language = register.language;
    let own = format!("{}/feed.atom?language={}", register.url, language.tag());
    xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("utf-8"), None)))?;
    let feed = [("xmlns", "http://www.w3.org/2005/Atom"), ("xml:lang", language.tag())];
    xml.create_element("feed").with_attributes(feed).write_inner_content(|xml| {
        text(xml, "id", &urn(register.report.id.as_bytes()))?;
        text(xml, "title", &format!("{} · {}", language.say(words::TITLE), register.report.title))?;
        text(xml, "updated", &register.updated_at.to_string())?;
        link(xml, "self", "application/atom+xml", &own)?;
        link(xml, "alternate", "text/html", &register.url)?;
        author(xml, &register.report.title)?;
        text(xml, "generator", "Plenary")?;
        news.iter().try_for_each(|it| entry(xml, register, it))
    })?;
    Ok(())
}

fn entry(xml: &mut Writer<Vec<u8>>, register: &PublicRegister, it: &News<'_>) -> io::Result<()> {
    xml.create_element("entry")
        .with_attribute(("xml:lang", register.report.language.as_str()))
        .write_inner_content(|xml| {
            text(xml, "id", &it.id)?;
            text(xml, "title", &it.title)?;
            text(xml, "published", &it.at.to_string())?;
            text(xml, "updated", &it.at.to_string())?;
            link(xml, "alternate", "text/html", &it.link)?;
            if let Some(who) = &it.of.proposed_by {
                author(xml, &who.name)?;
            }
            if let Some(words) = it.words {
                text(xml, "summary", words)?;
            }
            Ok(())
        })?;
    Ok(())
}

fn text(xml: &mut Writer<Vec<u8>>, name: &str, words: &str) -> io::Result<()> {
    xml.create_element(name).write_text_content(BytesText::new(words))?;
    Ok(())
}

fn link(xml: &mut Writer<Vec<u8>>, rel: &str, kind: &str, href: &str) -> io::Result<()> {
    xml.create_element("link")
        .with_attributes([("rel", rel), ("type", kind), ("href", href)])
        .write_empty()?;
    Ok(())
}

fn author(xml: &mut Writer<Vec<u8>>, name: &str) -> io::Result<()> {
    xml.create_element("author").write_inner_content(|xml| text(xml, "name", name))?;
    Ok(())
}
