//! Runs files through a target without a fuzzer, on any compiler: `replay TARGET FILE…`.

use std::{env, error::Error, fs, path::PathBuf, time::Instant};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = env::args().skip(1);
    let target = match arguments.next().as_deref() {
        Some("protocol") => plenary_fuzz::protocol,
        Some("body") => plenary_fuzz::body,
        Some("journal_record") => plenary_fuzz::journal_record,
        _ => return Err("replay protocol|body|journal_record FILE…".into()),
    };
    let mut slowest = (0, PathBuf::new());
    let mut count = 0;
    for path in arguments.map(PathBuf::from) {
        let data = fs::read(&path)?;
        eprintln!("{}", path.display());
        let started = Instant::now();
        target(&data);
        slowest = slowest.max((started.elapsed().as_micros(), path));
        count += 1;
    }
    println!("{count} inputs did no harm; the slowest took {} µs: {}", slowest.0, slowest.1.display());
    if count == 0 { Err("no inputs".into()) } else { Ok(()) }
}
