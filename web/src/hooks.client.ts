import type { HandleClientError } from '@sveltejs/kit';
import { Trouble, type TroubleKind } from '$lib/api/trouble';

const KINDS: Partial<Record<TroubleKind, App.Error['kind']>> = {
	offline: 'server',
	unavailable: 'server',
	unauthenticated: 'signed-out'
};

/** Which page of plain words an unexpected error leads to. */
export const handleError: HandleClientError = ({ error, status }) => {
	if (status === 404) return { message: 'not found', kind: 'address' };
	const trouble = Trouble.from(error);
	if (trouble.kind === 'fault') console.error(error);
	return { message: trouble.message, kind: KINDS[trouble.kind] ?? 'fault' };
};
