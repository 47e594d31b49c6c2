//! Brings the peers from npm and crates.io when they are missing. What cannot be had is left out and named.

use std::process::Command;

use anyhow::{Context, ensure};

use crate::{kind::Kind, machine, target::Setup};

/// Installs what is missing of these kinds; says what could not be.
pub fn all(setup: &Setup, kinds: &[Kind]) {
    for kind in kinds.iter().filter(|kind| setup.find(**kind).is_err()) {
        let done = match kind {
            Kind::YWebsocket | Kind::Hocuspocus => node(setup),
            Kind::YSweet => y_sweet(setup),
            Kind::Plenary | Kind::PlenaryWindow | Kind::PlenaryAddressed if setup.built() => Ok(()),
            Kind::Plenary | Kind::PlenaryWindow | Kind::PlenaryAddressed => plenary(setup),
            Kind::Bare => Ok(()),
        };
        if let Err(why) = done {
            eprintln!("{} could not be installed: {why:#}", kind.name());
        }
    }
}

fn node(setup: &Setup) -> anyhow::Result<()> {
    eprintln!("installing the Node servers (npm ci)");
    let mut npm = Command::new("npm");
    npm.args(["ci", "--no-audit", "--no-fund", "--prefix"]).arg(setup.peers());
    // SQLite's binding is built against the headers beside node, where there are any.
    let home = machine::said("node", &["-p", "require('path').resolve(process.execPath, '../..')"]);
    if std::path::Path::new(&home).join("include/node/node_version.h").exists() {
        npm.env("npm_config_nodedir", home).env("npm_config_build_from_source", "true");
    }
    run(npm)
}

fn y_sweet(setup: &Setup) -> anyhow::Result<()> {
    eprintln!("building y-sweet (cargo install; some minutes)");
    let mut cargo = Command::new("cargo");
    cargo.args(["install", "--quiet", "--locked", "y-sweet", "--version", "=0.9.1", "--root"]);
    cargo.arg(setup.tools()).env("CARGO_TARGET_DIR", setup.tools().join("target"));
    run(cargo)?;
    Ok(std::fs::remove_dir_all(setup.tools().join("target"))?)
}

fn plenary(setup: &Setup) -> anyhow::Result<()> {
    eprintln!("building Plenary");
    let mut cargo = Command::new("cargo");
    cargo.args(["build", "--quiet", "--release", "--locked", "-p", "plenary"]).current_dir(&setup.root);
    // The bench opens no page: a server without the web client will do.
    cargo.env("PLENARY_WITHOUT_WEB", "1");
    run(cargo)
}

fn run(mut command: Command) -> anyhow::Result<()> {
    let program = command.get_program().to_string_lossy().into_owned();
    let status = command.status().with_context(|| format!("{program} cannot be started"))?;
    ensure!(status.success(), "{program} failed ({status})");
    Ok(())
}
