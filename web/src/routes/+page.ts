import { api } from '$lib/api/client';
import { Trouble } from '$lib/api/trouble';
import type { PageLoad } from './$types';

/** The reader's reports; `null` when nobody is signed in. */
export const load: PageLoad = async () => {
	try {
		const [reports, session] = await Promise.all([api.reports(), api.session()]);
		return { reports, session };
	} catch (thrown) {
		const trouble = Trouble.from(thrown);
		if (trouble.kind === 'unauthenticated') return { reports: null, session: null };
		throw trouble;
	}
};
