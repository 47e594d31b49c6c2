import { createSubscriber } from 'svelte/reactivity';
import type * as Y from 'yjs';

type Subscribe = () => void;

/**
 * One root map of the review document as runes read it. Yjs is the only copy: reading inside an effect or a derived
 * subscribes to one id (`get`) or to the whole map (`all`, `size`), and a transaction reruns each reader once.
 */
export class Records<T> {
	#map: Y.Map<T>;
	#all: Subscribe;
	#byId = new Map<string, Subscribe>();
	#list: T[] | null = null;
	/** Makes a record whole that an earlier version of the server stored without newer fields. */
	#whole: (stored: T) => T;

	constructor(map: Y.Map<T>, whole: (stored: T) => T = (stored) => stored) {
		this.#map = map;
		this.#whole = whole;
		this.#all = createSubscriber((update) => {
			const onchange = () => {
				this.#list = null;
				update();
			};
			this.#list = null;
			map.observe(onchange);
			return () => {
				map.unobserve(onchange);
				this.#list = null;
			};
		});
	}

	/** The record, or `undefined`; the same object until it is replaced. */
	get(id: string): T | undefined {
		let subscribe = this.#byId.get(id);
		if (!subscribe) {
			const map = this.#map;
			subscribe = createSubscriber((update) => {
				const onchange = (event: Y.YMapEvent<T>) => {
					if (event.keysChanged.has(id)) update();
				};
				map.observe(onchange);
				return () => {
					map.unobserve(onchange);
					this.#byId.delete(id);
				};
			});
			this.#byId.set(id, subscribe);
		}
		subscribe();
		const stored = this.#map.get(id);
		return stored && this.#whole(stored);
	}

	/** Every record, in no order. */
	get all(): T[] {
		this.#all();
		// Outside an effect nothing observes the map, so nothing would clear a kept list.
		if (!$effect.tracking()) return this.#read();
		return (this.#list ??= this.#read());
	}

	#read(): T[] {
		return Array.from(this.#map.values(), this.#whole);
	}

	get size(): number {
		this.#all();
		return this.#map.size;
	}
}

/** One value made of all records of a root map that only grows: what comes is added, not read again with the rest. */
export class Folded<T, V> {
	#map: Y.Map<T>;
	#subscribe: Subscribe;
	#value: V | null = null;
	#make: (all: Iterable<T>) => V;

	constructor(map: Y.Map<T>, make: (all: Iterable<T>) => V, add: (value: V, added: T[]) => V) {
		this.#map = map;
		this.#make = make;
		this.#subscribe = createSubscriber((update) => {
			const onchange = (event: Y.YMapEvent<T>) => {
				const changes = [...event.changes.keys];
				const grows = changes.every(([, { action }]) => action === 'add');
				const added = changes.map(([key]) => map.get(key)).filter((one) => one !== undefined);
				this.#value = this.#value !== null && grows ? add(this.#value, added) : null;
				update();
			};
			this.#value = null;
			map.observe(onchange);
			return () => {
				map.unobserve(onchange);
				this.#value = null;
			};
		});
	}

	get value(): V {
		this.#subscribe();
		// Outside an effect nothing observes the map, so nothing would clear a kept value.
		if (!$effect.tracking()) return this.#make(this.#map.values());
		return (this.#value ??= this.#make(this.#map.values()));
	}
}
