export declare const FACES: readonly string[];
export declare const MAY_IMPORT: Readonly<Record<string, readonly string[]>>;
export declare const ROOMS: Readonly<Record<string, readonly string[]>>;
