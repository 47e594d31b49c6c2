/** What can go wrong with a call, told apart by what a person can do about it. */

export type TroubleKind =
	/** No answer: no network, or the server is away. */
	| 'offline'
	| 'unauthenticated'
	| 'forbidden'
	| 'not-found'
	| 'invalid-invitation'
	| 'invalid'
	| 'too-large'
	| 'conflict'
	| 'too-many-requests'
	| 'unavailable'
	/** Ours or the server's mistake. */
	| 'fault';

const KINDS: Record<string, TroubleKind> = {
	unauthenticated: 'unauthenticated',
	forbidden: 'forbidden',
	'not-found': 'not-found',
	'invalid-invitation': 'invalid-invitation',
	invalid: 'invalid',
	malformed: 'fault',
	'too-large': 'too-large',
	conflict: 'conflict',
	'too-many-requests': 'too-many-requests',
	unavailable: 'unavailable'
};

const BY_STATUS: Record<number, TroubleKind> = {
	401: 'unauthenticated',
	403: 'forbidden',
	404: 'not-found',
	409: 'conflict',
	413: 'too-large',
	422: 'invalid',
	429: 'too-many-requests',
	// A proxy speaks for a server that is away.
	502: 'unavailable',
	503: 'unavailable',
	504: 'unavailable'
};

/** A call that did not do what was asked. */
export class Trouble extends Error {
	readonly kind: TroubleKind;
	/** The server's own words (English), which say what to do; empty when it said nothing. */
	readonly detail: string;

	constructor(kind: TroubleKind, detail = '') {
		super(detail || kind);
		this.name = 'Trouble';
		this.kind = kind;
		this.detail = detail;
	}

	/** From an answer that is not a success; the body is problem+json, if it is anything. */
	static fromAnswer(status: number, body: unknown): Trouble {
		const problem = (typeof body === 'object' && body !== null ? body : {}) as { type?: unknown; detail?: unknown };
		const type = typeof problem.type === 'string' ? (problem.type.split('/').pop() ?? '') : '';
		const kind = KINDS[type] ?? BY_STATUS[status] ?? 'fault';
		return new Trouble(kind, typeof problem.detail === 'string' ? problem.detail : '');
	}

	/** From anything thrown. */
	static from(thrown: unknown): Trouble {
		if (thrown instanceof Trouble) return thrown;
		// `fetch` rejects with a TypeError when no answer came.
		if (thrown instanceof TypeError || (thrown instanceof DOMException && thrown.name === 'TimeoutError')) {
			return new Trouble('offline');
		}
		return new Trouble('fault');
	}
}
