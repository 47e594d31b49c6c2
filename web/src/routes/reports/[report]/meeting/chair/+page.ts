import type { PageLoad } from './$types';

export const load: PageLoad = async ({ parent }) => {
	const { words } = await parent();
	await words.need('meeting');
};
