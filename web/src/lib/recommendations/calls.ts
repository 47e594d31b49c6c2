/** What is asked of the server about recommendations beyond their fields. Each rejects with a `Trouble`. */
import { call } from '$lib/api/call';
import { Trouble } from '$lib/api/trouble';
import type { components } from '$lib/api/schema';
import type { Id, Organization, Position, Progress, Recommendation, Reference, Term } from '$lib/api/types';

type Schemas = components['schemas'];
/** `seen`: the steps of the recommendation as the asker saw them; another number is a conflict. */
export type NewStep = Schemas['NewStep'];
export type NewPosition = Schemas['NewPosition'];
export type NewProgress = Schemas['NewProgress'];
export type NewTerm = Schemas['NewTerm'];

export const takeStep = async (report: Id, recommendation: Id, body: NewStep) =>
	(await call('post', '/api/reports/{report}/recommendations/{recommendation}/steps', { at: { report, recommendation }, body })) as Recommendation;

export const takePosition = async (report: Id, recommendation: Id, body: NewPosition) =>
	(await call('post', '/api/reports/{report}/recommendations/{recommendation}/positions', { at: { report, recommendation }, body })) as Position;

export const reportProgress = async (report: Id, recommendation: Id, body: NewProgress) =>
	(await call('post', '/api/reports/{report}/recommendations/{recommendation}/progress', { at: { report, recommendation }, body })) as Progress;

export const addTerm = async (report: Id, body: NewTerm) => (await call('post', '/api/reports/{report}/terms', { at: { report }, body })) as Term;

export const setHead = async (report: Id, organization: Id, head: Id | null) =>
	(await call('patch', '/api/reports/{report}/organizations/{organization}', { at: { report, organization }, body: { head } })) as Organization;

/** Copies open ones of an earlier report into this; a repeat copies nothing twice. */
export const carry = async (report: Id, from: Id, recommendations: Id[]) =>
	(await call('post', '/api/reports/{report}/recommendations/carry', { at: { report }, body: { from, recommendations } })).recommendations as Recommendation[];

/** Another report's review document, as a Yjs update. */
export async function readReview(report: Id): Promise<Uint8Array> {
	try {
		const answer = await fetch(`/api/reports/${report}/documents/review`, { headers: { accept: 'application/octet-stream' } });
		if (!answer.ok) throw Trouble.fromAnswer(answer.status, null);
		return new Uint8Array(await answer.arrayBuffer());
	} catch (thrown) {
		throw Trouble.from(thrown);
	}
}

/** Whether the words that one stood on are gone. */
export const isDetached = async (report: Id, recommendation: Id) =>
	(await call('get', '/api/reports/{report}/recommendations/{recommendation}', { at: { report, recommendation } })).detached;

let reference: Promise<Reference> | undefined;
/** The reference lists; fetched once. */
export function loadReference(): Promise<Reference> {
	reference ??= call('get', '/api/reference', {}).then(
		(lists) => lists as Reference,
		(thrown: unknown) => {
			reference = undefined;
			throw thrown;
		}
	);
	return reference;
}
