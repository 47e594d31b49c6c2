/** Bodies of the HTTP interface that are no records of the review document. */
import type {
	Anchor,
	Dimension,
	Id,
	Organization,
	OrganizationKind,
	Participant,
	Priority,
	ReportInfo,
	Role,
	Section,
	Time
} from './types';

export interface ReportName {
	id: Id;
	title: string;
}

/** Who an invitation is for. */
export interface Invitation {
	report: ReportName;
	participant: Participant;
	organization: Organization;
	joined: boolean;
}

export interface Seat {
	report: ReportName;
	participant: Participant;
	organization: Organization;
	role: Role;
}

export interface Session {
	seats: Seat[];
}

/** A line of the report list. */
export interface ReportLine {
	id: Id;
	title: string;
	language: string;
	created_at: Time;
	role: Role;
	/** How many. */
	sections: number;
	open_threads: number;
	recommendations: number;
}

/** A report with its outline and people. */
export interface Report extends ReportInfo {
	sections: Section[];
	organizations: Organization[];
	participants: Participant[];
	you: { participant: Id };
}

export interface RecommendationFields {
	section: Id;
	anchor?: Anchor | null;
	title: string;
	text: string;
	rationale?: string | null;
	dimension?: Dimension | null;
	lead_institution?: string | null;
	timeframe?: string | null;
	priority?: Priority | null;
}

export interface InviteFields {
	name: string;
	organization: string;
	role: Role;
	organization_code?: string;
	organization_kind?: OrganizationKind;
}

export interface Invited {
	id: Id;
	token: string;
	link: string;
}
