/** What a meeting asks of the server. Each rejects with a `Trouble`. */
import { call } from '$lib/api/call';
import type { Id, Position, Recommendation, ReportInfo, Stance } from '$lib/api/types';

/** What the projector shows. */
export type Meeting = NonNullable<ReportInfo['meeting']>;

/** What a coordinator does with the recommendation on the table. */
export type MeetingStep =
	| { step: 'discuss'; reason?: string | null }
	| { step: 'propose_disposition'; status: 'agreed' | 'not_agreed'; reason?: string | null }
	| { step: 'decide'; status: 'agreed' | 'not_agreed'; reason?: string | null };

export interface NewPosition {
	organization: Id;
	position: Stance;
	changes: string | null;
	statement: string | null;
	condition: Id | null;
	/** The wording that was on the table. */
	wording: number;
}

export const show = (report: Id, meeting: Meeting) =>
	call('put', '/api/reports/{report}/meeting', { at: { report }, body: meeting });

export const end = (report: Id) => call('delete', '/api/reports/{report}/meeting', { at: { report } });

/** `seen`: the steps of the recommendation as the asker saw them; another number is a conflict. */
export const takeStep = async (report: Id, recommendation: Id, seen: number, step: MeetingStep) =>
	(await call('post', '/api/reports/{report}/recommendations/{recommendation}/steps', {
		at: { report, recommendation },
		body: { seen, ...step }
	})) as Recommendation;

export const takePosition = async (report: Id, recommendation: Id, body: NewPosition) =>
	(await call('post', '/api/reports/{report}/recommendations/{recommendation}/positions', {
		at: { report, recommendation },
		body
	})) as Position;
