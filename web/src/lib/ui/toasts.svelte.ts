/** Short messages about what was just done, with a way back. */
import { createContext } from 'svelte';
import type { IconName } from './icons';

export interface Toast {
	id: number;
	text: string;
	icon: IconName;
	action?: { label: string; run: () => void };
}

export class Toasts {
	shown = $state.raw<readonly Toast[]>([]);
	#next = 1;

	show(text: string, more: { icon?: IconName; action?: Toast['action'] } = {}): void {
		const toast: Toast = { id: this.#next++, text, icon: more.icon ?? 'check' };
		if (more.action) toast.action = more.action;
		this.shown = [...this.shown.slice(-2), toast];
	}

	drop(id: number): void {
		this.shown = this.shown.filter((toast) => toast.id !== id);
	}
}

export const [getToasts, setToasts] = createContext<Toasts>();
