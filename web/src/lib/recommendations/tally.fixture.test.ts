// The cases that the server's derivations are tested with (server/src/review/tally/tests.rs).
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Position, Recommendation, Step } from '$lib/api/types';
import { lacksOf } from './advice';
import { countedOf, maintainedObjections, mustBeRenewed, onEarlierWording, openDisposition, Positions } from './tally';

interface Case {
	name: string;
	recommendations: Partial<Recommendation>[];
	positions?: Partial<Position>[];
	steps?: Partial<Step>[];
	expect: Record<string, object>;
}
interface Fixture {
	defaults: { recommendation: Recommendation; position: Position; step: Step };
	cases: Case[];
}
const fixture = JSON.parse(readFileSync(join(import.meta.dirname, '../../../../tests/fixtures/tally.json'), 'utf8')) as Fixture;

it.each(fixture.cases)('$name', ({ recommendations, positions = [], steps = [], expect: expected }) => {
	const all = recommendations.map((one) => ({ ...fixture.defaults.recommendation, ...one }) as Recommendation);
	const find = (id: string) => all.find((one) => one.id === id);
	const taken = new Positions(positions.map((one) => ({ ...fixture.defaults.position, ...one }) as Position));
	const last = (id: string) =>
		steps
			.filter((step) => step.recommendation === id)
			.map((step) => ({ ...fixture.defaults.step, ...step }) as Step)
			.sort((a, b) => b.n - a.n)[0];
	for (const [id, given] of Object.entries(expected)) {
		const one = find(id) as Recommendation;
		const latest = [...taken.latest(id).values()].sort((a, b) => (a.organization < b.organization ? -1 : 1));
		const of = (which: Position[]) => which.map((position) => position.organization).sort();
		const derived = {
			counted: Object.fromEntries(latest.map((position) => [position.organization, countedOf(position, find)])),
			to_be_renewed: of(latest.filter((position) => mustBeRenewed(position, one))),
			earlier_wording: of(latest.filter((position) => onEarlierWording(position, one))),
			open_disposition: openDisposition(last(id)) && last(id)?.kind,
			maintained_objections: of(maintainedObjections(one, taken.latest(id), find)),
			lacks: lacksOf(one)
		};
		const nothing = { counted: {}, to_be_renewed: [], earlier_wording: [], open_disposition: null, maintained_objections: [], lacks: derived.lacks };
		expect(derived, id).toEqual({ ...nothing, ...given });
	}
});
