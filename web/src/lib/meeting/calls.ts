/** What a meeting asks of the server. Each rejects with a `Trouble`. */
import { call } from '$lib/api/call';
import type { Id, ReportInfo } from '$lib/api/types';

/** What the projector shows. */
export type Meeting = NonNullable<ReportInfo['meeting']>;

export const show = (report: Id, meeting: Meeting) =>
	call('put', '/api/reports/{report}/meeting', { at: { report }, body: meeting });

export const end = (report: Id) => call('delete', '/api/reports/{report}/meeting', { at: { report } });
