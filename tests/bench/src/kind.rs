//! The kinds of servers that are measured.

use clap::ValueEnum;

use crate::wire::Dialect;

/// A kind of server.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub enum Kind {
    /// A broadcast without CRDT and storage.
    Bare,
    /// This project, spoken to as y-websocket.
    Plenary,
    /// This project with its longest commit window.
    PlenaryWindow,
    /// This project, spoken to as Hocuspocus.
    PlenaryAddressed,
    /// `@y/websocket-server` with LevelDB.
    YWebsocket,
    /// `@hocuspocus/server` with SQLite.
    Hocuspocus,
    /// y-sweet with its file system store.
    YSweet,
}

impl Kind {
    /// The name in tables and on the command line.
    pub fn name(self) -> String {
        self.to_possible_value().map(|value| value.get_name().to_string()).unwrap_or_default()
    }

    /// How it is spoken to.
    pub fn dialect(self) -> Dialect {
        match self {
            Self::Bare => Dialect::Broadcast,
            Self::Plenary | Self::PlenaryWindow | Self::YWebsocket | Self::YSweet => Dialect::Plain,
            Self::Hocuspocus | Self::PlenaryAddressed => Dialect::Addressed,
        }
    }

    /// Whether it keeps anything.
    pub fn persists(self) -> bool {
        self != Self::Bare
    }

    /// Whether it is this project.
    pub fn is_plenary(self) -> bool {
        matches!(self, Self::Plenary | Self::PlenaryWindow | Self::PlenaryAddressed)
    }
}
