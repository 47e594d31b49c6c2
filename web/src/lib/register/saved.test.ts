import { expect, it } from 'vitest';
import { SavedViews } from './saved';

function store() {
	const kept = new Map<string, string>();
	return { getItem: (key: string) => kept.get(key) ?? null, setItem: (key: string, value: string) => void kept.set(key, value), kept };
}

it('keeps named views of a report, one for a name', () => {
	const on = store();
	const views = new SavedViews('r', on);
	views.save({ name: 'Thursday', query: '?status=open' });
	views.save({ name: 'Mine', query: '?mine' });
	expect(views.save({ name: 'Thursday', query: '?status=agreed' }).map((view) => view.query)).toEqual(['?mine', '?status=agreed']);
	expect(new SavedViews('r', on).drop('Mine')).toEqual([{ name: 'Thursday', query: '?status=agreed' }]);
	expect(new SavedViews('other', on).load()).toEqual([]);
});
it('takes what it can’t read for nothing', () => {
	const on = store();
	on.setItem('plenary.views.r', '{"a":1}');
	expect(new SavedViews('r', on).load()).toEqual([]);
	expect(new SavedViews('r', null).load()).toEqual([]);
});
