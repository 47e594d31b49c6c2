/** What the parts of the register share. */
import { createContext } from 'svelte';
import type { Id, Recommendation } from '$lib/api/types';
import type { Lists } from '$lib/recommendations/lists';
import type { Me, People } from '$lib/recommendations/may';
import type { ReviewDocument } from '$lib/review/review.svelte';
import type { Labels } from './labels';
import type { Shelf } from './shelf';
import type { View } from './view';

export interface Register {
	readonly view: View;
	readonly review: ReviewDocument;
	readonly shelf: Shelf;
	readonly lists: Lists;
	readonly labels: Labels;
	readonly me: Me;
	readonly people: People;
	/** Changes the view; the address follows. */
	look(change: Partial<View>): void;
	/** The address of one record. */
	link(id: Id): string;
	/** The address of a view. */
	linkTo(change: Partial<View>): string;
	/** The address of one's passage in the text. */
	inText(one: Recommendation): string;
}

export const [getRegister, setRegister] = createContext<Register>();

/** Whether a click asks for another tab or window, which is the browser's to open. */
export const isModified = (event: Event): boolean =>
	event instanceof MouseEvent && (event.ctrlKey || event.metaKey || event.shiftKey || event.button > 0);
