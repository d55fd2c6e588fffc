import { z } from 'zod';

/** What the facts of many processes have in common. */
export const id = z.uuid();
/** The version of the thing after the change, so that a late event can be told from a new one. */
export const version = z.number().int().min(1);
export const instant = z.iso.datetime({ offset: true });
