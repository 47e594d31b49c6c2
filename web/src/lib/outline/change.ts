import { api } from '$lib/api/client';
import type { SectionChange } from '$lib/api/bodies';
import { Trouble } from '$lib/api/trouble';
import type { Section } from '$lib/api/types';
import type { LiveReport } from '$lib/live/report.svelte';
import type { Toasts } from '$lib/ui/toasts.svelte';
import type { Words } from '$lib/words/words.svelte';
import { untouched, wayBack } from './place';

/** What a change needs of the page. */
export interface Hands {
	live: LiveReport;
	toasts: Toasts;
	words: Words;
}

/**
 * Changes a section, and says so (`said`) with a way back for as long as the message stays. What changed comes through
 * the review document. Gives what went wrong; `null` when nothing did.
 */
export async function changeSection(hands: Hands, section: Section, change: SectionChange, said: string): Promise<Trouble | null> {
	const { live, toasts, words } = hands;
	const back = wayBack(live.review?.outline ?? [], section, change);
	try {
		const made = await api.changeSection(live.id, section.id, change);
		toasts.show(said, { action: { label: words.t('undo'), run: () => void undo(hands, made, back) } });
		return null;
	} catch (thrown) {
		return Trouble.from(thrown);
	}
}

/** The same, for what has no form that could say what went wrong: a message says it. */
export async function changeAtOnce(hands: Hands, section: Section, change: SectionChange, said: string): Promise<void> {
	const trouble = await changeSection(hands, section, change, said);
	if (trouble) tell(hands, trouble);
}

/** Takes a change back, unless somebody has changed the same since. */
async function undo(hands: Hands, made: Section, back: SectionChange): Promise<void> {
	const { live } = hands;
	if (!untouched(made, live.review?.sections.get(made.id), back)) return tell(hands, new Trouble('conflict'));
	try {
		await api.changeSection(live.id, made.id, back);
	} catch (thrown) {
		tell(hands, Trouble.from(thrown));
	}
}

function tell({ toasts, words }: Hands, trouble: Trouble): void {
	toasts.show(words.t(`trouble-${trouble.kind}`), { icon: 'alert' });
}
