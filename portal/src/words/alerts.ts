import type { MessageDescriptor } from '@lingui/core';
import { msg } from '@lingui/core/macro';
import type { Alert, AlertRule, Priority, QuestionAnswer, Sight } from '../api/types.ts';

/** The most urgent first. */
export const priorities: readonly Priority[] = ['high', 'medium', 'low'];

export const priorityNames: Record<Priority, MessageDescriptor> = {
  high: msg`urgent`,
  medium: msg`soon`,
  low: msg`when there is time`,
};

export const alertStates: Record<Alert['status'], MessageDescriptor> = {
  open: msg`nobody has answered yet`,
  acknowledged: msg`somebody takes care of it`,
  snoozed: msg`quiet for a while`,
  inhibited: msg`quiet while something more urgent goes on`,
  cleared: msg`over: what is measured is normal again`,
  retracted: msg`taken back: readings that came later show that it was none`,
  late: msg`its readings came too late: it rang nobody`,
};

export const ruleStates: Record<AlertRule['status'], MessageDescriptor> = {
  draft: msg`does not watch yet`,
  enabled: msg`watches`,
  disabled: msg`watches no more`,
};

export const sightNames: Record<Sight['state'], MessageDescriptor> = {
  off: msg`The practice does not watch`,
  seeing: msg`Readings come, and are looked at`,
  blind: msg`Nobody is watched at the moment`,
};

/** Of the parts of the watch, by the names that its heartbeat gives them. */
export const beatNames: Record<string, MessageDescriptor> = {
  readings: msg`a reading came`,
  rounds: msg`somebody looked for what is missing, and for whom to tell`,
  stream: msg`the engine on Spark went on`,
};

/** What is wrong with a reading that rang nobody. */
export const doubtNames: Record<string, MessageDescriptor> = {
  owner: msg`It may be of somebody else who used the device.`,
  value: msg`Such a value is not possible.`,
  unit: msg`Its unit does not fit what is measured.`,
  clock: msg`The clock of the device was ahead.`,
};

/** How it is answered: an owner in one way, all else in another. */
export const answersTo = (doubt: string): readonly QuestionAnswer[] =>
  doubt === 'owner' ? ['mine', 'not-mine'] : ['right', 'wrong'];

export const answerNames: Record<QuestionAnswer, MessageDescriptor> = {
  mine: msg`It is of the patient`,
  'not-mine': msg`It is of somebody else`,
  right: msg`It is right`,
  wrong: msg`It is wrong`,
};

/** Of what NEWS2 is made, where something of it was not known. */
export const missingNames: Record<string, MessageDescriptor> = {
  'respiration-rate': msg`breaths`,
  'oxygen-saturation': msg`oxygen saturation`,
  'inhaled-oxygen': msg`whether oxygen is given`,
  'systolic-pressure': msg`upper blood pressure`,
  pulse: msg`pulse`,
  consciousness: msg`consciousness`,
  temperature: msg`temperature`,
};

/** What is known of a reading, where more is to be said of it. */
export const flagNames: Record<string, MessageDescriptor> = {
  implausible: msg`not a possible value`,
  'out-of-scale': msg`beyond what the device measures`,
  'device-clock': msg`time of the device, not checked`,
  'ambiguous-time': msg`the clock showed this time twice`,
  typed: msg`typed by somebody`,
};
