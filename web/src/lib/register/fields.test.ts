import { expect, it } from 'vitest';
import type { Recommendation } from '$lib/api/types';
import { changedFields, fieldsOf, typedOf } from './fields';

const fresh = { id: 'new', section: 's1' };
const there: Recommendation = {
	id: 'r',
	number: 7,
	title: 'Let workers change employer',
	text: 'Amend the law.',
	rationale: null,
	section: 's1',
	anchor: null,
	dimension: '1',
	lead_institution: 'MLSP',
	timeframe: null,
	priority: 'high',
	status: 'proposed',
	author: 'p',
	created_at: '2026-06-01T00:00:00Z',
	edited_at: null
};

it('sends what is set, trimmed, and null for the rest', () => {
	expect(fieldsOf({ ...typedOf(null, fresh), title: ' Give ', text: 'Give workers sixty days.', timeframe: ' ' })).toEqual({
		section: 's1',
		title: 'Give',
		text: 'Give workers sixty days.',
		rationale: null,
		dimension: null,
		lead_institution: null,
		timeframe: null,
		priority: null
	});
});

it('sends only what was changed', () => {
	expect(changedFields(there, typedOf(there, fresh))).toEqual({});
	expect(changedFields(there, { ...typedOf(there, fresh), timeframe: '18 months', lead: '' })).toEqual({
		lead_institution: null,
		timeframe: '18 months'
	});
});
