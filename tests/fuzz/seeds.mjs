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

// An entry as journal/record.rs describes it, for each kind and one that is unknown.
for (const kind of [0, 1, 2, 3, 9]) {
  const bytes = Buffer.from('plenary')
  const header = Buffer.alloc(54, 7)
  header.writeUInt16BE(kind, 48)
  header.writeUInt32BE(bytes.length, 50)
  seed('journal_record', `entry-${kind}`, Buffer.concat([header, bytes]))
}
seed('journal_record', 'head', Buffer.alloc(152, 1))
seed('journal_record', 'commit', Buffer.alloc(24, 1))
