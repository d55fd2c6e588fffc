import { invalidField } from '@cabinet/kit/errors';
import { tidyText } from '@cabinet/kit/text';
import { SomeThingNotFound } from './errors.js';

export interface SomeThing {
  id: string;
  version: number;
  patientId: string;
  text: string;
  createdAt: Date;
  updatedAt: Date;
}

/** @throws InvalidInput (422) for a text with nothing to read in it */
export function readText(text: string): string {
  const tidied = tidyText(text);
  if (tidied === '') throw invalidField('text', 'REQUIRED', 'is required');
  return tidied;
}

/** @throws SomeThingNotFound (404) */
export function existing(someThing: SomeThing | undefined): SomeThing {
  if (!someThing) throw new SomeThingNotFound();
  return someThing;
}
