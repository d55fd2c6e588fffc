import type { MessageDescriptor } from '@lingui/core';
import { msg } from '@lingui/core/macro';

/** What is measured at home, by LOINC: its name, and the unit (UCUM) in which it is kept. */
export const measures: Record<string, { name: MessageDescriptor; unit: string }> = {
  '8867-4': { name: msg`Pulse`, unit: '/min' },
  '40443-4': { name: msg`Resting pulse`, unit: '/min' },
  '80404-7': { name: msg`Heart rate variability`, unit: 'ms' },
  '9279-1': { name: msg`Breathing rate`, unit: '/min' },
  '59408-5': { name: msg`Oxygen saturation`, unit: '%' },
  '8480-6': { name: msg`Blood pressure, upper value`, unit: 'mm[Hg]' },
  '8462-4': { name: msg`Blood pressure, lower value`, unit: 'mm[Hg]' },
  '8310-5': { name: msg`Body temperature`, unit: 'Cel' },
  '29463-7': { name: msg`Weight`, unit: 'kg' },
  '8302-2': { name: msg`Height`, unit: 'cm' },
  '39156-5': { name: msg`Body mass index`, unit: 'kg/m2' },
  '41982-0': { name: msg`Body fat`, unit: '%' },
  '2339-0': { name: msg`Glucose in blood`, unit: 'mg/dL' },
  '99504-3': { name: msg`Glucose by sensor`, unit: 'mg/dL' },
  '19935-6': { name: msg`Peak flow`, unit: 'L/min' },
  '55423-8': { name: msg`Steps`, unit: '{steps}' },
  '41981-2': { name: msg`Energy burned`, unit: 'kcal' },
  '93832-4': { name: msg`Sleep`, unit: 'h' },
};

/** What a NEWS2 of adults is made of, as far as it is measured at home. */
export const scoreCodes: readonly string[] = ['8867-4', '9279-1', '59408-5', '8480-6', '8310-5'];

const shown: Record<string, string> = {
  '/min': '/min',
  'mm[Hg]': 'mmHg',
  Cel: '°C',
  'kg/m2': 'kg/m²',
  '{steps}': '',
};

/** A unit as people write it; nothing where the name says it. */
export const unitShown = (unit: string): string => shown[unit] ?? unit;

/** Of what is counted a part says nothing. */
const counted = ['{steps}', 'kcal'];

/** A value as the reader of a language writes it, with its unit. */
export function valueShown(value: number, unit: string, language: string): string {
  const maximumFractionDigits = counted.includes(unit) ? 0 : 1;
  const number = new Intl.NumberFormat(language, { maximumFractionDigits }).format(value);
  const its = unitShown(unit);
  return its === '' ? number : its.startsWith('/') ? `${number}${its}` : `${number} ${its}`;
}
