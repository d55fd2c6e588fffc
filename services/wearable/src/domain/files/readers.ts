import { dexcom } from '../adapters/dexcom.js';
import { fhir } from '../adapters/fhir.js';
import { fitbit } from '../adapters/fitbit.js';
import { healthConnect } from '../adapters/health-connect.js';
import { openMHealth } from '../adapters/open-mhealth.js';
import { oura } from '../adapters/oura.js';
import { withings } from '../adapters/withings.js';
import type { Format } from '../file-import.js';
import { appleExport } from './apple-export.js';
import { csvTable } from './csv-table.js';
import type { FileReader } from './file-reader.js';
import { garminFit } from './garmin-fit.js';
import { jsonDocument } from './json-document.js';

const readers: Record<Format, FileReader> = {
  'apple-health': appleExport,
  csv: csvTable,
  dexcom: jsonDocument(dexcom),
  fhir: jsonDocument(fhir),
  fitbit: jsonDocument(fitbit),
  'garmin-fit': garminFit,
  'health-connect': jsonDocument(healthConnect),
  'open-mhealth': jsonDocument(openMHealth),
  oura: jsonDocument(oura),
  withings: jsonDocument(withings),
};

export const readerOf = (format: Format): FileReader => readers[format];
