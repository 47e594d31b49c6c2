/** Light or dark: the person's choice, else the system's. */
import { createContext } from 'svelte';

const STORED = 'plenary.theme';

type Theme = 'light' | 'dark';

export class Appearance {
	#chosen = $state<Theme | null>(null);
	#system = $state<Theme>('light');

	constructor() {
		const query = matchMedia('(prefers-color-scheme: dark)');
		this.#system = query.matches ? 'dark' : 'light';
		query.addEventListener('change', () => (this.#system = query.matches ? 'dark' : 'light'));
		try {
			const stored = localStorage.getItem(STORED);
			if (stored === 'light' || stored === 'dark') this.#chosen = stored;
		} catch {
			// Without storage, the system's choice.
		}
		this.#show();
	}

	get theme(): Theme {
		return this.#chosen ?? this.#system;
	}

	/** The other one. Back at the system's own, nothing is remembered. */
	toggle(): void {
		const next = this.theme === 'dark' ? 'light' : 'dark';
		this.#chosen = next === this.#system ? null : next;
		try {
			if (this.#chosen) localStorage.setItem(STORED, this.#chosen);
			else localStorage.removeItem(STORED);
		} catch {
			// It lasts for this page.
		}
		this.#show();
	}

	#show(): void {
		if (this.#chosen) document.documentElement.dataset['theme'] = this.#chosen;
		else delete document.documentElement.dataset['theme'];
	}
}

export const [getAppearance, setAppearance] = createContext<Appearance>();
