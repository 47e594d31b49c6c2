import { Words } from '$lib/words/words.svelte';
import type { LayoutLoad } from './$types';

export const ssr = false;
export const prerender = false;

export const load: LayoutLoad = async () => ({ words: await Words.open() });
