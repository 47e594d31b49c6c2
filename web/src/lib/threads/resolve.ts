import { api } from '$lib/api/client';
import type { Id } from '$lib/api/types';
import type { Toasts } from '$lib/ui/toasts.svelte';
import type { Words } from '$lib/words/words.svelte';

/** Resolves at once, and offers the way back for ten seconds. */
export async function resolveWithUndo(what: { report: Id; thread: Id; toasts: Toasts; t: Words['t'] }): Promise<void> {
	const { report, thread, toasts, t } = what;
	await api.resolveThread(report, thread);
	toasts.show(t('toast-resolved'), {
		action: {
			label: t('undo'),
			run: () => void api.reopenThread(report, thread).catch(() => toasts.show(t('toast-undo-failed'), { icon: 'alert' }))
		}
	});
}
