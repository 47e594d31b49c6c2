/** The HTTP interface, call by call. Each rejects with a `Trouble`. */
import type { Invitation, Invited, InviteFields, RecommendationFields, Report, ReportLine, Session } from './bodies';
import { Trouble } from './trouble';
import type { Anchor, Id, Participant, Recommendation, Reply, Role, Section, Stage, Thread } from './types';

const TIME_MAX_MS = 30_000;

async function call<T>(method: string, path: string, body?: unknown): Promise<T> {
	let answer: Response;
	let content: unknown;
	try {
		answer = await fetch(`/api${path}`, {
			method,
			credentials: 'same-origin',
			signal: AbortSignal.timeout(TIME_MAX_MS),
			headers: body === undefined ? {} : { 'content-type': 'application/json' },
			body: body === undefined ? null : JSON.stringify(body)
		});
		content = /json/.test(answer.headers.get('content-type') ?? '') ? await answer.json() : null;
	} catch (thrown) {
		throw Trouble.from(thrown);
	}
	if (!answer.ok) throw Trouble.fromAnswer(answer.status, content);
	return content as T;
}

/** An id for what the client creates: sent again, it creates nothing twice. */
export function freshId(): Id {
	const bytes = crypto.getRandomValues(new Uint8Array(16));
	return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

export const api = {
	/** Who this link is for; changes nothing. */
	invitation: (token: string) => call<Invitation>('POST', '/invitation', { token }),
	/** Exchanges a link's token for a session; `keep` for 30 days. */
	signIn: (token: string, keep = false) => call<Session>('POST', '/session', { token, keep }),
	session: () => call<Session>('GET', '/session'),
	signOut: () => call<null>('DELETE', '/session'),

	reports: async () => (await call<{ reports: ReportLine[] }>('GET', '/reports')).reports,
	report: (report: Id) => call<Report>('GET', `/reports/${report}`),

	changeParticipant: (report: Id, participant: Id, fields: { name?: string; role?: Role }) =>
		call<Participant>('PATCH', `/reports/${report}/participants/${participant}`, fields),
	invite: (report: Id, fields: InviteFields) => call<Invited>('POST', `/reports/${report}/participants`, fields),
	removeParticipant: (report: Id, participant: Id) =>
		call<null>('DELETE', `/reports/${report}/participants/${participant}`),

	changeSection: (report: Id, section: Id, fields: { title?: string; stage?: Stage; drafted_by?: Id | null }) =>
		call<Section>('PATCH', `/reports/${report}/sections/${section}`, fields),

	openThread: (report: Id, fields: { id: Id; section: Id; anchor?: Anchor | null; text: string }) =>
		call<Thread>('POST', `/reports/${report}/threads`, fields),
	editThread: (report: Id, thread: Id, text: string) =>
		call<Thread>('PATCH', `/reports/${report}/threads/${thread}`, { text }),
	reply: (report: Id, thread: Id, fields: { id: Id; text: string }) =>
		call<Reply>('POST', `/reports/${report}/threads/${thread}/replies`, fields),
	editReply: (report: Id, thread: Id, reply: Id, text: string) =>
		call<Reply>('PATCH', `/reports/${report}/threads/${thread}/replies/${reply}`, { text }),
	resolveThread: (report: Id, thread: Id) => call<Thread>('POST', `/reports/${report}/threads/${thread}/resolve`),
	reopenThread: (report: Id, thread: Id) => call<Thread>('POST', `/reports/${report}/threads/${thread}/reopen`),
	placeThread: (report: Id, thread: Id, anchor: Anchor) =>
		call<Thread>('POST', `/reports/${report}/threads/${thread}/anchor`, { anchor }),

	recommend: (report: Id, fields: RecommendationFields & { id: Id }) =>
		call<Recommendation>('POST', `/reports/${report}/recommendations`, fields),
	changeRecommendation: (report: Id, recommendation: Id, fields: Partial<RecommendationFields>) =>
		call<Recommendation>('PATCH', `/reports/${report}/recommendations/${recommendation}`, fields),
	placeRecommendation: (report: Id, recommendation: Id, anchor: Anchor) =>
		call<Recommendation>('POST', `/reports/${report}/recommendations/${recommendation}/anchor`, { anchor })
};
