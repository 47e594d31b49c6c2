/** Advice on what somebody recommends; loaded when they do. */
export { lacksOf } from '$lib/recommendations/advice';
