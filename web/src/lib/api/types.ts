/**
 * The records of the review document, typed by the server's OpenAPI description (`npm run api`).
 * Ids are 32 hex digits, times RFC 3339 in UTC.
 */
import type { components } from './schema';

type Schemas = components['schemas'];
/** Absent optional fields are `null`, never missing (ARCHITECTURE.md). */
type Whole<Name extends keyof Schemas> = Required<Schemas[Name]>;

export type Id = string;
export type Time = string;

export type Role = Schemas['Role'];
export type Stage = Schemas['Stage'];
export type SectionKind = Schemas['SectionKind'];
export type OrganizationKind = Schemas['OrganizationKind'];
export type Template = Schemas['Template'];
export type Dimension = Schemas['Dimension'];
export type Priority = Schemas['Priority'];
export type RecommendationStatus = Schemas['RecommendationStatus'];
export const STATUSES: readonly RecommendationStatus[] = [
	'proposed',
	'under_discussion',
	'agreed',
	'not_agreed',
	'merged',
	'withdrawn',
	'published'
];
export type ThreadState = Schemas['ThreadState'];

export const ROLES: readonly Role[] = ['coordinator', 'drafter', 'reviewer', 'observer'];
export const STAGES: readonly Stage[] = ['drafting', 'in_review', 'agreed', 'locked'];
export const SECTION_KINDS: readonly SectionKind[] = ['front', 'narrative', 'dimension', 'register', 'annex'];
export const DIMENSIONS: readonly Dimension[] = ['1', '2', '3', '4', '5', '6'];
export const PRIORITIES: readonly Priority[] = ['high', 'medium', 'low'];
export const ORGANIZATION_KINDS: readonly OrganizationKind[] = [
	'government',
	'un_system',
	'civil_society',
	'academia',
	'private_sector',
	'local_authority',
	'other'
];

/** Author of what the holder of the admin token did. */
export const ADMINISTRATOR: Id = '0'.repeat(32);

export type ReportInfo = Whole<'ReportInfo'>;
export type Section = Whole<'Section'>;
/** `hue`: 1 to 8, the plate's colour and line. */
export type Organization = Whole<'Organization'>;
/** `role` is `null` once they were removed; what they wrote keeps their name. */
export type Participant = Whole<'Participant'>;
/** A Yjs relative position in its JSON form. */
export type RelativePosition = Anchor['start'];
export type Anchor = Whole<'Anchor'>;
export type Thread = Whole<'Thread'>;
export type Reply = Whole<'Reply'>;
/** Who leads or supports what is recommended: an organization of the report, or any other by its name. */
export type Institution = Schemas['Institution'];
export type EvidenceLink = Whole<'EvidenceLink'>;
export type Recommendation = Whole<'Recommendation'>;

/** What an organization says to a recommendation. */
export type Stance = Schemas['Stance'];
export const STANCES: readonly Stance[] = ['support', 'support_with_changes', 'object', 'abstain', 'no_mandate'];
/** Never changed: the one with the greatest `n` of an organization is its position now, the others are its trail. */
export type Position = Whole<'Position'>;
export type StepKind = Schemas['StepKind'];
/** One step of a recommendation's path; never changed. */
export type Step = Whole<'Step'>;
export type TermList = Schemas['TermList'];
/** What a coordinator added to a reference list. */
export type Term = Whole<'Term'>;
export type ProgressState = Schemas['ProgressState'];
export const PROGRESS_STATES: readonly ProgressState[] = ['not_started', 'under_way', 'done', 'dropped'];
/** How far a published recommendation has got; the greatest `n` counts. */
export type Progress = Whole<'Progress'>;
/** The lists that recommendations refer to. */
export type Reference = Whole<'Reference'>;

/** The `user` field of an awareness state, as the server gives it. */
export interface Presence {
	participant: Id;
	name: string;
	organization: string;
	code: string;
	hue: number;
	role: Role;
}
