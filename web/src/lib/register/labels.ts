/** What the values of fields are called: in filters, at groups. */
import type { Organization } from '$lib/api/types';
import type { Lists } from '$lib/recommendations/lists';
import type { OutlineRow } from '$lib/review/outline';
import type { Words } from '$lib/words/words.svelte';
import { NONE, type ChoiceName, type GroupBy } from './view';

export type LabelledField = ChoiceName | Exclude<GroupBy, 'none'>;
type T = Words['t'];

export class Labels {
	constructor(
		private readonly t: T,
		private readonly lists: Lists,
		private readonly organizations: readonly Organization[],
		private readonly outline: readonly OutlineRow[]
	) {}

	/** A value of a field; `null` and `none`: that there is none. */
	of(field: LabelledField, value: string | null): string {
		const { t } = this;
		if (value === null || (value === NONE && field !== 'position')) return t(`register-without-${field}` as 'register-without-lead');
		switch (field) {
			case 'dimension':
				return t('register-group', { number: value, name: t(`dimension-${value as '1'}`) });
			case 'status':
				return value === 'open' ? t('register-open') : t(`status-${value as 'agreed'}`);
			case 'priority':
				return t(`priority-${value as 'high'}`);
			case 'position':
				return t(`position-${value as 'support'}`);
			case 'theme':
				return this.lists.say('themes', value);
			case 'gcm':
				return this.lists.say('gcm_objectives', value);
			case 'sdg':
				return this.lists.say('sdg_targets', value);
			case 'lead':
				return this.organizations.find(({ id }) => id === value)?.name ?? value;
			case 'by':
				return value === 'other' ? t('register-by-other') : value;
			case 'section': {
				const row = this.outline.find(({ section }) => section.id === value);
				if (!row) return value;
				return row.number ? `${row.number} ${row.section.title}` : row.section.title;
			}
		}
	}
}
