import { expect, it } from 'vitest';
import type { Organization } from '$lib/api/types';
import { emptyForm, fieldsOf } from './fields';

it('sends what is set, trimmed, and null for the rest; a lead that is an organization as one', () => {
	const typed = { ...emptyForm('new', 's1'), title: ' Give ', text: 'Give workers sixty days.', timeframe: ' ', lead: 'mlsp' };
	expect(fieldsOf(typed, [{ id: 'a', code: 'MLSP', name: 'Ministry of Labour' } as Organization])).toEqual({
		section: 's1',
		title: 'Give',
		text: 'Give workers sixty days.',
		rationale: null,
		dimension: null,
		lead_institution: { organization: 'a' },
		timeframe: null,
		priority: null
	});
});
