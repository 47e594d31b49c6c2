/** Bodies of the HTTP interface that are no records of the review document. */
import type { components } from './schema';
import type { Organization, Participant, Section } from './types';

type Schemas = components['schemas'];

/** Who an invitation is for. */
export type Invitation = Schemas['Invitation'] & { participant: Participant };
export type Seat = Schemas['SeatOnReport'];
export type Session = Schemas['Session'];
/** A line of the report list. */
export type ReportLine = Schemas['Summary'];
/** A report with its outline and people. */
export type Report = Schemas['Report'] & {
	sections: Section[];
	organizations: Organization[];
	participants: Participant[];
};
/** Without the id, which the client chooses when it sends. */
export type RecommendationFields = Omit<Schemas['NewRecommendation'], 'id'>;
export type RecommendationChange = Schemas['RecommendationChange'];
export type InviteFields = Schemas['NewParticipant'];
export type Invited = Schemas['Invited'];
export type NewSection = Schemas['NewSection'];
/** What is not given stays. `after`: the sibling to stand behind; null is before all others. */
export type SectionChange = Schemas['SectionChange'];
