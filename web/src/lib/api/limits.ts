/** The bounds of what people type, in characters, as the server has them (`server/src/limits.rs`; a test compares). */
export const TITLE_CHARS_MAX = 300;
export const NAME_CHARS_MAX = 120;
/** An organization's short code. */
export const CODE_CHARS_MAX = 8;
/** Comments, replies, the text of a recommendation, and whatever else is a text of its own. */
export const TEXT_CHARS_MAX = 20_000;
export const QUOTE_CHARS_MAX = 2_000;
/** A field of one line: timeframe, lead institution. */
export const FIELD_CHARS_MAX = 300;
export const CLAIM_CHARS_MAX = 1_000;
export const ADDRESS_CHARS_MAX = 2_000;
/** The code of an entry of a reference list. */
export const TERM_CODE_CHARS_MAX = 16;
