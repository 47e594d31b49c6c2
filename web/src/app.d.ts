declare global {
	namespace App {
		interface Error {
			message: string;
			/** Which page of plain words to show; see `lib/api/trouble.ts`. */
			kind?: 'not-found' | 'signed-out' | 'forbidden' | 'unreachable' | 'fault';
		}
	}
}

export {};
