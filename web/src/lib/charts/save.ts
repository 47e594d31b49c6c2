/** A picture as a file of its own: what the page's sheets say is written into it, in light colours. */

/** What a drawing needs of its computed style. */
const KEPT = [
	'fill', 'stroke', 'stroke-width', 'stroke-dasharray', 'stroke-linecap', 'stroke-linejoin', 'paint-order',
	'font-family', 'font-size', 'font-weight', 'opacity', 'direction', 'shape-rendering'
] as const;
const MARGIN = 16;
const TITLE = 34;

/** The SVG file of a drawing that is on the page. */
export function fileOf(svg: SVGSVGElement, title: string): string {
	const root = document.documentElement;
	const theme = root.dataset['theme'];
	// Nothing is painted between here and the end of this function.
	root.dataset['theme'] = 'light';
	try {
		const copy = svg.cloneNode(true) as SVGSVGElement;
		const drawn = [svg, ...svg.querySelectorAll('*')];
		const copied = [copy, ...copy.querySelectorAll('*')];
		drawn.forEach((element, n) => dress(element, copied[n]));
		frame(copy, svg, title);
		return `<?xml version="1.0" encoding="UTF-8"?>\n${new XMLSerializer().serializeToString(copy)}\n`;
	} finally {
		if (theme === undefined) delete root.dataset['theme'];
		else root.dataset['theme'] = theme;
	}
}

/** Writes a computed style as attributes. What has a paint of its own, such as a pattern, keeps it. */
function dress(drawn: Element, copy: Element | undefined) {
	if (!copy || drawn.matches('title, desc, defs, pattern')) return;
	const style = getComputedStyle(drawn);
	for (const name of KEPT) {
		if (name === 'fill' && drawn.getAttribute('fill')?.startsWith('url(')) continue;
		const value = style.getPropertyValue(name);
		if (value) copy.setAttribute(name, value);
	}
	copy.removeAttribute('class');
}

/** Room around, white paper, and the title that the page shows above. */
function frame(copy: SVGSVGElement, drawn: SVGSVGElement, title: string) {
	const width = drawn.width.baseVal.value + 2 * MARGIN;
	const height = drawn.height.baseVal.value + 2 * MARGIN + TITLE;
	const style = getComputedStyle(drawn);
	copy.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
	copy.setAttribute('width', String(width));
	copy.setAttribute('height', String(height));
	copy.setAttribute('viewBox', `${-MARGIN} ${-MARGIN - TITLE} ${width} ${height}`);
	const paper = element('rect', { x: -MARGIN, y: -MARGIN - TITLE, width, height, fill: '#ffffff' });
	const rtl = style.direction === 'rtl';
	const head = element('text', { x: rtl ? width - 2 * MARGIN : 0, y: -MARGIN, fill: '#15201D', 'font-family': style.fontFamily, 'font-size': 18, 'font-weight': 600 });
	head.textContent = title;
	const after = copy.querySelector('desc');
	after?.after(paper, head);
}

function element(name: string, attributes: Record<string, string | number>): SVGElement {
	const made = document.createElementNS('http://www.w3.org/2000/svg', name);
	for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
	return made;
}

/** A file's name out of words: letters and digits of any script. */
export function nameOf(...words: string[]): string {
	const plain = words.join(' ').normalize('NFC').toLocaleLowerCase().match(/[\p{L}\p{N}]+/gu) ?? ['picture'];
	return `${plain.join('-').slice(0, 80)}.svg`;
}

/** Hands a file to whoever reads the page. */
export function download(name: string, text: string) {
	const url = URL.createObjectURL(new Blob([text], { type: 'image/svg+xml' }));
	const link = document.createElement('a');
	link.href = url;
	link.download = name;
	link.click();
	setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
