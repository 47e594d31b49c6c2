import { goto } from '$app/navigation';
import { resolve } from '$app/paths';
import { api } from '$lib/api/client';

/** Ends the session here and on the server, and shows the page that says how to come back. */
export async function signOut(): Promise<void> {
	await api.signOut();
	await goto(resolve('/'), { invalidateAll: true });
}
