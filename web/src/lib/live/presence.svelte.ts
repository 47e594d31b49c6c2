import { createSubscriber } from 'svelte/reactivity';
import type { Awareness } from 'y-protocols/awareness';
import type { Id, Presence as User } from '$lib/api/types';
import { isChaired, peopleOf, type CHAIR, type Here } from './here';

/** Who is here, out of the awareness of one document. */
export class Presence {
	#awareness: Awareness;
	#subscribe: () => void;

	constructor(awareness: Awareness) {
		this.#awareness = awareness;
		this.#subscribe = createSubscriber((update) => {
			awareness.on('change', update);
			return () => awareness.off('change', update);
		});
	}

	/** Everybody but this window, each person once. */
	get others(): Here[] {
		this.#subscribe();
		return peopleOf(this.#awareness.getStates(), this.#awareness.clientID);
	}

	/** Who is in a section. */
	in(section: Id): Here[] {
		return this.others.filter((here) => here.section === section);
	}

	/** Whether another window is the chair's screen of a meeting. */
	get chaired(): boolean {
		this.#subscribe();
		return isChaired(this.#awareness.getStates(), this.#awareness.clientID);
	}

	/** Says where this window is: in a section, or at the chair's screen. */
	stand(section: Id | typeof CHAIR | null) {
		this.#awareness.setLocalStateField('section', section);
	}

	/** Says whether somebody looks at this window. */
	look(away: boolean) {
		this.#awareness.setLocalStateField('away', away);
	}
}

export type { Here, User };
