// Made by scripts/words.mjs from words/en.ftl. Do not edit.

export interface Words {
	'plenary': null;
}
