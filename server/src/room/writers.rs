//! Who writes under which Yjs client id: whoever first did. Nobody else's new structs under it are taken, so the text
//! that an editor shows as somebody's is theirs.

use std::collections::{BTreeMap, HashMap};

use bytes::Bytes;

use crate::{
    ids::ParticipantId,
    lib0::{Malformed, Reader, put_uint},
};

/// The writers of one body.
#[derive(Clone, Default, PartialEq, Debug)]
pub(super) struct Writers(HashMap<u64, ParticipantId>);

impl Writers {
    /// Notes who wrote under an id, unless somebody did before.
    pub(super) fn note(&mut self, client: u64, participant: ParticipantId) {
        self.0.entry(client).or_insert(participant);
    }

    /// Whether somebody may write under an id. `used`: it is in the document; then it is nobody's but its writer's, who
    /// may not be known any more.
    pub(super) fn may(&self, client: u64, participant: ParticipantId, used: bool) -> bool {
        self.0.get(&client).map_or(!used, |writer| *writer == participant)
    }

    /// As the journal holds it: a count, then of each participant its id, a count, and the Yjs client ids.
    pub(super) fn encode(&self) -> Bytes {
        let mut by_participant: BTreeMap<ParticipantId, Vec<u64>> = BTreeMap::new();
        for (client, participant) in &self.0 {
            by_participant.entry(*participant).or_default().push(*client);
        }
        let mut out = Vec::new();
        put_uint(&mut out, by_participant.len() as u64);
        for (participant, mut clients) in by_participant {
            clients.sort_unstable();
            out.extend_from_slice(participant.as_bytes());
            put_uint(&mut out, clients.len() as u64);
            clients.into_iter().for_each(|client| put_uint(&mut out, client));
        }
        out.into()
    }

    pub(super) fn decode(bytes: &[u8]) -> Result<Self, Malformed> {
        let mut reader = Reader::new(bytes);
        let mut writers = Self::default();
        for _ in 0..reader.count()? {
            let mut id = [0; 16];
            id.copy_from_slice(reader.take(16)?);
            for _ in 0..reader.count()? {
                writers.note(reader.var_uint()?, ParticipantId::from_bytes(id));
            }
        }
        reader.end()?;
        Ok(writers)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ANA: ParticipantId = ParticipantId::from_bytes([1; 16]);
    const BO: ParticipantId = ParticipantId::from_bytes([2; 16]);

    #[test]
    fn an_id_is_its_first_writers() {
        let mut writers = Writers::default();
        assert!(writers.may(7, ANA, false) && writers.may(7, BO, false));
        writers.note(7, ANA);
        writers.note(7, BO);
        for used in [false, true] {
            assert!(writers.may(7, ANA, used) && !writers.may(7, BO, used));
        }
    }

    #[test]
    fn an_id_whose_writer_is_not_known_is_nobodys() {
        assert!(!Writers::default().may(7, ANA, true));
    }

    #[test]
    fn what_was_written_reads_back_and_what_is_damaged_does_not() {
        let mut writers = Writers::default();
        for client in 0..300 {
            writers.note(client * 1_000_003, if client % 3 == 0 { ANA } else { BO });
        }
        let bytes = writers.encode();
        assert_eq!(Writers::decode(&bytes), Ok(writers));
        assert!((0..bytes.len()).all(|end| Writers::decode(&bytes[..end]).is_err()));
        assert_eq!(Writers::decode(&Writers::default().encode()), Ok(Writers::default()));
    }
}
