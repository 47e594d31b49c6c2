//! Several people at one section.

use plenary_tests::{Consultation, desk::Heard};

#[tokio::test]
async fn what_one_writes_the_other_sees() -> anyhow::Result<()> {
    let c = Consultation::new(&["Housing"]).await?;
    let ana = c.invite("Ana", "Ministry of Housing", "drafter").await?;
    let bo = c.invite("Bo", "Tenants' Union", "drafter").await?;
    let (mut left, mut right) = (ana.sit(&c.sections[0]).await?, bo.sit(&c.sections[0]).await?);
    left.write("Жыллё для ўсіх 🏠").await?;
    right.until("Жыллё для ўсіх 🏠").await?;
    right.write("Housing for all").await?;
    left.until("Housing for all").await?;
    assert_eq!(left.text(), right.text());
    Ok(())
}

#[tokio::test]
async fn an_observer_reads_and_cannot_write() -> anyhow::Result<()> {
    let c = Consultation::new(&["Housing"]).await?;
    let ana = c.invite("Ana", "Ministry of Housing", "drafter").await?;
    let mut writer = ana.sit(&c.sections[0]).await?;
    writer.write("first").await?;
    for role in ["observer", "reviewer"] {
        let person = c.invite("Olaf", "Embassy", role).await?;
        let mut reader = person.sit(&c.sections[0]).await?;
        reader.until("first").await?;
        reader.write("forbidden").await?;
        let (code, why) = reader.closed().await?;
        assert_eq!(code, 4403, "{role}: {why}");
        assert!(!why.is_empty(), "the reason says what to do");
    }
    writer.write("second").await?;
    let mut fresh = ana.sit(&c.sections[0]).await?;
    fresh.until("second").await?;
    assert!(!fresh.text().contains("forbidden"), "nothing refused is shown: {}", fresh.text());
    Ok(())
}

#[tokio::test]
async fn a_reader_with_nothing_new_is_not_refused() -> anyhow::Result<()> {
    let c = Consultation::new(&["Housing"]).await?;
    let ana = c.invite("Ana", "Ministry of Housing", "drafter").await?;
    ana.sit(&c.sections[0]).await?.write("a text").await?;
    let olaf = c.invite("Olaf", "Embassy", "observer").await?;
    let mut reader = olaf.sit(&c.sections[0]).await?;
    reader.until("a text").await?;
    // The answer to the server's sync step 1 was sent on the way; what follows must still arrive.
    ana.sit(&c.sections[0]).await?.write("more").await?;
    reader.until("more").await
}

#[tokio::test]
async fn a_lowered_role_reaches_open_sockets() -> anyhow::Result<()> {
    let c = Consultation::new(&["Housing"]).await?;
    let ana = c.invite("Ana", "Ministry of Housing", "drafter").await?;
    let mut desk = ana.sit(&c.sections[0]).await?;
    let mut witness = c.admin.sit(&c.sections[0]).await?;
    desk.write("allowed").await?;
    witness.until("allowed").await?;
    c.admin
        .patch(&format!("participants/{}", ana.id), serde_json::json!({ "role": "observer" }))
        .await?
        .ok()?;
    desk.write("too late").await?;
    assert_eq!(desk.closed().await?.0, 4403);
    let mut fresh = ana.sit(&c.sections[0]).await?;
    fresh.until("allowed").await?;
    assert!(!fresh.text().contains("too late"));
    Ok(())
}

#[tokio::test]
async fn nobody_can_speak_under_another_name() -> anyhow::Result<()> {
    let c = Consultation::new(&["Housing"]).await?;
    let ana = c.invite("Ana", "Ministry of Housing", "drafter").await?;
    let mallory = c.invite("Mallory", "Elsewhere", "reviewer").await?;
    let mut honest = ana.sit(&c.sections[0]).await?;
    let mut forger = mallory.sit(&c.sections[0]).await?;
    let state = r#"{"user":{"name":"Ana","organization":"Ministry of Housing"},"cursor":null}"#;
    let mut inner = vec![1];
    plenary_tests::desk::var_uint(&mut inner, 77);
    inner.push(1);
    plenary_tests::desk::var_uint(&mut inner, state.len());
    inner.extend_from_slice(state.as_bytes());
    let mut frame = vec![1];
    plenary_tests::desk::var_uint(&mut frame, inner.len());
    frame.extend_from_slice(&inner);
    forger.send_raw(&frame).await?;
    loop {
        match honest.hear().await? {
            Heard::Awareness(bytes) => {
                let text = String::from_utf8_lossy(&bytes).to_string();
                assert!(text.contains("Mallory") && text.contains("Elsewhere"), "{text}");
                assert!(!text.contains(r#""name":"Ana""#), "{text}");
                return Ok(());
            }
            Heard::Sync => {}
            Heard::Closed(code, why) => anyhow::bail!("closed {code} {why}"),
        }
    }
}

#[tokio::test]
async fn the_review_document_is_the_servers() -> anyhow::Result<()> {
    let c = Consultation::new(&["Housing"]).await?;
    let mut coordinator = c.admin.sit("review").await?;
    coordinator.write("forged").await?;
    assert_eq!(coordinator.closed().await?.0, 4403);
    Ok(())
}
