import { error } from '@sveltejs/kit';
import { api } from '$lib/api/client';
import { Trouble } from '$lib/api/trouble';
import type { LayoutLoad } from './$types';

export const load: LayoutLoad = async ({ params }) => {
	if (!/^[0-9a-f]{32}$/.test(params.report)) error(404, { message: 'no report id', kind: 'report' });
	try {
		return { report: await api.report(params.report) };
	} catch (thrown) {
		const trouble = Trouble.from(thrown);
		if (trouble.kind === 'not-found' || trouble.kind === 'forbidden') {
			error(404, { message: trouble.message, kind: 'report' });
		}
		throw trouble;
	}
};
