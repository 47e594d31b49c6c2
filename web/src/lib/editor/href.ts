import { ADDRESS_CHARS_MAX } from '$lib/api/limits';

const SCHEMES = new Set(['http:', 'https:', 'mailto:']);

/** The address when it is one that a body may hold: absolute, http, https or mailto, without white space; else `null`. */
export function safeHref(text: string | null | undefined): string | null {
	const href = text?.trim() ?? '';
	if (href === '' || href.length > ADDRESS_CHARS_MAX || /[\s\p{Cc}]/u.test(href)) return null;
	try {
		return SCHEMES.has(new URL(href).protocol) ? href : null;
	} catch {
		return null;
	}
}

/** What somebody typed into the link field as an address: `iom.int` becomes `https://iom.int`; `null` when it can't be one. */
export function hrefOf(typed: string): string | null {
	const text = typed.trim();
	if (safeHref(text)) return text;
	if (/^[^\s@/:]+@[^\s@/:]+\.[^\s@/:]+$/.test(text)) return safeHref(`mailto:${text}`);
	if (/^[^\s:/?#]+\.[^\s:]{2,}/.test(text)) return safeHref(`https://${text}`);
	return null;
}
