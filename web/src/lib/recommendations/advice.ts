/** What a recommendation lacks before somebody can act on it. Advice only: it blocks nothing. */
import type { Recommendation } from '$lib/api/types';

export type Advice = 'no_verb' | 'no_lead' | 'no_timeframe';

/** The advice on one. `language`: of the report, in which titles are written. */
export function adviceOf(one: Pick<Recommendation, 'title' | 'lead_institution' | 'timeframe'>, language: string): Advice[] {
	const advice: Advice[] = [];
	if (!hasVerb(one.title, language)) advice.push('no_verb');
	if (one.lead_institution === null || one.lead_institution === '') advice.push('no_lead');
	if (!one.timeframe) advice.push('no_timeframe');
	return advice;
}

/** Verbs that recommendations begin with, in the form in which they do. */
const ENGLISH = new Set(
	(
		'abolish accelerate accept accede act adapt add address adjust adopt advance advise advocate agree align allocate allow amend analyse analyze ' +
		'announce appoint apply approve arrange ask assess assign assist assure audit authorize avoid ban base begin better bring broaden budget build call carry ' +
		'cease change charge check clarify close coach collect combine come commit communicate compare compensate compile complete comply conclude ' +
		'conduct connect consider consolidate consult continue contract convene convert cooperate coordinate correct cost count cover create cut decide ' +
		'decentralize declare decrease define delegate deliver deploy describe design designate detect determine develop digitalize digitize direct disaggregate ' +
		'disclose discuss disseminate distribute do document double draft draw drop earmark ease educate elaborate eliminate embed employ empower enable encourage ' +
		'end enforce engage enhance enlarge enrol ensure equip establish evaluate examine exchange exclude exempt expand explain explore extend ' +
		'facilitate fight fill finalize finance find fix follow forbid form formalize foster free fund further gather give grant guarantee guide halt ' +
		'harmonize have help hire hold host identify implement improve include incorporate increase inform initiate inspect install institute institutionalize ' +
		'integrate intensify introduce invest investigate invite involve issue join keep launch lay lead leave let license lift limit link list lower mainstream ' +
		'maintain make manage mandate map mark measure meet merge mobilize modernize modify monitor move name negotiate notify observe offer open ' +
		'operate organize orient outlaw oversee participate partner pass pay permit phase pilot place plan pool prefer prepare prescribe present prevent ' +
		'print prioritize process procure produce prohibit promote propose prosecute protect provide publicize publish pursue put raise ratify ' +
		'reach recognize record recruit reduce refer reflect reform refrain register regularize regulate reinforce release remind remove renew repeal replace report ' +
		'request require research reserve resolve respect respond restore restrict review revise revive run safeguard save scale screen secure seek select send separate ' +
		'serve set settle share shorten show sign simplify specify speed stop strengthen study submit subsidize support suspend sustain tackle take ' +
		'target teach test track train transfer translate transpose treat triple understand undertake unify update upgrade uphold urge use utilize validate ' +
		'verify visit waive widen withdraw work write'
	).split(' ')
);
const ENGLISH_ANYWHERE = /\b(should|must|shall|will|ought|needs? to|has to|have to|is to|are to)\b/i;
/** Words that may stand before the verb. */
const ENGLISH_BEFORE = /^(to|please|not|do|never|always|also|jointly|together|\w+ly)$/i;
/** Infinitives, and what commands or obliges. */
const RUSSIAN = /(^|\s)\p{L}+(ть|ти|чь|ться|тись|чься)(?!\p{L})|(^|\s)(должн|обязан|следует|необходимо|нужно|надо)\p{L}*|(^|\s)\p{L}{3,}(йте|ите|ьте)(?!\p{L})/iu;
const BELARUSIAN = /(^|\s)\p{L}+(ць|ці|чы|цца|ціся)(?!\p{L})|(^|\s)(павін|абавязан|трэба|неабходна|варта)\p{L}*/iu;
const FRENCH = /^(\p{L}+(er|ir|re|oir)|s['’]\p{L}+|ne)(?!\p{L})|\b(doit|doivent|devrait|devraient)\b/iu;
const SPANISH = /^\p{L}+(ar|er|ir|arse|erse|irse)(?!\p{L})|\b(debe|deben|debería|deberían)\b/iu;

/** Whether a title says what to do. Where the language is not known to us, it is taken to do so. */
export function hasVerb(title: string, language: string): boolean {
	const text = title.trim();
	switch (language.toLowerCase().split('-')[0]) {
		case 'en': {
			const words = text.toLowerCase().match(/[\p{L}’'-]+/gu) ?? [];
			const first = words.find((word) => !ENGLISH_BEFORE.test(word)) ?? '';
			const british = first.replace(/is(e|ing)$/, 'iz$1');
			return ENGLISH.has(first) || ENGLISH.has(british) || /^re-?/.test(first) && ENGLISH.has(first.replace(/^re-?/, '')) || ENGLISH_ANYWHERE.test(text);
		}
		case 'ru':
			return RUSSIAN.test(text);
		case 'be':
			return BELARUSIAN.test(text);
		case 'fr':
			return FRENCH.test(text);
		case 'es':
			return SPANISH.test(text);
		default:
			return true;
	}
}
