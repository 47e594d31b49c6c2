import { tick } from 'svelte';

/** When a form cannot be sent: its first wrong field has the focus, so that it is in view, and heard with what is wrong. */
export async function focusWrong(): Promise<void> {
	const form = document.activeElement?.closest('dialog, form') ?? document;
	await tick();
	form.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
}
