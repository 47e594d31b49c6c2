export type Messages = Map<string, Map<string, 'text' | 'number' | 'date'>>;
export function readWords(language: string, text: string): { messages: Messages; faults: string[] };
export function compareWords(source: Messages, other: Messages, language: string): string[];
export function unusedWords(keys: Iterable<string>, sources: readonly string[]): string[];
export function keysFile(messages: Messages): string;
