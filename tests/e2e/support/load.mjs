// Much text, many comments, and hands that type: what a page at size is measured with.
import * as Y from "yjs";
import { AddressedClient, body, chance, until } from "./people.mjs";

const WORDS = "the report says that each district keeps a register of workers and their families who live in rented rooms under permits of one year which employers renew late".split(" ");

export const percentile = (values, share) => values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))];
export const median = (values) => percentile(values, 0.5);

/** A client that writes a long text, as if its author had typed it in parts. */
export class Draft extends AddressedClient {
  /** Paragraphs of 60 to 100 words until there are so many. */
  async fill(words, dice) {
    await until(() => this.synced, () => "the section does not open");
    const fragment = body(this.doc);
    for (let written = 0; written < words; ) {
      const count = Math.min(words - written, 60 + dice.below(41));
      const block = new Y.XmlElement("paragraph");
      const run = new Y.XmlText();
      run.insert(0, Array.from({ length: count }, () => dice.pick(WORDS)).join(" "));
      block.insert(0, [run]);
      fragment.insert(fragment.length, [block]);
      written += count;
      if (fragment.length % 50 === 0) await until(() => this.saved, () => "the text is not saved");
    }
    await until(() => this.saved, () => "the text is not saved");
  }
}

/** Makes so many comments on passages of 10 to 60 characters, through the API. */
export async function mark(draft, author, section, count, dice) {
  const fragment = body(draft.doc);
  const at = (run, index, assoc) => Y.relativePositionToJSON(Y.createRelativePositionFromTypeIndex(run, index, assoc));
  const post = (n) => {
    const run = fragment.get(dice.below(fragment.length)).get(0);
    const from = dice.below(Math.max(1, run.length - 70));
    const to = Math.min(run.length, from + 10 + dice.below(50));
    const quote = run.toString().slice(from, to).trim();
    return author.post("threads", { section, text: `Comment ${n}`, anchor: { start: at(run, from, 0), end: at(run, to, -1), quote } });
  };
  const HANDS = 8;
  for (let n = 0; n < count; n += HANDS) {
    await Promise.all(Array.from({ length: Math.min(HANDS, count - n) }, (_one, k) => post(n + k)));
  }
}

/** A client that types letters into random paragraphs. */
export class Writer extends AddressedClient {
  constructor(server, report, section, token, seed) {
    super(server, report, section, token);
    this.dice = chance(seed + 1);
  }

  /** Types a letter each `every` ms, at a phase of its own; answers what stops it. */
  type(every) {
    let run = null;
    let left = 0;
    const key = () => {
      if (left-- <= 0) {
        run = body(this.doc).get(this.dice.below(body(this.doc).length)).get(0);
        left = 20;
      }
      run.insert(run.length, "a");
    };
    let timer = setTimeout(() => {
      timer = setInterval(key, every);
    }, this.dice.below(every));
    return () => clearInterval(timer);
  }
}
