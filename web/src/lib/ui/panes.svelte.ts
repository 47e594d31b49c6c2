/** Which pane a phone shows (one at a time), and whether a tablet's outline drawer is open. */
import { createContext } from 'svelte';

export type Pane = 'outline' | 'text' | 'review';

export class Panes {
	pane = $state<Pane>('text');

	show(pane: Pane): void {
		this.pane = pane;
	}
}

export const [getPanes, setPanes] = createContext<Panes>();
