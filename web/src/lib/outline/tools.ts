/** What coordinators change outline and stages with; loaded at rest, and only for them. */
export { default as OutlineTools } from './OutlineTools.svelte';
export { default as SectionForm } from './SectionForm.svelte';
export { default as StageTools } from './StageTools.svelte';
