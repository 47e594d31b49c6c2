import type * as Y from 'yjs';
import type {
	Id,
	Organization,
	Participant,
	Position,
	Progress,
	Recommendation,
	Reply,
	ReportInfo,
	Section,
	Step,
	Term,
	Thread
} from '$lib/api/types';
import type { People } from '$lib/recommendations/may';
import { asked, Positions } from '$lib/recommendations/tally';
import type { Words } from '$lib/words/words.svelte';
import { byTime, countsOf, repliesOf, type SectionCounts } from './counts';
import { outlineOf, type OutlineRow } from './outline';
import { Folded, Records } from './records.svelte';
import { personOf, type Person } from './person';
import { wholeOrganization, wholeRecommendation, wholeThread } from './whole';

/** `{report}/review`, which only the server writes, as runes read it. */
export class ReviewDocument {
	readonly reports: Records<ReportInfo>;
	readonly sections: Records<Section>;
	readonly organizations: Records<Organization>;
	readonly participants: Records<Participant>;
	readonly threads: Records<Thread>;
	readonly replies: Records<Reply>;
	readonly recommendations: Records<Recommendation>;
	readonly steps: Records<Step>;
	readonly positions: Records<Position>;
	readonly terms: Records<Term>;
	readonly progress: Records<Progress>;

	#outline = $derived.by(() => outlineOf(this.sections.all));
	#counts = $derived.by(() => countsOf(this.threads.all, this.recommendations.all));
	#replies = $derived.by(() => repliesOf(this.replies.all));
	#taken: Folded<Position, Positions>;
	#asked = $derived.by(() => asked(this.organizations.all, this.participants.all, this.taken.spoken));

	constructor(doc: Y.Doc) {
		this.reports = new Records(doc.getMap('report'));
		this.sections = new Records(doc.getMap('sections'));
		this.organizations = new Records(doc.getMap('organizations'), wholeOrganization);
		this.participants = new Records(doc.getMap('participants'));
		this.threads = new Records(doc.getMap('threads'), wholeThread);
		this.replies = new Records(doc.getMap('replies'));
		this.recommendations = new Records(doc.getMap('recommendations'), wholeRecommendation);
		this.steps = new Records(doc.getMap('steps'));
		this.positions = new Records(doc.getMap('positions'));
		this.#taken = new Folded(
			doc.getMap<Position>('positions'),
			(all) => new Positions(all),
			(taken, added) => taken.with(added)
		);
		this.terms = new Records(doc.getMap('terms'));
		this.progress = new Records(doc.getMap('progress'));
	}

	/** The report itself; `undefined` until its document has come. */
	get report(): ReportInfo | undefined {
		return this.reports.get('report');
	}

	/** Sections from above to below, with their printed numbers. */
	get outline(): OutlineRow[] {
		return this.#outline;
	}

	/** Open threads and recommendations of a section. */
	counts(section: Id): SectionCounts {
		return this.#counts.get(section) ?? { openThreads: 0, recommendations: 0 };
	}

	/** Threads on a section's text, oldest first. */
	threadsOf(section: Id): Thread[] {
		return this.threads.all.filter((thread) => thread.section === section && thread.recommendation === null).sort(byTime);
	}

	/** Threads on a recommendation's wording, oldest first. */
	wordingThreadsOf(recommendation: Id): Thread[] {
		return this.threads.all.filter((thread) => thread.recommendation === recommendation).sort(byTime);
	}

	/** Recommendations of a section, by number. */
	recommendationsOf(section: Id): Recommendation[] {
		return this.recommendations.all.filter((one) => one.section === section).sort((a, b) => a.number - b.number);
	}

	/** A recommendation by its id, for what is derived from several. */
	readonly find = (id: Id): Recommendation | undefined => this.recommendations.get(id);

	/** What the rules of who may do what look up. */
	readonly people: People = {
		participant: (id) => this.participants.get(id),
		organization: (id) => this.organizations.get(id)
	};

	/** All positions, by recommendation. */
	get taken(): Positions {
		return this.#taken.value;
	}

	/** The organizations whose position is asked for. */
	get asked(): Organization[] {
		return this.#asked;
	}

	/** The path of a recommendation, from the proposal on. */
	stepsOf(one: Recommendation): Step[] {
		const steps: Step[] = [];
		for (let n = 1; n <= one.steps; n += 1) {
			const step = this.steps.get(`${one.id}/${n}`);
			if (step) steps.push(step);
		}
		return steps;
	}

	/** The last step of a recommendation's path. */
	lastStep(one: Recommendation): Step | undefined {
		return this.steps.get(`${one.id}/${one.steps}`);
	}

	/** What was reported of a recommendation's progress, the newest first. */
	progressOf(recommendation: Id): Progress[] {
		return this.progress.all.filter((one) => one.recommendation === recommendation).sort((a, b) => b.n - a.n);
	}

	/** Replies of a thread, oldest first. */
	repliesOf(thread: Id): Reply[] {
		return this.#replies.get(thread) ?? [];
	}

	/** Who somebody is. */
	person(id: Id, t: Words['t']): Person {
		return personOf(id, this.people, t);
	}
}
