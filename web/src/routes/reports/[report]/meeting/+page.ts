import type { PageLoad } from './$types';

export const load: PageLoad = async ({ parent }) => {
	const { words } = await parent();
	// The dialogs of the register stand here too.
	await Promise.all([words.need('meeting'), words.need('register')]);
};
