import { expect, it } from 'vitest';
import { emptyDetails, fieldsOf } from './details';

it('sends what is set, and null for what is not', () => {
	expect(fieldsOf({ ...emptyDetails(), lead: ' MLSP ', dimension: '2', priority: 'none' }, [])).toEqual({
		rationale: null,
		dimension: '2',
		lead_institution: 'MLSP',
		timeframe: null,
		priority: null
	});
});
