/** The HTTP interface, call by call. Each rejects with a `Trouble`. */
import type { Invitation, InviteFields, NewSection, RecommendationChange, RecommendationFields, Report, SectionChange } from './bodies';
import { call } from './call';
import type { Anchor, Id, Recommendation, Reply, Role, Section, Thread } from './types';

/** An id for what the client creates: sent again, it creates nothing twice. */
export function freshId(): Id {
	const bytes = crypto.getRandomValues(new Uint8Array(16));
	return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Optional fields are always there (ARCHITECTURE.md); the description can't say so. */
const whole = async <T>(answer: Promise<unknown>): Promise<T> => (await answer) as T;

export const api = {
	/** Who this link is for; changes nothing. */
	invitation: (token: string) => whole<Invitation>(call('post', '/api/invitation', { body: { token } })),
	/** Exchanges a link's token for a session; `keep` for 30 days. */
	signIn: (token: string, keep = false) => call('post', '/api/session', { body: { token, keep } }),
	session: () => call('get', '/api/session', {}),
	signOut: () => call('delete', '/api/session', {}),

	reports: async () => (await call('get', '/api/reports', {})).reports,
	report: (report: Id) => whole<Report>(call('get', '/api/reports/{report}', { at: { report } })),

	changeParticipant: (report: Id, participant: Id, body: { name?: string; role?: Role }) =>
		call('patch', '/api/reports/{report}/participants/{participant}', { at: { report, participant }, body }),
	invite: (report: Id, body: InviteFields) => call('post', '/api/reports/{report}/participants', { at: { report }, body }),
	removeParticipant: (report: Id, participant: Id) =>
		call('delete', '/api/reports/{report}/participants/{participant}', { at: { report, participant } }),

	addSection: (report: Id, body: NewSection) =>
		whole<Section>(call('post', '/api/reports/{report}/sections', { at: { report }, body })),
	changeSection: (report: Id, section: Id, body: SectionChange) =>
		whole<Section>(call('patch', '/api/reports/{report}/sections/{section}', { at: { report, section }, body })),

	openThread: (report: Id, body: { id: Id; anchor?: Anchor | null; text: string } & ({ section: Id } | { recommendation: Id })) =>
		whole<Thread>(call('post', '/api/reports/{report}/threads', { at: { report }, body })),
	editThread: (report: Id, thread: Id, text: string) =>
		whole<Thread>(call('patch', '/api/reports/{report}/threads/{thread}', { at: { report, thread }, body: { text } })),
	reply: (report: Id, thread: Id, body: { id: Id; text: string }) =>
		whole<Reply>(call('post', '/api/reports/{report}/threads/{thread}/replies', { at: { report, thread }, body })),
	editReply: (report: Id, thread: Id, reply: Id, text: string) =>
		whole<Reply>(
			call('patch', '/api/reports/{report}/threads/{thread}/replies/{reply}', { at: { report, thread, reply }, body: { text } })
		),
	resolveThread: (report: Id, thread: Id) =>
		whole<Thread>(call('post', '/api/reports/{report}/threads/{thread}/resolve', { at: { report, thread } })),
	reopenThread: (report: Id, thread: Id) =>
		whole<Thread>(call('post', '/api/reports/{report}/threads/{thread}/reopen', { at: { report, thread } })),
	placeThread: (report: Id, thread: Id, anchor: Anchor) =>
		whole<Thread>(
			call('post', '/api/reports/{report}/threads/{thread}/anchor', { at: { report, thread }, body: { anchor } })
		),

	recommend: (report: Id, body: RecommendationFields & { id: Id }) =>
		whole<Recommendation>(call('post', '/api/reports/{report}/recommendations', { at: { report }, body })),
	changeRecommendation: (report: Id, recommendation: Id, body: RecommendationChange) =>
		whole<Recommendation>(
			call('patch', '/api/reports/{report}/recommendations/{recommendation}', { at: { report, recommendation }, body })
		),
	placeRecommendation: (report: Id, recommendation: Id, anchor: Anchor) =>
		whole<Recommendation>(
			call('post', '/api/reports/{report}/recommendations/{recommendation}/anchor', {
				at: { report, recommendation },
				body: { anchor }
			})
		)
};
