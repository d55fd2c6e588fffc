import type { ChannelName } from '../channel.js';
import type { Topic } from '../decisions/decision.js';
import type { Language } from '../templates/language.js';

/** What somebody does not want to have, by which channel, and in which language they read. */
export interface Preferences {
  patientId: string;
  /** 0 until somebody says something. */
  version: number;
  language?: Language;
  unwanted: { topic: Topic; channel: ChannelName }[];
}
