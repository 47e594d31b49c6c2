import { mergeAttributes, Node } from '@tiptap/core';

/**
 * A footnote stands in the text as one character; its words are its content. Its number is never stored: it follows
 * from its place (see `numbers.ts`), so that nobody writes when somebody else adds one before it.
 */
export const Footnote = Node.create({
	name: 'footnote',
	group: 'inline',
	content: 'text*',
	marks: '',
	inline: true,
	atom: true,
	selectable: true,

	parseHTML() {
		return [{ tag: 'span[data-footnote]' }];
	},

	renderHTML({ HTMLAttributes }) {
		return ['span', mergeAttributes(HTMLAttributes, { 'data-footnote': '' }), 0];
	},

	addNodeView() {
		return () => {
			const dom = document.createElement('sup');
			dom.className = 'fn';
			dom.setAttribute('data-footnote', '');
			// The number comes as a decoration's attribute and is drawn by CSS.
			return { dom, ignoreMutation: () => true };
		};
	}
});
