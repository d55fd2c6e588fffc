import { v7, validate } from 'uuid';

/** A new UUIDv7 (RFC 9562): unique anywhere, and roughly ordered by time of creation. */
export const newId = (): string => v7();

export const isId = (text: string): boolean => validate(text);
