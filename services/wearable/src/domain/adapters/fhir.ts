import { measureOf } from '../measures.js';
import type { SourceReading } from '../reading.js';
import { type Adapted, type Adapter, at, joined, leaveOut, list, number, text } from './json.js';
import { readLocal } from './times.js';

const loinc = 'http://loinc.org';
const ucum = 'http://unitsofmeasure.org';

/**
 * A Bundle of Observations of FHIR R4, or one of them. Blood pressure is a panel, whose parts are what was measured. What was
 * entered in error is none, nor what is there to say why there is no value. Of whom it is says whoever imports it.
 */
export const fhir: Adapter = (document, { zone }) => {
  const resources =
    text(document, 'resourceType') === 'Bundle'
      ? list(document, 'entry').map((entry) => at(entry, 'resource'))
      : [document];
  return joined(resources.map((resource) => ofResource(resource, zone)));
};

const withoutValue = ['entered-in-error', 'cancelled', 'registered', 'unknown'];

function ofResource(resource: unknown, zone: string): Adapted {
  const type = text(resource, 'resourceType') ?? 'unknown';
  if (type !== 'Observation') return leaveOut(type);
  const status = text(resource, 'status') ?? 'unknown';
  if (withoutValue.includes(status)) return leaveOut(`Observation that is ${status}`);
  const period = at(resource, 'effectivePeriod');
  const begins = readLocal(
    text(resource, 'effectiveDateTime') ?? text(resource, 'effectiveInstant') ?? text(period, 'start'),
    zone,
  );
  const common: SourceReading = {
    effectiveAt: begins.at,
    endAt: readLocal(text(period, 'end'), zone).at,
    sourceId: text(list(resource, 'identifier')[0], 'value') ?? text(resource, 'id'),
    origin: text(resource, 'device', 'display') ?? text(resource, 'device', 'reference'),
    flags: begins.flags,
  };
  const components = list(resource, 'component');
  return joined((components.length > 0 ? components : [resource]).map((part) => ofPart(part, common)));
}

function ofPart(part: unknown, common: SourceReading): Adapted {
  const codes = list(part, 'code', 'coding')
    .filter((coding) => text(coding, 'system') === loinc)
    .flatMap((coding) => text(coding, 'code') ?? []);
  const code = codes.find((each) => measureOf(each));
  if (code === undefined) return leaveOut(codes[0] ?? 'without a LOINC code');
  if (at(part, 'dataAbsentReason') !== undefined) return leaveOut(`${code} without a value`);
  const quantity = at(part, 'valueQuantity');
  const isUcum = text(quantity, 'system') === ucum;
  return {
    readings: [
      {
        ...common,
        code,
        value: number(quantity, 'value'),
        // What people read there is no unit to count in.
        unit: isUcum ? text(quantity, 'code') : undefined,
      },
    ],
    leftOut: [],
  };
}
