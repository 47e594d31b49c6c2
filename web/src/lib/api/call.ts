/** One call of the HTTP interface, typed by its OpenAPI description. */
import type { paths } from './schema';
import { Trouble } from './trouble';

const TIME_MAX_MS = 30_000;

type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';
type PathOf<M extends Method> = {
	[P in keyof paths]: paths[P] extends Record<M, { responses: unknown }> ? P : never;
}[keyof paths];
type Operation<M extends Method, P extends PathOf<M>> = paths[P] extends Record<M, infer O> ? O : never;
type Places<O> = O extends { parameters: { path: infer T } } ? { at: T } : { at?: never };
type Sent<O> = O extends { requestBody: { content: { 'application/json': infer T } } } ? { body: T } : { body?: never };
type Success<R> = R[keyof R & (200 | 201 | 204)];
type Answer<O> = O extends { responses: infer R }
	? Success<R> extends { content: { 'application/json': infer T } }
		? T
		: null
	: never;

/** The path with its places filled in. */
export function fill(path: string, at: Record<string, unknown> = {}): string {
	return path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(at[name])));
}

/** Asks and gives the answer's body; rejects with a `Trouble`. */
export async function call<M extends Method, P extends PathOf<M>>(
	method: M,
	path: P,
	given: Places<Operation<M, P>> & Sent<Operation<M, P>>
): Promise<Answer<Operation<M, P>>> {
	const { at, body } = given as { at?: Record<string, unknown>; body?: unknown };
	let answer: Response;
	let content: unknown;
	try {
		answer = await fetch(fill(path, at), {
			method: method.toUpperCase(),
			credentials: 'same-origin',
			signal: AbortSignal.timeout(TIME_MAX_MS),
			headers: body === undefined ? {} : { 'content-type': 'application/json' },
			body: body === undefined ? null : JSON.stringify(body)
		});
		content = /json/.test(answer.headers.get('content-type') ?? '') ? await answer.json() : null;
	} catch (thrown) {
		throw Trouble.from(thrown);
	}
	if (!answer.ok) throw Trouble.fromAnswer(answer.status, content);
	return content as Answer<Operation<M, P>>;
}
