//! What real editors send (`tests/fixtures/honest.json`, written by `honest.mjs`) is never refused, and reads as in Yjs.

use base64::{Engine as _, engine::general_purpose::STANDARD};

use super::*;

/// Updates of several clients in order, and what Yjs reads in the end.
pub(super) struct Story {
    pub(super) updates: Vec<Vec<u8>>,
    text: String,
    vector: Vec<(u64, u64)>,
}

pub(super) fn stories() -> Vec<Story> {
    let fixture: serde_json::Value =
        serde_json::from_str(include_str!("../../../../tests/fixtures/honest.json")).unwrap();
    let story = |story: &serde_json::Value| Story {
        updates: story["updates"]
            .as_array()
            .unwrap()
            .iter()
            .map(|update| STANDARD.decode(update[1].as_str().unwrap()).unwrap())
            .collect(),
        text: story["text"].as_str().unwrap().to_owned(),
        vector: story["vector"]
            .as_object()
            .unwrap()
            .iter()
            .map(|(client, clock)| (client.parse().unwrap(), clock.as_u64().unwrap()))
            .collect(),
    };
    fixture["stories"].as_array().unwrap().iter().map(story).collect()
}

/// Words and elements in order, as `honest.mjs` writes them.
fn marked_up(blocks: &[Block], out: &mut String) {
    for block in blocks {
        out.push_str(&format!("<{}>", block.node.name()));
        for inline in &block.inline {
            match inline {
                Inline::Run(run) => out.push_str(&run.text),
                Inline::Break => out.push_str("<hardBreak>"),
                Inline::Footnote { runs, .. } => {
                    out.push_str("<footnote>");
                    runs.iter().for_each(|run| out.push_str(&run.text));
                }
            }
        }
        marked_up(&block.blocks, out);
    }
}

fn assert_reads_as_in_yjs(body: &Body, story: &Story) {
    let mut text = String::new();
    marked_up(&body.tree().unwrap().blocks, &mut text);
    assert_eq!(text, story.text);
    let vector = read_state_vector(&body.state_vector()).unwrap();
    for (client, clock) in &story.vector {
        assert_eq!(u64::from(vector.get(&ClientID::new(*client))), *clock, "client {client}");
        assert_eq!(u64::from(body.index.known(*client)), *clock, "client {client}");
    }
}

#[test]
fn none_is_refused_and_the_text_is_that_of_yjs() {
    let mut taken = 0;
    for story in stories() {
        let mut body = Body::new();
        for (number, update) in story.updates.iter().enumerate() {
            body.take(update).unwrap_or_else(|refusal| panic!("update {number}: {refusal}"));
            taken += 1;
        }
        assert_reads_as_in_yjs(&body, &story);
        for update in &story.updates {
            assert_eq!(body.take(update), Ok(Taken::Known));
        }
        assert_healthy(&mut body);
    }
    assert!(taken > 1_500, "the fixture shrank to {taken} updates");
}

#[test]
fn a_restart_from_a_snapshot_at_any_point_changes_nothing() {
    for story in stories() {
        for at in (0..story.updates.len()).step_by(story.updates.len() / 12) {
            let mut body = Body::load(story.updates[..at].iter().map(|update| &update[..])).unwrap();
            let snapshot = body.encode();
            body = Body::load([&snapshot[..]]).unwrap();
            for (number, update) in story.updates.iter().enumerate().skip(at) {
                body.take(update).unwrap_or_else(|refusal| panic!("update {number} after {at}: {refusal}"));
            }
            assert_reads_as_in_yjs(&body, &story);
        }
    }
}

#[test]
fn what_yjs_would_send_to_an_empty_server_is_taken() {
    for story in stories() {
        let body = Body::load(story.updates.iter().map(|update| &update[..])).unwrap();
        let mut fresh = Body::new();
        assert_eq!(fresh.take(&body.encode()), Ok(Taken::New));
        assert_reads_as_in_yjs(&fresh, &story);
        assert_eq!(fresh.take(&body.encode()), Ok(Taken::Known));
    }
}

/// Applies updates one after another to documents of two clients that wrote them without knowing of each other, and
/// gives what a reader who has all of it sends as sync step 2.
fn step_2_of_a_reader(updates: &[Vec<u8>]) -> (Body, Vec<u8>) {
    let mut body = Body::new();
    let reader = new_doc(99);
    for update in updates {
        assert_eq!(body.take(update), Ok(Taken::New));
        reader.transact_mut().apply_update(Update::decode_v1(update).unwrap()).unwrap();
    }
    let step_2 = reader.transact().encode_diff_v1(&read_state_vector(&body.state_vector()).unwrap());
    (body, step_2)
}

#[test]
fn deletions_that_follow_from_other_changes_are_known() {
    use yrs::{Xml as _, XmlElementPrelim, XmlFragment as _, XmlTextPrelim};
    let first = Body::from_tree(&[paragraph("Homes"), paragraph("Schools")], 5);
    let changed = |client: u64, change: &dyn Fn(&mut yrs::TransactionMut<'_>, &XmlFragmentRef)| {
        let doc = new_doc(client);
        let root = doc.get_or_insert_xml_fragment(ROOT);
        doc.transact_mut().apply_update(Update::decode_v1(&first).unwrap()).unwrap();
        let mut txn = doc.transact_mut();
        change(&mut txn, &root);
        txn.encode_update_v1()
    };
    let remove = changed(6, &|txn, root| root.remove_range(txn, 0, 1));
    let write = changed(7, &|txn, root| {
        let paragraph = root.get(txn, 0).and_then(|it| it.into_xml_element()).unwrap();
        paragraph.push_back(txn, XmlTextPrelim::new("for all"));
    });
    let name = |client, id: &'static str| {
        changed(client, &move |txn, root| {
            let paragraph = root.get(txn, 1).and_then(|it| it.into_xml_element()).unwrap();
            paragraph.insert_attribute(txn, "id", id);
        })
    };
    let replaced = changed(8, &|txn, root| {
        root.remove_range(txn, 0, 2);
        root.push_back(txn, XmlElementPrelim::empty("paragraph"));
    });
    let (one, other) = (name(9, "a1b2c3d4e5"), name(10, "f6a7b8c9d0"));
    let first = first.to_vec();
    for updates in [
        vec![first.clone(), remove.clone(), write.clone()],
        vec![first.clone(), write.clone(), remove],
        vec![first.clone(), write, one.clone(), replaced],
        vec![first, one, other],
    ] {
        let (body, step_2) = step_2_of_a_reader(&updates);
        assert_eq!(body.knows(&step_2), Ok(true));
    }
}
