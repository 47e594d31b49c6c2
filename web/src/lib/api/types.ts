/**
 * The records of the review document and the bodies of the HTTP interface, as ARCHITECTURE.md fixes them.
 * Ids are 32 hex digits, times RFC 3339 in UTC; absent optional fields are `null`.
 */

export type Id = string;
export type Time = string;

export type Role = 'coordinator' | 'drafter' | 'reviewer' | 'observer';
export type Stage = 'drafting' | 'in_review' | 'agreed' | 'locked';
export type SectionKind = 'front' | 'narrative' | 'dimension' | 'register' | 'annex';
export type OrganizationKind =
	| 'government'
	| 'un_system'
	| 'civil_society'
	| 'academia'
	| 'private_sector'
	| 'local_authority'
	| 'other';

export const ORGANIZATION_KINDS: readonly OrganizationKind[] = [
	'government',
	'un_system',
	'civil_society',
	'academia',
	'private_sector',
	'local_authority',
	'other'
];
export type Template = 'mgi' | 'blank';
export type Dimension = '1' | '2' | '3' | '4' | '5' | '6';
export type Priority = 'high' | 'medium' | 'low';
export type RecommendationStatus = 'proposed';
export type ThreadState = 'open' | 'resolved';

export const ROLES: readonly Role[] = ['coordinator', 'drafter', 'reviewer', 'observer'];
export const STAGES: readonly Stage[] = ['drafting', 'in_review', 'agreed', 'locked'];
export const DIMENSIONS: readonly Dimension[] = ['1', '2', '3', '4', '5', '6'];
export const PRIORITIES: readonly Priority[] = ['high', 'medium', 'low'];

/** Author of what the holder of the admin token did. */
export const ADMINISTRATOR: Id = '0'.repeat(32);

export interface ReportInfo {
	id: Id;
	title: string;
	language: string;
	template: Template;
	created_at: Time;
}

export interface Section {
	id: Id;
	title: string;
	kind: SectionKind;
	parent: Id | null;
	rank: number;
	stage: Stage;
	language: string | null;
	drafted_by: Id | null;
}

export interface Organization {
	id: Id;
	name: string;
	code: string;
	kind: OrganizationKind;
	/** 1 to 8: the plate's colour and line. */
	hue: number;
}

export interface Participant {
	id: Id;
	name: string;
	organization: Id;
	/** `null` once they were removed; what they wrote keeps their name. */
	role: Role | null;
	joined_at: Time | null;
}

/** A Yjs relative position in its JSON form. */
export type RelativePosition = Record<string, unknown>;

export interface Anchor {
	start: RelativePosition;
	end: RelativePosition;
	quote: string;
}

export interface Thread {
	id: Id;
	section: Id;
	anchor: Anchor | null;
	author: Id;
	text: string;
	created_at: Time;
	edited_at: Time | null;
	state: ThreadState;
	resolved_by: Id | null;
	resolved_at: Time | null;
}

export interface Reply {
	id: Id;
	thread: Id;
	author: Id;
	text: string;
	created_at: Time;
	edited_at: Time | null;
}

export interface Recommendation {
	id: Id;
	number: number;
	title: string;
	text: string;
	rationale: string | null;
	section: Id;
	anchor: Anchor | null;
	dimension: Dimension | null;
	lead_institution: string | null;
	timeframe: string | null;
	priority: Priority | null;
	status: RecommendationStatus;
	author: Id;
	created_at: Time;
	edited_at: Time | null;
}

/** The `user` field of an awareness state, as the server gives it. */
export interface Presence {
	participant: Id;
	name: string;
	organization: string;
	code: string;
	hue: number;
	role: Role;
}
