// Writes what the targets start from into corpus/: the inputs that crash yrs, honest documents, published clients' frames.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'

const here = new URL('.', import.meta.url)
const fixture = (name) => readFileSync(new URL(`../fixtures/${name}`, here), 'utf8')

function seed(target, name, bytes) {
  const folder = new URL(`corpus/${target}/`, here)
  mkdirSync(folder, { recursive: true })
  writeFileSync(new URL(name, folder), bytes)
}

// The form that the target `body` reads: each update behind its length.
const updates = (list) =>
  Buffer.concat(list.flatMap((update) => [Buffer.from([update.length & 255, update.length >> 8]), update]))

const honest = JSON.parse(fixture('honest.json')).stories.map((story) =>
  story.updates.flat().filter((it) => typeof it === 'string').map((it) => Buffer.from(it, 'base64')))
for (const [number, story] of honest.entries()) {
  seed('body', `honest-${number}`, updates(story.slice(0, 12)))
}

// The fixture's roots have other names; with the body's own name the input gets past the first look.
const roots = ['07' + '64656661756c74', '06' + '726576696577', '02' + '6172', '01' + '74', '01' + '6d']
const home = (hex) => roots.reduce((text, root) => text.replaceAll(`01${root}`, '0104626f6479'), hex)
for (const line of fixture('yrs-crashers.txt').split('\n')) {
  const cells = line.split(' | ')
  const hex = cells.at(-1).trim()
  if (cells.length < 5 || !/^([0-9a-f]{2})+$/.test(hex)) continue
  const label = line.split(' ')[0]
  for (const [kind, text] of [['as-is', hex], ['at-home', home(hex)]]) {
    const update = Buffer.from(text, 'hex')
    seed('body', `${label}-${kind}`, updates([update]))
    seed('body', `${label}-${kind}-after`, updates([...honest[0].slice(0, 4), update]))
  }
  const update = Buffer.from(hex, 'hex')
  seed('protocol', `${label}`, Buffer.concat([Buffer.from([0, 2, (update.length & 127) | 128, update.length >> 7]), update]))
}

for (const [number, { frame }] of JSON.parse(fixture('frames.json')).frames.entries()) {
  seed('protocol', `frame-${number}`, Buffer.from(frame, 'hex'))
}

// An entry as journal/record.rs describes it, for each kind and one that is unknown; and a run of several.
function entry(kind, text = 'plenary') {
  const header = Buffer.alloc(54, 7)
  header.writeUInt16BE(kind, 48)
  header.writeUInt32BE(text.length, 50)
  return Buffer.concat([header, Buffer.from(text)])
}
for (const kind of [0, 1, 2, 3, 9]) seed('journal_record', `entry-${kind}`, entry(kind))
const run = Buffer.concat([entry(0), entry(1, ''), entry(0, 'a longer text than those before it')])
seed('journal_record', 'run', run)

// Records of the write-ahead log, in the form that the target reads (src/lib.rs, `logs`).
function record(flags, log, place, payload) {
  return Buffer.concat([Buffer.from([flags, log, place, payload.length & 255, payload.length >> 8]), payload])
}
function opening(log, records) {
  const payload = Buffer.alloc(16)
  payload.writeBigUInt64BE(BigInt(log))
  payload.writeBigUInt64BE(BigInt(records), 8)
  return payload
}
function commit(last, entries) {
  const header = Buffer.alloc(28, 5)
  header.writeBigUInt64BE(BigInt(last), 16)
  header.writeUInt32BE(entries.length, 24)
  return Buffer.concat([header, entries])
}
const older = [record(0, 2, 0, opening(1, 0)), record(0, 2, 1, commit(3, run)), record(0, 2, 2, commit(4, entry(0)))]
const newer = [record(1, 3, 0, opening(2, 3)), record(1, 3, 1, Buffer.concat([commit(5, entry(0)), commit(1, entry(2))]))]
seed('journal_record', 'logs', Buffer.concat([...older, ...newer]))
seed('journal_record', 'logs-cut', Buffer.concat([...older.slice(0, 2), record(2, 2, 2, commit(4, entry(0))), ...newer]))
seed('journal_record', 'logs-torn', Buffer.concat([...older, newer[0].subarray(0, 9)]))

// A block's head (the number of its first entry, hashes) and its columns: ten entries of one participant.
const columns = [
  Buffer.from([1]),
  Buffer.alloc(16, 7),
  Buffer.from([2, ...Array(9).fill(0)]),
  Buffer.from([200, 1, ...Array(9).fill(4)]),
  Buffer.alloc(10),
  Buffer.alloc(10),
  Buffer.alloc(10, 3),
  Buffer.from('abc' + '\0\0\x01'.repeat(9), 'latin1'),
]
seed('journal_record', 'block', Buffer.concat([Buffer.from([0, 0, 0, 0, 0, 0, 0, 1]), Buffer.alloc(32, 1), ...columns]))
// Found by fuzzing: the number after the last one there is.
const one = [[1], Buffer.alloc(16, 7), [2], [200, 1], [0], [0], [3], Buffer.from('abc')].map((it) => Buffer.from(it))
seed('journal_record', 'block-at-the-end-of-numbers', Buffer.concat([Buffer.alloc(8, 255), Buffer.alloc(32, 1), ...one]))
seed('journal_record', 'head', Buffer.alloc(152, 1))
seed('journal_record', 'commit', Buffer.alloc(24, 1))
