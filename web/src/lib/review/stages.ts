import type { Stage } from '$lib/api/types';
import type { IconName } from '$lib/ui/icons';

/** Each stage's sign: a circle that fills up, then a lock. */
export const STAGE_ICONS: Record<Stage, IconName> = { drafting: 'st1', in_review: 'st2', agreed: 'st3', locked: 'lock' };
