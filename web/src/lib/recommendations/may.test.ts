import { describe, expect, it } from 'vitest';
import type { Organization, Participant, RecommendationStatus } from '$lib/api/types';
import { ADMINISTRATOR } from '$lib/api/types';
import { mayReport, meOf, stepsFor, wantsReason, whyNoEdit, whyNoPosition } from './may';
import { recommendation, step } from './record.testing';

const organizations: Organization[] = ['iom', 'mlsp', 'moi'].map((id) => ({ id, head: id === 'moi' ? 'head' : null }) as Organization);
const participants = [
	{ id: 'coordinator', organization: 'iom', role: 'coordinator' },
	{ id: 'author', organization: 'mlsp', role: 'drafter' },
	{ id: 'colleague', organization: 'mlsp', role: 'reviewer' },
	{ id: 'observer', organization: 'mlsp', role: 'observer' },
	{ id: 'head', organization: 'moi', role: 'reviewer' },
	{ id: 'staff', organization: 'moi', role: 'reviewer' },
	{ id: 'gone', organization: 'mlsp', role: null }
] as Participant[];
const people = {
	participant: (id: string) => participants.find((one) => one.id === id),
	organization: (id: string) => organizations.find((one) => one.id === id)
};
const me = (id: string) => meOf(id, people);
const at = (status: RecommendationStatus, more = {}) => recommendation(1, { status, author: 'author', ...more });
const asked = step(2, 'disposition_proposed', 'agreed');

describe('stepsFor', () => {
	it('gives the coordinator what each status allows', () => {
		const steps = (status: RecommendationStatus) => stepsFor(at(status), undefined, me('coordinator'), people);
		expect(steps('proposed')).toEqual(['discuss', 'propose_disposition', 'decide', 'merge', 'split', 'withdraw']);
		expect(steps('under_discussion')).toEqual(['propose_disposition', 'decide', 'merge', 'split', 'withdraw']);
		expect(steps('agreed')).toEqual(['publish', 'reopen']);
		expect(steps('not_agreed')).toEqual(['reopen']);
		expect(steps('withdrawn')).toEqual(['reopen']);
		expect(steps('merged')).toEqual([]);
		expect(steps('published')).toEqual([]);
	});
	it('lets the proposing organization answer and withdraw, and nobody else', () => {
		const steps = (id: string) => stepsFor(at('under_discussion'), asked, me(id), people);
		expect(steps('author')).toEqual(['answer_disposition', 'withdraw']);
		expect(steps('colleague')).toEqual(['answer_disposition', 'withdraw']);
		for (const id of ['observer', 'gone', 'head', 'nobody']) expect(steps(id)).toEqual([]);
	});
	it('lets the head alone answer where there is one', () => {
		const one = at('under_discussion', { author: 'staff' });
		expect(stepsFor(one, asked, me('staff'), people)).toEqual([]);
		expect(stepsFor(one, asked, me('head'), people)).toEqual(['answer_disposition', 'withdraw']);
	});
	it('asks nobody about what the administrator proposed', () => {
		const one = at('proposed', { author: ADMINISTRATOR });
		expect(stepsFor(one, undefined, me(ADMINISTRATOR), people)).not.toContain('propose_disposition');
	});
	it('is answered once', () => {
		expect(stepsFor(at('under_discussion'), step(3, 'disposition_declined', 'agreed'), me('author'), people)).toEqual(['withdraw']);
	});
});

it('wants a reason unless the proposing organization accepted the same', () => {
	const accepted = step(3, 'disposition_accepted', 'agreed');
	expect(wantsReason('decide', accepted, { status: 'agreed' })).toBe(false);
	expect(wantsReason('decide', accepted, { status: 'not_agreed' })).toBe(true);
	expect(wantsReason('decide', asked, { status: 'agreed' })).toBe(true);
	expect(wantsReason('answer_disposition', asked, { accept: true })).toBe(false);
	expect(wantsReason('answer_disposition', asked, { accept: false })).toBe(true);
	expect((['merge', 'split', 'withdraw', 'reopen'] as const).every((name) => wantsReason(name, undefined))).toBe(true);
	expect((['discuss', 'publish', 'propose_disposition'] as const).some((name) => wantsReason(name, undefined))).toBe(false);
});

it('lets author and coordinator edit until it is closed, words of a decided one the coordinator alone', () => {
	const why = (id: string, status: RecommendationStatus, field: 'title' | 'other' = 'other') => whyNoEdit(at(status), field, me(id));
	expect([why('author', 'proposed'), why('coordinator', 'agreed', 'title'), why('author', 'agreed')]).toEqual([null, null, null]);
	expect([why('author', 'agreed', 'title'), why('colleague', 'proposed'), why('coordinator', 'published')]).toEqual(['decided', 'not_yours', 'closed']);
});

it('says why no position can be taken', () => {
	const why = (id: string, status: RecommendationStatus = 'proposed') => whyNoPosition(at(status), me(id), people);
	expect(['author', 'colleague', 'head', 'coordinator'].map((id) => why(id))).toEqual([null, null, null, null]);
	expect([why('staff'), why('observer'), why(ADMINISTRATOR), why('author', 'agreed')]).toEqual(['head', 'observer', 'nobody', 'closed']);
});

it('lets the lead institution and the coordinator report progress', () => {
	const one = at('published', { lead_institution: { organization: 'moi' } });
	expect(['head', 'coordinator', 'staff', 'author'].map((id) => mayReport(one, me(id), people))).toEqual([true, true, false, false]);
	expect(mayReport(at('agreed', { lead_institution: { organization: 'moi' } }), me('head'), people)).toBe(false);
	expect(mayReport(at('published', { lead_institution: 'MOI' }), me('head'), people)).toBe(false);
});
