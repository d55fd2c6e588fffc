import type { practitionerApi } from '@cabinet/contracts';
import { type Asked, type Handler, on, Refused } from '../operation.ts';
import { idOf, patients, practitioners, since } from '../people.ts';

type Report = practitionerApi.components['schemas']['ImportReport'];
type Cells = Record<string, string>;

interface Kind {
  needed: string[];
  /** What is wrong with a line, as far as the mock looks. */
  refuses(cells: Cells): { field: string; code: string; reason: string } | undefined;
  knows(cells: Cells): boolean;
  add(cells: Cells): void;
}

const stored = { version: 1, active: true, createdAt: since, updatedAt: since, warnings: [] };
const namesOf = ({ familyName = '', givenNames = '' }: Cells) => ({ familyName, givenNames: givenNames.split('|') });

const kinds = {
  patients: {
    needed: ['familyName', 'givenNames', 'birthDate'],
    refuses: ({ birthDate = '' }) =>
      Number.isNaN(Date.parse(birthDate))
        ? { field: 'birthDate', code: 'NO_SUCH_DATE', reason: 'must be a date that exists, as YYYY-MM-DD' }
        : undefined,
    knows: ({ familyName, birthDate }) =>
      patients.some((each) => each.familyName === familyName && each.birthDate === birthDate),
    add: (cells) => {
      const birthDate = cells.birthDate as string;
      const lists = { identifiers: [], telecom: [], contacts: [] };
      patients.push({
        ...{ ...stored, ...namesOf(cells), ...lists, birthDate },
        id: idOf(`imported ${cells.familyName} ${birthDate}`),
        gender: 'unknown',
      });
    },
  },
  practitioners: {
    needed: ['familyName', 'givenNames'],
    refuses: ({ rpps = '' }) =>
      rpps === '' || /^\d{11}$/.test(rpps)
        ? undefined
        : { field: 'rpps', code: 'NO_RPPS', reason: 'must be 11 digits' },
    knows: ({ familyName }) => practitioners.some((each) => each.familyName === familyName),
    add: (cells) => {
      const lists = { specialities: [], places: [], appointmentTypes: [], telecom: [] };
      practitioners.push({ ...stored, ...namesOf(cells), ...lists, id: idOf(`imported ${cells.familyName}`) });
    },
  },
  // Nobody of the mock has an identity number, so none is known.
  appointments: {
    needed: ['patientIns', 'practitionerRpps', 'appointmentType', 'start'],
    refuses: () => ({
      field: 'patientIns',
      code: 'APPOINTMENT.PATIENT_UNKNOWN',
      reason: 'is not the identifier of a patient',
    }),
    knows: () => false,
    add: () => undefined,
  },
} satisfies Record<string, Kind>;

/** As the services read a file, without quotes in it. */
function runImport({ needed, refuses, knows, add }: Kind, { body, query }: Asked<string>): Report {
  const dryRun = query.get('dryRun') === 'true';
  const [head = '', ...lines] = body
    .replace(/^\ufeff/, '')
    .split(/\r?\n/)
    .filter(Boolean);
  const header = head.split(/[,;]/);
  const fields = needed
    .filter((name) => !header.includes(name))
    .map((path) => ({ path, code: 'MISSING_COLUMN', message: 'is missing from the header' }));
  if (fields.length > 0) throw new Refused(422, 'IMPORT.HEADER', 'The header is not that of this import', { fields });
  const rows = lines.map((text, nth) => {
    const values = text.split(/[,;]/);
    const cells = Object.fromEntries(header.map((name, column) => [name, values[column] ?? '']));
    const problem = refuses(cells);
    const isKnown = !problem && knows(cells);
    if (!problem && !isKnown && !dryRun) add(cells);
    return { text, line: nth + 2, problem, isKnown };
  });
  const refused = rows.flatMap(({ line, problem }) => (problem ? [{ line, ...problem }] : []));
  const unchanged = rows.filter(({ isKnown }) => isKnown);
  const refusedLines = rows.flatMap(({ text, problem }) =>
    problem ? `${text},${problem.field}: ${problem.reason}\r\n` : [],
  );
  return {
    dryRun,
    lines: {
      total: rows.length,
      created: rows.length - refused.length - unchanged.length,
      unchanged: unchanged.length,
      refused: refused.length,
    },
    refused,
    warnings: unchanged.map(({ line }) => ({
      ...{ line, field: 'phone', code: 'DIFFERS' },
      message: 'differs from what is registered, which was left as it is',
    })),
    refusedCsv: refusedLines.length > 0 ? `\ufeff${head},problem\r\n${refusedLines.join('')}` : '',
  };
}

/** What comes in from other software. */
export const importAnswers: Handler[] = [
  on('post', '/api/patients/import', (asked) => ({ body: runImport(kinds.patients, asked) })),
  on('post', '/api/practitioners/import', (asked) => ({ body: runImport(kinds.practitioners, asked) })),
  on('post', '/api/appointments/import', (asked) => ({ body: runImport(kinds.appointments, asked) })),
];
