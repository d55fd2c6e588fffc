import type { ChosenChannelDto, LanguageDto, Uuid } from './common.dto.js';

/** What is about somebody's access cannot be declined. */
export type TopicDto = 'appointments' | 'reminders' | 'messages';

export interface UnwantedDto {
  topic: TopicDto;
  channel: ChosenChannelDto;
}

export interface PreferencesRequest {
  /** In which they read; left out: that of the practice. */
  language?: LanguageDto;
  /** @maxItems 9 */
  unwanted: UnwantedDto[];
}

export interface PreferencesResponse extends PreferencesRequest {
  patientId: Uuid;
  /**
   * How often it was said; also the ETag. 0: nothing was.
   * @isInt
   */
  version: number;
}
