/** What the parts of the register share. */
import { createContext } from 'svelte';
import type { Recommendation } from '$lib/api/types';
import type { View } from './view';

export interface Register {
	readonly view: View;
	/** Changes the view; the address follows. */
	look(change: Partial<View>): void;
	/** The address of one record. */
	link(id: string): string;
	/** Opens the form: for a new recommendation, or to change one. */
	write(one: Recommendation | null): void;
}

export const [getRegister, setRegister] = createContext<Register>();
