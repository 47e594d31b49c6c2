import { createSubscriber } from 'svelte/reactivity';
import type { Awareness } from 'y-protocols/awareness';
import type { Id, Presence as User } from '$lib/api/types';
import { peopleOf, type Here } from './here';

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

	/** Says where this window is. */
	stand(section: Id | null) {
		this.#awareness.setLocalStateField('section', section);
	}

	/** Says whether somebody looks at this window. */
	look(away: boolean) {
		this.#awareness.setLocalStateField('away', away);
	}
}

export type { Here, User };
