import { Mark } from '@tiptap/core';
import { Plugin, TextSelection } from '@tiptap/pm/state';
import { safeHref } from './href';
import { isReading } from './reading';

declare module '@tiptap/core' {
	interface Commands<ReturnType> {
		link: {
			/** Makes the selection lead somewhere; an address that a body may not hold does nothing. */
			setLink: (to: { href: string }) => ReturnType;
			unsetLink: () => ReturnType;
		};
	}
}

/**
 * A link to an http, https or mailto address. Nothing is linked by itself: only by the tool, by a paste that brings
 * links, or by pasting an address over selected words.
 */
export const Link = Mark.create({
	name: 'link',
	priority: 1000,
	inclusive: false,
	keepOnSplit: false,
	exitable: true,

	addAttributes() {
		return { href: { default: null, parseHTML: (element) => safeHref(element.getAttribute('href')) } };
	},

	parseHTML() {
		return [{ tag: 'a[href]', getAttrs: (element) => (safeHref(element.getAttribute('href')) === null ? false : null) }];
	},

	renderHTML({ HTMLAttributes }) {
		const href = safeHref(String(HTMLAttributes['href'] ?? ''));
		return ['a', { ...(href === null ? {} : { href }), rel: 'noopener noreferrer', target: '_blank' }, 0];
	},

	addCommands() {
		return {
			setLink:
				({ href }) =>
				({ commands }) =>
					safeHref(href) !== null && commands.setMark(this.name, { href: safeHref(href) }),
			unsetLink:
				() =>
				({ commands }) =>
					commands.unsetMark(this.name, { extendEmptyMarkRange: true })
		};
	},

	addProseMirrorPlugins() {
		return [
			new Plugin({
				props: {
					handlePaste: (view, _event, slice) => {
						const { selection } = view.state;
						const href = safeHref(slice.content.textBetween(0, slice.content.size, ' '));
						if (!(selection instanceof TextSelection) || selection.empty || href === null || slice.content.childCount !== 1) return false;
						return this.editor.commands.setLink({ href });
					},
					handleClick: (view, _pos, event) => {
						// While one writes, a click sets the cursor; with Ctrl, or in a text that is only read, it follows.
						const link = event.target instanceof Element ? event.target.closest<HTMLAnchorElement>('a[href]') : null;
						if (!link || !view.dom.contains(link) || link.dataset['flag'] !== undefined) return false;
						if (!isReading(view.state) && !event.ctrlKey && !event.metaKey) return false;
						window.open(link.href, '_blank', 'noopener,noreferrer');
						return true;
					}
				}
			})
		];
	}
});
