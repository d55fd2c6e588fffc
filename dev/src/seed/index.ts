import type { Platform } from '../platform.ts';
import type { Progress } from '../progress.ts';

/** Fills an empty platform with the demonstration practice; does nothing when there are people in it already. */
export async function seed(_platform: Platform, _progress: Progress): Promise<void> {}
