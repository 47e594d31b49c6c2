declare global {
	namespace App {
		interface Error {
			message: string;
			/** Which plain words to show: `lost-{kind}-title` and `-text`. */
			kind: 'address' | 'report' | 'section' | 'signed-out' | 'server' | 'fault';
		}
	}
}

export {};
